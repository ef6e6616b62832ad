#pragma once

#include <vector>

#include <Eigen/Core>
#include <opencv2/core.hpp>

#include "eyemodel/simulation/face/person.h"

namespace yarbus::simulation {

/// A textured surface over a grid of points, row by row. Frames & units: its own frame (head or body), mm.
/// The texture's columns and rows run as the grid's do and span it.
struct SurfaceMesh {
  int rows = 0;
  int columns = 0;
  std::vector<Eigen::Vector3f> points_mm;
  std::vector<Eigen::Vector3f> normals;  ///< unit, outward
  std::vector<float> cavity;             ///< 1 open .. 0: how much of the surroundings' light arrives
  cv::Mat1f albedo;
};

/// Fills the normals from the points: the sum of the adjoining faces'. `is_inverted`: the other way round.
void find_normals(SurfaceMesh& mesh, bool is_inverted);

/// A person's head with hair and ears. Frame: head.
SurfaceMesh make_head(const Person& person);
/// Neck, shoulders and chest. Frame: body (as head, but upright whatever the head does).
SurfaceMesh make_body(const Person& person);

}  // namespace yarbus::simulation
