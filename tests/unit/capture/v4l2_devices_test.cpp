#include "tracker/capture/v4l2_devices.h"

#include <cerrno>
#include <cstring>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/videodev2.h>

namespace yarbus::v4l2_devices_test {
namespace {

/// Stands in for the kernel: devices by number.
class FakeDevices final : public DeviceCalls {
 public:
  struct FakeDevice {
    std::string card;
    std::uint32_t abilities = V4L2_CAP_VIDEO_CAPTURE;
    int open_error = 0;
    int request_buffers_error = 0;
    bool has_ranges = false;  ///< of sizes and rates, instead of single ones
    bool is_endless = false;  ///< gives formats as long as it is asked
  };
  std::map<int, FakeDevice> devices;
  int open_descriptors = 0;

  std::vector<int> device_numbers() override {
    std::vector<int> numbers;
    for (const auto& [number, device] : devices) numbers.push_back(number);
    return numbers;
  }
  int open(const std::string& path) override {
    const int number = std::stoi(path.substr(10));
    if (!devices.contains(number)) return -ENOENT;
    if (devices[number].open_error != 0) return -devices[number].open_error;
    ++open_descriptors;
    return number;
  }
  void close(int) override { --open_descriptors; }
  int control(int descriptor, unsigned long request, void* argument) override {
    const FakeDevice& device = devices[descriptor];
    if (request == VIDIOC_QUERYCAP) {
      auto* capability = static_cast<v4l2_capability*>(argument);
      std::strncpy(reinterpret_cast<char*>(capability->card), device.card.c_str(),
                   sizeof(capability->card) - 1);
      capability->capabilities = V4L2_CAP_DEVICE_CAPS | V4L2_CAP_VIDEO_CAPTURE;
      capability->device_caps = device.abilities;
      return 0;
    }
    if (request == VIDIOC_REQBUFS) return -device.request_buffers_error;
    if (request == VIDIOC_ENUM_FMT) {
      auto* format = static_cast<v4l2_fmtdesc*>(argument);
      format->pixelformat = V4L2_PIX_FMT_MJPEG;
      return format->index == 0 || device.is_endless ? 0 : -EINVAL;
    }
    if (request == VIDIOC_ENUM_FRAMESIZES) {
      auto* size = static_cast<v4l2_frmsizeenum*>(argument);
      if (device.has_ranges) {
        size->type = V4L2_FRMSIZE_TYPE_STEPWISE;
        size->stepwise = {160, 1280, 16, 120, 720, 8};
        return 0;
      }
      size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
      size->discrete = {size->index == 0 ? 640U : 320U, size->index == 0 ? 480U : 240U};
      return size->index < 2 ? 0 : -EINVAL;
    }
    if (request == VIDIOC_ENUM_FRAMEINTERVALS) {
      auto* interval = static_cast<v4l2_frmivalenum*>(argument);
      if (device.has_ranges) {
        interval->type = V4L2_FRMIVAL_TYPE_CONTINUOUS;
        interval->stepwise = {{1, 200}, {1, 5}, {1, 1}};
        return 0;
      }
      interval->type = V4L2_FRMIVAL_TYPE_DISCRETE;
      interval->discrete = {1, interval->index == 0 ? 120U : 60U};
      return interval->index < 2 ? 0 : -EINVAL;
    }
    return -ENOTTY;
  }
};

TEST(V4l2Devices, ListsCamerasWithModesAndLeavesOutMetadataNodes) {
  FakeDevices calls;
  calls.devices[0] = {"Eye Camera"};
  calls.devices[1] = {"Eye Camera", V4L2_CAP_META_CAPTURE};
  calls.devices[2] = {"Locked", V4L2_CAP_VIDEO_CAPTURE, EACCES};
  const auto cameras = list_cameras(calls);
  ASSERT_EQ(cameras.size(), 2U);
  EXPECT_EQ(cameras[0].name, "Eye Camera");
  ASSERT_EQ(cameras[0].modes.size(), 2U);
  EXPECT_EQ(cameras[0].modes[0].pixel_format, "MJPG");
  EXPECT_EQ(cameras[0].modes[0].width_px, 640);
  EXPECT_THAT(cameras[0].modes[0].rates_hz, testing::ElementsAre(120.0, 60.0));
  EXPECT_FALSE(cameras[1].is_readable);
  EXPECT_EQ(calls.open_descriptors, 0) << "every device is closed again";
}

TEST(V4l2Devices, FindsByIndexPathAndNameAndSaysWhenSeveralMatch) {
  FakeDevices calls;
  calls.devices[0] = {"Left Eye Cam"};
  calls.devices[3] = {"Right Eye Cam"};
  EXPECT_EQ(find_camera("3", calls)->path, "/dev/video3");
  EXPECT_EQ(find_camera("/dev/video0", calls)->index, 0);
  EXPECT_EQ(find_camera("right", calls)->index, 3);
  EXPECT_EQ(find_camera("eye cam", calls).error().code, ErrorCode::invalid_option);
  EXPECT_THAT(find_camera("eye cam", calls).error().message, testing::HasSubstr("/dev/video3"));
  EXPECT_EQ(find_camera("7", calls).error().code, ErrorCode::input_missing);
}

TEST(V4l2Devices, ANameThatSeveralShareStillMeansACamera) {
  FakeDevices calls;
  calls.devices[0] = {"Left Eye Cam"};
  calls.devices[3] = {"Right Eye Cam"};
  EXPECT_TRUE(names_a_camera("left", calls));
  EXPECT_TRUE(names_a_camera("eye cam", calls)) << "so that the user is told which ones";
  EXPECT_FALSE(names_a_camera("recording.mp4", calls));
}

TEST(V4l2Devices, RangesOfSizesAndRatesGiveTheirUpperEnd) {
  FakeDevices calls;
  calls.devices[0] = {"Ranges"};
  calls.devices[0].has_ranges = true;
  const auto cameras = list_cameras(calls);
  ASSERT_EQ(cameras.size(), 1U);
  ASSERT_EQ(cameras[0].modes.size(), 1U);
  EXPECT_EQ(cameras[0].modes[0].width_px, 1280);
  EXPECT_EQ(cameras[0].modes[0].height_px, 720);
  EXPECT_THAT(cameras[0].modes[0].rates_hz, testing::ElementsAre(200.0));
}

TEST(V4l2Devices, ADriverThatNeverSaysNoMoreIsNotAskedForEver) {
  FakeDevices calls;
  calls.devices[0] = {"Endless"};
  calls.devices[0].is_endless = true;
  EXPECT_EQ(list_cameras(calls).size(), 1U);
}

TEST(V4l2Devices, BusyForbiddenAndMissingAreToldApart) {
  FakeDevices calls;
  calls.devices[0] = {"Free"};
  calls.devices[1] = {"Streaming elsewhere", V4L2_CAP_VIDEO_CAPTURE, 0, EBUSY};
  calls.devices[2] = {"Locked", V4L2_CAP_VIDEO_CAPTURE, EACCES};
  calls.devices[3] = {"Opened exclusively", V4L2_CAP_VIDEO_CAPTURE, EBUSY};
  EXPECT_TRUE(probe_camera("/dev/video0", calls));
  EXPECT_EQ(probe_camera("/dev/video1", calls).error().code, ErrorCode::device_busy);
  EXPECT_EQ(probe_camera("/dev/video2", calls).error().code, ErrorCode::permission_denied);
  EXPECT_THAT(probe_camera("/dev/video2", calls).error().remedy, testing::HasSubstr("video group"));
  EXPECT_EQ(probe_camera("/dev/video3", calls).error().code, ErrorCode::device_busy);
  EXPECT_EQ(probe_camera("/dev/video9", calls).error().code, ErrorCode::input_missing);
  EXPECT_EQ(calls.open_descriptors, 0);
}

}  // namespace
}  // namespace yarbus::v4l2_devices_test
