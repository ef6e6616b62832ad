#include "tracker/pupil/corneal_feature_finder.h"

namespace yarbus {
namespace {

/// Where the limbus is not known, glints are looked for within this many pupil radii: on a wide pupil that is
/// the whole iris, on a narrow one its middle.
constexpr double unseen_cornea_ratio = 2.2;

/// Of the pupil. Seen more from the side, the near half of the limbus is foreshortened too much to be placed,
/// and bright spots are more often on the lids than on the cornea.
constexpr double least_aspect = 0.82;

}  // namespace

void CornealFeatureFinder::find(GrayView image, const PupilObservation& pupil,
                                const std::optional<Ellipse>& expected_limbus, CornealFeatures& features) {
  features.limbus_points.clear();
  features.glints.clear();
  if (!pupil.ellipse.is_valid() || pupil.ellipse.aspect_ratio() < least_aspect) return;
  const auto limbus = limbus_.find(image, pupil.ellipse, features.limbus_points);
  Ellipse cornea = pupil.ellipse;
  cornea.semi_major_px *= unseen_cornea_ratio;
  cornea.semi_minor_px *= unseen_cornea_ratio;
  if (limbus) {
    cornea = *limbus;
  } else if (expected_limbus && expected_limbus->is_valid()) {
    cornea = *expected_limbus;
  }
  glints_.find(image, cornea, features.glints);
}

}  // namespace yarbus
