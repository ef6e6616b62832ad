#include "app/stream/listening_port.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

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
  connections_ = 0;
  clients_ = 0;
  return true;
}

void ListeningPort::count_connections() {
  if (!monitor_.is_open()) return;
  ZmqMessage message;
  while (message.receive(monitor_, 2)) {
    if (message.parts().empty() || message.parts()[0].size() < sizeof(std::uint16_t)) continue;
    std::uint16_t event = 0;
    std::memcpy(&event, message.parts()[0].data(), sizeof(event));
    if (event == ZMQ_EVENT_ACCEPTED) ++connections_;
    if (event != ZMQ_EVENT_DISCONNECTED) continue;
    connections_ = std::max(0, connections_ - 1);
    // Which kind has gone is not said. Those that are refused go at once, and then the rest are clients.
    clients_ = std::min(clients_, connections_);
  }
}

bool ListeningPort::let_in(int most) {
  count_connections();
  if (clients_ >= most) return false;
  ++clients_;
  return true;
}

void ListeningPort::shut() {
  // Without this the context's thread would wait for ever to tell the closed monitor of the end.
  if (socket_.is_open()) zmq_socket_monitor(socket_.get(), nullptr, 0);
  monitor_.close();
  socket_.close();
  connections_ = 0;
  clients_ = 0;
}

bool ListeningPort::bind_again(const ZmqContext& context) { return bind(context); }

}  // namespace yarbus
