#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zmq.h>

namespace yarbus {

/// Owns a ZeroMQ context. Ends when all its sockets are closed.
class ZmqContext {
 public:
  ZmqContext() : context_(zmq_ctx_new()) {}
  ~ZmqContext() { zmq_ctx_term(context_); }
  ZmqContext(const ZmqContext&) = delete;
  ZmqContext& operator=(const ZmqContext&) = delete;
  [[nodiscard]] void* get() const { return context_; }

 private:
  void* context_;
};

/// Owns a ZeroMQ socket. Threads: one at a time; it may be handed from one to another.
class ZmqSocket {
 public:
  ZmqSocket() = default;
  ZmqSocket(const ZmqContext& context, int type) : socket_(zmq_socket(context.get(), type)) {
    set(ZMQ_LINGER, 0);
  }
  ~ZmqSocket() { close(); }
  ZmqSocket(ZmqSocket&& other) noexcept : socket_(std::exchange(other.socket_, nullptr)) {}
  ZmqSocket& operator=(ZmqSocket&& other) noexcept {
    if (this != &other) {
      close();
      socket_ = std::exchange(other.socket_, nullptr);
    }
    return *this;
  }
  void close() {
    if (socket_ != nullptr) zmq_close(std::exchange(socket_, nullptr));
  }
  void set(int option, int value) { zmq_setsockopt(socket_, option, &value, sizeof(value)); }
  void set(int option, std::int64_t value) { zmq_setsockopt(socket_, option, &value, sizeof(value)); }
  void set(int option, std::string_view value) {
    zmq_setsockopt(socket_, option, value.data(), value.size());
  }
  [[nodiscard]] bool is_open() const { return socket_ != nullptr; }
  [[nodiscard]] void* get() const { return socket_; }

 private:
  void* socket_ = nullptr;
};

/// One message of several parts. Reuse it: its memory stays.
class ZmqMessage {
 public:
  ZmqMessage() = default;
  ~ZmqMessage() { clear(); }
  ZmqMessage(const ZmqMessage&) = delete;
  ZmqMessage& operator=(const ZmqMessage&) = delete;

  /// Takes the next message without waiting; false: there is none. Of a message with more than `most_parts`
  /// one part beyond them is kept, to show that there were too many.
  bool receive(const ZmqSocket& socket, std::size_t most_parts);
  /// The parts as bytes; they live until the next receive() or send().
  [[nodiscard]] const std::vector<std::string_view>& parts() const { return views_; }
  /// Passes the parts on without copying and without waiting; a socket with no room drops them.
  void send(const ZmqSocket& socket);

 private:
  void clear();
  std::vector<zmq_msg_t> parts_;
  std::vector<std::string_view> views_;
};

}  // namespace yarbus
