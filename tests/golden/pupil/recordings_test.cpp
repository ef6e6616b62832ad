// Real recordings: how many frames give a pupil, and where misses must be. The numbers were set after looking
// at the overlays (docs/pupil-detection.md says how to make them). Skipped when the recordings are not beside
// the checkout.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "tests/support/prior_after.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::recordings_test {
namespace {

/// Runs the detector over a video, each frame with the last pupil as its prior.
class Recording {
 public:
  explicit Recording(const std::string& name) {
    const std::filesystem::path path =
        std::filesystem::path(YARBUS_SOURCE_DIR) / "../shared/recordings" / name;
    if (!std::filesystem::exists(path)) return;
    cv::VideoCapture video(path.string());
    PupilDetector detector{PupilDetectorOptions{}};
    std::optional<PupilPrior> prior;
    cv::Mat frame;
    cv::Mat gray;
    while (video.read(frame)) {
      cv::cvtColor(frame, gray, cv::COLOR_BGR2GRAY);
      outcomes_.push_back(
          detector.detect({gray.data, gray.cols, gray.rows, static_cast<std::ptrdiff_t>(gray.step)}, prior));
      if (std::holds_alternative<PupilObservation>(outcomes_.back()))
        prior = test::prior_after(outcomes_.back());
    }
  }
  [[nodiscard]] bool available() const { return !outcomes_.empty(); }
  [[nodiscard]] int frames() const { return static_cast<int>(outcomes_.size()); }
  [[nodiscard]] double confidence(int frame) const {
    return confidence_of(outcomes_[static_cast<std::size_t>(frame)]);
  }
  [[nodiscard]] const PupilObservation* found(int frame) const {
    return std::get_if<PupilObservation>(&outcomes_[static_cast<std::size_t>(frame)]);
  }
  [[nodiscard]] int found_between(int first, int last) const {
    int count = 0;
    for (int frame = first; frame <= last; ++frame) count += found(frame) != nullptr ? 1 : 0;
    return count;
  }

 private:
  std::vector<PupilOutcome> outcomes_;
};

#define SKIP_WITHOUT(recording) \
  if (!(recording).available()) GTEST_SKIP() << "the recording is not beside this checkout"

TEST(PupilRecordings, GogglesWithLargePupilAndGlints) {
  const Recording recording("goggles_320x240/demo.mp4");
  SKIP_WITHOUT(recording);
  ASSERT_EQ(recording.frames(), 1112);
  EXPECT_EQ(recording.found_between(3, 18), 0) << "the camera delivers black frames";
  EXPECT_EQ(recording.found_between(19, 19), 1) << "over-exposed: the iris is as white as the skin";
  // From frame 20 on the eye is open but for one closure (1078 to 1087).
  EXPECT_GE(recording.found_between(20, 1077), 1048) << "99 % of 1058";
  for (int frame = 20; frame <= 1077; ++frame) {
    if (recording.confidence(frame) < 0.9) continue;
    EXPECT_GT(recording.found(frame)->ellipse.semi_major_px, 38.0) << frame;
    EXPECT_LT(recording.found(frame)->ellipse.semi_major_px, 66.0) << frame;
  }
}

TEST(PupilRecordings, HeadsetWithThreeBlinks) {
  const Recording recording("headset_blinks_640x480/short_human_3blink.mp4");
  SKIP_WITHOUT(recording);
  ASSERT_EQ(recording.frames(), 284);
  // Frames in which the lid covers the pupil, and the open stretches between, read off the pictures.
  for (const auto& [first, last] : {std::pair{19, 33}, {134, 146}, {206, 215}})
    EXPECT_EQ(recording.found_between(first, last), 0) << "blink " << first << " to " << last;
  for (const auto& [first, last] : {std::pair{0, 16}, {40, 131}, {152, 203}, {219, 283}}) {
    EXPECT_EQ(recording.found_between(first, last), last - first + 1) << "open " << first << " to " << last;
    int sure = 0;
    for (int frame = first; frame <= last; ++frame) {
      if (recording.found(frame) == nullptr) continue;
      sure += recording.confidence(frame) > 0.9 ? 1 : 0;
      // The pupil, not the iris (radius about 98 px).
      EXPECT_NEAR(recording.found(frame)->ellipse.semi_major_px, 36.0, 8.0) << frame;
    }
    EXPECT_GE(sure, (last - first + 1) * 95 / 100) << first << " to " << last;
  }
}

TEST(PupilRecordings, ADeskIsNoEye) {
  for (const char* name : {"no_eye/a.mp4", "no_eye/b.mp4"}) {
    const Recording recording(name);
    SKIP_WITHOUT(recording);
    EXPECT_LE(recording.found_between(0, recording.frames() - 1), recording.frames() / 50) << name;
  }
}

}  // namespace
}  // namespace yarbus::recordings_test
