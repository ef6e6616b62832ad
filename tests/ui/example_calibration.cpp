#include "tests/ui/example_calibration.h"

#include <cmath>
#include <numbers>

namespace yarbus::test {

ScreenGeometry example_screen() { return {531.0, 299.0, 1920, 1080, 600.0}; }

std::vector<PointView> example_points() {
  std::vector<PointView> points;
  const ScreenGeometry screen = example_screen();
  for (int i = 0; i < 9; ++i) {
    PointView point;
    point.point = i;
    point.position_in_screen_mm = {screen.width_mm * (0.1 + 0.4 * (i % 3)),
                                   screen.height_mm * (0.1 + 0.4 * static_cast<double>(i / 3))};
    point.verdict = PointVerdict::good;
    point.attempts = 1;
    point.samples = 48 + i;
    point.spread_deg = 0.21 + 0.01 * i;
    point.data_loss = 0.02;
    points.push_back(point);
  }
  points[3].verdict = PointVerdict::poor;
  points[3].reason = "widely spread";
  points[3].remedy = "look at the dot until it goes on";
  points[3].spread_deg = 1.4;
  points[3].attempts = 2;
  points[5].verdict = PointVerdict::missing;
  points[5].reason = "pupil lost";
  points[5].remedy = "move the camera lower";
  points[5].samples = 0;
  points[5].data_loss = 1.0;
  points[5].attempts = 2;
  for (int i = 0; i < 4; ++i) {
    PointView point;
    point.point = 9 + i;
    point.is_validation = true;
    point.position_in_screen_mm = {screen.width_mm * (0.3 + 0.4 * (i % 2)),
                                   screen.height_mm * (0.3 + 0.4 * static_cast<double>(i / 2))};
    points.push_back(point);
  }
  return points;
}

std::shared_ptr<CalibrationResult> example_result() {
  auto result = std::make_shared<CalibrationResult>();
  result->path = "/library/anna.json";
  result->name = "Anna, first sitting";
  result->made_at = "2026-11-26 10:42";
  result->cameras = "right and left eye camera, 320 × 240 px at 60 Hz";
  result->screen = example_screen();
  result->duration_s = 38.4;
  result->samples = 612;
  result->points = example_points();
  const double degree_mm = result->screen.viewing_distance_mm * std::numbers::pi / 180.0;
  for (std::size_t i = 9; i < 13; ++i) {
    PointView& point = result->points[i];
    point.verdict = PointVerdict::good;
    point.samples = 57;
    point.spread_deg = 0.25;
    point.data_loss = 0.03;
    point.attempts = 1;
    ValidationErrorView error;
    error.point = point.point;
    error.target_in_screen_mm = point.position_in_screen_mm;
    const double off_deg = 0.3 + 0.1 * static_cast<double>(i - 9);
    const Eigen::Vector2d off(off_deg * degree_mm * 0.8, -off_deg * degree_mm * 0.6);
    error.gaze_in_screen_mm = error.target_in_screen_mm + off;
    error.eyes_in_screen_mm[0] = error.target_in_screen_mm + 1.4 * off;
    error.eyes_in_screen_mm[1] = error.target_in_screen_mm + Eigen::Vector2d(-0.5 * off.y(), 0.7 * off.x());
    error.error_deg = off_deg;
    result->errors.push_back(error);
  }
  FindingView finding;
  finding.name = "points-poor";
  finding.text = "2 points are poor or missing";
  finding.remedy = "redo them alone";
  finding.points = {3, 5};
  result->findings.push_back(finding);
  result->mappers = {
      {"geometric", true, true, "", 0.42, 0.45},
      {"polynomial", false, true, "", 0.55, 0.61},
      {"gaussian process", false, false, "needs 5 targets of an eye", std::nullopt, std::nullopt}};
  result->mapper_reason = "the geometric mapper is best at left-out targets";
  result->parameters = {{"kappa nasal, right", "deg", 5.1, 1.8, false},
                        {"screen centre x", "mm", 3.4, 0.6, true},
                        {"distance", "mm", 603.0, 4.2, true}};
  result->both = {4, 0.45, 0.61, 0.11, 0.24, 0.18, 2.1, 58.6, 0.97};
  result->eyes[0] = QualityView{4, 0.52, 0.74, 0.13, 0.27, 0.24, 3.0, 58.1, 0.97};
  result->eyes[1] = QualityView{4, 0.58, 0.80, 0.14, 0.29, 0.26, 4.4, 57.2, 0.97};
  result->coverage_68 = 0.69;
  result->grade = CalibrationGrade::good;
  result->verdict = "gaze is right to 0.45° on average, 0.61° at the worst of 4 targets";
  result->advice = {"show the two poor points again", "clean the right camera's lens"};
  return result;
}

CalibrationSnapshot example_targets(int target, int point, TargetStep step) {
  CalibrationSnapshot now;
  now.phase = ProcedurePhase::calibration;
  now.request.screen = example_screen();
  now.points = example_points();
  for (PointView& one : now.points) {
    if (one.point >= point) one.verdict = PointVerdict::waiting;
  }
  TargetView view;
  view.target = target;
  view.point = point;
  view.step = step;
  view.position_in_screen_mm = now.points[static_cast<std::size_t>(point)].position_in_screen_mm;
  if (step == TargetStep::sampling) {
    view.shrink = 1.0;
    view.progress = 0.6;
    view.is_gaze_still = true;
  }
  now.target = view;
  now.progress = 0.3;
  now.time_left_s = 24.0;
  return now;
}

CalibrationSnapshot example_review() {
  CalibrationSnapshot now;
  now.phase = ProcedurePhase::review;
  now.request.screen = example_screen();
  now.points = example_points();
  FindingView slip;
  slip.name = "slippage";
  slip.text = "the camera slipped by 1.8 mm after point 5";
  slip.remedy = "fix the camera and show the earlier points again";
  slip.is_blocking = true;
  FindingView poor = example_result()->findings.front();
  FindingView mended;
  mended.name = "one-eye-lost";
  mended.text = "the left eye was lost";
  mended.is_resolved = true;
  now.findings = {slip, poor, mended};
  return now;
}

CalibrationSnapshot example_gate() {
  CalibrationSnapshot now;
  now.phase = ProcedurePhase::gate;
  now.request.screen = example_screen();
  now.gate[0] = {
      true, true, "ready", "", "pupil lost when you look down", "tilt the camera or move it lower"};
  now.gate[1] = {true, false, "image too dark", "switch the camera's light on, or raise exposure or gain",
                 "",   ""};
  now.gate_text = "the right eye is ready, one is enough";
  now.gate_progress = 0.4;
  return now;
}

ScreenGazeSnapshot example_gaze() {
  ScreenGazeSnapshot gaze;
  gaze.is_calibrated = true;
  ScreenGaze latest;
  latest.captured_at = CaptureTime(1000);
  latest.filtered_in_screen_mm = {265.5, 149.5};
  latest.measured.point_in_screen_mm = latest.filtered_in_screen_mm;
  latest.sigma_mm = 4.0;
  latest.sigma_deg = 0.4;
  latest.added_latency_s = 0.035;
  gaze.latest = latest;
  gaze.drift.known_targets = 3;
  gaze.drift.offset_deg = 0.4;
  gaze.drift.text = "gaze good: 0.4° at 3 known targets";
  return gaze;
}

}  // namespace yarbus::test
