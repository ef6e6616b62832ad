#include "tests/support/mjpeg_server.h"

#include <stdexcept>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <opencv2/imgcodecs.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace yarbus::test {

bool MjpegServer::Connection::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

MjpegServer::MjpegServer(Script serve) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 8) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("cannot listen on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this, serve = std::move(serve)](const std::stop_token& stop) {
    for (int number = 0; !stop.stop_requested();) {
      pollfd waiting{listener_, POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      const int client = accept(listener_, nullptr, nullptr);
      if (client < 0) continue;
      std::vector<char> request(4096);
      if (recv(client, request.data(), request.size(), 0) > 0) serve(Connection(client), number++, stop);
      close(client);
    }
  });
}

MjpegServer::~MjpegServer() {
  thread_.request_stop();
  thread_.join();
  close(listener_);
}

std::string gray_jpeg(int width_px, int height_px, int gray) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", cv::Mat(height_px, width_px, CV_8UC1, cv::Scalar(gray)), bytes);
  return {bytes.begin(), bytes.end()};
}

}  // namespace yarbus::test
