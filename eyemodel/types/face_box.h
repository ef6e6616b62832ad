#pragma once

#include <Eigen/Core>

namespace yarbus {

/// Where a face is, roughly. Frames & units: image, px.
struct FaceBox {
  Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
  double size_px = 0.0;  ///< side of a square from the brows to the chin, about the head's width
  double score = 0.0;    ///< the finder's own measure; larger is surer
};

}  // namespace yarbus
