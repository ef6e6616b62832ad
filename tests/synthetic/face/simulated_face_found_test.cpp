// The simulated face is one for a finder that has seen real ones only.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "eyemodel/simulation/face/simulated_face.h"
#include "tracker/face/face_finder.h"

namespace yarbus::simulated_face_found_test {
namespace {

struct Sighting {
  bool is_found = false;
  bool is_where_it_is = false;  ///< the surest box holds both eyes, and no more than a head
};

Sighting look(FaceFinder& finder, const std::string& scenario, std::uint64_t seed, std::uint64_t index) {
  simulation::FaceSimulationOptions options;
  options.scenario = scenario;
  options.seed = seed;
  options.width_px = 640;
  options.height_px = 480;
  auto face = simulation::SimulatedFace::create(options);
  GrayImage image;
  FaceTruth truth;
  face->render(index, image, truth);
  const auto boxes = finder.find(image.view());
  if (boxes.empty()) return {};
  const FaceBox& box = boxes.front();
  const Eigen::Vector2d right_px = truth.eye(EyeSide::right).limbus.center_px;
  const Eigen::Vector2d left_px = truth.eye(EyeSide::left).limbus.center_px;
  const auto holds = [&](const Eigen::Vector2d& px) {
    return (px - box.center_px).cwiseAbs().maxCoeff() < 0.5 * box.size_px;
  };
  const double apart_px = (left_px - right_px).norm();
  return {true,
          holds(right_px) && holds(left_px) && box.size_px > 1.6 * apart_px && box.size_px < 4.0 * apart_px};
}

TEST(SimulatedFaceFound, OfManyPeopleAllAreFoundWhereTheyAre) {
  auto finder = FaceFinder::create().value();
  constexpr int people = 16;
  int found = 0;
  int right_place = 0;
  for (int seed = 1; seed <= people; ++seed) {
    const Sighting sighting =
        look(finder, seed % 2 == 0 ? "face-moving" : "face-still", static_cast<std::uint64_t>(seed), 45);
    found += sighting.is_found ? 1 : 0;
    right_place += sighting.is_where_it_is ? 1 : 0;
  }
  EXPECT_GE(found, people - 1);
  EXPECT_EQ(right_place, found);
}

TEST(SimulatedFaceFound, AnEmptyRoomHasNoFace) {
  auto finder = FaceFinder::create().value();
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    EXPECT_FALSE(look(finder, "face-none", seed, 10).is_found) << seed;
    EXPECT_FALSE(look(finder, "face-leaves", seed, 135).is_found) << seed;
  }
}

}  // namespace
}  // namespace yarbus::simulated_face_found_test
