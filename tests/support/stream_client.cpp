#include "tests/support/stream_client.h"

#include <fstream>
#include <stdexcept>
#include <thread>

#include <unistd.h>

#include "tests/support/eventually.h"

namespace yarbus::test {
namespace {

std::string endpoint(int port) { return "tcp://127.0.0.1:" + std::to_string(port); }

void connect(const ZmqSocket& socket, int port) {
  if (zmq_connect(socket.get(), endpoint(port).c_str()) != 0) throw std::runtime_error("cannot connect");
}

void send_parts(const ZmqSocket& socket, const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i)
    zmq_send(socket.get(), parts[i].data(), parts[i].size(), i + 1 < parts.size() ? ZMQ_SNDMORE : 0);
}

}  // namespace

StreamOptions free_ports() {
  StreamOptions options;
  options.request_port = 0;
  options.version = "9.8.7";
  return options;
}

StreamClient::StreamClient(const Publisher& publisher) : publisher_(publisher), requests_(context_, ZMQ_REQ) {
  requests_.set(ZMQ_RCVTIMEO, 10000);
  connect(requests_, publisher.health().request_port);
}

std::string StreamClient::ask(const std::vector<std::string>& parts) {
  send_parts(requests_, parts);
  std::string reply(65536, '\0');
  const int size = zmq_recv(requests_.get(), reply.data(), reply.size(), 0);
  reply.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return reply;
}

void StreamClient::subscribe(const std::vector<std::string>& prefixes) {
  const int before = publisher_.health().subscriptions;
  if (!subscriber_.is_open()) {
    subscriber_ = ZmqSocket(context_, ZMQ_SUB);
    subscriber_.set(ZMQ_RCVHWM, 0);
    connect(subscriber_, publisher_.health().subscription_port);
  }
  for (const std::string& prefix : prefixes) subscriber_.set(ZMQ_SUBSCRIBE, prefix);
  if (!eventually(
          [&] { return publisher_.health().subscriptions >= before + static_cast<int>(prefixes.size()); }))
    throw std::runtime_error("the publisher does not know of the subscriptions");
}

std::optional<ReceivedMessage> StreamClient::receive(std::chrono::milliseconds timeout) {
  zmq_pollitem_t item{subscriber_.get(), 0, ZMQ_POLLIN, 0};
  if (zmq_poll(&item, 1, static_cast<long>(timeout.count())) <= 0 || !message_.receive(subscriber_, 64))
    return std::nullopt;
  ReceivedMessage received;
  const auto& parts = message_.parts();
  received.topic = parts[0];
  if (parts.size() > 1) received.payload = nlohmann::json::from_msgpack(parts[1]);
  for (std::size_t i = 2; i < parts.size(); ++i) received.raw.emplace_back(parts[i]);
  return received;
}

void StreamClient::send(const std::vector<std::string>& parts) {
  if (!sender_.is_open()) {
    sender_ = ZmqSocket(context_, ZMQ_XPUB);  // unlike a PUB it tells when it is subscribed to
    sender_.set(ZMQ_SNDHWM, 0);
    sender_.set(ZMQ_LINGER, -1);
    connect(sender_, publisher_.health().publication_port);
    zmq_pollitem_t item{sender_.get(), 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, 10000) <= 0 || !message_.receive(sender_, 1))
      throw std::runtime_error("nobody subscribes to what the client sends");
  }
  send_parts(sender_, parts);
}

double resident_mib() {
  std::ifstream stream("/proc/self/statm");
  double total = 0.0;
  double resident = 0.0;
  stream >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

}  // namespace yarbus::test
