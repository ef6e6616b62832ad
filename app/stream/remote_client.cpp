#include "app/stream/remote_client.h"

#include <charconv>
#include <string_view>
#include <utility>

#include "app/stream/datum_packing.h"
#include "app/stream/remote_request.h"
#include "app/stream/zmq_socket.h"

namespace yarbus {

class RemoteClient::Impl {
 public:
  Impl(std::string address, std::chrono::milliseconds timeout)
      : address_(std::move(address)), socket_(context_, ZMQ_REQ) {
    const auto wait_ms = static_cast<int>(timeout.count());
    socket_.set(ZMQ_RCVTIMEO, wait_ms);
    socket_.set(ZMQ_SNDTIMEO, wait_ms);
  }
  [[nodiscard]] bool connect() const { return zmq_connect(socket_.get(), address_.c_str()) == 0; }

  Result<std::string> ask(const std::vector<std::string>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const int more = i + 1 < parts.size() ? ZMQ_SNDMORE : 0;
      if (zmq_send(socket_.get(), parts[i].data(), parts[i].size(), more) < 0) return no_answer();
    }
    zmq_msg_t message;
    zmq_msg_init(&message);
    const bool has_come = zmq_msg_recv(&message, socket_.get(), 0) >= 0;
    std::string answer(static_cast<const char*>(zmq_msg_data(&message)), zmq_msg_size(&message));
    zmq_msg_close(&message);
    if (!has_come) return no_answer();
    return answer;
  }
  Result<void> expect(const std::string& expected, const std::vector<std::string>& parts) {
    const auto answer = ask(parts);
    if (!answer) return answer.error();
    if (*answer == expected) return {};
    return Error{ErrorCode::connection_failed, "the answer was \"" + *answer + '"', address_,
                 "Look whether Yarbus, and which version, serves there"};
  }
  Result<void> notify(const std::string& subject) {
    msgpack::sbuffer buffer;
    Packer packer(buffer);
    packer.pack_map(2);
    pack_value(packer, std::string_view("topic"));
    pack_value(packer, std::string_view("notify." + subject));
    pack_value(packer, std::string_view("subject"));
    pack_value(packer, std::string_view(subject));
    return expect("Message forwarded.", {"notify." + subject, std::string(buffer.data(), buffer.size())});
  }
  Result<void> annotate(const std::string& label) {
    const auto now = ask({"t"});
    if (!now) return now.error();
    const auto now_s = read_seconds(*now);
    if (!now_s)
      return Error{ErrorCode::connection_failed, "the time was answered with \"" + *now + '"', address_,
                   "Look whether Yarbus serves there"};
    msgpack::sbuffer buffer;
    Packer packer(buffer);
    packer.pack_map(4);
    pack_value(packer, std::string_view("topic"));
    pack_value(packer, std::string_view("annotation"));
    pack_value(packer, std::string_view("label"));
    pack_value(packer, std::string_view(label));
    pack_value(packer, std::string_view("timestamp"));
    pack_value(packer, *now_s);
    pack_value(packer, std::string_view("duration"));
    pack_value(packer, 0.0);
    return expect("Message forwarded.", {"annotation", std::string(buffer.data(), buffer.size())});
  }

 private:
  [[nodiscard]] Error no_answer() const {
    return {ErrorCode::connection_failed, "no answer came", address_,
            "Start Yarbus with --stream, or give the address that it says it streams at"};
  }

  const std::string address_;
  ZmqContext context_;
  ZmqSocket socket_;
};

RemoteClient::RemoteClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RemoteClient::~RemoteClient() = default;
RemoteClient::RemoteClient(RemoteClient&&) noexcept = default;
RemoteClient& RemoteClient::operator=(RemoteClient&&) noexcept = default;

Result<RemoteClient> RemoteClient::connect(const std::string& address, std::chrono::milliseconds timeout) {
  auto impl = std::make_unique<Impl>(address, timeout);
  if (!impl->connect())
    return Error{ErrorCode::invalid_option, "this is no address to connect to", address,
                 "Give for instance tcp://127.0.0.1:50020"};
  return RemoteClient(std::move(impl));
}

Result<void> RemoteClient::start_recording(const std::string& name) {
  return impl_->expect("OK", {name.empty() ? "R" : "R " + name});
}
Result<void> RemoteClient::stop_recording() { return impl_->expect("OK", {"r"}); }
Result<void> RemoteClient::start_calibration() { return impl_->expect("OK", {"C"}); }
Result<void> RemoteClient::recentre() { return impl_->notify("calibration.should_recentre"); }
Result<void> RemoteClient::annotate(const std::string& label) { return impl_->annotate(label); }

}  // namespace yarbus
