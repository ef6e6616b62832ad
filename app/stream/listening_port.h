#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/stream/zmq_socket.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// What one port of the network API allows its clients.
struct PortLimits {
  int outgoing_messages = 128;  ///< that wait for one client
  int incoming_messages = 16;   ///< of one client
  int max_message_bytes = 256 * 1024;
};

/// One TCP port that clients connect to, with the number of its connections.
///
/// Each new connection is announced to the context's admission socket (ZeroMQ's authentication protocol)
/// under the port's name. A peer that says nothing of ZeroMQ's within two seconds is cut off, one that is
/// dead within half a minute. Threads: one at a time.
class ListeningPort {
 public:
  /// `name` is that of the port in messages, and its domain. `port` 0: any free one.
  /// Errors: connection_failed (the port is in use or the address is not this machine's).
  static Result<ListeningPort> open(const ZmqContext& context, int socket_type, const std::string& name,
                                    const std::string& address, int port, const PortLimits& limits);

  ~ListeningPort() { shut(); }
  ListeningPort(ListeningPort&&) = default;
  ListeningPort& operator=(ListeningPort&&) = delete;

  [[nodiscard]] const ZmqSocket& socket() const { return socket_; }
  [[nodiscard]] const ZmqSocket& monitor() const { return monitor_; }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Peers that have been let in, as far as it is known; never less than there are.
  [[nodiscard]] int clients() const { return clients_; }
  /// Reads what has become of the connections.
  void count_connections();
  /// Whether one more may come in, of `most`; if so it is counted.
  bool let_in(int most);
  /// Cuts all clients off and forgets what they left behind. Bound again with the next bind_again().
  void shut();
  /// False: the system has not given the port back yet.
  bool bind_again(const ZmqContext& context);

 private:
  ListeningPort() = default;
  [[nodiscard]] bool bind(const ZmqContext& context);

  int type_ = 0;
  std::string name_;
  std::string address_;
  int port_ = 0;
  PortLimits limits_;
  int openings_ = 0;
  void forget_closed();
  std::vector<int> accepted_;  ///< descriptors of ZeroMQ's: open ones, those that are being refused too
  std::chrono::steady_clock::time_point looked_at_{};
  int clients_ = 0;
  ZmqSocket socket_;
  ZmqSocket monitor_;
};

}  // namespace yarbus
