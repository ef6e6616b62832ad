#include "ui/camera_calibration/camera_calibration_window.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QScrollArea>
#include <QShowEvent>
#include <QSplitter>
#include <QTabBar>
#include <QVBoxLayout>
#include <array>

#include "ui/calibration/page_parts.h"
#include "ui/camera_calibration/board_choices.h"
#include "ui/camera_calibration/camera_words.h"
#include "ui/source_settings.h"
#include "ui/state_text.h"

namespace yarbus::ui {

namespace {

constexpr QSize camera_window_size(1180, 780);
constexpr int poll_ms = 33;  // the board is searched no more often
constexpr const char* pictures_folder_key = "camera_calibration/pictures_folder";

bool is_open(const SourceSnapshot& source) {
  return source.state != PlaybackState::closed && source.state != PlaybackState::failed;
}

enum Tab : int { board_tab, views_tab, result_tab, library_tab };

/// A tab whose content scrolls when the window is small.
QScrollArea* scrolled(QWidget* content) {
  auto* area = new QScrollArea;
  area->setFrameShape(QFrame::NoFrame);
  area->setWidgetResizable(true);
  area->setWidget(content);
  return area;
}

QPushButton* plain_button(const QString& text, const QString& name, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setObjectName(name);
  button->setMinimumHeight(30);
  button->setAutoDefault(false);
  return button;
}

}  // namespace

CameraCalibrationWindow::CameraCalibrationWindow(Session& session, Presenter& presenter, QSettings& settings,
                                                 QWidget* parent)
    : QDialog(parent, Qt::Window),
      session_(session),
      control_(session.camera_calibration()),
      presenter_(presenter),
      settings_(settings) {
  setObjectName("camera_calibration");
  setWindowTitle("Calibrate camera – Yarbus");
  auto* dismiss = new QAction("Dismiss message", this);
  message_bar_ = new MessageBar(dismiss, this);
  connect(dismiss, &QAction::triggered, message_bar_, &MessageBar::dismiss);
  auto* split = new QSplitter(Qt::Horizontal, this);
  split->addWidget(make_left());
  split->addWidget(make_right());
  split->setStretchFactor(0, 3);
  split->setStretchFactor(1, 2);
  split->setSizes({680, 480});
  split->setChildrenCollapsible(false);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 12);
  column->setSpacing(8);
  column->addWidget(message_bar_);
  column->addWidget(make_pending_row());
  column->addWidget(split, 1);
  column->addLayout(make_buttons());
  resize(camera_window_size);
  board_->set_setup(load_board(settings_));
  connect_parts();
  timer_.setInterval(poll_ms);
  connect(&timer_, &QTimer::timeout, this, &CameraCalibrationWindow::poll);
}

QWidget* CameraCalibrationWindow::make_left() {
  auto* left = new QWidget(this);
  eye_ = new QComboBox(left);
  eye_->setObjectName("camera_eye");
  eye_->setAccessibleName("Camera of which eye");
  eye_->addItem("Right eye’s camera", static_cast<int>(EyeSide::right));
  eye_->addItem("Left eye’s camera", static_cast<int>(EyeSide::left));
  source_text_ = wrapped_label({}, left);
  source_text_->setObjectName("camera_source");
  guide_ = wrapped_label({}, left, 1.7, true);
  guide_->setObjectName("camera_guide");
  board_text_ = wrapped_label({}, left, 1.15);
  board_text_->setObjectName("camera_board_text");
  picture_ = new BoardPicture(left);
  progress_ = new QProgressBar(left);
  progress_->setObjectName("camera_progress");
  progress_->setAccessibleName("How much is collected");
  progress_->setRange(0, 100);
  missing_ = new FoldedText("All that is still missing", false, left);
  missing_->setObjectName("camera_missing");
  missing_->set_html({});
  auto* row = new QHBoxLayout;
  row->addWidget(eye_);
  row->addWidget(source_text_, 1);
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins(20, 8, 10, 0);
  column->setSpacing(8);
  column->addLayout(row);
  column->addWidget(guide_);
  column->addWidget(board_text_);
  column->addWidget(picture_, 1);
  column->addWidget(progress_);
  column->addWidget(missing_);
  return left;
}

QWidget* CameraCalibrationWindow::make_right() {
  tabs_ = new QTabWidget(this);
  tabs_->setObjectName("camera_tabs");
  board_ = new BoardPanel(control_, settings_, tabs_);
  views_ = new ViewsPanel(control_, tabs_);
  result_ = new ResultPanel(control_, settings_, tabs_);
  library_ = new LibraryPanel(control_, settings_, tabs_);
  tabs_->insertTab(board_tab, scrolled(board_), "&Board");
  tabs_->insertTab(views_tab, views_, "V&iews");
  tabs_->insertTab(result_tab, scrolled(result_), "&Result");
  tabs_->insertTab(library_tab, library_, "Ca&meras");
  auto* right = new QWidget(this);
  auto* column = new QVBoxLayout(right);
  column->setContentsMargins(10, 8, 20, 0);
  column->addWidget(tabs_);
  return right;
}

QWidget* CameraCalibrationWindow::make_pending_row() {
  pending_ = new QWidget(this);
  pending_->setObjectName("camera_pending");
  pending_text_ = wrapped_label({}, pending_, 1.0, true);
  auto* apply = plain_button("Start anew &with it", "pending_apply", pending_);
  auto* back = plain_button("&Go back", "pending_back", pending_);
  connect(apply, &QPushButton::clicked, this, &CameraCalibrationWindow::start);
  connect(back, &QPushButton::clicked, this, [this] {
    is_filling_ = true;
    board_->set_setup(started_);
    eye_->setCurrentIndex(eye_->findData(static_cast<int>(started_eye_)));
    is_filling_ = false;
    follow_setup();
  });
  auto* row = new QHBoxLayout(pending_);
  row->setContentsMargins(20, 8, 20, 0);
  row->addWidget(pending_text_, 1);
  row->addWidget(apply);
  row->addWidget(back);
  pending_->hide();
  return pending_;
}

QLayout* CameraCalibrationWindow::make_buttons() {
  anew_ = plain_button("Start a&new", "camera_anew", this);
  load_ = plain_button("&Load pictures…", "camera_load", this);
  take_ = plain_button("&Take this view", "camera_take", this);
  compute_ = plain_button("&Compute", "camera_compute", this);
  auto* close = plain_button("Close", "camera_close", this);
  QFont bold = compute_->font();
  bold.setBold(true);
  compute_->setFont(bold);
  compute_->setMinimumWidth(130);
  anew_->setToolTip("Forget all views and the result");
  take_->setToolTip("Keep the board as it is seen now, although it may not be still or new");
  auto* row = new QHBoxLayout;
  row->setContentsMargins(20, 0, 20, 0);
  row->setSpacing(8);
  for (QPushButton* button : {anew_, load_, take_}) row->addWidget(button);
  row->addStretch(1);
  row->addWidget(close);
  row->addWidget(compute_);
  connect(anew_, &QPushButton::clicked, this, &CameraCalibrationWindow::start);
  connect(load_, &QPushButton::clicked, this, &CameraCalibrationWindow::ask_for_pictures);
  connect(take_, &QPushButton::clicked, this, [this] { control_.take_view(); });
  connect(compute_, &QPushButton::clicked, this, &CameraCalibrationWindow::compute);
  connect(close, &QPushButton::clicked, this, &CameraCalibrationWindow::reject);
  return row;
}

void CameraCalibrationWindow::connect_parts() {
  connect(board_, &BoardPanel::changed, this, &CameraCalibrationWindow::follow_setup);
  connect(board_, &BoardPanel::said, message_bar_, &MessageBar::show_message);
  connect(eye_, &QComboBox::currentIndexChanged, this, &CameraCalibrationWindow::follow_setup);
  connect(views_, &ViewsPanel::selected, picture_, &BoardPicture::select_view);
  connect(library_, &LibraryPanel::use_wanted, this, &CameraCalibrationWindow::use_camera);
  connect(tabs_, &QTabWidget::currentChanged, this, [this](int tab) {
    library_->refresh();
    // By its letter or with the mouse; who walks over the tabs with the arrow keys stays there.
    const std::array<QWidget*, 4> panels{board_, views_, result_, library_};
    if (!tabs_->tabBar()->hasFocus()) panels[static_cast<std::size_t>(tab)]->setFocus();
  });
  connect(&presenter_, &Presenter::notice_arrived, this, [this](const Notice& notice) {
    if (!isVisible()) return;
    message_bar_->show_notice(notice);
    library_->refresh();  // most of them say that something was saved, imported or deleted
  });
}

EyeSide CameraCalibrationWindow::eye() const { return static_cast<EyeSide>(eye_->currentData().toInt()); }

const SourceSnapshot& CameraCalibrationWindow::source() const {
  return presenter_.snapshot(started_eye_).source;
}

void CameraCalibrationWindow::open_window() {
  if (!isVisible()) {
    const CameraCalibrationSnapshot now = control_.snapshot();
    is_filling_ = true;
    eye_->setCurrentIndex(eye_->findData(static_cast<int>(now.is_active ? now.eye : presenter_.shown_eye())));
    if (now.is_active) {
      started_ = now.setup;
      started_eye_ = now.eye;
      board_->set_setup(started_);
    }
    is_filling_ = false;
    if (!now.is_active) start();
    tabs_->setCurrentIndex(board_tab);
    library_->refresh();
  }
  show();
  raise();
  activateWindow();
  poll();
}

void CameraCalibrationWindow::start() {
  if (!board_->fault().isEmpty()) return;
  started_ = board_->setup();
  started_eye_ = eye();
  saved_as_.clear();
  save_board(settings_, started_);
  pending_->hide();
  control_.start(started_eye_, started_);
}

void CameraCalibrationWindow::follow_setup() {
  if (is_filling_ || !isVisible()) return;
  const CameraCalibrationSetup wanted = board_->setup();
  const bool is_other = eye() != started_eye_ || !(wanted.board == started_.board) ||
                        wanted.takes_views_by_itself != started_.takes_views_by_itself;
  const CameraCalibrationSnapshot now = control_.snapshot();
  if (is_other && now.views.empty() && !now.is_busy) {
    start();
    return;
  }
  pending_->setVisible(is_other);
  if (is_other)
    pending_text_->setText("This is not what the " + view_count_words(now) +
                           " were taken with. Starting anew forgets them.");
}

void CameraCalibrationWindow::ask_for_pictures() {
  auto* dialog =
      new QFileDialog(this, "Pictures of the board", settings_.value(pictures_folder_key).toString(),
                      "Pictures (*.png *.jpg *.jpeg *.bmp *.tif *.tiff *.pgm *.webp);;All files (*)");
  dialog->setObjectName("pictures_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFiles);
  connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
    if (paths.isEmpty()) return;
    settings_.setValue(pictures_folder_key, QFileInfo(paths.first()).absolutePath());
    std::vector<std::string> pictures;
    for (const QString& path : paths) pictures.push_back(path.toStdString());
    control_.load_pictures(pictures);
  });
  dialog->open();
}

void CameraCalibrationWindow::compute() {
  tabs_->setCurrentIndex(result_tab);
  result_->compute();
  poll();
}

void CameraCalibrationWindow::use_camera(const QString& name) {
  SourceRequest request = source().request;
  request.intrinsics_file = name.toStdString();
  request.focal_px.reset();
  Q_EMIT source_wanted(started_eye_, request);
}

void CameraCalibrationWindow::poll() {
  const CameraCalibrationSnapshot now = control_.snapshot();
  picture_->follow(now);
  views_->follow(now);
  result_->follow(now, source());
  library_->follow(source());
  follow_guide(now);
  remember_saved(now);
  anew_->setEnabled(!now.views.empty() || now.is_from_files || now.is_busy);
  load_->setEnabled(now.is_active && !now.is_busy);
  take_->setEnabled(!now.points_px.empty() && !now.is_busy && !now.is_from_files);
  compute_->setEnabled(!now.views.empty() && !now.is_busy);
}

void CameraCalibrationWindow::follow_guide(const CameraCalibrationSnapshot& now) {
  const bool has_source = is_open(source());
  source_text_->setText(now.is_from_files ? QString("Pictures from files; the camera is not searched. "
                                                    "Start anew goes back to it.")
                                          : with_capital(source_text(source())));
  show_text(*guide_, guide_words(now, has_source));
  show_text(*board_text_, now.picture ? with_capital(QString::fromStdString(now.board_text)) : QString());
  picture_->set_waiting_text(has_source ? "Waiting for a picture. If the source is paused, let it play."
                                        : "No picture: the source of this eye is not open.");
  const double share = now.is_busy ? now.busy_share : now.progress;
  progress_->setValue(static_cast<int>(100.0 * share));
  progress_->setFormat(now.is_busy ? QString("%p %") : view_count_words(now) + ", %p % collected");
  QString lines;
  for (const std::string& line : now.missing)
    lines += "• " + with_capital(QString::fromStdString(line)).toHtmlEscaped() + "<br>";
  if (missing_->html() != lines) missing_->set_html(lines);
}

void CameraCalibrationWindow::remember_saved(const CameraCalibrationSnapshot& now) {
  if (now.saved_as == saved_as_) return;
  saved_as_ = now.saved_as;
  library_->refresh();
  // The source is opened with that camera the next time too, whatever name it was given.
  const bool is_its_own = !now.is_from_files || now.saved_as == source().name;
  if (saved_as_.empty() || !is_open(source()) || !is_its_own) return;
  SourceRequest request = source().request;
  request.intrinsics_file = saved_as_;
  request.focal_px.reset();
  save_source(settings_, started_eye_, request);
}

void CameraCalibrationWindow::leave() {
  control_.stop();
  QDialog::reject();
}

void CameraCalibrationWindow::reject() {
  const CameraCalibrationSnapshot now = control_.snapshot();
  if (!now.result || !now.saved_as.empty()) {
    leave();
    return;
  }
  auto* question = new QMessageBox(QMessageBox::Question, "Close without saving",
                                   "The camera that was computed is not saved. Closing forgets it.",
                                   QMessageBox::Cancel, this);
  question->setObjectName("close_question");
  question->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* yes = question->addButton("Close without saving", QMessageBox::DestructiveRole);
  yes->setObjectName("close_yes");
  connect(yes, &QPushButton::clicked, this, &CameraCalibrationWindow::leave);
  question->open();
}

void CameraCalibrationWindow::showEvent(QShowEvent* event) {
  timer_.start();
  QDialog::showEvent(event);
}

void CameraCalibrationWindow::hideEvent(QHideEvent* event) {
  timer_.stop();
  QDialog::hideEvent(event);
}

}  // namespace yarbus::ui
