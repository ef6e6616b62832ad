#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace yarbus::test {

/// A real HTTP server on a free port of 127.0.0.1. It serves one connection after another; `serve` scripts
/// each.
class MjpegServer {
 public:
  /// What a script can do with its connection.
  class Connection {
   public:
    explicit Connection(int socket) : socket_(socket) {}
    /// False once the client is gone.
    bool send(std::string_view bytes) const;

   private:
    int socket_;
  };
  using Script = std::function<void(const Connection&, int connection_number, const std::stop_token&)>;

  explicit MjpegServer(Script serve);
  ~MjpegServer();
  MjpegServer(const MjpegServer&) = delete;
  MjpegServer& operator=(const MjpegServer&) = delete;
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/stream"; }

  static std::string header(const std::string& content_type) {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + content_type + "\r\n\r\n";
  }
  static std::string part(const std::string& boundary, const std::string& jpeg) {
    return "--" + boundary +
           "\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(jpeg.size()) + "\r\n\r\n" +
           jpeg + "\r\n";
  }

 private:
  int listener_ = -1;
  int port_ = 0;
  std::jthread thread_;
};

/// A JPEG of one gray value.
std::string gray_jpeg(int width_px, int height_px, int gray);

}  // namespace yarbus::test
