#pragma once

#include <QObject>
#include <QTimer>
#include <vector>

#include "app/session/camera_preview_control.h"

namespace yarbus::ui {

/// Asks the session for previews and pulls what is seen, while it lives. What is wished for while somebody
/// still types or turns a choice is asked for after a short rest. Threads: the window's.
class PreviewFeed : public QObject {
  Q_OBJECT
 public:
  explicit PreviewFeed(CameraPreviewControl& control, QObject* parent = nullptr);
  ~PreviewFeed() override;

  void want(const std::vector<PreviewWish>& wishes);
  void forget_sharpest() { control_.forget_sharpest(); }
  /// One pull. The timer calls it; tests do too.
  void poll();

  static constexpr int rest_ms = 500;
  static constexpr int pull_interval_ms = 100;

 Q_SIGNALS:
  void arrived(const std::vector<yarbus::CameraPreview>& previews);

 private:
  void ask();

  CameraPreviewControl& control_;
  std::vector<PreviewWish> wishes_;
  QTimer rest_;
  QTimer pull_;
};

/// What of a request a preview needs: what the camera is taken for changes no picture.
SourceRequest preview_source(const SourceRequest& request);

}  // namespace yarbus::ui
