#include "tracker/capture/camera_connection.h"

#include <opencv2/videoio.hpp>

#include "tracker/capture/v4l2_devices.h"

namespace yarbus {
namespace {

/// V4L2's menu values behind CAP_PROP_AUTO_EXPOSURE.
constexpr double manual_exposure = 1.0;

/// So many broken images in a row (half a second or more) are no passing disturbance.
constexpr int tolerated_undecodable_images = 60;

class CameraConnection final : public LiveConnection {
 public:
  CameraConnection(cv::VideoCapture capture, std::string path)
      : capture_(std::move(capture)), path_(std::move(path)) {}

  Result<const cv::Mat*> next(std::stop_token stop, CaptureTime& captured_at) override {
    for (int undecodable = 0; undecodable < tolerated_undecodable_images && !stop.stop_requested();
         ++undecodable) {
      if (!capture_.grab()) return lost("the camera stopped giving frames");
      captured_at = std::chrono::steady_clock::now().time_since_epoch();
      if (capture_.retrieve(image_) && !image_.empty()) return &image_;
      ++lost_;
    }
    if (stop.stop_requested()) return static_cast<const cv::Mat*>(nullptr);
    return lost("the camera gives no image that can be decoded");
  }
  std::uint64_t lost_images() const override { return lost_; }

 private:
  Error lost(const char* why) const {
    return {ErrorCode::device_lost, why, path_, "Plug it in again; Yarbus goes on by itself"};
  }

  cv::VideoCapture capture_;
  std::string path_;
  cv::Mat image_;
  std::uint64_t lost_ = 0;
};

}  // namespace

Result<std::unique_ptr<LiveConnection>> open_camera(const SourceOptions& options, std::stop_token) {
  DeviceCalls& calls = system_device_calls();
  const auto camera = find_camera(options.location, calls);
  if (!camera) return camera.error();
  if (const auto probed = probe_camera(camera->path, calls); !probed) return probed.error();
  cv::VideoCapture capture(camera->path, cv::CAP_V4L2);
  if (!capture.isOpened()) {
    return Error{ErrorCode::unsupported_format, "the camera gives no format that can be read", camera->path,
                 "Choose another format or size; `yarbus devices` lists them"};
  }
  const auto fourcc = [](const char* c) {
    return static_cast<double>(cv::VideoWriter::fourcc(c[0], c[1], c[2], c[3]));
  };
  if (options.pixel_format == CameraPixelFormat::mjpg) capture.set(cv::CAP_PROP_FOURCC, fourcc("MJPG"));
  if (options.pixel_format == CameraPixelFormat::yuyv) capture.set(cv::CAP_PROP_FOURCC, fourcc("YUYV"));
  if (options.width_px) capture.set(cv::CAP_PROP_FRAME_WIDTH, *options.width_px);
  if (options.height_px) capture.set(cv::CAP_PROP_FRAME_HEIGHT, *options.height_px);
  if (options.rate_hz) capture.set(cv::CAP_PROP_FPS, *options.rate_hz);
  if (options.exposure) {
    capture.set(cv::CAP_PROP_AUTO_EXPOSURE, manual_exposure);
    capture.set(cv::CAP_PROP_EXPOSURE, *options.exposure);
  }
  if (options.gain) capture.set(cv::CAP_PROP_GAIN, *options.gain);
  return std::unique_ptr<LiveConnection>(
      std::make_unique<CameraConnection>(std::move(capture), camera->path));
}

}  // namespace yarbus
