#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <vector>

#include "eyemodel/types/result.h"

namespace yarbus::ui {

/// What a line is about: it decides the line's look and its name in the legend, in this order.
enum class BenchmarkCurve : std::uint8_t {
  detector,  ///< the pupil detector alone
  unprojection,
  unoptimised,
  contrast,
  edge,
  refraction,
  cold,            ///< the detector without a prior
  tracked,         ///< the detector with the prior of the frame before
  as_stated,       ///< where a reliable confidence would lie
  simulated_eyes,  ///< the simulator's population
  normal_eyes,     ///< eyes drawn from normal distributions
  half_of_eyes,    ///< what half of the subjects keep
  most_of_eyes,    ///< what 90 % of them keep
  measured,
  in_proportion,  ///< where a cost in proportion would lie
  geometric_mapper,
  appearance_process,
  stacked_mapper,
  tangent_distance,
  ridge,
  mean_target,
};

/// A line of a benchmark's plot.
struct BenchmarkPlotCurve {
  BenchmarkCurve about = BenchmarkCurve::detector;
  std::vector<double> x;
  std::vector<double> y;
};

/// One panel. Without curves it says in words that there is nothing to measure.
struct BenchmarkPlotPanel {
  enum class Kind {
    cumulative,       ///< steps; y in percent; x from 0 to x_end, or to where nearly all curves have ended
    points,           ///< few points joined by lines; y from 0
    points_by_share,  ///< few points joined by lines; x in percent, y from 0
    shares,           ///< few points joined by lines; x and y in percent
    course,           ///< many points joined by lines, without marks; x and y from 0
  } kind = Kind::cumulative;
  QString title;
  QString x_label;
  QString y_label;
  std::vector<BenchmarkPlotCurve> curves;
  std::optional<double> x_end = std::nullopt;  ///< of a cumulative panel
  std::optional<double> y_end = std::nullopt;  ///< of a course: what lies above leaves the panel
};

struct BenchmarkPlotInput {
  QString title;
  QString subtitle;
  std::vector<BenchmarkPlotPanel> panels;  ///< laid out three in a row
};

/// A PNG of 1600x1200 px. Curves are told apart by dash and marker as well as by colour; one legend at the
/// bottom names those that are there. Works without a display, as write_track_plot. Errors:
/// output_unwritable; then no file is left behind.
Result<void> write_benchmark_plot(const BenchmarkPlotInput& input, const QString& png_path);

}  // namespace yarbus::ui
