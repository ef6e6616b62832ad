#pragma once

#include <array>
#include <span>

#include <Eigen/Core>

namespace yarbus {

constexpr int appearance_axis_numbers = 2;    ///< of the optical axis in head
constexpr int appearance_place_numbers = 11;  ///< axis; lids; openness; head's turn and shift
constexpr int appearance_patch_numbers = 8;   ///< principal components of the patch
constexpr int appearance_numbers = appearance_place_numbers + appearance_patch_numbers;
constexpr int most_appearances = 160;
/// In units of their usual spread.
using AppearanceNumbers = Eigen::Matrix<double, appearance_numbers, 1>;

/// What one frame of a calibration left over. Units: rad of gaze.
struct AppearancePoint {
  AppearanceNumbers at = AppearanceNumbers::Zero();
  Eigen::Vector2d value_rad = Eigen::Vector2d::Zero();  ///< across, down
  int target = 0;                                       ///< frames of one share an error
};

/// Gaussian-process regression of a residual on appearance, across and down each by itself. Kernel: squared
/// exponentials of the eye's axis, of lids and head, and of the patch, multiplied; noise of each frame and an
/// error that all frames of a target share. Method: Rasmussen & Williams 2006, algorithm 2.1; signal, the
/// axis' and the patch's length and the shared error maximise the marginal likelihood on a grid, the noise in
/// closed form; no signal is among what is tried. Immutable. Threads: const, concurrent-safe. Cost: 40 us for
/// 160 points, no heap in `predict`.
class AppearanceProcess {
 public:
  struct Prediction {
    Eigen::Vector2d mean_rad = Eigen::Vector2d::Zero();
    Eigen::Vector2d variance_rad2 = Eigen::Vector2d::Zero();  ///< of the function, without noise
  };
  /// Takes at most most_appearances points, one at least.
  static AppearanceProcess fit(std::span<const AppearancePoint> points);
  [[nodiscard]] Prediction predict(const AppearanceNumbers& at) const;
  /// Neither direction has anything to correct.
  [[nodiscard]] bool is_zero() const { return parts_[0].signal_rad2 == 0.0 && parts_[1].signal_rad2 == 0.0; }

 private:
  struct Lengths {
    double axis = 1.0;
    double patch = 0.0;  ///< 0: the patch plays no part
  };
  struct Part {
    double signal_rad2 = 0.0;
    double noise_rad2 = 0.0;
    double shared_rad2 = 0.0;
    Lengths lengths;
    Eigen::VectorXd weights;
    Eigen::MatrixXd cholesky;
  };
  static double kernel(const AppearanceNumbers& a, const AppearanceNumbers& b, const Lengths& lengths);

  Eigen::Matrix<double, appearance_numbers, Eigen::Dynamic> at_;
  std::array<Part, 2> parts_;  ///< across, down
};

}  // namespace yarbus
