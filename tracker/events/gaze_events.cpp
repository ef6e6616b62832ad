#include "tracker/events/gaze_events.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "tracker/events/fixations_by_velocity.h"

namespace yarbus {
namespace {

/// Labels the valid samples from `start` to `end`; events must come in order.
class Labeller {
 public:
  Labeller(std::span<const GazeDirectionSample> series, std::vector<GazeLabel>& labels)
      : series_(series), labels_(labels) {}
  void mark(CaptureTime start, CaptureTime end, GazeLabel label) {
    const auto first = std::lower_bound(
        series_.begin(), series_.end(), start,
        [](const GazeDirectionSample& sample, CaptureTime time) { return sample.at < time; });
    for (auto sample = first; sample != series_.end() && sample->at <= end; ++sample) {
      GazeLabel& marked = labels_[static_cast<std::size_t>(sample - series_.begin())];
      if (marked == GazeLabel::none) marked = label;
    }
  }

 private:
  std::span<const GazeDirectionSample> series_;
  std::vector<GazeLabel>& labels_;
};

}  // namespace

std::span<const OptionField<GazeEventOptions>> GazeEventOptions::fields() {
  using O = GazeEventOptions;
  static constexpr std::array<OptionField<O>, 3> table{{
      {"fixations_by_velocity", &O::fixations_by_velocity, 0.0, 1.0, "I-VT where the rate allows, else I-DT"},
      {"longest_loss_s", &O::longest_loss_s, 0.0, 1.0, "a longer loss of gaze ends a fixation (I-VT)"},
      {"fastest_drift_deg_s", &O::fastest_drift_deg_s, 0.5, 100.0,
       "a stretch whose gaze moves on faster is no fixation (I-VT)"},
  }};
  return table;
}

Result<void> GazeEventOptions::validate() const {
  for (const auto& part : {saccade.validate(), fixation.validate(), margins.validate()}) {
    if (!part) return part.error();
  }
  return validate_options(*this, fields(), "gaze events");
}

std::vector<FixationEvent> fixations_by_dispersion(std::span<const GazeDirectionSample> series,
                                                   const FixationDetectorOptions& options) {
  constexpr double least_samples = 3.0;
  FixationDetectorOptions used = options;
  used.shortest_s = std::max(options.shortest_s, least_samples * typical_interval_s(series));
  FixationDetector detector(used);
  std::vector<FixationEvent> fixations;
  const auto is_usable = [&](std::size_t i) { return i < series.size() && series[i].is_usable(); };
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (!is_usable(i)) {
      detector.push_loss(series[i].at);
    } else {
      Eigen::Vector3d direction = series[i].direction.normalized();
      if (i > 0 && is_usable(i - 1) && is_usable(i + 1)) {
        direction = median_direction(series[i - 1].direction.normalized(), direction,
                                     series[i + 1].direction.normalized());
      }
      detector.push(series[i].at, direction);
    }
    if (const auto ended = detector.take_ended()) fixations.push_back(*ended);
  }
  if (detector.current()) fixations.push_back(*detector.current());
  return fixations;
}

Result<GazeEvents> find_gaze_events(std::span<const GazeDirectionSample> series,
                                    std::span<const BlinkEvent> blinks, const GazeEventOptions& options) {
  if (auto valid = options.validate(); !valid) return valid.error();
  if (auto rising = check_times_rise(series); !rising) return rising.error();
  std::vector<GazeDirectionSample> masked(series.begin(), series.end());
  mask_blinks(masked, blinks, options.margins);
  auto found = find_saccades(masked, options.saccade);
  if (!found) return found.error();

  GazeEvents events;
  events.rate_hz = found->typical_interval_s > 0.0 ? 1.0 / found->typical_interval_s : 0.0;
  events.saccade_rate = found->rate;
  events.threshold = found->threshold;
  events.fixations_by_velocity = options.fixations_by_velocity && found->threshold.has_value();
  std::vector<FixationEvent> drifts;
  if (events.fixations_by_velocity) {
    auto between = fixations_by_velocity(
        masked, *found, {options.fixation.shortest_s, options.longest_loss_s, options.fastest_drift_deg_s});
    events.fixations = std::move(between.fixations);
    drifts = std::move(between.drifts);
  } else {
    events.fixations = fixations_by_dispersion(masked, options.fixation);
  }
  events.saccades = std::move(found->saccades);
  events.main_sequence = fit_main_sequence(events.saccades);

  events.labels.assign(masked.size(), GazeLabel::none);
  for (std::size_t i = 0; i < masked.size(); ++i) {
    if (!masked[i].is_usable()) events.labels[i] = GazeLabel::lost;
  }
  Labeller labeller(masked, events.labels);
  for (const Saccade& saccade : events.saccades)
    labeller.mark(saccade.onset, saccade.offset, GazeLabel::saccade);
  for (const FixationEvent& fixation : events.fixations)
    labeller.mark(fixation.start, fixation.end, GazeLabel::fixation);
  for (const FixationEvent& drift : drifts) labeller.mark(drift.start, drift.end, GazeLabel::drift);
  return events;
}

std::string GazeEvents::saccade_miss_text() const {
  if (saccade_rate == SaccadeRate::unknown) return "saccades not told: the sampling rate is not known";
  if (saccade_rate == SaccadeRate::too_low) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(1) << "saccades not told: " << rate_hz
         << " samples a second are too few for their velocity";
    return text.str();
  }
  return threshold ? "" : "saccades not told: too little valid gaze";
}

std::string GazeEvents::to_text() const {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1);
  text << fixations.size() << " fixations by " << (fixations_by_velocity ? "velocity" : "dispersion") << ", ";
  if (const std::string miss = saccade_miss_text(); !miss.empty()) {
    text << miss;
  } else {
    text << saccades.size() << " saccades at " << rate_hz << " Hz";
    if (const auto* fitted = std::get_if<MainSequence>(&main_sequence)) {
      text << ", main sequence " << std::setprecision(0) << fitted->limit_deg_s << " deg/s (1 - exp(-A / "
           << std::setprecision(1) << fitted->bend_deg << " deg))";
    } else {
      text << ", no main sequence: " << to_string(std::get<MainSequenceMiss>(main_sequence));
    }
  }
  return text.str();
}

}  // namespace yarbus
