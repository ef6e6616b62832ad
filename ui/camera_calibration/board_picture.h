#pragma once

#include <QWidget>
#include <memory>
#include <vector>

#include "app/session/camera_calibration_control.h"

namespace yarbus::ui {

/// The picture that was searched, with the board's points found in it, the outlines of the views kept so far,
/// and hatched the cells of the image where no board was shown yet.
class BoardPicture : public QWidget {
  Q_OBJECT
 public:
  explicit BoardPicture(QWidget* parent = nullptr);

  void follow(const CameraCalibrationSnapshot& now);
  /// Draws that view's outline strongly; 0: none.
  void select_view(int id);
  /// What to say while there is no picture.
  void set_waiting_text(const QString& text);

  [[nodiscard]] QSize sizeHint() const override { return {640, 480}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {280, 200}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::shared_ptr<const GrayImage> picture_;
  int width_px_ = 0;  ///< of the images, also while there is no picture
  int height_px_ = 0;
  std::vector<Eigen::Vector2d> points_px_;
  std::vector<CameraCalibrationView> views_;
  int coverage_columns_ = 0;
  int coverage_rows_ = 0;
  std::vector<int> coverage_;
  int selected_ = 0;
  QString waiting_text_;
};

}  // namespace yarbus::ui
