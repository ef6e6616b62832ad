// From image to both irises: a labelled webcam image, real heads that turn, and simulated faces with what may
// go wrong. The labels are landmarks by another program, good to about a pixel.
#include "tracker/face/face_tracker.h"

#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "eyemodel/simulation/face/simulated_face.h"
#include "tests/support/recordings.h"
#include "tracker/face/face_finder.h"

namespace yarbus::face_tracker_test {
namespace {

GrayView view_of(const cv::Mat& gray) {
  return {gray.data, gray.cols, gray.rows, static_cast<std::ptrdiff_t>(gray.step)};
}

CaptureTime at(int frame) { return std::chrono::milliseconds(33 * frame); }

/// A tracker with its finder, which is asked whenever it wants.
class Follower {
 public:
  explicit Follower(const CameraIntrinsics& camera, const FaceTrackerOptions& options = {})
      : finder_(std::move(*FaceFinder::create())),
        tracker_(std::move(*FaceTracker::create(camera, options))) {}

  FaceOutcome look(int frame, const GrayView& image) {
    FaceOutcome outcome = tracker_.track(at(frame), image);
    if (!tracker_.wants_search()) return outcome;
    tracker_.found(image, at(frame), finder_.find(image));
    return std::holds_alternative<FaceMiss>(outcome) ? tracker_.track(at(frame), image) : outcome;
  }
  FaceTracker& tracker() { return tracker_; }

 private:
  FaceFinder finder_;
  FaceTracker tracker_;
};

TEST(FaceTracker, FindsBothIrisesAndCornersOfARealFace) {
  const auto picture = test::recording("webcam_one_labelled/07_00_02_img-040.png");
  YARBUS_REQUIRE_RECORDING(picture);
  std::ifstream in(test::recording("webcam_one_labelled/07_00_02_img-040.json"));
  const auto label = nlohmann::json::parse(in);
  const auto& mesh = label["head_pose"]["mediapipe_face_mesh_2d"];
  const auto point = [&](const char* name) {
    return Eigen::Vector2d(mesh[name][0].get<double>(), mesh[name][1].get<double>());
  };
  const cv::Mat gray = cv::imread(picture.string(), cv::IMREAD_GRAYSCALE);
  Follower follower(CameraIntrinsics::assumed_for(gray.cols, gray.rows));
  FaceOutcome outcome;
  for (int frame = 0; frame < 3; ++frame) outcome = follower.look(frame, view_of(gray));
  const auto* pair = std::get_if<IrisPair>(&outcome);
  ASSERT_NE(pair, nullptr);
  struct Labelled {
    std::array<const char*, 4> rim;
    const char* outer;
    const char* inner;
  };
  const std::array<Labelled, 2> eyes{Labelled{{"469", "470", "471", "472"}, "33", "133"},
                                     Labelled{{"474", "475", "476", "477"}, "263", "362"}};
  const double apart_px = (point("33") - point("263")).norm() * 0.7;
  for (std::size_t side = 0; side < 2; ++side) {
    ASSERT_TRUE(pair->eyes[side]) << side;
    const IrisObservation& eye = *pair->eyes[side];
    Eigen::Vector2d middle = Eigen::Vector2d::Zero();
    for (const char* name : eyes[side].rim) middle += 0.25 * point(name);
    const double radius = 0.5 * (point(eyes[side].rim[0]) - point(eyes[side].rim[2])).norm();
    EXPECT_LT((eye.limbus.center_px - middle).norm(), 0.03 * apart_px) << side;
    EXPECT_NEAR(eye.limbus.semi_major_px, radius, 0.12 * radius) << side;
    EXPECT_LT((eye.outer_corner_px - point(eyes[side].outer)).norm(), 0.09 * apart_px) << side;
    EXPECT_LT((eye.inner_corner_px - point(eyes[side].inner)).norm(), 0.09 * apart_px) << side;
    EXPECT_GT(eye.confidence, 0.9) << side;
    EXPECT_GT(eye.openness, 0.4) << side;
    EXPECT_LT(eye.upper_lid_px.y(), eye.lower_lid_px.y()) << side;
  }
  // 60 cm or so away; the label says 313 mm with another focal length.
  EXPECT_GT(pair->sight->head.cam_from_head.translation_mm.z(), 200.0);
}

TEST(FaceTracker, ANetworkFindsIrisesNearerThanVotingDoes) {
  std::map<bool, std::vector<double>> errors;
  for (const bool uses_network : {true, false}) {
    for (std::uint64_t seed = 21; seed <= 24; ++seed) {
      simulation::FaceSimulationOptions options;
      options.scenario = "face-still";
      options.seed = seed;
      auto face = std::move(*simulation::SimulatedFace::create(options));
      FaceTrackerOptions tracking;
      tracking.uses_network = uses_network;
      Follower follower(face.camera(), tracking);
      GrayImage image;
      FaceTruth truth;
      for (int frame = 0; frame < 20; ++frame) {
        face.render(static_cast<std::uint64_t>(3 * frame), image, truth);
        const FaceOutcome outcome = follower.look(frame, image.view());
        const auto* pair = std::get_if<IrisPair>(&outcome);
        if (pair == nullptr || truth.in_blink) continue;
        for (std::size_t side = 0; side < 2; ++side) {
          if (pair->eyes[side])
            errors[uses_network].push_back(
                (pair->eyes[side]->limbus.center_px - truth.eyes[side].limbus.center_px).norm());
        }
      }
    }
  }
  const auto median = [](std::vector<double>& values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                     values.end());
    return values[values.size() / 2];
  };
  ASSERT_GT(errors[true].size(), 120U);
  ASSERT_GT(errors[false].size(), 40U);
  const double network_px = median(errors[true]);
  const double voting_px = median(errors[false]);
  std::printf("median error %.2f px with the network, %.2f with voting\n", network_px, voting_px);
  EXPECT_LT(network_px, 0.8);
  EXPECT_LT(network_px, voting_px);
}

/// What was said of each frame of a scenario.
std::map<std::string, int> words_of(const std::string& scenario, int frames, int step, std::uint64_t seed = 2,
                                    std::pair<int, int> size = {640, 480}) {
  simulation::FaceSimulationOptions options;
  options.scenario = scenario;
  options.seed = seed;
  std::tie(options.width_px, options.height_px) = size;
  auto made = simulation::SimulatedFace::create(options);
  EXPECT_TRUE(made) << scenario;
  Follower follower(made->camera());
  GrayImage image;
  FaceTruth truth;
  std::map<std::string, int> words;
  for (int frame = 0; frame < frames; ++frame) {
    made->render(static_cast<std::uint64_t>(frame * step), image, truth);
    const FaceOutcome outcome = follower.look(frame * step, image.view());
    const auto* miss = std::get_if<FaceMiss>(&outcome);
    ++words[miss != nullptr ? std::string(to_string(miss->reason)) : "irises"];
    if (const auto* pair = std::get_if<IrisPair>(&outcome)) {
      EXPECT_TRUE(is_valid(*pair->sight)) << scenario << ' ' << frame;
    }
  }
  return words;
}

TEST(FaceTracker, SaysWhatKeepsAFaceFromBeingUsed) {
  auto none = words_of("face-none", 12, 5);
  EXPECT_EQ(none["no_face"] + none["too_dark"], 12);
  auto far = words_of("face-far", 12, 5);
  EXPECT_GT(far["too_small"], 6) << "and so it says";
  EXPECT_EQ(far["irises"], 0);
  auto dark = words_of("face-sunglasses", 20, 5);
  EXPECT_LT(dark["irises"], 4) << "nothing to be seen behind dark glasses";
  auto turned = words_of("face-turned", 120, 3);
  EXPECT_GT(turned["irises"], 20);
  EXPECT_GT(turned["turned_away"], 12);
  auto leaves = words_of("face-leaves", 100, 4);
  EXPECT_GT(leaves["irises"], 20);
  EXPECT_GT(leaves["no_face"] + leaves["turned_away"], 5);
}

TEST(FaceTracker, SomebodyWhoTurnedAwayAndLeftIsGone) {
  simulation::FaceSimulationOptions options;
  options.scenario = "face-turned";
  options.width_px = 640;
  options.height_px = 480;
  auto face = std::move(*simulation::SimulatedFace::create(options));
  Follower follower(face.camera());
  GrayImage image;
  FaceTruth truth;
  const auto word = [](const FaceOutcome& outcome) {
    const auto* miss = std::get_if<FaceMiss>(&outcome);
    return miss != nullptr ? std::string(to_string(miss->reason)) : "irises";
  };
  std::string last;
  int frame = 0;
  for (; frame < 240 && last != "turned_away"; frame += 2) {
    face.render(static_cast<std::uint64_t>(frame), image, truth);
    last = word(follower.look(frame, image.view()));
  }
  ASSERT_EQ(last, "turned_away");
  const cv::Mat empty(480, 640, CV_8UC1, cv::Scalar(120));
  const cv::Mat black(480, 640, CV_8UC1, cv::Scalar(2));
  for (const int end = frame + 180; frame < end; frame += 10)
    last = word(follower.look(frame, view_of(empty)));
  EXPECT_EQ(last, "no_face") << "six seconds later";
  EXPECT_EQ(word(follower.look(frame + 10, view_of(black))), "too_dark");
}

TEST(FaceTracker, ABlinkIsABlinkAndAHandThatStaysIsNot) {
  simulation::FaceSimulationOptions options;
  options.width_px = 640;
  options.height_px = 480;
  auto face = std::move(*simulation::SimulatedFace::create(options));
  Follower follower(face.camera());
  GrayImage image;
  FaceTruth truth;
  std::map<std::string, int> shut;
  int frame = 0;
  for (; frame < 240; ++frame) {
    face.render(static_cast<std::uint64_t>(frame), image, truth);
    const FaceOutcome outcome = follower.look(frame, image.view());
    if (frame < 30 || std::max(truth.eyes[0].openness, truth.eyes[1].openness) > 0.12) continue;
    const auto* miss = std::get_if<FaceMiss>(&outcome);
    ++shut[miss != nullptr ? std::string(to_string(miss->reason)) : "irises"];
  }
  EXPECT_GT(shut["eyes_closed"], 3) << "somebody blinked";
  EXPECT_LE(shut["covered"] + shut["irises"], shut["eyes_closed"] / 4);
  // Both eyes behind a bar, for a second.
  std::map<std::string, int> barred;
  for (int i = 0; i < 30; ++i, ++frame) {
    face.render(static_cast<std::uint64_t>(frame), image, truth);
    const auto top = static_cast<int>(truth.eyes[0].limbus.center_px.y()) - 14;
    cv::Mat whole(image.view().height_px, image.view().width_px, CV_8UC1,
                  const_cast<std::uint8_t*>(image.view().data),
                  static_cast<std::size_t>(image.view().stride_bytes));
    whole.rowRange(top, top + 28).setTo(120);
    const FaceOutcome outcome = follower.look(frame, image.view());
    const auto* miss = std::get_if<FaceMiss>(&outcome);
    if (i >= 20) ++barred[miss != nullptr ? std::string(to_string(miss->reason)) : "irises"];
  }
  EXPECT_EQ(barred["eyes_closed"], 0);
  EXPECT_GT(barred["covered"], 7);
}

TEST(FaceTracker, OneEyeBehindAHandLeavesTheOther) {
  simulation::FaceSimulationOptions options;
  options.scenario = "face-hand";
  options.seed = 2;
  auto face = std::move(*simulation::SimulatedFace::create(options));
  Follower follower(face.camera());
  GrayImage image;
  FaceTruth truth;
  int one = 0;
  int hidden_seen = 0;
  int frames = 0;
  for (int frame = 0; frame < 100; ++frame) {
    face.render(static_cast<std::uint64_t>(4 * frame), image, truth);
    const FaceOutcome outcome = follower.look(4 * frame, image.view());
    if (truth.eyes[0].is_visible == truth.eyes[1].is_visible) continue;
    ++frames;
    const std::size_t hidden = truth.eyes[0].is_visible ? 1 : 0;
    const auto* pair = std::get_if<IrisPair>(&outcome);
    if (pair == nullptr) continue;
    one += pair->eyes[1 - hidden].has_value() ? 1 : 0;
    hidden_seen += pair->eyes[hidden].has_value() ? 1 : 0;
  }
  ASSERT_GT(frames, 20) << "the hand is there for a while";
  EXPECT_GT(one, frames * 3 / 4);
  EXPECT_LT(hidden_seen, frames / 4) << "a hand is no eye";
}

TEST(FaceTracker, AnySizeOfImageAndBrokenPixelsAreNoHarm) {
  for (const auto& size : {std::pair(160, 120), std::pair(1920, 1080)}) {
    auto words = words_of("face-still", 3, 10, 2, size);
    int all = 0;
    for (const auto& [word, count] : words) all += count;
    EXPECT_EQ(all, 3);
    EXPECT_EQ(words[size.first == 1920 ? "irises" : "too_small"], 3) << size.first;
  }
  Follower follower(CameraIntrinsics::assumed_for(64, 48));
  for (const int gray : {0, 128, 255}) {
    const cv::Mat even(48, 64, CV_8UC1, cv::Scalar(gray));
    const FaceOutcome outcome = follower.look(gray, view_of(even));
    ASSERT_TRUE(std::holds_alternative<FaceMiss>(outcome));
    EXPECT_EQ(std::get<FaceMiss>(outcome).reason,
              gray == 0 ? FaceMissReason::too_dark : FaceMissReason::no_face);
  }
}

TEST(FaceTracker, KeepsTheChosenOneOfSeveralFaces) {
  const auto two = test::recording("faces_head_turn/head-pose-face-detection-female-and-male.gif");
  YARBUS_REQUIRE_RECORDING(two);
  cv::VideoCapture video(two.string());
  std::vector<cv::Mat> frames;
  for (cv::Mat frame; video.read(frame) && frames.size() < 20;) {
    cv::Mat gray;
    cv::cvtColor(frame, gray, cv::COLOR_BGR2GRAY);
    frames.push_back(gray);
  }
  ASSERT_FALSE(frames.empty());
  auto finder = std::move(*FaceFinder::create());
  const auto faces = finder.find(view_of(frames.front()));
  ASSERT_EQ(faces.size(), 2U);
  FaceTrackerOptions options;
  options.least_iris_radius_px = 1.0;  // they stand far away
  for (const FaceBox& wanted : faces) {
    Follower follower(CameraIntrinsics::assumed_for(frames.front().cols, frames.front().rows), options);
    follower.tracker().choose(wanted.center_px);
    int near = 0;
    int seen = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const FaceOutcome outcome = follower.look(static_cast<int>(i), view_of(frames[i]));
      const auto* pair = std::get_if<IrisPair>(&outcome);
      if (pair == nullptr) continue;
      ++seen;
      near += (pair->face.center_px - wanted.center_px).norm() < wanted.size_px ? 1 : 0;
    }
    EXPECT_GT(seen, 3);
    EXPECT_EQ(near, seen) << "never the other one";
  }
}

TEST(FaceTracker, RefusesWhatCannotWork) {
  FaceTrackerOptions options;
  options.search_interval_s = std::nan("");
  EXPECT_FALSE(FaceTracker::create(CameraIntrinsics::assumed_for(640, 480), options));
  EXPECT_FALSE(FaceTracker::create(CameraIntrinsics{}));
}

}  // namespace
}  // namespace yarbus::face_tracker_test
