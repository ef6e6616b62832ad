#include "app/session/calibration_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

namespace yarbus {
namespace {

constexpr double good_deg = 1.0;
constexpr double fair_deg = 2.0;
constexpr double much_loss_percent = 20.0;
constexpr double restless_deg = 0.5;  ///< RMS-S2S
constexpr double apart_deg = 0.7;     ///< between the eyes' accuracies

std::string number(double value, int decimals) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

QualityView view_of(const QualityOfEyes& quality) {
  QualityView view;
  view.targets = static_cast<int>(quality.targets.size());
  view.accuracy_deg = quality.accuracy_deg;
  view.worst_accuracy_deg = quality.worst_accuracy_deg;
  view.rms_s2s_deg = quality.rms_s2s_deg;
  view.std_deg = quality.std_deg;
  view.bcea_deg2 = quality.bcea_deg2;
  view.data_loss_percent = quality.data_loss_percent;
  view.effective_hz = quality.effective_hz;
  view.window_s = quality.window_s;
  return view;
}

/// Where a mapper puts the mean gaze at each validation target.
std::vector<ValidationErrorView> errors_of(const SavedCalibration& saved, const MapperChoice& choice,
                                           const QualityReport& quality) {
  struct Mean {
    Eigen::Vector2d sum_mm = Eigen::Vector2d::Zero();
    int count = 0;
    void add(const std::optional<GazePoint>& point) {
      if (!point) return;
      sum_mm += point->point_in_screen_mm;
      ++count;
    }
    [[nodiscard]] std::optional<Eigen::Vector2d> mean() const {
      if (count == 0) return std::nullopt;
      return sum_mm / count;
    }
  };
  struct Target {
    Eigen::Vector2d place_mm = Eigen::Vector2d::Zero();
    Mean both;
    std::array<Mean, 2> eyes;
  };
  std::map<int, Target> targets;
  for (const CalibrationSample& sample : saved.validation) {
    Target& target = targets[sample.target];
    target.place_mm = sample.target_in_screen_mm;
    target.both.add(choice.mapper().map(sample.rays));
    for (const EyeSide side : {EyeSide::right, EyeSide::left})
      target.eyes[static_cast<std::size_t>(side)].add(choice.mapper().map_eye(sample.rays, side));
  }
  std::vector<ValidationErrorView> errors;
  for (const auto& [id, target] : targets) {
    ValidationErrorView error;
    for (const PointView& point : saved.record.points) {
      if (point.is_validation && (point.position_in_screen_mm - target.place_mm).norm() < 0.01)
        error.point = point.point;
    }
    error.target_in_screen_mm = target.place_mm;
    error.gaze_in_screen_mm = target.both.mean();
    for (std::size_t eye = 0; eye < 2; ++eye) error.eyes_in_screen_mm[eye] = target.eyes[eye].mean();
    for (const TargetQuality& measured : quality.both.targets) {
      if (measured.target == id) error.error_deg = measured.accuracy_deg;
    }
    errors.push_back(error);
  }
  return errors;
}

std::string with_remedy(const std::string& text, const std::string& remedy) {
  return remedy.empty() ? text : text + ": " + remedy;
}

}  // namespace

EyeGateView view_of(const EyeGate& gate) {
  EyeGateView view;
  view.is_tracked = gate.reason != GateReason::not_tracked;
  view.is_ready = gate.is_open;
  view.text = to_text(gate.reason, gate.view);
  if (!gate.is_open) view.remedy = remedy_for(gate.reason, gate.view);
  if (gate.advice != GateReason::ready) {
    view.advice = to_text(gate.advice, gate.view);
    view.advice_remedy = remedy_for(gate.advice, gate.view);
  }
  return view;
}

PointView view_of(const PointResult& point) {
  PointView view;
  view.point = point.point;
  view.position_in_screen_mm = point.position_in_screen_mm;
  view.is_validation = point.is_validation;
  view.is_head_pass = point.is_head_pass;
  view.verdict = point.verdict;
  if (point.verdict != PointVerdict::good && point.verdict != PointVerdict::waiting) {
    view.reason = to_text(point.reason);
    view.remedy = remedy_for(point.reason);
  }
  view.attempts = point.attempts;
  view.samples = point.samples;
  view.spread_deg = point.spread_deg;
  view.data_loss = point.data_loss;
  view.off_deg = point.off_deg;
  return view;
}

FindingView view_of(const Finding& finding) {
  return {std::string(to_string(finding.kind)),
          finding.text,
          finding.remedy,
          finding.points,
          finding.is_blocking,
          finding.is_resolved,
          finding.is_of_validation};
}

CalibrationAssessment assess_calibration(const CalibrationRecord& record,
                                         const std::optional<QualityReport>& quality) {
  CalibrationAssessment assessment;
  auto& advice = assessment.advice;
  for (const FindingView& finding : record.findings) {
    if (!finding.is_resolved) advice.push_back(with_remedy(finding.text, finding.remedy));
  }
  if (!quality || !quality->both.accuracy_deg) {
    assessment.verdict = "Calibrated, but not validated: how good it is was not measured";
    advice.insert(advice.begin(), "Validate: calibrate again with validation points");
    return assessment;
  }
  const QualityOfEyes& both = quality->both;
  const double accuracy_deg = *both.accuracy_deg;
  const bool loses_much = both.data_loss_percent > much_loss_percent;
  assessment.grade = accuracy_deg <= good_deg && !loses_much ? CalibrationGrade::good
                     : accuracy_deg <= fair_deg              ? CalibrationGrade::fair
                                                             : CalibrationGrade::poor;
  assessment.verdict = "Gaze is off by " + number(accuracy_deg, 1) + "° on average";
  if (assessment.grade == CalibrationGrade::fair && accuracy_deg > good_deg)
    assessment.verdict += ": enough for large things on the screen";
  if (assessment.grade == CalibrationGrade::poor) assessment.verdict += ": too much for most uses";
  if (loses_much) {
    assessment.verdict += ", and " + number(both.data_loss_percent, 0) + " % of the frames were lost";
    advice.emplace_back(
        "Many frames were lost: light the eye evenly, and move the camera until the pupil is "
        "seen wherever you look");
  }
  std::vector<double> errors_deg;
  for (const TargetQuality& target : both.targets) {
    if (target.accuracy_deg) errors_deg.push_back(*target.accuracy_deg);
  }
  if (errors_deg.size() >= 3 && *both.worst_accuracy_deg > good_deg) {
    const auto middle = errors_deg.begin() + static_cast<std::ptrdiff_t>(errors_deg.size() / 2);
    std::nth_element(errors_deg.begin(), middle, errors_deg.end());
    if (*both.worst_accuracy_deg > 2.5 * *middle)
      advice.push_back("One place is much worse than the others (" + number(*both.worst_accuracy_deg, 1) +
                       "°): show it again, or calibrate that region anew");
  }
  if (both.rms_s2s_deg && *both.rms_s2s_deg > restless_deg)
    advice.push_back("Gaze is restless from frame to frame (" + number(*both.rms_s2s_deg, 1) +
                     "°): focus the camera and remove reflections");
  const auto& right = quality->eyes[0];
  const auto& left = quality->eyes[1];
  if (right && left && right->accuracy_deg && left->accuracy_deg &&
      std::abs(*right->accuracy_deg - *left->accuracy_deg) > apart_deg) {
    const bool is_right_worse = *right->accuracy_deg > *left->accuracy_deg;
    advice.push_back(std::string("The ") + (is_right_worse ? "right" : "left") +
                     " eye is much worse than the other: look at its picture and its model");
  }
  if (assessment.grade == CalibrationGrade::poor)
    advice.emplace_back("Sit still, check the screen's size and the viewing distance, and calibrate again");
  return assessment;
}

std::string describe_cameras(const CalibrationSetup& setup) {
  std::string text;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const auto& camera = setup.cameras[static_cast<std::size_t>(side)];
    if (!camera) continue;
    text += (text.empty() ? "" : "; ") + std::string(to_string(side)) + " eye: " + camera->name + ", " +
            std::to_string(camera->width_px) + "x" + std::to_string(camera->height_px);
  }
  return text;
}

CalibrationResult describe_calibration(const std::string& path, const SavedCalibration& saved,
                                       const MapperChoice& choice,
                                       const std::optional<QualityReport>& quality) {
  CalibrationResult result;
  result.path = path;
  result.name = saved.name;
  result.made_at = saved.record.made_at;
  result.cameras = describe_cameras(saved.setup);
  result.screen = saved.setup.screen;
  result.layout = saved.record.layout;
  result.duration_s = saved.record.duration_s;
  result.samples = static_cast<int>(saved.samples.size());
  result.points = saved.record.points;
  result.findings = saved.record.findings;
  result.mapper_reason = choice.reason;
  for (std::size_t i = 0; i < choice.candidates.size(); ++i) {
    const MapperCandidate& candidate = choice.candidates[i];
    MapperView view{
        candidate.name, i == choice.chosen, candidate.mapper != nullptr, candidate.why_not, {}, {}};
    if (candidate.cross_validation) view.left_out_deg = candidate.cross_validation->mean_deg;
    if (candidate.mapper != nullptr && !saved.validation.empty()) {
      view.validated_deg =
          measure_quality(*candidate.mapper, saved.validation, choice.eyes_in_screen_mm).both.accuracy_deg;
    }
    result.mappers.push_back(std::move(view));
  }
  for (const FittedParameter& parameter : choice.parameters())
    result.parameters.push_back(
        {parameter.name, parameter.unit, parameter.value, parameter.sigma, parameter.from_data});
  if (quality) {
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (quality->eyes[eye]) result.eyes[eye] = view_of(*quality->eyes[eye]);
    }
    result.both = view_of(quality->both);
    result.coverage_68 = quality->coverage_68;
    result.errors = errors_of(saved, choice, *quality);
  }
  CalibrationAssessment assessment = assess_calibration(saved.record, quality);
  result.grade = assessment.grade;
  result.verdict = std::move(assessment.verdict);
  result.advice = std::move(assessment.advice);
  return result;
}

}  // namespace yarbus
