#include "ui/camera_calibration/board_choices.h"

namespace yarbus::ui {

namespace {

const QString group = "camera_calibration/";

}  // namespace

CameraCalibrationSetup load_board(const QSettings& settings) {
  CameraCalibrationSetup first;
  first.board.square_mm = 20.0;
  CameraCalibrationSetup setup = first;
  const QString kind = settings.value(group + "board").toString();
  for (const BoardKind known :
       {BoardKind::chessboard, BoardKind::circles, BoardKind::asymmetric_circles, BoardKind::charuco}) {
    if (kind == to_string(known)) setup.board.kind = known;
  }
  const auto number = [&](const char* key, double usual) {
    return settings.value(group + key, usual).toDouble();
  };
  setup.board.columns = settings.value(group + "columns", first.board.columns).toInt();
  setup.board.rows = settings.value(group + "rows", first.board.rows).toInt();
  setup.board.square_mm = number("square_mm", first.board.square_mm);
  setup.board.marker_mm = number("marker_mm", first.board.marker_mm);
  setup.board.circle_mm = number("circle_mm", first.board.circle_mm);
  setup.board.dictionary =
      settings.value(group + "dictionary", QString::fromStdString(first.board.dictionary))
          .toString()
          .toStdString();
  setup.takes_views_by_itself = settings.value(group + "takes_views_by_itself", true).toBool();
  if (!setup.board.validate()) setup.board = first.board;
  return setup;
}

void save_board(QSettings& settings, const CameraCalibrationSetup& setup) {
  settings.setValue(group + "board", to_string(setup.board.kind));
  settings.setValue(group + "columns", setup.board.columns);
  settings.setValue(group + "rows", setup.board.rows);
  settings.setValue(group + "square_mm", setup.board.square_mm);
  settings.setValue(group + "marker_mm", setup.board.marker_mm);
  settings.setValue(group + "circle_mm", setup.board.circle_mm);
  settings.setValue(group + "dictionary", QString::fromStdString(setup.board.dictionary));
  settings.setValue(group + "takes_views_by_itself", setup.takes_views_by_itself);
}

}  // namespace yarbus::ui
