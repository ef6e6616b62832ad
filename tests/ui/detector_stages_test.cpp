#include "ui/report/detector_stages.h"

#include <QDir>
#include <QTemporaryDir>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/ui/synthetic_sample.h"
#include "ui/report/sample_text.h"

namespace yarbus::detector_stages_test {
namespace {

constexpr int panels = 4;

/// A frame with nothing found.
ui::DetectorStagesInput nothing_found() {
  ui::DetectorStagesInput input;
  input.source_name = "drawn";
  input.frame = test::SyntheticEye{}.frame(7, 0.0, 0.0);
  return input;
}

/// How many pixels within `radius` of a place of the frame differ between two pictures, in one panel.
int changed_near(const ui::DetectorStagesInput& input, const QImage& a, const QImage& b, int panel,
                 const Eigen::Vector2d& at_px, int radius = 3) {
  const QPoint at = ui::place_in_detector_stages(input, panel, at_px).toPoint();
  int changed = 0;
  for (int y = at.y() - radius; y <= at.y() + radius; ++y)
    for (int x = at.x() - radius; x <= at.x() + radius; ++x)
      if (a.rect().contains(x, y) && a.pixel(x, y) != b.pixel(x, y)) ++changed;
  return changed;
}

/// The same for a whole panel, key included.
int changed_in_panel(const ui::DetectorStagesInput& input, const QImage& a, const QImage& b, int panel) {
  const int left = static_cast<int>(ui::place_in_detector_stages(input, panel, {0.0, 0.0}).x());
  const int right = static_cast<int>(ui::place_in_detector_stages(input, panel, {319.0, 0.0}).x());
  int changed = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = left; x < right; ++x) changed += a.pixel(x, y) != b.pixel(x, y) ? 1 : 0;
  return changed;
}

TEST(DetectorStages, PanelsStandSideBySideAndShowTheFrame) {
  const auto input = nothing_found();
  const QImage picture = ui::paint_detector_stages(input);
  for (int panel = 0; panel < panels; ++panel) {
    for (const Eigen::Vector2d& at : {Eigen::Vector2d(20.0, 30.0), {160.0, 120.0}, {300.0, 220.0}}) {
      const QPoint place = ui::place_in_detector_stages(input, panel, at).toPoint();
      ASSERT_TRUE(picture.rect().contains(place));
      EXPECT_NEAR(qGray(picture.pixel(place)),
                  input.frame->gray.view().at(static_cast<int>(at.x()), static_cast<int>(at.y())), 12)
          << panel;
    }
    if (panel == 0) continue;
    const QPointF before = ui::place_in_detector_stages(input, panel - 1, {319.0, 0.0});
    const QPointF here = ui::place_in_detector_stages(input, panel, {0.0, 0.0});
    EXPECT_GT(here.x(), before.x());
    EXPECT_EQ(here.y(), before.y());
  }
  // A small image is enlarged to 640 px a panel.
  EXPECT_EQ(ui::place_in_detector_stages(input, 0, {320.0, 0.0}).x() -
                ui::place_in_detector_stages(input, 0, {0.0, 0.0}).x(),
            640.0);
}

TEST(DetectorStages, EachStageChangesItsOwnPanel) {
  const auto empty = nothing_found();
  const QImage plain = ui::paint_detector_stages(empty);

  auto input = empty;
  input.stages.regions.push_back({{100.0, 80.0}, 30.0, 55.0, false});
  const QImage found = ui::paint_detector_stages(input);
  EXPECT_GT(changed_near(input, plain, found, 0, {70.0, 80.0}), 10);
  EXPECT_EQ(changed_near(input, plain, found, 0, {100.0, 80.0}), 0);
  for (const int panel : {1, 2, 3}) EXPECT_EQ(changed_in_panel(input, plain, found, panel), 0) << panel;

  input.stages.regions[0].was_searched = true;
  const QImage searched = ui::paint_detector_stages(input);
  EXPECT_GT(changed_in_panel(input, found, searched, 0), 50) << "another stroke";
  EXPECT_GT(changed_near(input, found, searched, 1, {100.0, 80.0}), 10) << "the rays' centre";

  input.stages.ray_edges_px.push_back({200.0, 150.0});
  const QImage edges = ui::paint_detector_stages(input);
  EXPECT_GT(changed_near(input, searched, edges, 1, {200.0, 150.0}), 10);
  for (const int panel : {0, 2, 3}) EXPECT_EQ(changed_in_panel(input, searched, edges, panel), 0) << panel;

  input.stages.outlines.push_back({{{160.0, 120.0}, 40.0, 30.0, 0.0}, 0.9, true});
  const QImage outlines = ui::paint_detector_stages(input);
  EXPECT_GT(changed_near(input, edges, outlines, 2, {200.0, 120.0}), 10);
  for (const int panel : {0, 1, 3}) EXPECT_EQ(changed_in_panel(input, edges, outlines, panel), 0) << panel;

  PupilObservation observation;
  observation.ellipse = {{160.0, 120.0}, 40.0, 30.0, 0.0};
  observation.confidence = 0.9;
  observation.edge_points.push_back({{250.0F, 60.0F}, 0.3F});
  input.stages.outcome = observation;
  const QImage outcome = ui::paint_detector_stages(input);
  EXPECT_GT(changed_near(input, outlines, outcome, 3, {200.0, 120.0}), 10);
  EXPECT_GT(changed_near(input, outlines, outcome, 3, {250.0, 60.0}), 10);
  for (const int panel : {0, 1, 2}) EXPECT_EQ(changed_in_panel(input, outlines, outcome, panel), 0) << panel;
}

TEST(DetectorStages, LikelierOutlinesAreStrongerAndWhereTheyWereJudgedShows) {
  auto input = nothing_found();
  const QImage plain = ui::paint_detector_stages(input);
  const Ellipse ellipse{{160.0, 120.0}, 40.0, 30.0, 0.0};
  const auto strength = [&](double confidence, bool is_full_resolution) {
    input.stages.outlines = {{ellipse, confidence, is_full_resolution}};
    const QImage picture = ui::paint_detector_stages(input);
    int changed = 0;
    for (int i = 0; i < 40; ++i)
      changed += changed_near(input, plain, picture, 2, ellipse.point_at(2.0 * M_PI * i / 40), 3);
    return changed;
  };
  EXPECT_GT(strength(0.95, true), 1.3 * strength(0.05, true));
  EXPECT_LT(strength(0.95, false), 0.85 * strength(0.95, true)) << "dashed";
}

TEST(DetectorStages, WordsTellTheOutcome) {
  auto input = nothing_found();
  input.stages.outcome = PupilMiss{PupilMissReason::occluded, 0.12, 0.4};
  const QImage occluded = ui::paint_detector_stages(input);
  input.stages.outcome = PupilMiss{PupilMissReason::low_contrast, 0.12, 0.4};
  const QImage pale = ui::paint_detector_stages(input);
  EXPECT_GT(changed_in_panel(input, occluded, pale, 3), 50);
  input.stages.outcome = PupilMiss{PupilMissReason::low_contrast, 0.12, std::nullopt};
  const QImage untold = ui::paint_detector_stages(input);
  EXPECT_GT(changed_in_panel(input, untold, pale, 3), 50) << "the lid";
  input.tracked = PupilMiss{PupilMissReason::blink, 0.0, 0.9};
  EXPECT_GT(changed_in_panel(input, untold, ui::paint_detector_stages(input), 3), 50) << "the tracker";
  EXPECT_EQ(ui::outcome_text(input.stages.outcome), "pupil lost: too little contrast");
}

TEST(DetectorStages, SurvivesWhatCannotBeDrawn) {
  auto input = nothing_found();
  const double nan = std::nan("");
  input.stages.regions.push_back({{-500.0, 9000.0}, 1e6, -3.0, true});
  input.stages.outlines.push_back({{{nan, 0.0}, 1.0, 1.0, 0.0}, 0.5, true});
  PupilObservation observation;
  observation.ellipse.semi_major_px = nan;
  input.stages.outcome = observation;
  EXPECT_FALSE(ui::paint_detector_stages(input).isNull());
}

TEST(DetectorStages, WritesAFileOrAnErrorWithRemedy) {
  const QTemporaryDir folder;
  const auto input = nothing_found();
  const QString path = folder.filePath("stages.png");
  ASSERT_TRUE(ui::write_detector_stages(input, path).has_value());
  EXPECT_EQ(QImage(path).size(), ui::paint_detector_stages(input).size());
  const auto failed = ui::write_detector_stages(input, folder.filePath("missing/stages.png"));
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::output_unwritable);
  EXPECT_FALSE(failed.error().remedy.empty());
  EXPECT_EQ(QDir(folder.path()).entryList(QDir::Files).size(), 1);
}

}  // namespace
}  // namespace yarbus::detector_stages_test
