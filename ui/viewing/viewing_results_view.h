#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "ui/report/viewing_figure.h"

namespace yarbus::ui {

/// The figure of a viewing's results in the window's colours; as high as it needs to be for its width, so
/// that it is scrolled when there are many tasks.
class ViewingResultsView : public QWidget {
  Q_OBJECT
 public:
  explicit ViewingResultsView(QWidget* parent = nullptr);

  void show_results(std::shared_ptr<const ViewingResults> results, std::optional<StimulusPicture> picture);
  void set_layers(const ViewingLayers& layers);
  [[nodiscard]] const ViewingLayers& layers() const { return layers_; }
  /// Nothing to draw yet: unset.
  [[nodiscard]] std::optional<ViewingFigure> figure() const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void redraw();
  [[nodiscard]] double font_px() const;
  void take_height();

  std::shared_ptr<const ViewingResults> results_;
  std::optional<StimulusPicture> picture_;
  ViewingLayers layers_;
  QPixmap drawn_;
};

}  // namespace yarbus::ui
