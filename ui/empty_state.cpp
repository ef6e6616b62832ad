#include "ui/empty_state.h"

#include <QGridLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/icons.h"
#include "ui/state_text.h"

namespace yarbus::ui {

EmptyState::EmptyState(const WindowActions& actions, QWidget* parent)
    : QWidget(parent), title_(new QLabel(this)) {
  setObjectName("empty_state");
  auto* icon = new QLabel(this);
  constexpr int icon_px = 72;
  icon->setPixmap(app_icon().pixmap(QSize(icon_px, icon_px), devicePixelRatioF()));
  QFont large = title_->font();
  large.setPointSizeF(1.5 * large.pointSizeF());
  title_->setFont(large);
  title_->setWordWrap(true);
  set_eye(EyeSide::right);

  auto* ways = new QGridLayout;
  ways->setHorizontalSpacing(16);
  ways->setVerticalSpacing(10);
  int row = 0;
  const auto add_way = [&](QAction* action, const QString& label, const QString& line) {
    auto* button = new QPushButton(action->icon(), label, this);
    button->setToolTip(action->toolTip());
    button->setMinimumHeight(34);
    button->setIconSize(QSize(20, 20));
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    auto* text = new QLabel(line, this);
    text->setWordWrap(true);
    ways->addWidget(button, row, 0);
    ways->addWidget(text, row++, 1);
  };
  const auto keys = [](const QAction* action) {
    return action->shortcut().toString(QKeySequence::NativeText);
  };
  add_way(actions.open_camera, "Camera…",
          "Plug in an eye camera or use the webcam; choose it from the list (" + keys(actions.open_camera) +
              ").");
  add_way(actions.open_file, "Video file…",
          "Play a recording of an eye or a face; or drop it here (" + keys(actions.open_file) + ").");
  add_way(actions.open_folder, "Image folder…",
          "Play a folder of images in the order of their names; or drop it here (" +
              keys(actions.open_folder) + ").");
  add_way(actions.open_stream, "Stream…",
          "Enter the http:// address of an MJPEG camera or phone (" + keys(actions.open_stream) + ").");
  add_way(actions.open_simulation, "Simulated eye…",
          "Without a camera: try everything on a drawn eye whose true gaze is known (" +
              keys(actions.open_simulation) + ").");
  ways->setColumnStretch(1, 1);

  auto* block = new QWidget(this);
  block->setMaximumWidth(620);
  auto* column = new QVBoxLayout(block);
  column->setSpacing(16);
  column->addWidget(icon, 0, Qt::AlignLeft);
  column->addWidget(title_);
  column->addLayout(ways);
  auto* outer = new QGridLayout(this);
  outer->setContentsMargins(24, 24, 24, 24);
  outer->setRowStretch(0, 1);
  outer->setRowStretch(2, 1);
  outer->setColumnStretch(0, 1);
  outer->setColumnStretch(1, 6);
  outer->setColumnStretch(2, 1);
  outer->addWidget(block, 1, 1);
}

void EmptyState::set_eye(EyeSide eye, bool is_seen_by_webcam) {
  const QString name = eye_name(eye).toLower();
  title_->setText(is_seen_by_webcam
                      ? QString("The webcam sees the %1 eye as well: no other source is needed").arg(name)
                      : QString("Open a source for the %1 eye").arg(name));
}

}  // namespace yarbus::ui
