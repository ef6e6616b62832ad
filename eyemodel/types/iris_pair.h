#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include <Eigen/Core>

#include "eyemodel/types/face_box.h"
#include "eyemodel/types/face_sight.h"
#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/outline_shape.h"

namespace yarbus {

constexpr std::size_t max_iris_points = 96;

/// One eye of a face in an ordinary webcam's image. Frames & units: image as captured, px.
struct IrisObservation {
  Ellipse limbus;
  OutlineCovariance limbus_covariance_px2 = OutlineCovariance::Zero();
  FixedVector<Eigen::Vector2f, max_iris_points> limbus_points_px;  ///< edges on the arcs the lids leave free
  Eigen::Vector2d inner_corner_px = Eigen::Vector2d::Zero();       ///< towards the nose
  Eigen::Vector2d outer_corner_px = Eigen::Vector2d::Zero();
  Eigen::Vector2d upper_lid_px = Eigen::Vector2d::Zero();  ///< the margins, above and below the iris' middle
  Eigen::Vector2d lower_lid_px = Eigen::Vector2d::Zero();
  double openness = 0.0;    ///< 0 closed .. 1 wide open
  double confidence = 0.0;  ///< 0..1: probability that the middle is within a tenth of the iris' diameter
};

/// A face with what its eyes show; an eye that is shut, hidden or turned away is absent. By EyeSide.
struct IrisPair {
  FaceBox face;  ///< where the head is now
  std::array<std::optional<IrisObservation>, 2> eyes;
  std::shared_ptr<const FaceSight> sight;  ///< the same in the camera's space; never null in an outcome

  [[nodiscard]] const std::optional<IrisObservation>& eye(EyeSide side) const {
    return eyes[static_cast<std::size_t>(side)];
  }
};

/// Why an image shows no face that gaze can be had from.
enum class FaceMissReason : std::uint8_t {
  no_face,      ///< nothing that looks like one
  too_dark,     ///< nor could it: the image is dark
  too_small,    ///< a face too far away for its irises to be measured
  turned_away,  ///< the head is turned too far
  covered,      ///< a face, but no eye to be seen on it
  eyes_closed,  ///< both are shut
};
constexpr std::size_t face_miss_reason_count = static_cast<std::size_t>(FaceMissReason::eyes_closed) + 1;

constexpr std::string_view to_string(FaceMissReason reason) {
  switch (reason) {
    case FaceMissReason::no_face:
      return "no_face";
    case FaceMissReason::too_dark:
      return "too_dark";
    case FaceMissReason::too_small:
      return "too_small";
    case FaceMissReason::turned_away:
      return "turned_away";
    case FaceMissReason::covered:
      return "covered";
    case FaceMissReason::eyes_closed:
      return "eyes_closed";
  }
  return "unknown";
}

struct FaceMiss {
  FaceMissReason reason = FaceMissReason::no_face;
  std::optional<FaceBox> face;  ///< where it is, if it is known
};

/// No usable face is an outcome with a reason, not an error.
using FaceOutcome = std::variant<FaceMiss, IrisPair>;

}  // namespace yarbus
