#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "eyemodel/types/image.h"
#include "eyemodel/types/outline_shape.h"
#include "tracker/pupil/gray_levels.h"
#include "tracker/pupil/outline_measurement.h"

namespace yarbus {

/// What can be seen of an outline. A point of it is *supported* when an edge lies on it, *covered* when its
/// inner side is bright (a lid or a reflection lies there), *leaking* when it is dark on both sides, and
/// *displaced* when the edge is elsewhere. Points on glints or off the image are none of these. Shares are of
/// the points in the image; the contrast is the median gray step of the supported points.
enum class Evidence : std::uint8_t {
  support,          ///< share of supported points
  visible_support,  ///< supported among supported, leaking and displaced
  covered,          ///< share of covered points
  covered_pieces,   ///< covered points outside the longest covered run, share
  leak,             ///< longest run of leaking points, share
  leak_pieces,      ///< leaking points outside that run, share
  displaced,        ///< share of displaced points
  contrast,         ///< ln of the contrast (gray)
  signal_to_noise,  ///< ln of contrast over the image's noise
  sharpness,        ///< median slope over contrast (1/px) times the square root of the radius
  inside_spread,    ///< median absolute deviation of the inner levels, in contrasts
  outside_spread,   ///< the same of the outer levels
  core,             ///< inner rim above the dark fifth of the interior, in contrasts
  darkness,         ///< inner rim above the image's dark tail, in contrasts
  fill,             ///< share of the interior, glints left out, as dark as the inner rim
  surround,         ///< share of the ring outside that is bright
  residual,         ///< root mean square of the supported points' offsets, in tight tolerances
  systematic,       ///< the part of it that neighbouring points share
  aspect_ratio,     ///< minor over major axis
  radius,           ///< ln of the mean radius, in image heights
  arc,              ///< supported length, in image heights
  out_of_image,     ///< share of the whole outline outside the image
  glint,            ///< share of the points on glints
};
constexpr std::size_t evidence_count = 23;

std::string_view name_of(Evidence evidence);

/// Numbers for all of the above. Frames & units: the image that was measured.
struct OutlineEvidence {
  std::array<double, evidence_count> values{};
  double contrast_gray = 0.0;

  [[nodiscard]] double operator[](Evidence evidence) const {
    return values[static_cast<std::size_t>(evidence)];
  }
  double& operator[](Evidence evidence) { return values[static_cast<std::size_t>(evidence)]; }
};

/// How far an edge may lie from an outline of this mean radius and still support it: real pupils are not
/// exact ellipses.
double support_tolerance_px(double mean_radius_px);

/// Reads the evidence for an outline. `measurement` must be of this shape in this image. No heap.
OutlineEvidence read_evidence(GrayView image, const OutlineShape& shape,
                              const OutlineMeasurement& measurement, const GrayLevels& levels);

}  // namespace yarbus
