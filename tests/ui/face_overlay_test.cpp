#include <QTest>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/ui/synthetic_face.h"
#include "ui/eye_image_view.h"
#include "ui/report/face_geometry.h"
#include "ui/report/face_marks.h"
#include "ui/report/face_text.h"
#include "ui/report/sample_text.h"

namespace yarbus::face_overlay_test {
namespace {

using test::SyntheticFace;
using ui::OverlayOptions;

constexpr OverlayOptions nothing{false, false, false, false, false, false};

QImage painted(const GazeSample& sample, const OverlayOptions& options) {
  QImage image(640, 360, QImage::Format_RGB32);
  QPainter painter(&image);
  ui::paint_sample(painter, image.rect(), sample, options);
  painter.end();
  return image;
}

int changed_near(const QImage& a, const QImage& b, const Eigen::Vector2d& at, int radius = 2) {
  int changed = 0;
  for (int y = -radius; y <= radius; ++y) {
    for (int x = -radius; x <= radius; ++x) {
      const QPoint p(static_cast<int>(std::lround(at.x())) + x, static_cast<int>(std::lround(at.y())) + y);
      if (a.rect().contains(p) && a.pixel(p) != b.pixel(p)) ++changed;
    }
  }
  return changed;
}

OverlayOptions only(bool OverlayOptions::*option) {
  OverlayOptions options = nothing;
  options.*option = true;
  return options;
}

TEST(FaceOverlay, BothLimbiAreDrawnWhereTheyWereFound) {
  const auto sample = SyntheticFace{}.sample(0);
  const QImage plain = painted(*sample, nothing);
  const QImage drawn = painted(*sample, only(&OverlayOptions::pupil_outline));
  for (const auto& eye : std::get<IrisPair>(*sample->face).eyes) {
    for (int i = 0; i < 8; ++i)
      EXPECT_GT(changed_near(plain, drawn, eye->limbus.point_at(0.78 * i), 1), 2) << i;
  }
  EXPECT_EQ(changed_near(plain, drawn, {320.0, 300.0}, 20), 0) << "the mouth";
}

TEST(FaceOverlay, AnEyeThatIsHiddenIsNotDrawn) {
  SyntheticFace face;
  face.has_left = false;
  const auto sample = face.sample(0);
  const QImage plain = painted(*sample, nothing);
  const QImage drawn = painted(*sample, only(&OverlayOptions::pupil_outline));
  EXPECT_GT(changed_near(plain, drawn, face.iris_px(EyeSide::right), 8), 20);
  EXPECT_EQ(changed_near(plain, drawn, face.iris_px(EyeSide::left), 12), 0);
}

TEST(FaceOverlay, EdgePointsCornersLidsAndSquareFollowTheirToggles) {
  const auto sample = SyntheticFace{}.sample(0);
  const IrisPair& pair = std::get<IrisPair>(*sample->face);
  const IrisObservation& eye = *pair.eye(EyeSide::right);
  const QImage plain = painted(*sample, nothing);
  const QImage points = painted(*sample, only(&OverlayOptions::edge_points));
  for (const Eigen::Vector2f& point : eye.limbus_points_px)
    EXPECT_GT(changed_near(plain, points, point.cast<double>(), 1), 3);
  const QImage face = painted(*sample, only(&OverlayOptions::eyeball));
  for (const Eigen::Vector2d& place :
       {eye.inner_corner_px, eye.outer_corner_px, eye.upper_lid_px, eye.lower_lid_px}) {
    EXPECT_GT(changed_near(plain, face, place, 1), 2);
    EXPECT_EQ(changed_near(plain, points, place, 1), 0) << "not by the other toggle";
  }
  const double half = 0.5 * pair.face.size_px;
  EXPECT_GT(changed_near(plain, face, pair.face.center_px + Eigen::Vector2d(half, half), 1), 2);
  EXPECT_EQ(changed_near(plain, face, pair.face.center_px + Eigen::Vector2d(half, 0.0), 1), 0)
      << "corners alone";
}

TEST(FaceOverlay, AxesPointWhereTheEyesLook) {
  SyntheticFace right;
  right.azimuth_deg = 20.0;
  const auto options = only(&OverlayOptions::optical_axis);
  const Eigen::Vector2d beside(15.0, 0.0);
  const auto drawn_beside = [&](const SyntheticFace& face, double side) {
    const auto sample = face.sample(0);
    return changed_near(painted(*sample, nothing), painted(*sample, options),
                        face.iris_px(EyeSide::left) + side * beside, 1);
  };
  EXPECT_GT(drawn_beside(right, 1.0), 2);
  EXPECT_EQ(drawn_beside(right, -1.0), 0);
  SyntheticFace left;
  left.azimuth_deg = -20.0;
  EXPECT_EQ(drawn_beside(left, 1.0), 0);
  EXPECT_GT(drawn_beside(left, -1.0), 2);
}

TEST(FaceOverlay, AMissWithAKnownPlaceShowsItsSquareDashed) {
  const auto sample = SyntheticFace{}.miss(0, FaceMissReason::turned_away);
  const FaceBox& box = *std::get<FaceMiss>(*sample->face).face;
  const QImage plain = painted(*sample, nothing);
  const QImage drawn = painted(*sample, OverlayOptions{true, true, true, true, false, false});
  int dashes = 0;
  for (int i = -30; i <= 30; ++i)
    dashes +=
        changed_near(plain, drawn, box.center_px + Eigen::Vector2d(0.5 * box.size_px, i), 1) > 0 ? 1 : 0;
  EXPECT_GT(dashes, 30);
  EXPECT_EQ(painted(*SyntheticFace{}.miss(0, FaceMissReason::no_face),
                    OverlayOptions{true, true, true, true, false, false}),
            plain);
}

TEST(FaceOverlay, TheTruthOfASimulatedFaceIsDrawnOverIt) {
  auto sample = SyntheticFace{}.sample(0);
  auto frame = std::make_shared<Frame>(*sample->frame);
  FaceTruth truth;
  truth.has_face = true;
  truth.eyes[0].limbus = {{100.0, 100.0}, 20.0, 18.0, 0.0};
  truth.eyes[0].is_visible = true;
  truth.eyes[1].limbus = {{500.0, 300.0}, 20.0, 18.0, 0.0};
  frame->face_truth = truth;
  sample->frame = frame;
  const QImage plain = painted(*sample, nothing);
  const QImage drawn = painted(*sample, only(&OverlayOptions::true_outline));
  int seen = 0;
  for (int i = 0; i < 24; ++i)
    seen += changed_near(plain, drawn, truth.eyes[0].limbus.point_at(0.26 * i), 1) > 2 ? 1 : 0;
  EXPECT_GE(seen, 12) << "dotted: most of it";
  EXPECT_EQ(changed_near(plain, drawn, {480.0, 300.0}, 4), 0) << "an eye that cannot be seen";
}

TEST(FaceOverlay, SurvivesWhatCannotBeDrawn) {
  auto sample = SyntheticFace{}.sample(0);
  IrisPair& pair = std::get<IrisPair>(*sample->face);
  pair.face.center_px.setConstant(std::nan(""));
  pair.eyes[0]->limbus.semi_major_px = std::nan("");
  pair.eyes[0]->inner_corner_px.setConstant(std::nan(""));
  auto sight = std::make_shared<FaceSight>(*pair.sight);
  sight->head.cam_from_head.rotation.setConstant(std::nan(""));
  pair.sight = sight;
  const QImage drawn = painted(*sample, OverlayOptions{true, true, true, true, true, true});
  EXPECT_GT(changed_near(painted(*sample, nothing), drawn, pair.eyes[1]->limbus.point_at(0.3), 1), 2)
      << "the other eye is drawn";
}

TEST(FaceGeometry, TheAxisGoesThroughTheMiddleOfTheLimbus) {
  SyntheticFace face;
  face.azimuth_deg = 17.0;
  const IrisPair pair = face.pair();
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const auto line = ui::eye_line(*pair.sight, side);
    ASSERT_TRUE(line);
    EXPECT_NEAR(ui::gaze_angles_of(line->axis_in_cam).azimuth_deg, 17.0, 1e-6);
    EXPECT_NEAR(ui::gaze_angles_of(line->axis_in_cam).elevation_deg, 0.0, 1e-6);
  }
  face.has_right = false;
  EXPECT_FALSE(ui::eye_line(*face.pair().sight, EyeSide::right));
  FaceSight past = *pair.sight;
  past.eyes[0]->iris_dir_in_cam = Eigen::Vector3d(0.3, 0.0, 1.0).normalized();
  EXPECT_FALSE(ui::eye_line(past, EyeSide::right)) << "the iris cannot be there";
}

TEST(FaceGeometry, TurnsAsTheImageShowsThem) {
  SyntheticFace face;
  face.head_turn_deg = 12.0;
  const ui::HeadTurn turn = ui::head_turn_of(face.pair().sight->head);
  EXPECT_NEAR(turn.azimuth_deg, 12.0, 1e-9);
  EXPECT_NEAR(turn.elevation_deg, 0.0, 1e-9);
  EXPECT_NEAR(turn.tilt_deg, 0.0, 1e-9);
  HeadPose leaning;
  const double tilt_rad = 10.0 * std::numbers::pi / 180.0;
  leaning.cam_from_head.rotation << std::cos(tilt_rad), -std::sin(tilt_rad), 0.0, std::sin(tilt_rad),
      std::cos(tilt_rad), 0.0, 0.0, 0.0, 1.0;
  EXPECT_NEAR(ui::head_turn_of(leaning).tilt_deg, 10.0, 1e-9) << "its top moves to image right";
}

TEST(EnlargedEye, FillsTheViewWithItsEyeAndStandsStill) {
  const SyntheticFace face;
  ui::EyeImageView view;
  view.set_enlarged_eye(EyeSide::left);
  view.resize(200, 120);
  auto first = face.sample(0);
  view.show_sample(first);
  view.set_overlay(nothing);
  const QImage image = view.grab().toImage();
  const double ratio = image.devicePixelRatio();
  const auto gray = [&](const QImage& of, double x, double y) {
    return qGray(of.pixel(static_cast<int>(x * ratio), static_cast<int>(y * ratio)));
  };
  EXPECT_NEAR(gray(image, 100, 60), 60, 10) << "the iris in the middle";
  EXPECT_NEAR(gray(image, 66, 60), 220, 20) << "the white beside it";
  // A jitter of the corners moves nothing; a moved head does.
  auto second = std::make_shared<GazeSample>(*first);
  std::get<IrisPair>(*second->face).eyes[1]->inner_corner_px.x() += 1.0;
  view.show_sample(second);
  EXPECT_EQ(view.grab().toImage(), image);
  auto third = std::make_shared<GazeSample>(*first);
  IrisObservation& moved = *std::get<IrisPair>(*third->face).eyes[1];
  moved.inner_corner_px.x() += 60.0;
  moved.outer_corner_px.x() += 60.0;
  view.show_sample(third);
  EXPECT_NE(view.grab().toImage(), image);
  // Closed it stays where it was; without a face there is nothing to show.
  view.show_sample(face.miss(3, FaceMissReason::eyes_closed));
  EXPECT_NE(gray(view.grab().toImage(), 5, 5), 23) << "still the image";
  view.show_sample(face.miss(4, FaceMissReason::no_face));
  EXPECT_EQ(gray(view.grab().toImage(), 5, 5), 23) << "the plain surround";
}

}  // namespace
}  // namespace yarbus::face_overlay_test
