#include "eyemodel/simulation/face/surface_mesh.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <Eigen/Geometry>
#include <opencv2/imgproc.hpp>

#include "eyemodel/simulation/face/head_shape.h"
#include "eyemodel/simulation/face/skin_texture.h"
#include "eyemodel/simulation/scalar_functions.h"
#include "eyemodel/types/angle.h"

namespace yarbus::simulation {
namespace {

constexpr int head_columns = 241;
constexpr int head_rows = 136;

/// A section of the body: half width and half depth, and where its middle is.
struct BodySection {
  double y_mm;
  double width_mm;
  double depth_mm;
  double z_mm;
};
constexpr std::array body_sections{
    BodySection{70, 50, 50, 18},    BodySection{110, 52, 52, 20},    BodySection{140, 58, 56, 26},
    BodySection{158, 84, 64, 32},   BodySection{172, 130, 74, 38},   BodySection{188, 172, 86, 42},
    BodySection{215, 196, 98, 44},  BodySection{260, 206, 108, 46},  BodySection{420, 200, 120, 46},
    BodySection{620, 190, 126, 46}, BodySection{1500, 190, 126, 46},
};

BodySection body_at(double y_mm) {
  for (std::size_t i = 1; i < body_sections.size(); ++i) {
    const BodySection& a = body_sections[i - 1];
    const BodySection& b = body_sections[i];
    if (y_mm > b.y_mm && i + 1 < body_sections.size()) continue;
    const double t = (y_mm - a.y_mm) / (b.y_mm - a.y_mm);
    return {y_mm, a.width_mm + t * (b.width_mm - a.width_mm), a.depth_mm + t * (b.depth_mm - a.depth_mm),
            a.z_mm + t * (b.z_mm - a.z_mm)};
  }
  return body_sections.back();
}

}  // namespace

void find_normals(SurfaceMesh& mesh, bool is_inverted) {
  const auto at = [&](int row, int column) { return static_cast<std::size_t>(row * mesh.columns + column); };
  mesh.normals.assign(mesh.points_mm.size(), Eigen::Vector3f::Zero());
  for (int row = 0; row < mesh.rows; ++row) {
    for (int column = 0; column < mesh.columns; ++column) {
      const bool is_closed =
          (mesh.points_mm[at(row, 0)] - mesh.points_mm[at(row, mesh.columns - 1)]).norm() < 0.01F;
      const int left = column > 0 ? column - 1 : (is_closed ? mesh.columns - 2 : 0);
      const int right = column + 1 < mesh.columns ? column + 1 : (is_closed ? 1 : column);
      const Eigen::Vector3f across = mesh.points_mm[at(row, right)] - mesh.points_mm[at(row, left)];
      const Eigen::Vector3f down = mesh.points_mm[at(std::min(row + 1, mesh.rows - 1), column)] -
                                   mesh.points_mm[at(std::max(row - 1, 0), column)];
      Eigen::Vector3f normal = down.cross(across);
      if (is_inverted) normal = -normal;
      const float length = normal.norm();
      mesh.normals[at(row, column)] =
          length > 1e-6F ? Eigen::Vector3f(normal / length) : -Eigen::Vector3f::UnitY();
    }
  }
}

SurfaceMesh make_head(const Person& person) {
  const HeadShape shape(person);
  SurfaceMesh mesh;
  mesh.rows = head_rows;
  mesh.columns = head_columns;
  const auto count = static_cast<std::size_t>(head_rows) * head_columns;
  mesh.points_mm.resize(count);
  mesh.cavity.resize(count);
  cv::Mat1f radius(head_rows, head_columns);
  for (int row = 0; row < head_rows; ++row) {
    const double y = HeadShape::top_mm + (HeadShape::bottom_mm - HeadShape::top_mm) * row / (head_rows - 1);
    // Above the crown there is nothing: its rows lie on one another.
    const double place_y_mm = std::max(y, -128.5 * person.height_factor);
    for (int column = 0; column < head_columns; ++column) {
      const double angle = two_pi * (static_cast<double>(column) / (head_columns - 1) - 0.5);
      const double r = shape.radius_mm(angle, y);
      radius(row, column) = static_cast<float>(r);
      mesh.points_mm[static_cast<std::size_t>(row * head_columns + column)] = {
          static_cast<float>(r * std::sin(angle)), static_cast<float>(place_y_mm),
          static_cast<float>(-r * std::cos(angle))};
    }
  }
  find_normals(mesh, false);
  // Hollows get less of the light from all around.
  cv::Mat1f smooth;
  cv::GaussianBlur(radius, smooth, {}, 5.0, 5.0, cv::BORDER_REPLICATE);
  for (int row = 0; row < head_rows; ++row) {
    for (int column = 0; column < head_columns; ++column) {
      const float depth_mm = smooth(row, column) - radius(row, column);
      mesh.cavity[static_cast<std::size_t>(row * head_columns + column)] =
          std::clamp(1.0F - 0.085F * depth_mm, 0.45F, 1.12F);
    }
  }
  mesh.albedo = paint_head(person, radius);
  return mesh;
}

SurfaceMesh make_body(const Person& person) {
  constexpr int rows = 90;
  constexpr int columns = 97;
  SurfaceMesh mesh;
  mesh.rows = rows;
  mesh.columns = columns;
  const double top = body_sections.front().y_mm;
  const double bottom = body_sections.back().y_mm;
  for (int row = 0; row < rows; ++row) {
    const double fraction = static_cast<double>(row) / (rows - 1);
    const double y = top + (bottom - top) * fraction * fraction;  // finer at the neck
    const BodySection section = body_at(y);
    for (int column = 0; column < columns; ++column) {
      const double angle = two_pi * (static_cast<double>(column) / (columns - 1) - 0.5);
      const double s = std::sin(angle);
      const double c = std::cos(angle);
      const double r = std::pow(
          std::pow(std::abs(s) / section.width_mm, 2.5) + std::pow(std::abs(c) / section.depth_mm, 2.5),
          -1.0 / 2.5);
      mesh.points_mm.emplace_back(static_cast<float>(r * s), static_cast<float>(y),
                                  static_cast<float>(section.z_mm - r * c));
      // Under the chin it is dark.
      mesh.cavity.push_back(static_cast<float>(0.35 + 0.65 * smooth_step(105.0, 165.0, y)));
    }
  }
  find_normals(mesh, false);
  mesh.albedo = paint_body(person, rows, columns);
  return mesh;
}

}  // namespace yarbus::simulation
