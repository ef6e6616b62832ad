#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "app/session/calibration_surroundings.h"
#include "app/session/looked_places.h"
#include "app/session/picture_explorer.h"
#include "app/session/simulated_viewer.h"
#include "calibration/calibration_sample.h"
#include "calibration/mapping/gaze_mapper.h"

namespace yarbus {

/// The simulated eyes of a session as a person before the screen: they look at what is shown.
/// Frames & units: screen, mm. Threads: one owner.
class DemoParticipant {
 public:
  /// Errors: SimulatedViewer::create's; invalid_option for a fault of no such name.
  static Result<DemoParticipant> create(ViewerOptions who, const std::string& fault);

  /// What to open for an eye.
  [[nodiscard]] SourceRequest source(EyeSide side) const;
  /// Sends the eyes where they want to look.
  void look(CaptureTime at, const std::optional<VisibleTarget>& target, CalibrationSurroundings& eyes);
  /// Where nothing else is to be looked at, a picture is; unset: none is shown any more.
  void show_picture(const std::optional<ShownPicture>& picture);
  /// What goes wrong only afterwards (the head moves) goes wrong from now on.
  void calibration_done() {
    if (viewer_.fault() == ViewerFault::head_moved) viewer_.begin_fault();
  }
  /// Where the eyes look now.
  [[nodiscard]] const Eigen::Vector2d& gaze_in_screen_mm() const { return gaze_mm_; }
  [[nodiscard]] std::optional<double> true_accuracy_deg(const GazeMapper& mapper,
                                                        const std::vector<CalibrationSample>& samples,
                                                        const Eigen::Vector3d& eyes_in_screen_mm) const {
    return looked_.true_accuracy_deg(mapper, samples, eyes_in_screen_mm);
  }

 private:
  DemoParticipant(SimulatedViewer viewer, std::uint64_t seed) : viewer_(std::move(viewer)), seed_(seed) {}

  SimulatedViewer viewer_;
  std::uint64_t seed_;  ///< who
  std::optional<PictureExplorer> explorer_;
  Eigen::Vector2d gaze_mm_ = Eigen::Vector2d::Zero();
  LookedPlaces looked_;
};

}  // namespace yarbus
