#include "tracker/capture/mjpeg_stream.h"

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <opencv2/imgcodecs.hpp>

#include "tracker/capture/jpeg_check.h"
#include "tracker/capture/multipart_parser.h"

namespace yarbus {
namespace {

/// Encoded images waiting inside the connection; older ones are dropped, for the newest matters.
constexpr std::size_t max_waiting_parts = 2;

/// Response headers beyond this are not a camera's; libcurl itself would take them without end.
constexpr std::size_t max_response_header_bytes = 64 * 1024;

CaptureTime now() { return std::chrono::steady_clock::now().time_since_epoch(); }

struct Part {
  std::vector<std::uint8_t> jpeg;
  CaptureTime arrived_at{};
};

class MjpegConnection final : public LiveConnection {
 public:
  MjpegConnection(const std::string& url, const StreamPatience& patience)
      : shown_url_(without_credentials(url)), patience_(patience) {
    static const bool initialised = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    YARBUS_CHECK(initialised);
    multi_ = curl_multi_init();
    easy_ = curl_easy_init();
    YARBUS_CHECK(multi_ != nullptr && easy_ != nullptr);
    curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy_, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT, 5L);
    curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &MjpegConnection::on_header);
    curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &MjpegConnection::on_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_multi_add_handle(multi_, easy_);
  }
  ~MjpegConnection() override {
    curl_multi_remove_handle(multi_, easy_);
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }
  MjpegConnection(const MjpegConnection&) = delete;
  MjpegConnection& operator=(const MjpegConnection&) = delete;

  Result<const cv::Mat*> next(std::stop_token stop, CaptureTime& captured_at) override {
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_); });
    asked_at_ = last_byte_at_ = now();  // patience counts from here: before, nobody listened
    while (!stop.stop_requested()) {
      if (!waiting_.empty()) {
        std::swap(current_, waiting_.front());
        take_oldest();
        const auto size = size_of_whole_jpeg(current_.jpeg);
        // Refused before it is decoded: a hostile header shall not fill the memory.
        if (size && std::max(size->width_px, size->height_px) > max_frame_side_px)
          return FrameMaker::check_size(size->width_px, size->height_px, shown_url_).error();
        if (size && decode(current_)) {
          captured_at = current_.arrived_at;
          return &image_;
        }
        ++lost_;
        continue;
      }
      if (const auto pumped = pump(); !pumped) return pumped.error();
    }
    return static_cast<const cv::Mat*>(nullptr);
  }

  std::span<const std::uint8_t> jpeg() const override { return current_.jpeg; }

  std::uint64_t lost_images() const override { return lost_ + (parser_ ? parser_->dropped_parts() : 0); }

 private:
  bool decode(const Part& part) {
    try {
      // Not into the image there is: what cannot be decoded would leave the one before in it.
      image_ = cv::imdecode(part.jpeg, cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION);
    } catch (const cv::Exception&) {
      return false;
    }
    return !image_.empty();
  }

  Result<void> pump() {
    int running = 0;
    curl_multi_perform(multi_, &running);
    if (!waiting_.empty()) return {};  // what came before the end is given before it
    if (refusal_) return *refusal_;
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg == CURLMSG_DONE) return ended(message->data.result);
    }
    if (now() - last_byte_at_ > patience_.any_byte) return failed("nothing comes any more");
    if (now() - asked_at_ > patience_.whole_image) return failed("no whole image comes");
    const int poll_ms =
        static_cast<int>(std::min(std::chrono::milliseconds(500), patience_.any_byte).count());
    curl_multi_poll(multi_, nullptr, 0, poll_ms, nullptr);
    return {};
  }

  Error failed(const std::string& why) const {
    return {ErrorCode::connection_failed, why, shown_url_,
            "Check that the camera is on, in this network, and that the address is right"};
  }

  Error ended(CURLcode result) const {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    if (status == 401 || status == 403) {
      return {ErrorCode::permission_denied, "the server refuses access (HTTP " + std::to_string(status) + ')',
              shown_url_, "Put the user name and password into the address: http://user:password@host/..."};
    }
    if (status >= 400) return failed("the server answers HTTP " + std::to_string(status));
    if (result != CURLE_OK) return failed(curl_easy_strerror(result));
    return failed("the server ended the stream");
  }

  static std::size_t on_header(char*, std::size_t size, std::size_t count, void* self) {
    auto& connection = *static_cast<MjpegConnection*>(self);
    connection.header_bytes_ += size * count;
    if (connection.header_bytes_ <= max_response_header_bytes) return size * count;
    connection.refusal_ = connection.failed("the header of the server's answer has no end");
    return 0;
  }

  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
    return static_cast<MjpegConnection*>(self)->take({bytes, size * count}) ? size * count : 0;
  }

  bool take(std::string_view bytes) {
    last_byte_at_ = now();
    if (!parser_) {
      const char* type = nullptr;
      curl_easy_getinfo(easy_, CURLINFO_CONTENT_TYPE, &type);
      const auto boundary = multipart_boundary(type != nullptr ? type : "");
      if (!boundary) {
        refusal_ =
            Error{ErrorCode::unsupported_format,
                  std::string("the address gives ") + (type != nullptr ? type : "an unknown type") +
                      ", not an MJPEG stream",
                  shown_url_,
                  "Use the address of the stream itself, often ending in /stream, :81/stream or /video"};
        return false;
      }
      parser_.emplace(*boundary, [this](std::string_view body) { keep(body); });
    }
    if (parser_->feed(bytes)) return true;
    refusal_ = Error{ErrorCode::unsupported_format, "the stream is not the multipart it says it is",
                     shown_url_, "Use the address of an MJPEG stream"};
    return false;
  }

  void keep(std::string_view body) {
    if (waiting_.size() == max_waiting_parts) {
      take_oldest();
      ++lost_;
    }
    Part part;
    if (!spare_.empty()) {
      part = std::move(spare_.back());
      spare_.pop_back();
    }
    part.jpeg.assign(body.begin(), body.end());
    part.arrived_at = now();
    waiting_.push_back(std::move(part));
  }

  /// Keeps its memory for a part to come.
  void take_oldest() {
    spare_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }

  std::string shown_url_;
  StreamPatience patience_;
  CURLM* multi_ = nullptr;
  CURL* easy_ = nullptr;
  std::optional<MultipartParser> parser_;
  std::optional<Error> refusal_;
  std::deque<Part> waiting_;
  std::vector<Part> spare_;
  Part current_;  ///< the one that image_ was decoded from
  cv::Mat image_;
  CaptureTime asked_at_{};  ///< when the image was asked for that has not come yet
  CaptureTime last_byte_at_{};
  std::size_t header_bytes_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace

Result<std::unique_ptr<LiveConnection>> open_mjpeg_stream(const std::string& url, std::stop_token,
                                                          const StreamPatience& patience) {
  return std::unique_ptr<LiveConnection>(std::make_unique<MjpegConnection>(url, patience));
}

std::string without_credentials(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const auto host = scheme + 3;
  const auto at = url.substr(host, url.find_first_of("/?#", host) - host).rfind('@');
  return at == std::string::npos ? url : url.substr(0, host) + "..." + url.substr(host + at);
}

}  // namespace yarbus
