#include "app/session/calibration_work.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <utility>

namespace yarbus {
namespace {

constexpr int first_kept_movement = 1'000'000;

std::string degrees_text(double deg) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f°", deg);
  return text.data();
}

StageOutcome refused(const Error& error) {
  return {false, error.context.empty() ? error.message : error.context + ": " + error.message, error.remedy};
}

/// A moving target's arc is cut into pieces short enough to be a place each; with them all numbers are new.
void split_moving_targets(std::vector<CalibrationSample>& samples) {
  constexpr int pieces_per_arc = 6;  // with 8 arcs, fewer than the mappers' most targets
  struct Arc {
    CaptureTime first{};
    CaptureTime last{};
    Eigen::Vector2d start_mm = Eigen::Vector2d::Zero();
    bool moves = false;
  };
  std::map<int, Arc> arcs;
  for (const CalibrationSample& sample : samples) {
    const CaptureTime at = sample.rays.captured_at;
    const auto [arc, is_new] =
        arcs.try_emplace(sample.target, Arc{at, at, sample.target_in_screen_mm, false});
    arc->second.last = at;
    arc->second.moves |= sample.target_in_screen_mm != arc->second.start_mm;
  }
  if (std::none_of(arcs.begin(), arcs.end(), [](const auto& arc) { return arc.second.moves; })) return;
  for (CalibrationSample& sample : samples) {
    const Arc& arc = arcs.at(sample.target);
    if (!arc.moves) {  // the head pass
      sample.target *= pieces_per_arc;
      continue;
    }
    const double share = static_cast<double>((sample.rays.captured_at - arc.first).count()) /
                         static_cast<double>((arc.last - arc.first).count() + 1);
    sample.movement = sample.target;
    sample.target = sample.target * pieces_per_arc + static_cast<int>(share * pieces_per_arc);
  }
}

CalibrationWorkDone fit(CalibrationWork work) {
  split_moving_targets(work.ready.calibration);
  CalibrationWorkDone done{SamplesReady::For::fit, work.ready.id, {}, nullptr, std::move(work.kept), {}, {}};
  done.calibration.insert(done.calibration.end(), work.ready.calibration.begin(),
                          work.ready.calibration.end());
  auto choice = fit_mappers(done.calibration, work.screen, work.mappers);
  if (!choice) {
    done.outcome = refused(choice.error());
    return done;
  }
  done.choice = std::make_shared<const MapperChoice>(std::move(*choice));
  const MapperCandidate& chosen = done.choice->candidates[done.choice->chosen];
  done.outcome = {true, "fitted: " + chosen.name, ""};
  if (chosen.cross_validation)
    done.outcome.text += ", " + degrees_text(chosen.cross_validation->mean_deg) + " at targets left out";
  return done;
}

CalibrationWorkDone score(CalibrationWork work) {
  YARBUS_CHECK(work.choice != nullptr);
  CalibrationWorkDone done{SamplesReady::For::score,
                           work.ready.id,
                           {},
                           work.choice,
                           std::move(work.ready.calibration),
                           std::move(work.ready.validation),
                           {}};
  done.quality = measure_quality(done.choice->mapper(), done.validation, done.choice->eyes_in_screen_mm);
  if (const auto accuracy_deg = done.quality->both.accuracy_deg) {
    done.outcome = {true, "validated: accuracy " + degrees_text(*accuracy_deg), ""};
  } else {
    done.outcome = {false, "the validation's frames gave no gaze",
                    "show the validation's points again, or calibrate again"};
  }
  return done;
}

}  // namespace

CalibrationWorkDone carry_out(CalibrationWork work) {
  return work.ready.wanted == SamplesReady::For::fit ? fit(std::move(work)) : score(std::move(work));
}

std::vector<CalibrationSample> samples_outside(const std::vector<CalibrationSample>& samples,
                                               const ScreenRegion& region) {
  std::vector<CalibrationSample> kept;
  std::map<int, int> numbers;
  for (const CalibrationSample& sample : samples) {
    if (holds(region, sample.target_in_screen_mm)) continue;
    const auto number = numbers.try_emplace(sample.target, -1 - static_cast<int>(numbers.size())).first;
    kept.push_back(sample);
    kept.back().target = number->second;
    // Apart from those of the calibration that is joined to it.
    if (sample.movement >= 0 && sample.movement < first_kept_movement)
      kept.back().movement += first_kept_movement;
  }
  return kept;
}

}  // namespace yarbus
