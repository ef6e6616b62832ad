#pragma once

#include <optional>

#include "eyemodel/fit/pupil_outline.h"
#include "eyemodel/geometry/band_contrast.h"
#include "eyemodel/geometry/damped_newton.h"
#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// One frame whose region contrast is maximised.
struct ContrastFrame {
  const ImagePatch* patch = nullptr;
  PupilChart chart;
  BandContrastOptions bands;
  double eyeball_radius_mm = 12.0;
  CameraIntrinsics intrinsics;
};

/// Makes `patch` ready (keep_supported_sectors) and balances the bands about the outline that the pupil has
/// now. nullopt outside the domain of pupil_outline(), or where a band holds too little of the patch. `patch`
/// must outlive the frame. No heap.
std::optional<ContrastFrame> make_contrast_frame(const Circle3& pupil,
                                                 const Eigen::Vector3d& eye_center_in_cam_mm,
                                                 double eyeball_radius_mm, const CameraIntrinsics& intrinsics,
                                                 const PupilObservation& observation,
                                                 const BandSettings& settings, ImagePatch& patch);

/// The negative region contrast of one frame in gray levels, for minimisation (Swirski & Dodgson 2013, eq.
/// 21), and its exact gradient by PupilParameters. Outside the domain of pupil_outline(), and where a band
/// leaves its patch, there is no value, so that a search shortens its step. No heap.
std::optional<ValueAndGradient<6>> contrast_cost(const ContrastFrame& frame, const PupilParameters& at);

/// Edge points this near the outline bear it out.
constexpr double contrast_support_tolerance_px = 1.5;
/// How far beyond its bands an outline may wander while it is moved.
constexpr double contrast_wander_px = 6.0;
/// Over which its curvature is taken: a tenth of a pixel or less.
constexpr double contrast_difference_mm = 2e-3;

}  // namespace yarbus
