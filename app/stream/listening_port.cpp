#include "app/stream/listening_port.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace yarbus {

Result<ListeningPort> ListeningPort::open(const ZmqContext& context, int socket_type, const std::string& name,
                                          const std::string& address, int port, const PortLimits& limits) {
  ListeningPort opened;
  opened.type_ = socket_type;
  opened.name_ = name;
  opened.address_ = address;
  opened.port_ = port;
  opened.limits_ = limits;
  if (!opened.bind(context)) {
    const std::string why = zmq_strerror(zmq_errno());
    return Error{
        ErrorCode::connection_failed, "cannot listen for " + name + ": " + why,
        address + ":" + std::to_string(port),
        "Close the program that uses the port (another eye tracker?) or choose another one; 0 takes any that "
        "is free"};
  }
  return opened;
}

bool ListeningPort::bind(const ZmqContext& context) {
  ZmqSocket socket(context, type_);
  if (!socket.is_open()) return false;
  socket.set(ZMQ_SNDHWM, limits_.outgoing_messages);
  socket.set(ZMQ_RCVHWM, limits_.incoming_messages);
  socket.set(ZMQ_MAXMSGSIZE, static_cast<std::int64_t>(limits_.max_message_bytes));
  socket.set(ZMQ_HANDSHAKE_IVL, 2000);
  socket.set(ZMQ_HEARTBEAT_IVL, 10000);
  socket.set(ZMQ_HEARTBEAT_TIMEOUT, 20000);
  socket.set(ZMQ_ZAP_DOMAIN, std::string_view(name_));

  const std::string watched = "inproc://" + name_ + std::to_string(openings_++);
  if (zmq_socket_monitor(socket.get(), watched.c_str(), ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED) != 0)
    return false;
  ZmqSocket monitor(context, ZMQ_PAIR);
  if (zmq_connect(monitor.get(), watched.c_str()) != 0) return false;

  const std::string endpoint = "tcp://" + address_ + ":" + (port_ == 0 ? "*" : std::to_string(port_));
  if (zmq_bind(socket.get(), endpoint.c_str()) != 0) {
    const int why = zmq_errno();
    socket.close();
    errno = why;
    return false;
  }
  std::array<char, 256> bound{};
  std::size_t size = bound.size();
  zmq_getsockopt(socket.get(), ZMQ_LAST_ENDPOINT, bound.data(), &size);
  const std::string text(bound.data());
  port_ = std::atoi(text.c_str() + text.rfind(':') + 1);
  socket_ = std::move(socket);
  monitor_ = std::move(monitor);
  accepted_.clear();
  clients_ = 0;
  return true;
}

void ListeningPort::count_connections() {
  if (!monitor_.is_open()) return;
  constexpr std::chrono::seconds between_looks(1);
  const auto now = std::chrono::steady_clock::now();
  bool has_changed = now - looked_at_ >= between_looks;
  ZmqMessage message;
  while (message.receive(monitor_, 2)) {
    if (message.parts().empty() || message.parts()[0].size() < 6) continue;
    has_changed = true;
    std::uint16_t event = 0;
    std::int32_t descriptor = 0;
    std::memcpy(&event, message.parts()[0].data(), sizeof(event));
    std::memcpy(&descriptor, message.parts()[0].data() + sizeof(event), sizeof(descriptor));
    if (event == ZMQ_EVENT_ACCEPTED &&
        std::find(accepted_.begin(), accepted_.end(), descriptor) == accepted_.end())
      accepted_.push_back(descriptor);
  }
  if (!has_changed) return;
  looked_at_ = now;
  forget_closed();
}

/// Not every end of a connection is announced, so each is looked at: whether it still is one of this port's.
void ListeningPort::forget_closed() {
  std::erase_if(accepted_, [&](int descriptor) {
    sockaddr_in peer{};
    sockaddr_in own{};
    socklen_t peer_size = sizeof(peer);
    socklen_t own_size = sizeof(own);
    return getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0 ||
           getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &own_size) != 0 ||
           own.sin_family != AF_INET || ntohs(own.sin_port) != port_;
  });
  // Which kind has gone is not said. Those that are refused go at once, and then the rest are clients.
  clients_ = std::min(clients_, static_cast<int>(accepted_.size()));
}

bool ListeningPort::let_in(int most) {
  count_connections();
  forget_closed();
  if (clients_ >= most) return false;
  ++clients_;
  return true;
}

void ListeningPort::shut() {
  // Without this the context's thread would wait for ever to tell the closed monitor of the end.
  if (socket_.is_open()) zmq_socket_monitor(socket_.get(), nullptr, 0);
  monitor_.close();
  socket_.close();
  accepted_.clear();
  clients_ = 0;
}

bool ListeningPort::bind_again(const ZmqContext& context) { return bind(context); }

}  // namespace yarbus
