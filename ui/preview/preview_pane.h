#pragma once

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QWidget>

#include "ui/preview/histogram_view.h"
#include "ui/preview/preview_view.h"

namespace yarbus::ui {

/// The preview of what is chosen, with aids for focus and exposure, as bars and in words.
class PreviewPane : public QWidget {
  Q_OBJECT
 public:
  explicit PreviewPane(QWidget* parent = nullptr);

  void follow(const CameraPreview& preview);
  /// Nothing is looked at, and why.
  void clear(const QString& why);
  [[nodiscard]] const PictureArea& area() const { return view_->area(); }
  void reset_area() { view_->set_area({}); }

 Q_SIGNALS:
  void area_chosen(const yarbus::PictureArea& area);
  void restart_wanted();  ///< the sharpest so far shall be forgotten

 private:
  PreviewView* view_;
  QProgressBar* focus_;
  QLabel* focus_words_;
  QPushButton* restart_;
  HistogramView* histogram_;
  QLabel* exposure_words_;
};

}  // namespace yarbus::ui
