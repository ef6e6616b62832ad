#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/result.h"

namespace yarbus::ui {

/// A line of an accuracy plot.
struct AccuracyPlotCurve {
  std::optional<FitStage> stage;  ///< nullopt: the pupil detector alone
  std::vector<double> x;
  std::vector<double> y;
};

/// One panel. Without curves it says in words that there is nothing to measure.
struct AccuracyPlotPanel {
  enum class Kind {
    cumulative,       ///< steps; y in percent; x from 0 to where nearly all curves have ended
    points,           ///< few points joined by lines; y from 0
    points_by_share,  ///< few points joined by lines; x in percent, y from 0
    shares,           ///< few points joined by lines; x and y in percent
  } kind = Kind::cumulative;
  QString title;
  QString x_label;
  QString y_label;
  std::vector<AccuracyPlotCurve> curves;
};

struct AccuracyPlotInput {
  QString title;
  QString subtitle;
  std::vector<AccuracyPlotPanel> panels;  ///< laid out three in a row
};

/// A PNG of 1600x1200 px. Curves are told apart by dash and marker as well as by colour; one legend at the
/// bottom names those that are there. Works without a display, as write_track_plot. Errors:
/// output_unwritable; then no file is left behind.
Result<void> write_accuracy_plot(const AccuracyPlotInput& input, const QString& png_path);

}  // namespace yarbus::ui
