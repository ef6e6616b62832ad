#include "app/stream/zmq_socket.h"

namespace yarbus {

void ZmqMessage::clear() {
  for (zmq_msg_t& part : parts_) zmq_msg_close(&part);
  parts_.clear();
  views_.clear();
}

bool ZmqMessage::receive(const ZmqSocket& socket, std::size_t most_parts) {
  clear();
  for (bool has_more = true; has_more;) {
    zmq_msg_t part;
    zmq_msg_init(&part);
    if (zmq_msg_recv(&part, socket.get(), ZMQ_DONTWAIT) < 0) {
      zmq_msg_close(&part);
      clear();
      return false;
    }
    has_more = zmq_msg_more(&part) != 0;
    if (parts_.size() > most_parts) {
      zmq_msg_close(&part);
      continue;
    }
    zmq_msg_t& kept = parts_.emplace_back();
    zmq_msg_init(&kept);
    zmq_msg_move(&kept, &part);
    zmq_msg_close(&part);
  }
  // Small messages hold their bytes in themselves: look only when none of them moves any more.
  for (zmq_msg_t& part : parts_)
    views_.emplace_back(static_cast<const char*>(zmq_msg_data(&part)), zmq_msg_size(&part));
  return true;
}

void ZmqMessage::send(const ZmqSocket& socket) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const int more = i + 1 < parts_.size() ? ZMQ_SNDMORE : 0;
    if (zmq_msg_send(&parts_[i], socket.get(), ZMQ_DONTWAIT | more) < 0) break;
  }
  clear();
}

}  // namespace yarbus
