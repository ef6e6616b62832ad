// A prior on something that is no pupil: the true pupil must have it back within three frames.
#include <functional>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/decoys.h"
#include "tests/support/prior_after.h"
#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::wrong_lock_test {
namespace {

using test::SyntheticEye;

struct Decoy {
  std::string name;
  std::function<Ellipse(SyntheticEye&)> add;  ///< draws it and says where the wrong prior is
};

std::vector<Decoy> decoys() {
  return {
      {"nostril",
       [](SyntheticEye& e) {
         return test::add_nostril(e, {0.82 * e.width_px, 0.8 * e.height_px});
       }},
      {"lash_clump",
       [](SyntheticEye& e) {
         return test::add_lash_clump(e, {0.8 * e.width_px, 0.25 * e.height_px});
       }},
      {"dark_corner", [](SyntheticEye& e) { return test::add_dark_corner(e); }},
      {"eyebrow",
       [](SyntheticEye& e) {
         return test::add_eyebrow(e, {0.45 * e.width_px, 0.12 * e.height_px});
       }},
      {"round_and_as_dark",
       [](SyntheticEye& e) {
         return test::add_disc(e, {0.82 * e.width_px, 0.75 * e.height_px}, 0.12 * e.height_px, 32.0,
                                  0.04 * e.height_px);
       }},
  };
}

constexpr std::size_t nostril = 0, lash_clump = 1, dark_corner = 2, eyebrow = 3, round_and_as_dark = 4;

class WrongLock : public ::testing::TestWithParam<std::tuple<std::size_t, int>> {};

TEST_P(WrongLock, DoesNotSurviveThreeFrames) {
  const auto [which, height_px] = GetParam();
  const Decoy decoy = decoys()[which];
  for (unsigned run = 1; run <= 4; ++run) {
    SyntheticEye eye;
    eye.height_px = height_px;
    eye.width_px = height_px * 4 / 3;
    eye.iris_radius_factor = 2.2;
    eye.noise_gray = 3.0;
    const double radius_px = (0.09 + 0.015 * run) * height_px;
    eye.pupil = Ellipse{{0.36 * eye.width_px, 0.52 * height_px}, radius_px, 0.8 * radius_px, 0.5 * run};
    std::optional<PupilPrior> prior = test::prior_at(decoy.add(eye));
    PupilDetector detector{PupilDetectorOptions{}};
    double distance_px = 1e9;
    std::ostringstream story;
    for (unsigned frame = 0; frame < 3; ++frame) {
      eye.seed = 10 * run + frame;
      eye.pupil->center_px += Eigen::Vector2d(0.006, -0.004) * height_px;
      const auto outcome = detector.detect(test::draw(eye).view(), prior);
      const auto* found = std::get_if<PupilObservation>(&outcome);
      distance_px = found != nullptr ? test::outline_distance_px(found->ellipse, *eye.pupil) : 1e9;
      story << ' ' << distance_px << " px (" << confidence_of(outcome) << ')';
      prior = test::prior_after(outcome);
    }
    EXPECT_LT(distance_px, 1.0) << decoy.name << ", run " << run << ":" << story.str();
  }
}

std::string name_of_case(const ::testing::TestParamInfo<WrongLock::ParamType>& info) {
  return decoys()[std::get<0>(info.param)].name + "_" + std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Decoys, WrongLock,
                         ::testing::Combine(::testing::Values(lash_clump, dark_corner, eyebrow),
                                            ::testing::Values(240, 480)),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(SoftDecoys, WrongLock,
                         ::testing::Values(std::tuple{nostril, 240}, std::tuple{nostril, 480}), name_of_case);

TEST(WrongLock, ASoftNostrilIsNotTakenForThePupilInAColdSearch) {
  for (const double gray : {28.0, 45.0}) {
    SyntheticEye eye;
    eye.width_px = 640;
    eye.height_px = 480;
    eye.iris_radius_factor = 2.2;
    eye.noise_gray = 3.0;
    eye.pupil = Ellipse{{230.0, 250.0}, 53.0, 42.0, 0.5};
    eye.spots = {{Ellipse{{525.0, 374.0}, 48.0, 34.0, 0.4}, gray, 24.0}};
    PupilDetector detector{PupilDetectorOptions{}};
    const auto outcome = detector.detect(test::draw(eye).view());
    ASSERT_TRUE(std::holds_alternative<PupilObservation>(outcome)) << gray;
    EXPECT_LT(test::outline_distance_px(std::get<PupilObservation>(outcome).ellipse, *eye.pupil), 1.0)
        << gray;
  }
}

TEST(WrongLock, TheDecoysAreDark) {
  for (const auto& decoy : decoys()) {
    SyntheticEye eye;
    eye.pupil.reset();
    const Ellipse outline = decoy.add(eye);
    const GrayImage image = test::draw(eye);
    double sum = 0.0;
    for (int y = -2; y <= 2; ++y)
      for (int x = -2; x <= 2; ++x)
        sum += image.view().at(static_cast<int>(outline.center_px.x()) + x,
                               static_cast<int>(outline.center_px.y()) + y);
    EXPECT_LT(sum / 25.0, 0.7 * eye.sclera_gray) << decoy.name;
  }
}

}  // namespace
}  // namespace yarbus::wrong_lock_test
