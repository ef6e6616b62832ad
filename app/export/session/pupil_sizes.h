#pragma once

#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "app/export/session/export_source.h"
#include "tracker/events/pupil_series.h"

namespace yarbus {

/// One near-eye camera's pupil sizes over a whole session: which of them can be trusted, and short gaps
/// filled with straight lines and marked so (docs/events.md). Sizes are diameters by the eye model; a frame
/// without a pose has none. Memory: 24 bytes a frame.
class PupilSizes {
 public:
  struct Size {
    CaptureTime at{};
    PupilFlag flag = PupilFlag::missing;
    double diameter_mm = 0.0;  ///< NaN where neither valid nor interpolated
  };

  /// Errors: the source's; interrupted.
  static Result<PupilSizes> read(const ExportSource& source, AnalysisId analysis, int camera,
                                 const std::stop_token& stop = {});

  /// Of exactly that frame; null: it has no result.
  [[nodiscard]] const Size* at(CaptureTime captured_at) const;
  [[nodiscard]] std::size_t frames() const { return sizes_.size(); }
  [[nodiscard]] std::int64_t interpolated() const { return interpolated_; }
  /// Frames by what was thought of them before any was interpolated.
  [[nodiscard]] std::int64_t found(PupilFlag flag) const { return found_[static_cast<std::size_t>(flag)]; }

 private:
  std::vector<Size> sizes_;
  std::array<std::int64_t, static_cast<std::size_t>(PupilFlag::interpolated) + 1> found_{};
  std::int64_t interpolated_ = 0;
};

}  // namespace yarbus
