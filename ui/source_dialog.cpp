#include "ui/source_dialog.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/icons.h"

namespace yarbus::ui {

namespace {

enum Optics : int { assumed_focal, given_focal, intrinsics_from_file };

SourceRequest::Kind kind_of(SourceDialog::Page page) {
  switch (page) {
    case SourceDialog::camera_page:
      return SourceRequest::Kind::camera;
    case SourceDialog::file_page:
      return SourceRequest::Kind::video_file;
    case SourceDialog::folder_page:
      return SourceRequest::Kind::image_folder;
    case SourceDialog::stream_page:
      return SourceRequest::Kind::mjpeg_stream;
    case SourceDialog::simulation_page:
      return SourceRequest::Kind::simulated_eye;
  }
  return SourceRequest::Kind::automatic;
}

SourceDialog::Page page_of(const SourceRequest& request) {
  switch (request.kind) {
    case SourceRequest::Kind::camera:
      return SourceDialog::camera_page;
    case SourceRequest::Kind::video_file:
      return SourceDialog::file_page;
    case SourceRequest::Kind::image_folder:
    case SourceRequest::Kind::recorded_session:
      return SourceDialog::folder_page;
    case SourceRequest::Kind::mjpeg_stream:
      return SourceDialog::stream_page;
    case SourceRequest::Kind::simulated_eye:
      return SourceDialog::simulation_page;
    case SourceRequest::Kind::automatic:
      break;
  }
  return SourceDialog::file_page;
}

QLineEdit* field_named(const QString& name, const QString& placeholder, QWidget* parent) {
  auto* field = new QLineEdit(parent);
  field->setObjectName(name);
  field->setPlaceholderText(placeholder);
  field->setClearButtonEnabled(true);
  return field;
}

}  // namespace

SourceDialog::SourceDialog(Session& session, EyeSide eye, const std::optional<SourceRequest>& last,
                           QWidget* parent)
    : QDialog(parent),
      pages_(new QTabWidget(this)),
      camera_(new CameraPage(session, this)),
      file_(field_named("file", "/path/to/recording.mp4", this)),
      folder_(field_named("folder", "/path/to/images", this)),
      stream_(field_named("stream", "http://192.168.1.20:8080/video", this)),
      simulation_(new SimulationPage(session, this)),
      eye_(new QComboBox(this)),
      mode_(new ModeField(this)),
      rotate_(new QComboBox(this)),
      mirror_(new QComboBox(this)),
      optics_(new QComboBox(this)),
      optics_details_(new QStackedWidget(this)),
      optics_form_(new QFormLayout),
      known_optics_(new QLabel("known exactly: the simulated camera's own", this)),
      focal_(field_named("focal_px", "for example 620", this)),
      intrinsics_(field_named("intrinsics", "/path/to/intrinsics.json", this)),
      fault_(new QLabel(this)) {
  setWindowTitle("Open source");
  pages_->addTab(camera_, tool_icon("camera"), "&Camera");
  pages_->addTab(make_path_page(file_, "Video file",
                                "Most video formats work. You can also drop a file on the window.", false),
                 tool_icon("file"), "&File");
  pages_->addTab(
      make_path_page(folder_, "Image folder",
                     "Images are played in the order of their names, numbers counted as numbers.", true),
      tool_icon("folder"), "Fol&der");
  pages_->addTab(make_stream_page(), tool_icon("stream"), "&Stream");
  pages_->addTab(simulation_, tool_icon("simulation"), "S&imulated eye");
  fault_->setObjectName("fault");
  fault_->setWordWrap(true);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  open_ = buttons->addButton("&Open", QDialogButtonBox::AcceptRole);
  open_->setObjectName("open");
  open_->setDefault(true);
  auto* column = new QVBoxLayout(this);
  column->setSpacing(12);
  auto* chooser = new QHBoxLayout;
  chooser->setSpacing(12);
  chooser->addWidget(pages_, 3);
  column->addLayout(chooser, 1);
  column->addWidget(make_common_fields());
  auto* bottom = new QHBoxLayout;
  bottom->addWidget(fault_, 1);
  bottom->addWidget(buttons);
  column->addLayout(bottom);
  resize(620, 520);
  if (CameraPreviewControl* previews = session.camera_previews()) {
    preview_ = new PreviewPane(this);
    feed_ = new PreviewFeed(*previews, this);
    chooser->addWidget(preview_, 2);
    connect(feed_, &PreviewFeed::arrived, this, &SourceDialog::show_previews);
    connect(preview_, &PreviewPane::area_chosen, this, &SourceDialog::ask_for_previews);
    connect(preview_, &PreviewPane::restart_wanted, feed_, &PreviewFeed::forget_sharpest);
    for (QComboBox* turn : {rotate_, mirror_})
      connect(turn, &QComboBox::currentIndexChanged, this, &SourceDialog::ask_for_previews);
    resize(980, 660);
  }

  connect(buttons, &QDialogButtonBox::accepted, this, &SourceDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &SourceDialog::reject);
  connect(pages_, &QTabWidget::currentChanged, this, &SourceDialog::check);
  connect(camera_, &CameraPage::changed, this, &SourceDialog::check);
  connect(camera_, &CameraPage::accepted, this, &SourceDialog::accept);
  connect(simulation_, &SimulationPage::changed, this, &SourceDialog::check);
  connect(simulation_, &SimulationPage::accepted, this, &SourceDialog::accept);
  for (QLineEdit* field : {file_, folder_, stream_, focal_, intrinsics_}) {
    connect(field, &QLineEdit::textChanged, this, &SourceDialog::check);
  }
  connect(optics_, &QComboBox::currentIndexChanged, this, &SourceDialog::check);
  connect(mode_, &ModeField::changed, this, &SourceDialog::check);
  eye_->setCurrentIndex(eye_->findData(static_cast<int>(eye)));
  camera_->refresh();
  if (last) set_request(*last);
  check();
}

QWidget* SourceDialog::make_path_page(QLineEdit* field, const QString& label, const QString& hint,
                                      bool folder) {
  auto* page = new QWidget(this);
  auto* browse_button = new QPushButton("&Browse…", page);
  auto* line = new QHBoxLayout;
  line->addWidget(field, 1);
  line->addWidget(browse_button);
  auto* caption = new QLabel(label, page);
  caption->setBuddy(field);
  auto* note = new QLabel(hint, page);
  note->setWordWrap(true);
  auto* column = new QVBoxLayout(page);
  column->addWidget(caption);
  column->addLayout(line);
  column->addWidget(note);
  column->addStretch(1);
  field->setAccessibleName(label);
  connect(browse_button, &QPushButton::clicked, this, [this, field, folder] { browse(field, folder); });
  return page;
}

QWidget* SourceDialog::make_stream_page() {
  auto* page = new QWidget(this);
  auto* caption = new QLabel("Address", page);
  caption->setBuddy(stream_);
  stream_->setAccessibleName("Address of the stream");
  auto* note = new QLabel(
      "An MJPEG stream over HTTP, as network eye cameras and phone camera apps serve it. The app or camera "
      "shows its address.",
      page);
  note->setWordWrap(true);
  auto* column = new QVBoxLayout(page);
  column->addWidget(caption);
  column->addWidget(stream_);
  column->addWidget(note);
  column->addStretch(1);
  return page;
}

QWidget* SourceDialog::make_common_fields() {
  auto* group = new QGroupBox("Eye and image", this);
  eye_->setObjectName("eye");
  eye_->addItem("Right eye", static_cast<int>(EyeSide::right));
  eye_->addItem("Left eye", static_cast<int>(EyeSide::left));
  rotate_->setObjectName("rotate");
  rotate_->addItem("as it is", 0);
  for (const int turn : {90, 180, 270}) rotate_->addItem(QString("%1° clockwise").arg(turn), turn);
  mirror_->setObjectName("mirror");
  mirror_->addItem("as it is", false);
  mirror_->addItem("left and right swapped", true);
  optics_->setObjectName("optics");
  optics_->addItem("calibrated, else assumed", assumed_focal);
  optics_->addItem("focal length in px", given_focal);
  optics_->addItem("intrinsics file", intrinsics_from_file);
  focal_->setAccessibleName("Focal length in px");
  intrinsics_->setAccessibleName("Intrinsics file");

  auto* browse_button = new QPushButton("Bro&wse…", group);
  connect(browse_button, &QPushButton::clicked, this, [this] { browse(intrinsics_, false); });
  auto* file_line = new QWidget(group);
  auto* file_row = new QHBoxLayout(file_line);
  file_row->setContentsMargins(0, 0, 0, 0);
  file_row->addWidget(intrinsics_, 1);
  file_row->addWidget(browse_button);
  auto* hint = new QLabel(
      "A calibration saved for this camera, a preset, or else the longer image side (sizes are then "
      "approximate). "
      "Calibration → Calibrate camera measures it.",
      group);
  hint->setWordWrap(true);
  optics_details_->addWidget(hint);
  optics_details_->addWidget(focal_);
  optics_details_->addWidget(file_line);
  optics_details_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(optics_, &QComboBox::currentIndexChanged, optics_details_, &QStackedWidget::setCurrentIndex);

  auto* left = new QFormLayout;
  left->setVerticalSpacing(8);
  left->addRow("&Eye", eye_);
  left->addRow("&Rotate", rotate_);
  left->addRow("&Mirror", mirror_);
  known_optics_->setObjectName("known_optics");
  known_optics_->setWordWrap(true);
  optics_form_->setVerticalSpacing(8);
  optics_form_->addRow("C&amera optics", optics_);
  optics_form_->addRow(optics_details_);
  optics_form_->addRow("Camera optics", known_optics_);
  auto* row = new QHBoxLayout;
  row->setSpacing(24);
  row->addLayout(left, 2);
  row->addLayout(optics_form_, 3);
  auto* column = new QVBoxLayout(group);
  column->addWidget(mode_);
  column->addLayout(row);
  return group;
}

void SourceDialog::browse(QLineEdit* field, bool folder) {
  const QString start = field->text();
  const QString chosen_path = folder ? QFileDialog::getExistingDirectory(this, "Choose a folder", start)
                                     : QFileDialog::getOpenFileName(this, "Choose a file", start);
  if (!chosen_path.isEmpty()) field->setText(chosen_path);
}

void SourceDialog::show_page(Page page) {
  pages_->setCurrentIndex(page);
  check();
  switch (page) {
    case camera_page:
      camera_->setFocus();
      break;
    case file_page:
      file_->setFocus();
      break;
    case folder_page:
      folder_->setFocus();
      break;
    case stream_page:
      stream_->setFocus();
      break;
    case simulation_page:
      simulation_->setFocus();
      break;
  }
}

void SourceDialog::set_request(const SourceRequest& request) {
  const QString location = QString::fromStdString(request.location);
  switch (request.kind) {
    case SourceRequest::Kind::camera:
    case SourceRequest::Kind::simulated_eye:
      break;
    case SourceRequest::Kind::automatic:
    case SourceRequest::Kind::video_file:
      file_->setText(location);
      break;
    case SourceRequest::Kind::image_folder:
    case SourceRequest::Kind::recorded_session:
      folder_->setText(location);
      break;
    case SourceRequest::Kind::mjpeg_stream:
      stream_->setText(location);
      break;
  }
  camera_->set_request(request);
  simulation_->set_request(request);
  if (request.kind != SourceRequest::Kind::simulated_eye) mode_->set_mode(request.mode);
  rotate_->setCurrentIndex(std::max(0, rotate_->findData(request.rotate_deg)));
  mirror_->setCurrentIndex(request.mirror ? 1 : 0);
  focal_->setText(request.focal_px ? QString::number(*request.focal_px) : QString());
  intrinsics_->setText(QString::fromStdString(request.intrinsics_file));
  optics_->setCurrentIndex(!request.intrinsics_file.empty() ? intrinsics_from_file
                           : request.focal_px               ? given_focal
                                                            : assumed_focal);
  pages_->setCurrentIndex(page_of(request));
}

EyeSide SourceDialog::eye() const {
  // One webcam sees both eyes; its place is the right one's.
  const bool is_webcam = pages_->currentIndex() != simulation_page && mode_->mode() == TrackingMode::webcam;
  return is_webcam ? EyeSide::right : static_cast<EyeSide>(eye_->currentData().toInt());
}

QString SourceDialog::fill_optics(SourceRequest& request) const {
  if (optics_->currentIndex() == given_focal) {
    bool ok = false;
    const double focal_px = focal_->text().trimmed().toDouble(&ok);
    if (!ok || !std::isfinite(focal_px) || focal_px <= 0.0)
      return "The focal length must be a positive number of px.";
    request.focal_px = focal_px;
  } else if (optics_->currentIndex() == intrinsics_from_file) {
    const QString path = intrinsics_->text().trimmed();
    if (path.isEmpty()) return "Choose an intrinsics file.";
    if (!QFileInfo(path).isFile()) return "The intrinsics file does not exist.";
    request.intrinsics_file = path.toStdString();
  }
  return {};
}

SourceRequest SourceDialog::request(QString& fault) const {
  SourceRequest entered = pictures_request(fault);
  if (entered.kind == SourceRequest::Kind::simulated_eye) return entered;
  if (const QString optics_fault = fill_optics(entered); fault.isEmpty()) fault = optics_fault;
  return entered;
}

SourceRequest SourceDialog::pictures_request(QString& fault) const {
  SourceRequest request;
  const auto page = static_cast<Page>(pages_->currentIndex());
  request.kind = kind_of(page);
  fault.clear();
  if (page == simulation_page) {
    // Its camera stands upright and knows its own optics.
    fault = simulation_->fill(request);
    return request;
  }
  request.mode = mode_->mode();
  request.rotate_deg = rotate_->currentData().toInt();
  request.mirror = mirror_->currentData().toBool();
  switch (page) {
    case camera_page:
      fault = camera_->fill(request);
      break;
    case file_page: {
      const QString path = file_->text().trimmed();
      if (path.isEmpty())
        fault = "Choose a video file.";
      else if (!QFileInfo(path).isFile())
        fault = "This file does not exist.";
      request.location = path.toStdString();
      break;
    }
    case folder_page: {
      const QString path = folder_->text().trimmed();
      if (path.isEmpty())
        fault = "Choose a folder of images.";
      else if (!QFileInfo(path).isDir())
        fault = "This folder does not exist.";
      request.location = path.toStdString();
      break;
    }
    case stream_page: {
      const QUrl url(stream_->text().trimmed(), QUrl::StrictMode);
      if (stream_->text().trimmed().isEmpty())
        fault = "Enter the address of a stream.";
      else if (!url.isValid() || (url.scheme() != "http" && url.scheme() != "https") || url.host().isEmpty())
        fault = "The address must be like http://host:port/path.";
      request.location = stream_->text().trimmed().toStdString();
      break;
    }
    case simulation_page:
      break;
  }
  return request;
}

void SourceDialog::check() {
  QString fault;
  (void)request(fault);
  fault_->setText(fault);
  open_->setEnabled(fault.isEmpty());
  const bool has_camera = pages_->currentIndex() != simulation_page;
  for (QComboBox* field : {rotate_, mirror_}) field->setEnabled(has_camera);
  mode_->setVisible(has_camera);
  const bool serves_both = has_camera && mode_->mode() == TrackingMode::webcam;
  eye_->setEnabled(!serves_both);
  eye_->setToolTip(serves_both ? "A webcam sees both eyes" : QString());
  optics_form_->setRowVisible(optics_, has_camera);
  optics_form_->setRowVisible(optics_details_, has_camera);
  optics_form_->setRowVisible(known_optics_, !has_camera);
  ask_for_previews();
}

void SourceDialog::ask_for_previews() {
  if (feed_ == nullptr) return;
  const auto page = static_cast<Page>(pages_->currentIndex());
  const bool can_be_seen = page == camera_page || page == stream_page || page == simulation_page;
  preview_->setVisible(can_be_seen);
  QString fault;
  const SourceRequest entered = preview_source(pictures_request(fault));
  const auto looked_at = can_be_seen && fault.isEmpty() ? std::optional(entered) : std::nullopt;
  if (looked_at != looked_at_) {
    const bool is_same_place = looked_at && looked_at_ && looked_at->kind == looked_at_->kind &&
                               looked_at->location == looked_at_->location;
    if (!is_same_place) preview_->reset_area();
    looked_at_ = looked_at;
    preview_->clear(looked_at ? QString("Opening…") : fault);
  }
  std::vector<PreviewWish> wishes;
  if (looked_at) wishes.push_back({*looked_at, preview_->area()});
  if (page == camera_page) {
    for (const SourceRequest& other : camera_->others()) wishes.push_back({other, {}});
  }
  feed_->want(wishes);
}

void SourceDialog::show_previews(const std::vector<CameraPreview>& previews) {
  camera_->show_previews(previews);
  for (const CameraPreview& preview : previews) {
    if (looked_at_ && preview.source == *looked_at_) preview_->follow(preview);
  }
}

void SourceDialog::accept() {
  QString fault;
  const SourceRequest entered = request(fault);
  if (!fault.isEmpty()) return;
  Q_EMIT chosen(eye(), entered);
  QDialog::accept();
}

}  // namespace yarbus::ui
