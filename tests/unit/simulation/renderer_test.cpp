// The rendered image against the truth that comes with it.
#include "eyemodel/simulation/renderer.h"

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "eyemodel/simulation/truth.h"

namespace yarbus::simulation::renderer_test {
namespace {

/// A wide open eye without lashes, iris pattern, blur or noise: the pupil's edge is all there is to see.
Scene plain_scene() {
  Scene scene;
  scene.camera = CameraIntrinsics::from_focal_length(620, 640, 480);
  scene.lids.upper_rest_deg = 50.0;
  scene.lids.lower_rest_deg = -50.0;
  scene.lids.upper_follow = 0.0;
  scene.lids.lower_follow = 0.0;
  scene.appearance.lashes.upper_count = 0;
  scene.appearance.lashes.lower_count = 0;
  scene.appearance.iris_contrast = 0.0;
  scene.appearance.light_gradient = 0.0;
  scene.sensor.defocus_sigma_px = 0.0;
  scene.sensor.read_noise_gray = 0.0;
  scene.sensor.shot_noise_gray = 0.0;
  place_camera(scene, 40.0, 0.0, 0.0);
  return scene;
}

double render_one(const Scene& scene, GrayImage& image) {
  Renderer renderer(scene.eye.appearance_seed, scene.appearance.lashes);
  return renderer.render({&scene, 1}, 1, image);
}

double interpolated(const GrayImage& image, const Eigen::Vector2d& at) {
  const int x = static_cast<int>(std::floor(at.x()));
  const int y = static_cast<int>(std::floor(at.y()));
  const double fx = at.x() - x;
  const double fy = at.y() - y;
  const GrayView view = image.view();
  return (1 - fy) * ((1 - fx) * view.at(x, y) + fx * view.at(x + 1, y)) +
         fy * ((1 - fx) * view.at(x, y + 1) + fx * view.at(x + 1, y + 1));
}

/// Distance along `normal` from `at` to where the gray is half way between both sides; NaN without an edge
/// or beside a reflection.
double edge_offset_px(const GrayImage& image, const Eigen::Vector2d& at, const Eigen::Vector2d& normal) {
  constexpr double reach_px = 3.0;
  constexpr double step_px = 0.02;
  const double inside = interpolated(image, at - reach_px * normal);
  const double outside = interpolated(image, at + reach_px * normal);
  if (outside - inside < 20.0 || inside > 40.0 || outside > 200.0) return std::nan("");
  const double half = 0.5 * (inside + outside);
  for (double d = -reach_px; d < reach_px; d += step_px) {
    if (interpolated(image, at + (d + step_px) * normal) >= half) return d + 0.5 * step_px;
  }
  return std::nan("");
}

struct EdgeOffsets {
  int measured = 0;
  double mean = 0.0;
  double largest = 0.0;
};
EdgeOffsets measure_edge(const Scene& scene, double outline_shift_px = 0.0) {
  GrayImage image;
  render_one(scene, image);
  const auto outline = trace_pupil_outline(scene, 90);
  EdgeOffsets offsets;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const Eigen::Vector2d along =
        outline[(i + 1) % outline.size()] - outline[(i + outline.size() - 1) % outline.size()];
    Eigen::Vector2d normal = Eigen::Vector2d(along.y(), -along.x()).normalized();
    if (normal.dot(outline[i] - truth_of(scene).pupil_ellipse.center_px) < 0.0) normal = -normal;
    const double offset = edge_offset_px(image, outline[i] + outline_shift_px * normal, normal);
    if (std::isnan(offset)) continue;
    ++offsets.measured;
    offsets.mean += offset;
    offsets.largest = std::max(offsets.largest, std::abs(offset));
  }
  offsets.mean /= std::max(1, offsets.measured);
  return offsets;
}

TEST(RenderedPupil, EdgeLiesOnTheTracedOutline) {
  struct View {
    double distance_mm, azimuth_deg, elevation_deg, yaw_deg, pitch_deg, pupil_mm;
  };
  for (const View& view : {View{40, 0, 0, 0, 0, 2.0},
                           {40, 20, -15, 10, 5, 3.2},
                           {30, -25, -20, 12, -8, 1.2},
                           {35, 40, -10, -8, 6, 2.4},
                           {45, 0, -30, 20, 10, 2.0}}) {
    Scene scene = plain_scene();
    place_camera(scene, view.distance_mm, view.azimuth_deg, view.elevation_deg);
    scene.yaw_deg = view.yaw_deg;
    scene.pitch_deg = view.pitch_deg;
    scene.pupil_radius_mm = view.pupil_mm;
    const EdgeOffsets offsets = measure_edge(scene);
    const std::string where =
        "azimuth " + std::to_string(view.azimuth_deg) + ", yaw " + std::to_string(view.yaw_deg);
    EXPECT_GE(offsets.measured, 60) << where;
    EXPECT_LT(offsets.largest, 0.1) << where;
    EXPECT_LT(std::abs(offsets.mean), 0.03) << where;
  }
}

TEST(RenderedPupil, EdgeLiesOnTheTracedOutlineThroughADistortingLens) {
  Scene scene = plain_scene();
  place_camera(scene, 40.0, 15.0, -10.0);
  scene.camera.distortion = {-0.15, 0.03, 0.001, -0.002, 0.0};
  scene.yaw_deg = -10.0;
  const EdgeOffsets offsets = measure_edge(scene);
  EXPECT_GE(offsets.measured, 60);
  EXPECT_LT(offsets.largest, 0.1);
}

TEST(RenderedPupil, EdgeLiesOnTheTracedOutlineThroughAFisheye) {
  Scene scene = plain_scene();
  place_camera(scene, 40.0, 15.0, -10.0);
  scene.camera.distortion_model = DistortionModel::fisheye;
  scene.camera.distortion = {-0.02, 0.01, 0.0, 0.0, 0.0};
  scene.yaw_deg = -10.0;
  const EdgeOffsets offsets = measure_edge(scene);
  EXPECT_GE(offsets.measured, 60);
  EXPECT_LT(offsets.largest, 0.1);
}

TEST(RenderedPupil, TheEdgeMeasurementSeesAnOutlineThatIsOff) {
  EXPECT_NEAR(measure_edge(plain_scene(), 0.3).mean, -0.3, 0.05);
}

TEST(RenderedPupil, WithoutRefractionTheEdgeIsThePlainProjection) {
  Scene scene = plain_scene();
  scene.eye.refractive_index = 1.0;
  place_camera(scene, 40.0, 20.0, -15.0);
  EXPECT_LT(measure_edge(scene).largest, 0.1);  // of an outline that a test holds against plain projection
}

TEST(VisibleFraction, IsOneForAnOpenEyeAndZeroBehindClosedLids) {
  Scene scene = plain_scene();
  GrayImage image;
  EXPECT_NEAR(render_one(scene, image), 1.0, 0.005);
  scene.lids = LidPosture{};
  scene.lids.closure = 1.0;
  for (const double pitch : {-25.0, -10.0, 0.0, 12.0, 25.0}) {
    scene.pitch_deg = pitch;
    for (const double elevation : {-40.0, 0.0, 30.0}) {
      place_camera(scene, 35.0, 10.0, elevation);
      EXPECT_EQ(render_one(scene, image), 0.0) << pitch << ' ' << elevation;
    }
  }
}

TEST(VisibleFraction, AClosedLidShowsNothingOfTheEye) {
  // With the lids closed, eyes that differ in everything behind them give the same image.
  Scene scene = plain_scene();
  scene.lids = LidPosture{};
  scene.lids.closure = 1.0;
  GrayImage image;
  render_one(scene, image);
  Scene other = scene;
  other.pupil_radius_mm = 3.8;
  other.appearance.iris_albedo = 0.8;
  other.appearance.sclera_albedo = 0.2;
  other.appearance.pupil_albedo = 0.9;
  other.appearance.window_reflection = 0.5;
  GrayImage other_image;
  render_one(other, other_image);
  EXPECT_TRUE(std::equal(image.data(), image.data() + 640 * 480, other_image.data()));
}

TEST(VisibleFraction, HalvesWhenTheLidStandsAtThePupilsCentre) {
  // Seen from straight ahead, a lid margin on the line to the pupil's centre hides its upper half.
  Scene scene = plain_scene();
  scene.lids.lower_rest_deg = -50.0;
  scene.lids.upper_rest_deg = 0.0;
  GrayImage image;
  EXPECT_NEAR(render_one(scene, image), 0.5, 0.06);
}

TEST(VisibleFraction, CountsThePartOutsideTheImageAsHidden) {
  Scene scene = plain_scene();
  scene.camera.cx_px = 0.0;  // the image begins at the pupil's middle
  GrayImage image;
  EXPECT_NEAR(render_one(scene, image), 0.5, 0.02);
}

TEST(Renderer, LashesDarkenAndHide) {
  Scene scene = plain_scene();
  scene.lids = LidPosture{};
  GrayImage bare;
  const double visible_bare = render_one(scene, bare);
  scene.appearance.lashes.upper_count = 200;
  scene.appearance.lashes.droop = 0.9;
  scene.appearance.lashes.length_mm = 11.0;
  scene.appearance.lashes.thickness_mm = 0.12;
  GrayImage hairy;
  const double visible_hairy = render_one(scene, hairy);
  EXPECT_LT(visible_hairy, visible_bare - 0.02);
}

TEST(Renderer, MotionBlurIsTheMeanOfTheInstants) {
  std::vector<Scene> instants(3, plain_scene());
  instants[0].yaw_deg = -2.0;
  instants[2].yaw_deg = 2.0;
  Renderer renderer(instants[1].eye.appearance_seed, instants[1].appearance.lashes);
  GrayImage blurred;
  renderer.render(instants, 1, blurred);
  std::vector<GrayImage> single(3);
  for (std::size_t i = 0; i < 3; ++i) renderer.render({&instants[i], 1}, 1, single[i]);
  int differing = 0;
  for (int i = 0; i < 640 * 480; ++i) {
    const double brightest = std::max({single[0].data()[i], single[1].data()[i], single[2].data()[i]});
    if (brightest > 250.0)
      continue;  // saturated, there the mean of what is seen is not what is seen of the mean
    const double mean = (single[0].data()[i] + single[1].data()[i] + single[2].data()[i]) / 3.0;
    EXPECT_NEAR(blurred.data()[i], mean, 1.01) << i;
    differing += single[0].data()[i] != single[2].data()[i] ? 1 : 0;
  }
  EXPECT_GT(differing, 5000);
}

TEST(Renderer, SensorNoiseHasTheStatedSize) {
  Scene scene = plain_scene();
  GrayImage clean;
  render_one(scene, clean);
  scene.sensor.read_noise_gray = 4.0;
  GrayImage noisy;
  render_one(scene, noisy);
  double sum = 0.0;
  double squares = 0.0;
  int count = 0;
  for (int i = 0; i < 640 * 480; ++i) {
    if (clean.data()[i] < 30 || clean.data()[i] > 220) continue;
    const double difference = static_cast<double>(noisy.data()[i]) - clean.data()[i];
    sum += difference;
    squares += difference * difference;
    ++count;
  }
  ASSERT_GT(count, 10000);
  EXPECT_NEAR(sum / count, 0.0, 0.1);
  EXPECT_NEAR(std::sqrt(squares / count), 4.0, 0.1);
}

TEST(Sensor, JpegChangesPixelsALittle) {
  Scene scene = plain_scene();
  GrayImage clean;
  render_one(scene, clean);
  GrayImage good;
  scene.sensor.jpeg_quality = 95;
  render_one(scene, good);
  GrayImage poor;
  scene.sensor.jpeg_quality = 20;
  render_one(scene, poor);
  const auto mean_change = [&](const GrayImage& image) {
    double sum = 0.0;
    for (int i = 0; i < 640 * 480; ++i) sum += std::abs(image.data()[i] - clean.data()[i]);
    return sum / (640 * 480);
  };
  EXPECT_GT(mean_change(good), 0.0);
  EXPECT_LT(mean_change(good), 1.5);
  EXPECT_GT(mean_change(poor), 1.5 * mean_change(good));
}

TEST(Sensor, DefocusWidensThePupilsEdgeAndLowContrastLowersIt) {
  Scene scene = plain_scene();
  const Ellipse pupil = truth_of(scene).pupil_ellipse;
  const auto rise = [&](const Scene& shown, double from_px, double to_px) {
    GrayImage image;
    render_one(shown, image);
    const Eigen::Vector2d at = pupil.point_at(2.5);
    const Eigen::Vector2d out = (at - pupil.center_px).normalized();
    return interpolated(image, at + to_px * out) - interpolated(image, at + from_px * out);
  };
  const double whole = rise(scene, -6.0, 6.0);
  const double steep = rise(scene, -1.0, 1.0);
  ASSERT_GT(whole, 40.0);
  Scene blurred = scene;
  blurred.sensor.defocus_sigma_px = 2.0;
  EXPECT_LT(rise(blurred, -1.0, 1.0), 0.6 * steep);
  EXPECT_NEAR(rise(blurred, -6.0, 6.0), whole, 0.1 * whole);
  Scene flat = scene;
  flat.appearance.contrast = 0.3;
  EXPECT_NEAR(rise(flat, -6.0, 6.0), 0.3 * whole, 2.0);
}

TEST(Glint, OfALightAtTheCameraLiesOnTheLineToTheCorneasCentre) {
  // A light beside the pinhole is mirrored where the cornea faces the camera: towards its centre.
  for (const double yaw_deg : {-15.0, 0.0, 12.0}) {
    Scene scene = plain_scene();
    place_camera(scene, 40.0, 5.0, -10.0);
    scene.yaw_deg = yaw_deg;
    scene.appearance.led_count = 1;
    scene.appearance.leds_in_cam_mm[0] = Eigen::Vector3d::Zero();
    GrayImage image;
    render_one(scene, image);
    const Eigen::Vector3d cornea_in_cam =
        scene.eye_center_in_cam_mm + scene.cam_from_eye().col(2) * scene.eye.cornea_center_mm;
    const Eigen::Vector2d expected = scene.camera.project(cornea_in_cam);
    Eigen::Vector2d sum = Eigen::Vector2d::Zero();
    int bright = 0;
    for (int y = 0; y < 480; ++y) {
      for (int x = 0; x < 640; ++x) {
        if (image.row(y)[x] < 250 || (Eigen::Vector2d(x, y) - expected).norm() > 40.0) continue;
        sum += Eigen::Vector2d(x, y);
        ++bright;
      }
    }
    ASSERT_GT(bright, 10) << yaw_deg;
    EXPECT_LT((sum / bright - expected).norm(), 0.5) << yaw_deg;
  }
}

TEST(Reflections, OfWindowAndSpectaclesBrightenButHideNothing) {
  Scene scene = plain_scene();
  GrayImage clean;
  const double visible = render_one(scene, clean);
  for (const bool window : {true, false}) {
    Scene reflecting = scene;
    (window ? reflecting.appearance.window_reflection : reflecting.appearance.glasses) = window ? 0.4 : 1.0;
    GrayImage image;
    EXPECT_EQ(render_one(reflecting, image), visible);
    int brighter = 0;
    for (int i = 0; i < 640 * 480; ++i) {
      EXPECT_GE(image.data()[i], clean.data()[i]) << i;
      brighter += image.data()[i] > clean.data()[i] + 10 ? 1 : 0;
    }
    EXPECT_GT(brighter, 300) << (window ? "window" : "spectacles");
  }
}

TEST(Lids, FollowTheGazeAndSquint) {
  const LidPosture lids;
  const auto ahead = lid_angles_deg(lids, 0.0);
  const auto down = lid_angles_deg(lids, -20.0);
  EXPECT_NEAR(down[0] - ahead[0], -17.0, 1e-9);  // the upper follows 85 %
  EXPECT_NEAR(down[1] - ahead[1], -9.0, 1e-9);   // the lower 45 %
  LidPosture squinting = lids;
  squinting.squint = 1.0;
  const auto narrow = lid_angles_deg(squinting, 0.0);
  EXPECT_LT(narrow[0] - narrow[1], 0.6 * (ahead[0] - ahead[1]));
}

}  // namespace
}  // namespace yarbus::simulation::renderer_test
