#include "eyemodel/simulation/lashes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

/// Adds a tapered line to the coverage; widths in px are at its ends.
void draw_segment(cv::Mat1f& coverage, const Eigen::Vector2d& a, const Eigen::Vector2d& b, double width_a,
                  double width_b) {
  const double reach = 0.5 * std::max(width_a, width_b) + 1.0;
  const int x0 = std::max(0, static_cast<int>(std::floor(std::min(a.x(), b.x()) - reach)));
  const int x1 = std::min(coverage.cols - 1, static_cast<int>(std::ceil(std::max(a.x(), b.x()) + reach)));
  const int y0 = std::max(0, static_cast<int>(std::floor(std::min(a.y(), b.y()) - reach)));
  const int y1 = std::min(coverage.rows - 1, static_cast<int>(std::ceil(std::max(a.y(), b.y()) + reach)));
  const Eigen::Vector2d along = b - a;
  const double squared = std::max(along.squaredNorm(), 1e-9);
  for (int y = y0; y <= y1; ++y) {
    float* row = coverage[y];
    for (int x = x0; x <= x1; ++x) {
      const Eigen::Vector2d from_a = Eigen::Vector2d(x, y) - a;
      const double t = std::clamp(from_a.dot(along) / squared, 0.0, 1.0);
      const double distance = (from_a - t * along).norm();
      const double width = std::lerp(width_a, width_b, t);
      // A line thinner than a pixel hides only its share of it.
      const double shown = std::clamp(0.5 * width + 0.5 - distance, 0.0, std::min(1.0, width));
      row[x] = std::max(row[x], static_cast<float>(shown));
    }
  }
}

}  // namespace

Lashes::Lashes(std::uint64_t seed, const LashStyle& style) {
  Random random(scramble(seed ^ 0x1A54E5));
  const auto grow = [&](int count, bool is_upper) {
    const double length_scale = is_upper ? 1.0 : 0.42;
    double clump_azimuth = 0.0;
    int left_in_clump = 0;
    for (int i = 0; i < count; ++i) {
      Lash lash;
      lash.is_upper = is_upper;
      lash.azimuth = -0.90 + 1.80 * (i + random.uniform(0.1, 0.9)) / count;
      lash.lift_rad = (is_upper ? random.uniform(1.5, 5.0) : random.uniform(2.5, 5.5)) * rad_per_deg;
      if (left_in_clump == 0) {
        left_in_clump = 1 + static_cast<int>(random.uniform(0.0, 5.0));
        clump_azimuth = lash.azimuth + 0.5 * 1.8 * left_in_clump / count;
      }
      --left_in_clump;
      const double edge = 1.0 - 0.35 * lash.azimuth * lash.azimuth;  // shorter towards the corners
      const double length =
          style.length_mm * length_scale * edge * std::clamp(1.0 + 0.2 * random.normal(), 0.5, 1.5);
      // Fan outwards from the middle; hairs of a clump lean together.
      double lean = 0.30 * lash.azimuth + 0.16 * random.normal();
      lean += style.clumping * 12.0 * (clump_azimuth - lash.azimuth);
      const double droop = std::clamp(style.droop + 0.12 * random.normal(), 0.0, 1.2);
      // Out of the eye first; then up and back (curled) or down over the eye (drooping).
      const double out = is_upper ? 0.62 + 0.10 * random.normal() : 0.45 + 0.10 * random.normal();
      const double up_mid = is_upper ? std::lerp(-0.05, -0.42, droop) : std::lerp(-0.18, -0.28, droop);
      const double up_tip = is_upper ? std::lerp(0.62, -0.95, droop) : -0.55 + 0.10 * random.normal();
      lash.middle = length * Eigen::Vector3d(0.55 * out + 0.20, 0.35 * lean, up_mid);
      lash.tip = length * Eigen::Vector3d(out, 0.8 * lean, up_tip);
      lash.thickness_mm = style.thickness_mm * std::clamp(1.0 + 0.25 * random.normal(), 0.5, 1.7);
      lashes_.push_back(lash);
    }
  };
  grow(style.upper_count, true);
  grow(style.lower_count, false);
}

void Lashes::draw(const Scene& scene, const LidOpening& opening, cv::Mat1f& coverage) const {
  for (const Lash& lash : lashes_) {
    const double azimuth = lash.azimuth * opening.canthus_azimuth_rad();
    const double margin = lash.is_upper ? std::max(opening.upper_rad(azimuth), opening.lower_rad(azimuth))
                                        : opening.lower_rad(azimuth);
    const double elevation = lash.is_upper ? margin + lash.lift_rad : margin - lash.lift_rad;
    const Eigen::Vector3d root = opening.point_mm(azimuth, elevation);
    const Eigen::Vector3d out = root.normalized();
    const Eigen::Vector3d side(std::cos(azimuth), 0.0, std::sin(azimuth));  // head frame, towards +azimuth
    const Eigen::Vector3d up = out.cross(side);
    const auto in_head = [&](const Eigen::Vector3d& p) -> Eigen::Vector3d {
      return root + p.x() * out + p.y() * side + p.z() * up;
    };
    const Eigen::Vector3d middle = in_head(lash.middle);
    const Eigen::Vector3d tip = in_head(lash.tip);
    constexpr int pieces = 9;
    Eigen::Vector2d last_px;
    double last_width = 0.0;
    bool has_last = false;
    for (int i = 0; i <= pieces; ++i) {
      const double t = static_cast<double>(i) / pieces;
      const Eigen::Vector3d in_cam =
          scene.cam_from_head * ((1 - t) * (1 - t) * root + 2 * t * (1 - t) * middle + t * t * tip) +
          scene.eye_center_in_cam_mm;
      constexpr double nearest_mm = 3.0;
      if (in_cam.z() < nearest_mm) break;
      const Eigen::Vector2d px = scene.camera.project(in_cam);
      const double width = lash.thickness_mm * (1.0 - 0.75 * t) * scene.camera.fx_px / in_cam.z();
      if (has_last) draw_segment(coverage, last_px, px, last_width, width);
      last_px = px;
      last_width = width;
      has_last = true;
    }
  }
}

}  // namespace yarbus::simulation
