#include "calibration/procedure/find_faults.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "calibration/procedure/axis_step.h"
#include "calibration/procedure/eye_center_watch.h"
#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr double one_place_share = 0.3;
constexpr double least_scale = 0.35;
constexpr double small_scale = 0.7;
constexpr double large_scale = 1.45;
constexpr double invalid_share = 0.01;
constexpr int fewest_invalid = 3;

std::string number_of_points(const std::vector<int>& points) {
  std::string text = points.size() == 1 ? "point " : "points ";
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i > 0) text += i + 1 == points.size() ? " and " : ", ";
    text += std::to_string(points[i] + 1);
  }
  return text;
}

class FaultFinder {
 public:
  FaultFinder(std::span<const PointResult> points, const FrameCounts& counts, std::array<bool, 2> is_tracked,
              const ScreenGeometry& screen, const ProcedureOptions& options, bool is_validation)
      : points_(points),
        counts_(counts),
        is_tracked_(is_tracked),
        screen_(screen),
        options_(options),
        is_validation_(is_validation) {}

  FaultReport find() {
    if (!finds_no_data()) {
      find_invalid();
      find_missing();
      find_lost_eye();
      if (options_.camera_on_head) find_slip();
      find_inattention();
    }
    // What was validated is scored as it is: the score shows what a fault cost.
    for (auto& finding : report_.findings) {
      finding.is_of_validation = is_validation_;
      finding.is_blocking = finding.is_blocking && !is_validation_;
    }
    return std::move(report_);
  }

 private:
  Finding& add(FindingKind kind, bool is_blocking, std::string text, std::string_view remedy) {
    Finding finding;
    finding.kind = kind;
    finding.is_blocking = is_blocking;
    finding.text = std::move(text);
    finding.remedy = std::string(remedy);
    report_.findings.push_back(std::move(finding));
    return report_.findings.back();
  }

  bool finds_no_data() {
    if (counts_.frames == 0) {
      add(FindingKind::no_frames, true, "the camera delivered no frame while targets were shown",
          "check the camera's cable and start again");
      return true;
    }
    if (counts_.usable > 0) return false;
    if (2 * counts_.invalid >= counts_.frames) {
      add(FindingKind::invalid_numbers, true, "the eye's ray was never a number",
          "start the eye model anew and check the camera's intrinsics");
    } else {
      add(FindingKind::no_eye, true, "no eye was seen during the whole calibration",
          "point the camera at the eye, light it, and wait until the eye is ready before you start");
    }
    return true;
  }

  void find_invalid() {
    if (counts_.invalid < std::max<double>(fewest_invalid, invalid_share * counts_.frames)) return;
    add(FindingKind::invalid_numbers, false,
        std::to_string(counts_.invalid) + " of " + std::to_string(counts_.frames) +
            " frames had a ray that is not a number; they were left out",
        "start the eye model anew and check the camera's intrinsics");
  }

  void find_missing() {
    std::vector<int> missing;
    std::vector<int> poor;
    std::map<PointReason, int> reasons;
    int count = 0;
    for (const auto& point : points_) {
      if (point.is_validation != is_validation_) continue;
      ++count;
      if (point.verdict == PointVerdict::missing || point.verdict == PointVerdict::waiting) {
        missing.push_back(point.point);
        ++reasons[point.reason];
      } else if (point.verdict == PointVerdict::poor) {
        poor.push_back(point.point);
      }
    }
    if (!missing.empty()) {
      const auto most = std::max_element(reasons.begin(), reasons.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
      const bool is_half = 2 * missing.size() >= static_cast<std::size_t>(count);
      Finding& finding = add(is_half ? FindingKind::half_missing : FindingKind::points_missing, is_half,
                             number_of_points(missing) + " of " + std::to_string(count) +
                                 " missing: " + std::string(to_text(most->first)),
                             remedy_for(most->first));
      finding.points = missing;
    }
    if (!poor.empty()) {
      const auto first = std::find_if(points_.begin(), points_.end(),
                                      [&](const PointResult& point) { return point.point == poor.front(); });
      Finding& finding = add(FindingKind::points_poor, false,
                             number_of_points(poor) + " poor: " + std::string(to_text(first->reason)),
                             remedy_for(first->reason));
      finding.points = poor;
    }
  }

  void find_lost_eye() {
    std::array<int, 2> with_data{};
    for (const auto& point : points_) {
      for (std::size_t eye = 0; eye < 2; ++eye) with_data[eye] += point.eyes[eye].has_data() ? 1 : 0;
    }
    for (const EyeSide side : eye_sides) {
      const std::size_t eye = index_of(side);
      const int others = with_data[1 - eye];
      if (!is_tracked_[eye] || 2 * others < static_cast<int>(points_.size()) ||
          4 * with_data[eye] > 3 * others) {
        continue;
      }
      const char* other = to_string(side == EyeSide::right ? EyeSide::left : EyeSide::right);
      Finding& finding = add(FindingKind::one_eye_lost, false,
                             std::string("the ") + to_string(side) + " eye was seen at " +
                                 std::to_string(with_data[eye]) + " of " + std::to_string(points_.size()) +
                                 " points only; the calibration rests on the " + other + " eye",
                             "move that eye's camera and calibrate again if both eyes are needed");
      finding.eye = side;
    }
  }

  void find_slip() {
    for (const EyeSide side : eye_sides) {
      std::vector<const PointResult*> shown;
      for (const auto& point : points_) {
        if (point.eye(side).has_data()) shown.push_back(&point);
      }
      std::sort(shown.begin(), shown.end(),
                [](const PointResult* a, const PointResult* b) { return a->target < b->target; });
      std::vector<EyeCenter> centers;
      for (const auto* point : shown) centers.push_back(point->eye(side).mean_center);
      const auto step = find_center_step(centers, options_.slip_mm);
      // An eye model that is held keeps the centre where it was: then the axes tell.
      const auto jump = step ? std::nullopt : find_axis_step(shown, side, screen_, options_.elsewhere_deg);
      if (!step && !jump) continue;
      axes_jumped_ |= jump.has_value();
      const std::size_t first_after = step ? step->first_after : jump->first_after;
      for (std::size_t i = 0; i < first_after; ++i) {
        const int point = shown[i]->point;
        if (std::find(report_.before_slip.begin(), report_.before_slip.end(), point) ==
            report_.before_slip.end()) {
          report_.before_slip.push_back(point);
        }
      }
      if (has(FindingKind::slippage)) continue;
      char text[160];
      if (step) {
        std::snprintf(text, sizeof text,
                      "the %s eye's centre moved by %.1f ± %.1f mm in the camera before point %d: the "
                      "camera slipped",
                      to_string(side), step->shift_in_cam_mm.norm(), step->length_sigma_mm,
                      shown[first_after]->point + 1);
      } else {
        std::snprintf(text, sizeof text,
                      "the %s eye's axis jumped by %.0f deg against the targets before point %d: the "
                      "camera slipped",
                      to_string(side), jump->step_deg, shown[first_after]->point + 1);
      }
      add(FindingKind::slippage, true, text, "fix the camera and show the earlier points again").eye = side;
    }
    for (auto& finding : report_.findings) {
      if (finding.kind == FindingKind::slippage) finding.points = report_.before_slip;
    }
  }

  void find_inattention() {
    report_.consistency = find_consistency(points_, screen_, options_.elsewhere_deg);
    const GazeConsistency& gaze = report_.consistency;
    if (!gaze.eye || axes_jumped_) return;  // no affine function holds before and after a jump
    if (gaze.spread_share < one_place_share) {
      add(FindingKind::gaze_at_one_place, true,
          "the eye stayed at one place while the targets moved: all samples lie at one point",
          "look at each target until it goes on, then calibrate again");
      return;
    }
    if (!gaze.is_consistent || gaze.least_scale < least_scale) {
      if (has(FindingKind::slippage)) return;  // which turns the camera too: not the eye's doing
      add(FindingKind::gaze_elsewhere, true, "the eye moved, but not as the targets did",
          "follow each target with the eyes, then calibrate again");
      return;
    }
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (gaze.off_deg[i] && *gaze.off_deg[i] > options_.elsewhere_deg) {
        report_.looked_elsewhere.push_back(points_[i].point);
      }
    }
    if (!report_.looked_elsewhere.empty()) {
      Finding& finding =
          add(FindingKind::points_poor, false,
              "at " + number_of_points(report_.looked_elsewhere) + " the eye looked somewhere else",
              remedy_for(PointReason::looked_elsewhere));
      finding.points = report_.looked_elsewhere;
    }
    const double scale = std::sqrt(gaze.least_scale * gaze.largest_scale);
    if (scale < small_scale || scale > large_scale) {
      char text[160];
      std::snprintf(text, sizeof text,
                    "the eye turned %.0f %% as far as the screen's size and distance ask for", 100.0 * scale);
      add(FindingKind::wrong_size, false, text,
          "check the screen's size with a card and measure the viewing distance; then check the eye model");
    }
  }

  [[nodiscard]] bool has(FindingKind kind) const {
    return std::any_of(report_.findings.begin(), report_.findings.end(),
                       [&](const Finding& finding) { return finding.kind == kind; });
  }

  std::span<const PointResult> points_;
  FrameCounts counts_;
  std::array<bool, 2> is_tracked_;
  ScreenGeometry screen_;
  const ProcedureOptions& options_;
  bool is_validation_;
  bool axes_jumped_ = false;
  FaultReport report_;
};

}  // namespace

bool FaultReport::is_blocked() const {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.is_blocking; });
}

FaultReport find_faults(std::span<const PointResult> points, const FrameCounts& counts,
                        std::array<bool, 2> is_tracked, const ScreenGeometry& screen,
                        const ProcedureOptions& options, bool is_validation) {
  return FaultFinder(points, counts, is_tracked, screen, options, is_validation).find();
}

}  // namespace yarbus
