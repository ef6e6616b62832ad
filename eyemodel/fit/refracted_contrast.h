#pragma once

#include <array>
#include <optional>

#include "eyemodel/fit/refracted_frame.h"
#include "eyemodel/geometry/band_sectors.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// One frame's region contrast about the outline that RefractedFrame predicts, as half a sum of squares, so
/// that it may stand beside priors and other evidence.
///
/// How contrast becomes information: a contrast is in gray levels and says nothing of how sure it is. Let the
/// outline move by d along its normals; the contrast then falls by h d^2 / 2, and where each of n visible
/// sectors alone would have its greatest, scatters along the outline by s px: that scatter holds the pixels'
/// noise, the iris's pattern and shading alike (a sandwich estimate; the sectors are its independent
/// samples). As for edges (RefractionEvidence), a systematic part of 0.06 px is added to s. The outline so is
/// known as from n points of sigma hypot(s, 0.06 px), and the cost is the contrast times -n / (h sigma^2):
/// its curvature by d is then n / sigma^2. Frames in which less outline is seen, or which are noisier, count
/// less.
struct RefractedContrast {
  const ImagePatch* patch = nullptr;
  BandContrastOptions bands;
  std::array<bool, BandSectors::count> is_seen{};
  int sectors_seen = 0;
  double noise_px = 0.0;       ///< scatter s of one sector's place
  double sigma_px = 1.0;       ///< with the systematic part
  double cost_per_gray = 0.0;  ///< n / (h sigma^2)
};

/// Makes `patch` ready (keep_supported_sectors) about the view's outline, balances the bands there, and finds
/// what the contrast is worth. Errors: nullopt if the outline cannot be seen, fewer than 8 sectors of it are
/// in the patch, the contrast is no hill there or less than 2 gray levels, or its sectors scatter by more
/// than a pixel. `patch` must outlive the result. No heap.
std::optional<RefractedContrast> make_refracted_contrast(const RefractedFrame& view,
                                                         const PupilObservation& observation,
                                                         const BandSettings& settings, ImagePatch& patch);

/// -cost_per_gray times the contrast. Errors: nullopt where the outline or a band cannot be seen, so that a
/// search shortens its step. Cost: about 30 us. No heap.
std::optional<double> refracted_contrast_cost(const RefractedContrast& frame, const RefractedFrame& view);

/// The cost with its model about the view: cost(step) = cost - right . step + step . matrix . step / 2.
/// `right` is the negative gradient: the image is differentiated exactly by the outline's shape, and the
/// shape by the parameters through the exact derivatives of 24 outline points, exact up to how far the
/// refracted outline is from an ellipse (a hundredth of a pixel). `matrix` is the expected curvature: visible
/// outline points of that sigma. It is positive, has no noise of the image in it, and leaves directions that
/// no outline shows with no information, which differences of noisy gradients would not.
struct RefractedContrastModel {
  double cost = 0.0;
  Eigen::Matrix<double, refraction_parameters, 1> right;
  Eigen::Matrix<double, refraction_parameters, refraction_parameters> matrix;
};
std::optional<RefractedContrastModel> refracted_contrast_model(const RefractedContrast& frame,
                                                               const RefractedFrame& view);

/// The equivalent observation: the view's outline, and for each visible sector one edge point where its own
/// contrast is greatest, with the scatter as sigma. RefractionEvidence::from() makes evidence of it that
/// holds as much information as the contrast, bias included. Errors: nullopt as make_refracted_contrast().
std::optional<PupilObservation> equivalent_observation(const RefractedContrast& frame,
                                                       const RefractedFrame& view);

}  // namespace yarbus
