#pragma once

#include <QPainter>
#include <QPalette>
#include <QSizeF>
#include <QString>

#include "app/viewing/heat_map.h"
#include "app/viewing/viewing_results.h"
#include "ui/report/stimulus_picture.h"

namespace yarbus::ui {

/// What is drawn over the picture.
struct ViewingLayers {
  bool fixations = true;
  bool saccades = true;
  bool heat = false;
  double heat_sigma_deg = 1.0;
};

/// The results of a viewing: a panel a task, side by side, each with its figures, and a legend below.
struct ViewingFigure {
  const ViewingResults& results;
  const StimulusPicture* picture = nullptr;  ///< null: it is not there any more
  ViewingLayers layers;
};

/// A good size for it, and how high it is when it is so wide: painter coordinates.
QSizeF viewing_figure_size(const ViewingFigure& figure);
double viewing_figure_height(const ViewingFigure& figure, double width, double font_px);

/// `font_px`: height of the texts. The heat maps of all tasks have one scale. Which is which is told by
/// shape, number and line, never by colour alone.
void paint_viewing_figure(QPainter& painter, const QRectF& target, const ViewingFigure& figure,
                          const QPalette& palette, double font_px);

/// A task's figures in words: "12 fixations, mean 0.31 s; path 87°".
QString viewing_task_words(const TaskResult& task);
/// "Task 3: give the ages of the people".
QString viewing_task_title(const TaskResult& task);
/// The whole figure for people who do not see it: a sentence a task.
QString viewing_words(const ViewingResults& results);

}  // namespace yarbus::ui
