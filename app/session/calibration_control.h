#pragma once

#include <string>
#include <vector>

#include "app/session/calibration_view.h"

namespace yarbus {

/// Calibration of gaze on the screen: commands in, snapshots out, like Session, of which it is a part. The
/// window, scripts and network clients drive the same procedure. A command that cannot be carried out now
/// changes nothing and posts a Notice with the reason. Threads: the window's.
class CalibrationControl {
 public:
  virtual ~CalibrationControl() = default;

  // The procedure (docs/calibration-procedure.md).
  virtual void start(const CalibrationRequest& request) = 0;
  /// That target is on the screen since then (steady clock, as Frame::captured_at of live sources).
  virtual void target_shown(int target, CaptureTime shown_at) = 0;
  virtual void accept() = 0;  ///< the key: start, next target, go on in spite of what was found
  virtual void pause() = 0;
  virtual void resume() = 0;
  virtual void abort() = 0;  ///< the calibration in force stays so
  virtual void skip() = 0;
  virtual void redo(int point) = 0;
  virtual void redo_poor() = 0;
  /// Shows one point in the middle: a check, which feeds the drift indicator; with `recentres` the offset
  /// found there is subtracted from then on.
  virtual void check_one_point(bool recentres) = 0;
  /// The person looks at this place now: recentres at once, without a procedure.
  virtual void recentre_at(const Eigen::Vector2d& point_in_screen_mm) = 0;
  virtual void undo_recentre() = 0;

  // The calibration in force and the library of saved ones.
  virtual void use_mapper(const std::string& name) = 0;  ///< "" : the one cross-validation finds best
  virtual void rename(const std::string& name) = 0;
  /// Those in the library; may take some ms.
  virtual std::vector<CalibrationEntry> list_saved() = 0;
  virtual void load(const std::string& path) = 0;
  virtual void remove(const std::string& path) = 0;  ///< of the library
  /// The saved calibration's view without using it, to compare; null with a Notice if it cannot be read.
  virtual CalibrationResultPtr look_at(const std::string& path) = 0;
  /// A calibration with all its samples and figures, as JSON: one of the library, or ("") the one in force.
  virtual void export_json(const std::string& saved, const std::string& path) = 0;
  virtual void forget() = 0;  ///< none is in force from now on; the file stays

  // Gaze on the screen.
  virtual void set_filter(GazeFilter filter) = 0;
  virtual void use_clicks(bool allowed) = 0;
  /// The person clicked there, then (steady clock); ignored unless clicks are allowed.
  virtual void clicked(const Eigen::Vector2d& point_in_screen_mm, CaptureTime at) = 0;

  // Simulated participant.
  /// Opens a simulated eye for each side and starts the procedure; their eyes look at what is shown.
  virtual void start_demo(const CalibrationRequest& request) = 0;

  [[nodiscard]] virtual CalibrationSnapshot snapshot() const = 0;
  [[nodiscard]] virtual ScreenGazeSnapshot gaze() const = 0;
};

}  // namespace yarbus
