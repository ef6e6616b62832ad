#pragma once

#include <optional>

#include "eyemodel/types/corneal_features.h"
#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/image.h"
#include "tracker/pupil/limbus_circle.h"
#include "tracker/pupil/limbus_profiles.h"

namespace yarbus {

using LimbusPoints = FixedVector<EdgePoint, max_limbus_points>;

/// Finds points of the limbus (the circle where the cornea ends) to both sides of the pupil.
/// Frames & units: image, px.
/// Method: on rays that are stretched as the limbus is (the pupil's aspect, corrected for the cornea) a
/// circle is looked for that both sides brighten across; see LimbusCircleFinder. Iris and sclera merge inside
/// the corneal border: the limbus is taken 5 % further out than the middle of the step. What `sigma_px` is:
/// each point's noise, and the systematic error that all points of one image share, 2 % of the radius,
/// multiplied by the root of their number: a fit that takes the points as independent then claims no more of
/// radius and centre than is known. Errors: nullopt and no points where no such circle is found: half hidden,
/// as dark outside as inside. Threads: one owner. No heap once made. Cost: under 0.5 ms.
class LimbusEdges {
 public:
  /// Returns the limbus's outline. What the image shows decides, never where a model expects it: a model that
  /// is wrong would find what confirms it.
  std::optional<Ellipse> find(GrayView image, const Ellipse& pupil, LimbusPoints& points);

 private:
  LimbusProfiles profiles_;
  LimbusCircleFinder finder_;
};

}  // namespace yarbus
