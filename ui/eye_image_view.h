#pragma once

#include <QWidget>
#include <optional>

#include "app/session/session.h"
#include "ui/report/overlay.h"

namespace yarbus::ui {

/// The camera image with what the tracker made of it. Holds at most one sample, so at most one frame of the
/// pool.
class EyeImageView : public QWidget {
  Q_OBJECT
 public:
  explicit EyeImageView(QWidget* parent = nullptr);

  /// Null: no image yet.
  void show_sample(GazeSamplePtr sample);
  void set_overlay(const OverlayOptions& options);
  [[nodiscard]] const OverlayOptions& overlay() const { return options_; }
  /// How the mouse and the arrow keys send the simulated eye's gaze somewhere.
  enum class Pointing : std::uint8_t { off, pressed, moved };
  void set_pointing(Pointing pointing);
  /// While several faces are seen, a click on one says which is meant.
  void set_choosing_face(bool choosing);
  /// Shows that eye of a webcam's face alone, as large as fits; where it was while it is closed or covered.
  /// Unset: the whole image.
  void set_enlarged_eye(std::optional<EyeSide> side) { enlarged_eye_ = side; }
  /// What to say while there is no image.
  void set_waiting_text(const QString& text);
  [[nodiscard]] QSize sizeHint() const override { return {720, 540}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {240, 180}; }

 Q_SIGNALS:
  /// Degrees, yaw and pitch.
  void pointed(const Eigen::Vector2d& pointer_deg);
  /// By the arrow keys: degrees from where the gaze is sent now.
  void pointed_further(const Eigen::Vector2d& by_deg);
  /// Frames & units: image, px.
  void face_chosen(const Eigen::Vector2d& place_px);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  /// An eye's surroundings. Frames & units: image, px.
  struct EyePlace {
    Eigen::Vector2d center_px = Eigen::Vector2d::Zero();
    double width_px = 0.0;
  };
  void point(const QMouseEvent& event);
  void follow_enlarged_eye();
  [[nodiscard]] QRectF enlarged_target(const GrayView& view) const;
  void use_cursor();

  GazeSamplePtr sample_;
  OverlayOptions options_;
  QString waiting_text_;
  Pointing pointing_ = Pointing::off;
  bool is_choosing_face_ = false;
  std::optional<EyeSide> enlarged_eye_;
  std::optional<EyePlace> eye_place_;
};

}  // namespace yarbus::ui
