#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/stream/publisher.h"
#include "app/stream/zmq_socket.h"

namespace yarbus::test {

/// Options for tests: any free ports, so that several publishers can run.
StreamOptions free_ports();

/// A message as a subscriber gets it.
struct ReceivedMessage {
  std::string topic;
  nlohmann::json payload;
  std::vector<std::string> raw;  ///< further parts
};

/// A client of the network API with plain ZeroMQ sockets.
class StreamClient {
 public:
  explicit StreamClient(const Publisher& publisher);

  /// The reply to one request; empty: none came within ten seconds.
  std::string ask(const std::vector<std::string>& parts);
  /// Connects a socket of the client's to where subscribers go; waits until the publisher knows of it.
  void subscribe(const std::vector<std::string>& prefixes);
  /// The next message; nullopt: none came in time.
  std::optional<ReceivedMessage> receive(std::chrono::milliseconds timeout = std::chrono::seconds(10));
  /// Sends to where clients publish. The first call connects.
  void send(const std::vector<std::string>& parts);

  const ZmqContext& context() const { return context_; }

 private:
  const Publisher& publisher_;
  ZmqContext context_;
  ZmqSocket requests_;
  ZmqSocket subscriber_;
  ZmqSocket sender_;
  ZmqMessage message_;
};

/// Memory of this process now, MiB.
double resident_mib();

}  // namespace yarbus::test
