#include "ui/start_page.h"

#include <QGridLayout>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/icons.h"
#include "ui/scrolled_content.h"
#include "ui/source_form.h"
#include "ui/state_text.h"

namespace yarbus::ui {

namespace {

QString keys_of(const QAction* action) { return action->shortcut().toString(QKeySequence::NativeText); }

}  // namespace

StartPage::StartPage(const WindowActions& actions, ListCameras list_cameras, QWidget* parent)
    : QWidget(parent),
      list_cameras_(std::move(list_cameras)),
      title_(new QLabel("Where do the pictures of the eye come from?", this)),
      note_(new QLabel(this)),
      permission_(new QLabel(permission_remedy(), this)),
      again_(new QPushButton(this)) {
  setObjectName("start_page");
  QFont large = title_->font();
  large.setPointSizeF(1.5 * large.pointSizeF());
  title_->setFont(large);
  for (QLabel* label : {title_, note_, permission_}) label->setWordWrap(true);
  note_->setObjectName("start_note");
  permission_->setObjectName("start_permission");
  permission_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* content = new QWidget(this);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(24, 16, 24, 16);
  column->setSpacing(12);
  column->addStretch(1);
  column->addWidget(title_);
  column->addWidget(note_);
  column->addWidget(make_doors());
  column->addWidget(permission_);
  column->addWidget(make_more_ways(actions));
  column->addStretch(2);
  fill_scrolled(*this, content);
  looking_.setInterval(look_interval_ms);
  connect(&looking_, &QTimer::timeout, this, &StartPage::look);
  // While the other eye is recorded, the same keys mark moments.
  QAction* mark = actions.marks.front();
  const auto share_keys = [this, mark] {
    for (QShortcut* key : keys_) key->setEnabled(!mark->isEnabled());
  };
  connect(mark, &QAction::changed, this, share_keys);
  share_keys();
  set_eye(EyeSide::right);
  set_last_source({});
  doors_ = start_doors({}, memory_);
  for (std::size_t i = 0; i < door_count; ++i) buttons_[i]->follow(doors_[i]);
  permission_->hide();
}

QWidget* StartPage::make_doors() {
  auto* row = new QWidget(this);
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(12);
  const std::array<const char*, door_count> icons{"camera", "eyeball", "simulation"};
  const std::array<const char*, door_count> names{"door_webcam", "door_eye_camera", "door_simulated_eye"};
  for (std::size_t i = 0; i < door_count; ++i) {
    const QString key = QString::number(i + 1);
    const auto door = static_cast<Door>(i);
    buttons_[i] = new DoorButton(icons[i], key, row);
    buttons_[i]->setObjectName(names[i]);
    connect(buttons_[i], &QPushButton::clicked, this, [this, door] { choose(door); });
    line->addWidget(buttons_[i], 1);
    keys_[i] = new QShortcut(QKeySequence(key), this);
    connect(keys_[i], &QShortcut::activated, this, [this, door] { choose(door); });
  }
  return row;
}

QWidget* StartPage::make_more_ways(const WindowActions& actions) {
  auto* part = new QWidget(this);
  auto* grid = new QGridLayout(part);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(6);
  grid->addWidget(new QLabel("More ways, or drop a file or folder here:", part), 0, 0, 1, 3);
  struct Way {
    QAction* action;
    QString label;
    QString tip;
  };
  const std::array<Way, 6> ways{{
      {actions.open_camera, "Choose a camera…", "See every camera before one is opened"},
      {actions.open_file, "Video file…", "Play a recording of an eye or a face"},
      {actions.open_folder, "Image folder…", "Play a folder of images in the order of their names"},
      {actions.open_stream, "Stream…", "Enter the http:// address of an MJPEG camera or phone"},
      {actions.open_simulation, "Simulated eye or face…", "Choose scenario and person"},
      {actions.sessions, "Recorded sessions…", "Replay what was recorded here"},
  }};
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const Way& way = ways[i];
    auto* button = new QPushButton(way.action->icon(), way.label, part);
    button->setToolTip(way.tip + " (" + keys_of(way.action) + ")");
    button->setAutoDefault(true);
    connect(button, &QPushButton::clicked, way.action, &QAction::trigger);
    grid->addWidget(button, 1 + static_cast<int>(i / 3), static_cast<int>(i % 3));
  }
  again_->setObjectName("open_again");
  again_->setAutoDefault(true);
  connect(again_, &QPushButton::clicked, this, &StartPage::last_source_wanted);
  grid->addWidget(again_, 3, 0, 1, 3);
  return part;
}

void StartPage::set_eye(EyeSide eye, bool is_seen_by_webcam) {
  const QString name = eye_name(eye).toLower();
  note_->setText(is_seen_by_webcam
                     ? QString("The webcam sees the %1 eye as well: no other source is needed.").arg(name)
                     : QString("Open a source for the %1 eye. A webcam sees both.").arg(name));
}

void StartPage::set_memory(const DoorMemory& memory, std::optional<Door> last) {
  memory_ = memory;
  last_ = last;
  if (isVisible()) look();
}

void StartPage::set_last_source(const QString& name) {
  again_->setText("Open again: " + name);
  again_->setVisible(!name.isEmpty());
}

void StartPage::look() {
  const std::vector<CameraChoice> cameras = list_cameras_();
  doors_ = start_doors(cameras, memory_);
  const QWidget* before = focusWidget();
  for (std::size_t i = 0; i < door_count; ++i) buttons_[i]->follow(doors_[i]);
  permission_->setVisible(!cameras.empty() &&
                          std::none_of(cameras.begin(), cameras.end(),
                                       [](const CameraChoice& camera) { return camera.is_readable; }));
  // A door that closed under the focus gives it to one that opens.
  if (before != nullptr && !before->isEnabled()) focus_door();
}

void StartPage::focus_door() {
  buttons_[static_cast<std::size_t>(door_to_begin_with(doors_, last_))]->setFocus();
}

void StartPage::choose(Door door) {
  if (doors_[static_cast<std::size_t>(door)].request) Q_EMIT door_chosen(door);
}

void StartPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  look();
  looking_.start();
  focus_door();
}

void StartPage::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  looking_.stop();
}

}  // namespace yarbus::ui
