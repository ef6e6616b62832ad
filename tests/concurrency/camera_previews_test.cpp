// Previews of cameras in the real session, as the source chooser drives them. Also run under ThreadSanitizer.

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "app/session/camera_preview_control.h"
#include "app/session/session.h"
#include "tests/support/eventually.h"
#include "tests/support/mjpeg_server.h"

namespace yarbus::camera_previews_test {
namespace {

using State = CameraPreview::State;
using test::eventually;
using test::MjpegServer;

SourceRequest simulated(const std::string& scenario) {
  SourceRequest request;
  request.kind = SourceRequest::Kind::simulated_eye;
  request.location = scenario;
  return request;
}

/// A picture with edges, of 160x120.
std::string checked_jpeg() {
  cv::Mat image(120, 160, CV_8UC1);
  for (int y = 0; y < image.rows; ++y) {
    for (int x = 0; x < image.cols; ++x) image.at<std::uint8_t>(y, x) = (x / 16 + y / 16) % 2 == 0 ? 60 : 190;
  }
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", image, bytes);
  return {bytes.begin(), bytes.end()};
}

/// Serves one client at a time, as small cameras do, until it goes.
class OneClientCamera {
 public:
  [[nodiscard]] SourceRequest request() const {
    SourceRequest request;
    request.kind = SourceRequest::Kind::mjpeg_stream;
    request.location = server_.url();
    request.mode = TrackingMode::near_eye;
    return request;
  }
  [[nodiscard]] int clients_gone() const { return clients_gone_; }

 private:
  std::atomic<int> clients_gone_{0};
  MjpegServer server_{[this](const MjpegServer::Connection& connection, int, const std::stop_token& stop) {
    const std::string part = MjpegServer::part("frame", checked_jpeg());
    bool is_there = connection.send(MjpegServer::header("multipart/x-mixed-replace; boundary=frame"));
    while (is_there && !stop.stop_requested()) {
      is_there = connection.send(part);
      std::this_thread::sleep_for(std::chrono::milliseconds(15));
    }
    ++clients_gone_;
  }};
};

class CameraPreviewsTest : public testing::Test {
 protected:
  CameraPreviewControl& control() { return *session->camera_previews(); }
  CameraPreview seen(std::size_t i = 0) {
    const auto all = control().previews();
    return i < all.size() ? all[i] : CameraPreview{};
  }

  std::unique_ptr<Session> session = make_session();
};

TEST_F(CameraPreviewsTest, ASimulatedEyeAndAFaceAreSeenAndJudgedAtOnce) {
  control().watch({{simulated("easy"), {}}, {simulated("face-still"), {}}});
  ASSERT_TRUE(eventually([&] { return seen(0).sharpest > 0.0 && seen(1).sharpest > 0.0; }));
  for (const std::size_t i : {0U, 1U}) {
    const CameraPreview preview = seen(i);
    EXPECT_EQ(preview.state, State::running);
    ASSERT_NE(preview.picture, nullptr);
    EXPECT_GT(preview.picture->width_px(), 100);
    EXPECT_TRUE(preview.quality.has_contrast);
    EXPECT_LE(preview.sharpness, preview.sharpest);
    EXPECT_GE(preview.pictures, 5U);
  }
  EXPECT_EQ(seen(1).source, simulated("face-still"));
  EXPECT_EQ(session->snapshot(EyeSide::right).source.state, PlaybackState::closed) << "no source is opened";
}

TEST_F(CameraPreviewsTest, WhatIsNoLongerWantedIsLetGoTheRestGoesOn) {
  const OneClientCamera camera;
  control().watch({{camera.request(), {}}, {simulated("easy"), {}}});
  ASSERT_TRUE(eventually([&] { return seen(0).sharpest > 0.0 && seen(1).pictures > 2; }));
  EXPECT_EQ(seen(0).picture->width_px(), 160);
  EXPECT_EQ(camera.clients_gone(), 0);
  const std::uint64_t before = seen(1).pictures;
  control().watch({{simulated("easy"), {}}});
  ASSERT_TRUE(eventually([&] { return control().previews().size() == 1; }));
  EXPECT_GE(seen(0).pictures, before) << "it was not started anew";
  EXPECT_TRUE(eventually([&] { return camera.clients_gone() == 1; }));
  control().watch({});
  EXPECT_TRUE(eventually([&] { return control().previews().empty(); }));
}

TEST_F(CameraPreviewsTest, AnotherAreaIsJudgedWithoutOpeningAnew) {
  const OneClientCamera camera;
  control().watch({{camera.request(), {}}});
  ASSERT_TRUE(eventually([&] { return seen().sharpest > 0.0; }));
  const PictureQuality whole = seen().quality;
  control().watch({{camera.request(), {0.0, 0.0, 0.25, 0.25}}});
  ASSERT_TRUE(eventually([&] { return std::abs(seen().quality.mean_gray - whole.mean_gray) > 0.05; }));
  EXPECT_EQ(camera.clients_gone(), 0);
  ASSERT_TRUE(eventually([&] { return seen().sharpest > 0.0; })) << "sought anew for that area";
  control().forget_sharpest();
  const std::uint64_t then = seen().pictures;
  ASSERT_TRUE(eventually([&] { return seen().pictures > then + 8; }));
  EXPECT_GT(seen().sharpest, 0.0);
}

TEST_F(CameraPreviewsTest, WhatCannotBeOpenedSaysWhyAndIsTriedAgain) {
  SourceRequest gone;
  gone.kind = SourceRequest::Kind::mjpeg_stream;
  {
    const OneClientCamera camera;
    gone = camera.request();
  }
  control().watch({{simulated("no-such-scenario"), {}}, {gone, {}}});
  ASSERT_TRUE(eventually([&] { return seen(0).state == State::failed && seen(1).state == State::failed; }));
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_FALSE(seen(i).text.empty());
    EXPECT_FALSE(seen(i).remedy.empty());
    EXPECT_EQ(seen(i).picture, nullptr);
  }
  EXPECT_THAT(session->notices(0), testing::IsEmpty()) << "the preview itself says it";
}

TEST_F(CameraPreviewsTest, OpeningTheSourceTakesTheCameraAndShowsItsPictures) {
  const OneClientCamera camera;
  control().watch({{camera.request(), {}}});
  ASSERT_TRUE(eventually([&] { return seen().state == State::running && seen().pictures > 0; }));
  session->open_source(EyeSide::left, camera.request());
  ASSERT_TRUE(
      eventually([&] { return session->snapshot(EyeSide::left).source.state == PlaybackState::playing; }));
  ASSERT_TRUE(eventually([&] { return seen().state == State::open_as_source && seen().pictures > 3; }));
  EXPECT_EQ(seen().open_as, EyeSide::left);
  EXPECT_EQ(camera.clients_gone(), 1) << "the preview's own";
  session->close_source(EyeSide::left);
  EXPECT_TRUE(eventually([&] { return seen().state == State::running; })) << "it looks for itself again";
}

TEST_F(CameraPreviewsTest, FilesAreLeftOutAndASessionMayGoWhileItLooks) {
  SourceRequest file;
  file.kind = SourceRequest::Kind::video_file;
  file.location = "eye.mp4";
  control().watch({{file, {}}, {simulated("easy"), {}}});
  ASSERT_TRUE(eventually([&] { return seen().pictures > 0; }));
  EXPECT_EQ(control().previews().size(), 1U);
  const CameraPreview last = seen();
  session.reset();
  EXPECT_FALSE(last.picture->view().empty()) << "what is held stays";
}

}  // namespace
}  // namespace yarbus::camera_previews_test
