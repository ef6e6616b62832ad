#include "ui/report/overlay.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/ui/synthetic_sample.h"
#include "ui/report/image_marks.h"
#include "ui/report/sample_text.h"

namespace yarbus::overlay_test {
namespace {

using test::SyntheticEye;
using ui::OverlayOptions;

constexpr OverlayOptions nothing{false, false, false, false, false, false};

QImage painted(const GazeSample& sample, const OverlayOptions& options, QSize size = {320, 240}) {
  QImage image(size, QImage::Format_RGB32);
  image.fill(Qt::black);
  QPainter painter(&image);
  ui::paint_sample(painter, image.rect(), sample, options);
  painter.end();
  return image;
}

/// How many pixels within `radius` of a place differ between two pictures.
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

bool is_gray(QRgb pixel) { return qRed(pixel) == qGreen(pixel) && qGreen(pixel) == qBlue(pixel); }

TEST(WrapFrame, SharesPixelsAndKeepsTheFrameAlive) {
  const SyntheticEye eye;
  FramePtr frame = eye.frame(0, 5.0, 2.0);
  const std::weak_ptr<const Frame> watch = frame;
  const std::uint8_t* pixels = frame->gray.data();
  QImage image = ui::wrap_frame(frame);
  EXPECT_EQ(image.constBits(), pixels);
  EXPECT_EQ(image.size(), QSize(320, 240));
  frame.reset();
  EXPECT_FALSE(watch.expired());
  const QImage second = image;
  image = {};
  EXPECT_FALSE(watch.expired());
  EXPECT_EQ(qGray(second.pixel(100, 100)), watch.lock()->gray.view().at(100, 100));
}

TEST(WrapFrame, LetsTheFrameGoWithTheLastImage) {
  FramePtr frame = SyntheticEye{}.frame(0, 0.0, 0.0);
  const std::weak_ptr<const Frame> watch = frame;
  {
    const QImage image = ui::wrap_frame(frame);
    frame.reset();
  }
  EXPECT_TRUE(watch.expired());
}

TEST(WrapFrame, EmptyFrameGivesNullImage) {
  EXPECT_TRUE(ui::wrap_frame(nullptr).isNull());
  EXPECT_TRUE(ui::wrap_frame(std::make_shared<Frame>()).isNull());
}

TEST(PaintSample, WithoutOverlaysShowsTheImageItself) {
  const SyntheticEye eye;
  const auto sample = eye.sample(0, 10.0, -5.0, eye.model());
  const QImage image = painted(*sample, nothing);
  for (const QPoint p : {QPoint(10, 10), QPoint(160, 120), QPoint(319, 239)}) {
    EXPECT_EQ(qGray(image.pixel(p)), sample->frame->gray.view().at(p.x(), p.y()));
    EXPECT_TRUE(is_gray(image.pixel(p)));
  }
}

TEST(PaintSample, PupilOutlineLiesOnTheEllipse) {
  const SyntheticEye eye;
  const auto sample = eye.sample(0, 20.0, -8.0, nullptr);
  const QImage plain = painted(*sample, nothing);
  OverlayOptions options = nothing;
  options.pupil_outline = true;
  const QImage drawn = painted(*sample, options);
  const Ellipse& ellipse = sample->observation()->ellipse;
  for (int i = 0; i < 16; ++i) EXPECT_GT(changed_near(plain, drawn, ellipse.point_at(0.4 * i)), 3) << i;
  EXPECT_EQ(changed_near(plain, drawn, ellipse.center_px, 1), 0);
  EXPECT_EQ(changed_near(plain, drawn, {10.0, 10.0}), 0);
}

TEST(PaintSample, TheTrueOutlineIsDrawnOnlyWhenAskedAndKnown) {
  const SyntheticEye eye;
  constexpr double off_deg = 25.0;
  const auto sample = eye.simulated_sample(0, -10.0, -8.0, nullptr, off_deg);
  const Ellipse truth = sample->frame->truth->pupil_ellipse;
  OverlayOptions options = nothing;
  const QImage plain = painted(*sample, options);
  options.pupil_outline = true;
  const QImage found = painted(*sample, options);
  options.true_outline = true;
  const QImage both = painted(*sample, options);
  int dots = 0;
  int gaps = 0;
  constexpr int places = 200;
  for (int i = 0; i < places; ++i) {
    const Eigen::Vector2d at = truth.point_at(2.0 * std::numbers::pi * i / places);
    EXPECT_EQ(changed_near(plain, found, at, 0), 0) << i;
    changed_near(found, both, at, 0) > 0 ? ++dots : ++gaps;
  }
  // Dots with room between them, so that an outline below shows.
  EXPECT_GT(dots, places / 4);
  EXPECT_GT(gaps, places / 10);
  // The outline found stays as it was, and nothing else appears but the legend at the top left.
  for (int i = 0; i < 16; ++i)
    EXPECT_EQ(changed_near(found, both, sample->observation()->ellipse.point_at(0.4 * i), 0), 0) << i;
  EXPECT_GT(changed_near(found, both, {30.0, 15.0}, 10), 50);
  for (const Eigen::Vector2d& corner : {Eigen::Vector2d(310.0, 10.0), {10.0, 230.0}, {310.0, 230.0}})
    EXPECT_EQ(changed_near(found, both, corner, 8), 0);
  // A frame without the truth shows nothing of it.
  const auto camera = eye.sample(0, -10.0, -8.0, nullptr);
  EXPECT_EQ(painted(*camera, options), found);
}

TEST(PaintSample, TheTrueAxisGoesWithTheOpticalAxis) {
  const SyntheticEye eye;
  const auto sample = eye.simulated_sample(0, -10.0, -8.0, nullptr, 25.0);
  const Circle3& pupil = sample->frame->truth->pupil_in_cam;
  OverlayOptions options = nothing;
  options.true_outline = true;
  const QImage without = painted(*sample, options);
  options.optical_axis = true;
  const QImage with = painted(*sample, options);
  int changed = 0;
  for (int i = 0; i <= 14; ++i) {
    changed += changed_near(
        without, with, eye.intrinsics().project(pupil.center_in_cam_mm + 0.5 * i * pupil.normal_in_cam), 1);
  }
  EXPECT_GT(changed, 30);
  options.true_outline = false;
  EXPECT_EQ(painted(*sample, options), painted(*sample, nothing));
}

TEST(PaintSample, SurvivesATruthThatCannotBeDrawn) {
  const SyntheticEye eye;
  const auto sample = eye.simulated_sample(0, 0.0, 0.0, eye.model());
  auto broken = std::make_shared<Frame>(*sample->frame);
  broken->truth->pupil_ellipse.semi_minor_px = std::nan("");
  broken->truth->eye_center_in_cam_mm.setConstant(std::nan(""));
  broken->truth->optical_axis_in_cam.setZero();
  sample->frame = broken;
  OverlayOptions all;
  all.true_outline = true;
  EXPECT_FALSE(painted(*sample, all).isNull());
}

TEST(ImageArea, IsWhereTheImageIsPainted) {
  EXPECT_EQ(ui::image_area({0, 0, 1000, 480}, 320, 240), QRectF(180, 0, 640, 480));
  EXPECT_EQ(ui::image_area({10, 0, 320, 480}, 320, 240), QRectF(10, 120, 320, 240));
}

TEST(PaintSample, ScalesWithTheTargetAndKeepsTheAspectRatio) {
  const SyntheticEye eye;
  const auto sample = eye.sample(0, 20.0, -8.0, nullptr);
  OverlayOptions options = nothing;
  options.pupil_outline = true;
  const QImage plain = painted(*sample, nothing, {1000, 480});
  const QImage drawn = painted(*sample, options, {1000, 480});
  // Height 480 doubles the image; the 640 px wide image sits in the middle of 1000.
  const Eigen::Vector2d expected =
      (sample->observation()->ellipse.point_at(0.0) + Eigen::Vector2d(0.5, 0.5)) * 2.0 +
      Eigen::Vector2d(180.0, 0.0);
  EXPECT_GT(changed_near(plain, drawn, expected), 3);
  EXPECT_EQ(drawn.pixel(100, 240), qRgb(0, 0, 0));
}

TEST(PaintSample, EyeballAndAxisLieWhereTheModelProjects) {
  const SyntheticEye eye;
  const auto sample = eye.sample(0, 15.0, 10.0, eye.model());
  const QImage plain = painted(*sample, nothing);
  OverlayOptions options = nothing;
  options.eyeball = true;
  const QImage ball = painted(*sample, options);
  const auto outline = visible_outline_of_sphere(eye.eye_center_in_cam_mm, eye.eyeball_radius_mm);
  ASSERT_TRUE(outline);
  for (int i = 0; i < 12; ++i) {
    EXPECT_GT(changed_near(plain, ball, eye.intrinsics().project(point_on_circle(*outline, 0.5 * i))), 2)
        << i;
  }
  options = nothing;
  options.optical_axis = true;
  const QImage axis = painted(*sample, options);
  const Circle3 pupil = eye.pupil_at(15.0, 10.0);
  EXPECT_GT(changed_near(plain, axis, eye.intrinsics().project(eye.eye_center_in_cam_mm)), 3);
  EXPECT_GT(
      changed_near(plain, axis, eye.intrinsics().project(pupil.center_in_cam_mm + 6.0 * pupil.normal_in_cam)),
      2);
  // Nothing behind the centre.
  EXPECT_EQ(changed_near(plain, axis,
                         eye.intrinsics().project(eye.eye_center_in_cam_mm - 9.0 * pupil.normal_in_cam)),
            0);
}

TEST(PaintSample, ThroughTheCorneaTheModelsOutlineIsTheRefractedOne) {
  const SyntheticEye eye;
  const auto sample = eye.unsure_sample(0, 10.0, 5.0, 0.1);
  OverlayOptions options = nothing;
  const QImage plain = painted(*sample, options);
  std::get<PupilObservation>(sample->pupil).ellipse = {};  // what was found is not drawn
  sample->pose->reprojected_ellipse = {{60.0, 60.0}, 20.0, 15.0, 0.0};
  options.pupil_outline = true;
  const QImage drawn = painted(*sample, options);
  int changed = 0;  // it is dashed: most, not all, of its points
  for (int i = 0; i < 24; ++i)
    changed += changed_near(plain, drawn, sample->pose->reprojected_ellipse.point_at(0.26 * i)) > 2 ? 1 : 0;
  EXPECT_GE(changed, 12);
}

TEST(PaintSample, TheRegionAboutTheTipOfTheAxisGrowsWithTheDoubt) {
  const SyntheticEye eye;
  OverlayOptions options = nothing;
  options.optical_axis = true;
  const auto changed = [&](double sigma_deg) {
    const auto sample = eye.unsure_sample(0, -3.0, 2.0, sigma_deg);
    const QImage plain = painted(*sample, nothing);
    const QImage axis = painted(*sample, options);
    int count = 0;
    for (int y = 0; y < plain.height(); ++y)
      for (int x = 0; x < plain.width(); ++x) count += plain.pixel(x, y) != axis.pixel(x, y) ? 1 : 0;
    return count;
  };
  EXPECT_GT(changed(6.0), changed(0.1) + 200);
}

TEST(PaintSample, EdgePointsOnlyWhenAsked) {
  const SyntheticEye eye;
  auto sample = eye.sample(0, 0.0, 0.0, nullptr);
  auto* observation = std::get_if<PupilObservation>(&sample->pupil);
  observation->edge_points.clear();
  observation->edge_points.push_back({{40.0F, 50.0F}, 0.5F});
  OverlayOptions options = nothing;
  const QImage plain = painted(*sample, options);
  options.edge_points = true;
  EXPECT_GT(changed_near(plain, painted(*sample, options), {40.0, 50.0}), 3);
}

TEST(PaintSample, CaptionFitsSmallAndLargeVideos) {
  for (const QSize size : {QSize(320, 240), QSize(640, 480)}) {
    SyntheticEye eye;
    eye.width_px = size.width();
    eye.height_px = size.height();
    eye.focal_px = size.width();
    const auto sample = eye.sample(0, -21.0, -12.0, eye.model());
    OverlayOptions options = nothing;
    options.caption = true;
    const QImage plain = painted(*sample, nothing, size);
    const QImage drawn = painted(*sample, options, size);
    int changed = 0;
    int changed_in_last_columns = 0;
    for (int y = 0; y < size.height(); ++y) {
      for (int x = 0; x < size.width(); ++x) {
        if (plain.pixel(x, y) == drawn.pixel(x, y)) continue;
        EXPECT_GT(y, size.height() * 3 / 4);
        ++changed;
        if (x >= size.width() - 3) ++changed_in_last_columns;
      }
    }
    EXPECT_GT(changed, 1000);
    EXPECT_EQ(changed_in_last_columns, 0);
  }
}

TEST(PaintSample, SurvivesWhatCannotBeDrawn) {
  const SyntheticEye eye;
  auto sample = eye.sample(0, 0.0, 0.0, eye.model());
  sample->pose->eye_center_in_cam_mm.setConstant(std::nan(""));
  sample->pose->pupil_in_cam.center_in_cam_mm.setConstant(std::nan(""));
  std::get<PupilObservation>(sample->pupil).ellipse.semi_major_px = std::nan("");
  OverlayOptions all;
  all.edge_points = true;
  EXPECT_FALSE(painted(*sample, all).isNull());
  sample->pose->eye_center_in_cam_mm = {0.0, 0.0, -20.0};
  sample->pose->pupil_in_cam.center_in_cam_mm = {0.0, 0.0, -8.0};
  EXPECT_FALSE(painted(*sample, all).isNull());
  sample->frame.reset();
  EXPECT_EQ(painted(*sample, all).pixel(100, 100), qRgb(0, 0, 0));
}

TEST(SampleText, SaysWhatHappenedInWords) {
  const SyntheticEye eye;
  EXPECT_EQ(ui::pupil_text(*eye.sample(0, 0, 0, nullptr)), "pupil found, confidence 0.95");
  EXPECT_EQ(ui::pupil_text(*eye.blink(0, nullptr)), "pupil lost: blink");
  GazeSample sample;
  sample.pupil = PupilMiss{PupilMissReason::no_candidate, 0.0};
  EXPECT_EQ(ui::pupil_text(sample), "looking for the pupil");
  EXPECT_EQ(ui::gaze_text(SyntheticEye::gaze_at(-12.34, 4.56)), "12.3° left, 4.6° up");
  EXPECT_EQ(ui::caption_phrases(*eye.sample(0, 10, -3, eye.model())).join("|"),
            "pupil found, confidence 0.95|gaze 10.0° right, 3.0° down|pupil 3.60 mm");
}

TEST(SampleText, AnglesFollowTheConvention) {
  const auto right_up = ui::gaze_angles_of(Eigen::Vector3d(1.0, -1.0, -1.0).normalized());
  EXPECT_NEAR(right_up.azimuth_deg, 45.0, 1e-9);
  EXPECT_NEAR(right_up.elevation_deg, 35.264389682754654, 1e-9);
}

}  // namespace
}  // namespace yarbus::overlay_test
