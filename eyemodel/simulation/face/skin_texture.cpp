#include "eyemodel/simulation/face/skin_texture.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "eyemodel/simulation/face/head_shape.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

constexpr int texture_columns = 1536;
constexpr int texture_rows = 1080;
constexpr double mm_per_row = (HeadShape::bottom_mm - HeadShape::top_mm) / (texture_rows - 1);
constexpr double mm_per_column = 85.0 * 2.0 * std::numbers::pi / (texture_columns - 1);  // about

double skin_bump(double offset, double sigma) { return std::exp(-0.5 * (offset / sigma) * (offset / sigma)); }

double mix(double a, double b, double share) { return a + share * (b - a); }

/// A face's colours at a place; x sideways, y down, mm; y in the proportions of the mean head.
class FaceColours {
 public:
  FaceColours(const Person& person, const HeadShape& shape) : person_(person), shape_(shape) {}

  double at(double angle, double x, double y_mm, double grain, double streak, double fine) const {
    const double y = y_mm / person_.height_factor;
    const double side = std::abs(x);
    double albedo = person_.skin_albedo * (1.0 + person_.skin_contrast * grain);
    if (std::abs(angle) < 1.5) albedo = face(albedo, x, y, side, fine, streak);
    const double tips_mm = 5.0 * smooth_step(0.85, 0.6, std::abs(angle));
    const double hair = shape_.hair(angle, y_mm + tips_mm * streak);
    const double strand = person_.hair_albedo * std::max(0.3, 1.0 + 0.55 * streak + 0.2 * fine);
    return mix(albedo, strand, hair);
  }

 private:
  double face(double albedo, double x, double y, double side, double fine, double streak) const {
    const double half = 0.5 * (person_.eye_centers_in_head_mm[1] - person_.eye_centers_in_head_mm[0]).x();
    // Redder, so darker: cheeks, nose tip; shadows under the eyes and in the inner corners.
    albedo *= 1.0 - 0.10 * skin_bump(side - 38.0, 13.0) * skin_bump(y - 36.0, 13.0);
    albedo *= 1.0 - 0.10 * skin_bump(x, 9.0) * skin_bump(y - 46.0, 8.0);
    albedo *= 1.0 - 0.22 * skin_bump(side - half + 2.0, 12.0) *
                        skin_bump(y - 14.5 - 0.004 * (side - half) * (side - half), 3.2);
    albedo *= 1.0 - 0.20 * skin_bump(side - half + 15.5, 4.5) * skin_bump(y + 2.0, 6.0);
    albedo *= 1.0 - 0.18 * skin_bump(side - half, 14.0) * skin_bump(y + 10.0, 4.5);
    // Folds from the nose to the mouth.
    const double fold = 17.0 + 0.5 * (y - 50.0);
    albedo *= 1.0 - 0.16 * skin_bump(side - fold, 1.6) * smooth_step(46.0, 54.0, y) * smooth_step(82.0, 70.0, y);
    // Beneath the nose, beneath the lip.
    albedo *= 1.0 - 0.32 * skin_bump(x, 11.0) * skin_bump(y - 57.5, 2.8);
    albedo *= 1.0 - 0.20 * skin_bump(x, 15.0) * skin_bump(y - 85.0, 3.5);
    albedo *= 1.0 - 0.30 * skin_bump(side - 18.0, 1.8) * skin_bump(y - 49.0, 5.0);
    if (person_.stubble > 0.0) {
      const double beard =
          std::max(smooth_step(58.0, 66.0, y) * smooth_step(58.0, 40.0, side + 0.25 * (95.0 - y)),
                   smooth_step(84.0, 92.0, y));
      albedo *= 1.0 - person_.stubble * beard * std::clamp(0.75 + 0.35 * fine, 0.0, 1.3);
    }
    // Lips.
    const double mouth_half = 25.0;
    const double u = x / mouth_half;
    if (std::abs(u) < 1.1) {
      const double line = 71.5 - 1.6 * u * u;
      const double taper = std::max(0.0, 1.0 - u * u);
      const double upper = 6.0 * person_.lip_factor * taper * (1.0 - 0.25 * skin_bump(x, 3.0));
      const double lower = 8.0 * person_.lip_factor * taper;
      const double d = y - line;
      const double inside =
          d < 0.0 ? smooth_step(-upper - 0.8, -upper + 0.8, d) : smooth_step(lower + 0.8, lower - 0.8, d);
      albedo *= 1.0 - (d < 0.0 ? 0.38 : 0.30) * inside * smooth_step(0.0, 0.1, taper) * (1.0 + 0.15 * streak);
      albedo *= 1.0 - 0.72 * skin_bump(d, 0.9) * smooth_step(1.1, 0.92, std::abs(u));
    }
    // Nostrils.
    const double nostril = skin_bump(side - 6.8, 2.5) * skin_bump(y - 54.5, 1.5);
    albedo *= 1.0 - 0.90 * std::min(1.0, 1.4 * nostril);
    // Brows: an arch that thins to the side.
    const double along = (side - 9.0) / 40.0;
    if (along > -0.1 && along < 1.1) {
      const double arch =
          -person_.brow_height_mm + 3.0 - 7.0 * std::sin(std::numbers::pi * (0.12 + 0.70 * along));
      const double thick = 4.6 * (1.0 - 0.6 * along * along);
      const double hairs = smooth_step(thick, 0.4 * thick, std::abs(y - arch + 0.7 * fine)) *
                           smooth_step(-0.05, 0.1, along) * smooth_step(1.08, 0.85, along);
      albedo = mix(albedo, person_.brow_albedo,
                   person_.brow_strength * hairs * std::clamp(0.92 + 0.14 * streak, 0.0, 1.0));
    }
    return albedo;
  }

  const Person& person_;
  const HeadShape& shape_;
};

void add_spot(cv::Mat1f& albedo, double column, double row, double radius_mm, double strength) {
  const double radius_x = radius_mm / mm_per_column;
  const double radius_y = radius_mm / mm_per_row;
  const int low_y = std::max(0, static_cast<int>(row - 3.0 * radius_y));
  const int high_y = std::min(albedo.rows - 1, static_cast<int>(row + 3.0 * radius_y));
  const int low_x = std::max(0, static_cast<int>(column - 3.0 * radius_x));
  const int high_x = std::min(albedo.cols - 1, static_cast<int>(column + 3.0 * radius_x));
  for (int y = low_y; y <= high_y; ++y) {
    for (int x = low_x; x <= high_x; ++x)
      albedo(y, x) *=
          static_cast<float>(1.0 - strength * skin_bump(x - column, radius_x) * skin_bump(y - row, radius_y));
  }
}

}  // namespace

cv::Mat1f grain(cv::Size size, double grain_px, std::uint64_t seed) {
  Random random(scramble(seed));
  const cv::Size coarse(std::max(2, static_cast<int>(size.width / grain_px) + 2),
                        std::max(2, static_cast<int>(size.height / grain_px) + 2));
  cv::Mat1f values(coarse);
  for (float& value : values)
    value = static_cast<float>((random.uniform() + random.uniform() + random.uniform() - 1.5) * 2.0);
  cv::Mat1f out;
  cv::resize(values, out, size, 0.0, 0.0, cv::INTER_CUBIC);
  return out;
}

cv::Mat1f paint_head(const Person& person, const cv::Mat1f& radius_mm) {
  const cv::Size size(texture_columns, texture_rows);
  const HeadShape shape(person);
  cv::Mat1f radius;
  cv::resize(radius_mm, radius, size, 0.0, 0.0, cv::INTER_LINEAR);
  const cv::Mat1f blotches = grain(size, 60.0, person.seed + 11);
  const cv::Mat1f patches = grain(size, 18.0, person.seed + 12);
  const cv::Mat1f marks = grain(size, 7.0, person.seed + 13);
  const cv::Mat1f pores = grain(size, 3.0, person.seed + 14);
  // Hair runs down: grains long in height.
  cv::Mat1f strands;
  cv::resize(grain({texture_columns, texture_rows / 14}, 4.0, person.seed + 15), strands, size, 0.0, 0.0,
             cv::INTER_CUBIC);

  const FaceColours colours(person, shape);
  cv::Mat1f albedo(size);
  for (int row = 0; row < size.height; ++row) {
    const double y = HeadShape::top_mm + mm_per_row * row;
    for (int column = 0; column < size.width; ++column) {
      const double angle = 2.0 * std::numbers::pi * (static_cast<double>(column) / (size.width - 1) - 0.5);
      const double x = radius(row, column) * std::sin(angle);
      const double skin_grain = 0.045 * blotches(row, column) + 0.035 * patches(row, column) +
                                0.035 * marks(row, column) + 0.03 * pores(row, column);
      albedo(row, column) = static_cast<float>(
          std::max(0.01, colours.at(angle, x, y, skin_grain, strands(row, column), pores(row, column))));
    }
  }
  Random random(scramble(person.seed ^ 0xF4EC));
  const auto anywhere = [&](double radius_low, double radius_high, double weakest, double strongest) {
    const double column = (0.5 + random.uniform(-0.21, 0.21)) * size.width;
    const double row = random.uniform(0.22, 0.94) * size.height;
    add_spot(albedo, column, row, random.uniform(radius_low, radius_high),
             random.uniform(weakest, strongest));
  };
  for (int i = 0; i < person.freckles; ++i) anywhere(0.35, 0.9, 0.08, 0.30);
  const int moles = 4 + static_cast<int>(random.uniform(0.0, 7.0));
  for (int i = 0; i < moles; ++i) anywhere(0.7, 1.4, 0.4, 0.7);
  return albedo;
}

cv::Mat1f paint_body(const Person& person, int rows, int columns) {
  const cv::Size size(8 * columns, 8 * rows);
  const cv::Mat1f folds = grain(size, 70.0, person.seed + 21);
  const cv::Mat1f weave = grain(size, 5.0, person.seed + 22);
  cv::Mat1f albedo(size);
  const bool has_stripes = person.seed % 3 == 0;
  for (int row = 0; row < size.height; ++row) {
    // The collar: the rows lie closer at the neck (make_body).
    const double fraction = static_cast<double>(row) / size.height;
    const double y = 70.0 + 1430.0 * fraction * fraction;
    for (int column = 0; column < size.width; ++column) {
      const double front =
          std::cos(2.0 * std::numbers::pi * (static_cast<double>(column) / size.width - 0.5));
      const double collar = 148.0 + 14.0 * std::max(0.0, front);
      double clothes = person.clothes_albedo * (1.0 + 0.12 * folds(row, column) + 0.06 * weave(row, column));
      if (has_stripes && std::fmod(y, 24.0) < 8.0) clothes *= 0.5;
      const double skin = 0.92 * person.skin_albedo * (1.0 + 0.03 * folds(row, column));
      albedo(row, column) =
          static_cast<float>(std::max(0.01, mix(skin, clothes, smooth_step(collar - 1.5, collar + 1.5, y))));
    }
  }
  return albedo;
}

}  // namespace yarbus::simulation
