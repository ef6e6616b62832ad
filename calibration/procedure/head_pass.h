#pragma once

#include <array>
#include <optional>
#include <vector>

#include "calibration/procedure/find_faults.h"
#include "calibration/procedure/point_recorder.h"
#include "calibration/procedure/point_result.h"
#include "calibration/procedure/procedure_options.h"

namespace yarbus {

/// Collects the frames of the head pass: one target that is looked at while the head moves, by time.
///
/// Method: every frame with a face and a usable eye counts, evenly thinned to `most_samples`. Neither
/// stillness nor dispersion is asked for: eyes that hold a target turn in a head that turns. How far the head
/// turned is the way between the 5th and the 95th percentile of its facing direction.
/// Threads: one owner. Memory: taken by begin(); where there are more frames than that, every second is
/// dropped; push() takes none.
class HeadPassRecorder {
 public:
  static constexpr std::size_t most_samples = 120;
  explicit HeadPassRecorder(const ProcedureOptions& options) : options_(options) {}

  void begin(const Showing& showing);
  void push(const ProcedureFrame& frame);
  [[nodiscard]] bool has_samples() const { return usable_frames_ > 0; }
  /// The latest frame shows a face with an eye.
  [[nodiscard]] bool sees_face() const { return sees_face_; }
  /// Of recording, s; all of it before it begins.
  [[nodiscard]] double time_left_s(CaptureTime now) const;
  [[nodiscard]] const Showing& showing() const { return showing_; }
  [[nodiscard]] PointAttempt finish(CaptureTime now) const;

 private:
  static constexpr std::size_t max_frames = 2048;
  struct Frame {
    CalibrationSample sample;
    bool is_usable = false;
  };
  void judge(PointResult& result) const;
  [[nodiscard]] std::optional<HeadTurn> head_turn() const;

  ProcedureOptions options_;
  Showing showing_;
  std::vector<Frame> kept_;
  int stride_ = 1;  ///< of the frames that are kept
  std::array<int, 2> lost_frames_{};
  int frames_ = 0;
  int usable_frames_ = 0;
  int closed_frames_ = 0;
  int invalid_frames_ = 0;
  bool sees_face_ = false;
};

/// What is wrong with the head pass, as advice: it never blocks. Nullopt: nothing, or it was not shown.
std::optional<Finding> find_head_pass_fault(const PointResult& pass);

}  // namespace yarbus
