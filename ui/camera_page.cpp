#include "ui/camera_page.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/icons.h"
#include "ui/preview/preview_words.h"
#include "ui/source_form.h"

namespace yarbus::ui {

namespace {

const QString cameras_own = "camera's own";
constexpr QSize thumbnail_size(128, 96);
/// A small picture need not be smaller than this.
constexpr int least_thumbnail_width_px = 320;

/// A small picture for the list: a copy, as the frame goes back to its pool.
QIcon camera_thumbnail(const GrayImage& picture) {
  const GrayView view = picture.view();
  const QImage shared(view.data, view.width_px, view.height_px, view.stride_bytes, QImage::Format_Grayscale8);
  QImage canvas(thumbnail_size, QImage::Format_RGB32);
  canvas.fill(QColor(22, 23, 26));
  QPainter painter(&canvas);
  const QImage small = shared.scaled(thumbnail_size, Qt::KeepAspectRatio, Qt::SmoothTransformation);
  painter.drawImage(QPoint((canvas.width() - small.width()) / 2, (canvas.height() - small.height()) / 2),
                    small);
  painter.end();
  QIcon icon;
  // Chosen or not, the picture stays as it is.
  for (const QIcon::Mode mode : {QIcon::Normal, QIcon::Selected, QIcon::Active})
    icon.addPixmap(QPixmap::fromImage(canvas), mode);
  return icon;
}

QComboBox* free_choice(QWidget* parent, const QString& object_name) {
  auto* box = new QComboBox(parent);
  box->setObjectName(object_name);
  box->setEditable(true);
  box->setInsertPolicy(QComboBox::NoInsert);
  box->lineEdit()->setPlaceholderText(cameras_own);
  return box;
}

/// Puts new proposals into an editable box and leaves what was typed.
void propose(QComboBox& box, const QStringList& proposals) {
  const QString typed = box.currentText();
  const bool blocked = box.blockSignals(true);
  box.clear();
  box.addItem(QString());
  box.addItems(proposals);
  box.setEditText(typed);
  box.blockSignals(blocked);
}

/// Empty is fine and leaves the value unset; otherwise a number, or a complaint.
QString read_number(const QString& text, const QString& name, bool must_be_positive,
                    std::optional<double>& value) {
  value.reset();
  if (text.trimmed().isEmpty()) return {};
  bool ok = false;
  const double number = text.trimmed().toDouble(&ok);
  if (!ok || !std::isfinite(number) || (must_be_positive && number <= 0.0)) {
    return QString("%1 must be a %2number, or empty for the camera's own.")
        .arg(name, must_be_positive ? "positive " : "");
  }
  value = number;
  return {};
}

/// The same size without a picture.
QIcon camera_placeholder(const QString& name) {
  constexpr int side_px = 40;
  QPixmap canvas(thumbnail_size);
  canvas.fill(Qt::transparent);
  QPainter painter(&canvas);
  painter.drawPixmap((canvas.width() - side_px) / 2, (canvas.height() - side_px) / 2,
                     tool_icon(name).pixmap(QSize(side_px, side_px)));
  painter.end();
  return QIcon(canvas);
}

}  // namespace

CameraPage::CameraPage(Session& session, QWidget* parent)
    : QWidget(parent),
      session_(session),
      list_(new QListWidget(this)),
      note_(new QLabel(this)),
      offers_(new QComboBox(this)),
      size_(free_choice(this, "camera_size")),
      rate_(free_choice(this, "camera_rate")),
      format_(new QComboBox(this)),
      exposure_(new QLineEdit(this)),
      gain_(new QLineEdit(this)) {
  list_->setObjectName("camera_list");
  list_->setAccessibleName("Cameras");
  list_->setMinimumHeight(thumbnail_size.height() + 12);
  list_->setIconSize(thumbnail_size);
  list_->setWordWrap(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  offers_->setObjectName("camera_offers");
  offers_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  note_->setObjectName("camera_note");
  note_->setWordWrap(true);
  note_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  format_->addItem(cameras_own, QString());
  format_->addItem("MJPG (compressed, faster)", QString("MJPG"));
  format_->addItem("YUYV (uncompressed)", QString("YUYV"));
  for (QLineEdit* field : {exposure_, gain_}) field->setPlaceholderText(cameras_own);
  exposure_->setObjectName("camera_exposure");
  gain_->setObjectName("camera_gain");
  auto* again = new QPushButton(tool_icon("refit"), "Look again", this);
  again->setToolTip("List the cameras that are plugged in now");

  auto* title = new QHBoxLayout;
  auto* caption = new QLabel("Cameras", this);
  caption->setBuddy(list_);
  title->addWidget(caption, 1);
  title->addWidget(again);
  auto* left = new QFormLayout;
  left->setVerticalSpacing(8);
  auto* offers = new QFormLayout;
  offers->addRow("It o&ffers", offers_);
  left->addRow("Size (px)", size_);
  left->addRow("Rate (Hz)", rate_);
  left->addRow("Format", format_);
  auto* right = new QFormLayout;
  right->setVerticalSpacing(8);
  right->addRow("Exposure", exposure_);
  right->addRow("Gain", gain_);
  auto* fields = new QHBoxLayout;
  fields->setSpacing(24);
  fields->addLayout(left, 1);
  fields->addLayout(right, 1);
  auto* column = new QVBoxLayout(this);
  column->addLayout(title);
  column->addWidget(list_, 1);
  column->addWidget(note_);
  column->addLayout(offers);
  column->addLayout(fields);

  connect(again, &QPushButton::clicked, this, &CameraPage::refresh);
  connect(list_, &QListWidget::currentRowChanged, this, [this] {
    show_chosen();
    Q_EMIT changed();
  });
  connect(list_, &QListWidget::itemActivated, this, &CameraPage::accepted);
  connect(format_, &QComboBox::currentIndexChanged, this, &CameraPage::changed);
  connect(offers_, &QComboBox::activated, this, &CameraPage::use_offer);
  for (QComboBox* box : {size_, rate_}) connect(box, &QComboBox::editTextChanged, this, &CameraPage::changed);
  for (QLineEdit* field : {exposure_, gain_})
    connect(field, &QLineEdit::textChanged, this, &CameraPage::changed);
}

void CameraPage::refresh() {
  const CameraChoice* before = chosen();
  const std::string path = before != nullptr ? before->path : std::string();
  cameras_ = session_.list_cameras();
  list_->clear();
  int row = cameras_.empty() ? -1 : 0;
  for (std::size_t i = 0; i < cameras_.size(); ++i) {
    list_->addItem(new QListWidgetItem(camera_placeholder(cameras_[i].is_readable ? "camera" : "warning"),
                                       camera_label(cameras_[i])));
    if (cameras_[i].path == path) row = static_cast<int>(i);
  }
  list_->setCurrentRow(row);
  show_chosen();
  Q_EMIT changed();
}

const CameraChoice* CameraPage::chosen() const {
  const int row = list_->currentRow();
  return row >= 0 && static_cast<std::size_t>(row) < cameras_.size()
             ? &cameras_[static_cast<std::size_t>(row)]
             : nullptr;
}

void CameraPage::show_chosen() {
  const CameraChoice* camera = chosen();
  offers_->clear();
  offers_->setEnabled(camera != nullptr && camera->is_readable && !camera->formats.empty());
  if (camera == nullptr) {
    note_->setText("No camera found. Plug one in, then press “Look again”.");
    return;
  }
  if (!camera->is_readable) {
    note_->setText(permission_remedy());
    return;
  }
  offers_->addItem(cameras_own);
  QStringList lines;
  QStringList sizes;
  std::vector<double> rates;
  for (const std::string& line : camera->formats) {
    lines << QString::fromStdString(line);
    const auto format = parse_camera_format(lines.last());
    if (!format) continue;
    const QString size = QString("%1x%2").arg(format->width_px).arg(format->height_px);
    if (!sizes.contains(size)) sizes << size;
    rates.insert(rates.end(), format->rates_hz.begin(), format->rates_hz.end());
    const QString pixels =
        QString("%1 %2×%3").arg(format->pixel_format).arg(format->width_px).arg(format->height_px);
    for (const double rate_hz : format->rates_hz)
      offers_->addItem(QString("%1 at %2 Hz").arg(pixels).arg(rate_hz),
                       QStringList{format->pixel_format, size, QString::number(rate_hz)});
    if (format->rates_hz.empty())
      offers_->addItem(pixels, QStringList{format->pixel_format, size, QString()});
  }
  std::sort(rates.begin(), rates.end());
  rates.erase(std::unique(rates.begin(), rates.end()), rates.end());
  QStringList rate_texts;
  for (const double rate : rates) rate_texts << QString::number(rate);
  propose(*size_, sizes);
  propose(*rate_, rate_texts);
  note_->setText(lines.isEmpty() ? QString("This camera lists no formats.")
                                 : QString("Choose from what it offers, or leave the camera's own."));
}

void CameraPage::use_offer() {
  const QStringList offer = offers_->currentData().toStringList();
  const bool blocked = blockSignals(true);  // told once, not field by field
  // Formats that cannot be asked for by name are left to the driver.
  format_->setCurrentIndex(std::max(0, offer.isEmpty() ? 0 : format_->findData(offer[0])));
  size_->setEditText(offer.isEmpty() ? QString() : offer[1]);
  rate_->setEditText(offer.isEmpty() ? QString() : offer[2]);
  blockSignals(blocked);
  Q_EMIT changed();
}

std::vector<SourceRequest> CameraPage::others() const {
  std::vector<SourceRequest> requests;
  for (const CameraChoice& camera : cameras_) {
    if (!camera.is_readable || &camera == chosen()) continue;
    SourceRequest request;
    request.kind = SourceRequest::Kind::camera;
    request.location = camera.path;
    for (const std::string& line : camera.formats) {
      const auto format = parse_camera_format(QString::fromStdString(line));
      if (!format || format->width_px < least_thumbnail_width_px) continue;
      if (request.width_px && *request.width_px <= format->width_px) continue;
      request.width_px = format->width_px;
      request.height_px = format->height_px;
      if (!format->rates_hz.empty())
        request.rate_hz = *std::min_element(format->rates_hz.begin(), format->rates_hz.end());
    }
    requests.push_back(request);
  }
  return requests;
}

void CameraPage::show_previews(const std::vector<CameraPreview>& previews) {
  for (const CameraPreview& preview : previews) {
    for (std::size_t i = 0; i < cameras_.size(); ++i) {
      if (preview.source.kind == SourceRequest::Kind::camera && cameras_[i].path == preview.source.location)
        show_preview(static_cast<int>(i), preview);
    }
  }
}

void CameraPage::show_preview(int row, const CameraPreview& preview) {
  QListWidgetItem* item = list_->item(row);
  if (item == nullptr) return;
  const QSignalBlocker quiet(list_);
  const QString state = preview_state_text(preview);
  const QString label = camera_label(cameras_[static_cast<std::size_t>(row)]);
  item->setText(state.isEmpty() ? label : label + '\n' + state);
  if (preview.picture) {
    item->setIcon(camera_thumbnail(*preview.picture));
  } else if (preview.state == CameraPreview::State::failed) {
    item->setIcon(camera_placeholder("warning"));
  }
}

void CameraPage::set_request(const SourceRequest& request) {
  for (std::size_t i = 0; i < cameras_.size(); ++i) {
    if (cameras_[i].path == request.location || cameras_[i].name == request.location)
      list_->setCurrentRow(static_cast<int>(i));
  }
  size_->setEditText(request.width_px && request.height_px
                         ? QString("%1x%2").arg(*request.width_px).arg(*request.height_px)
                         : QString());
  rate_->setEditText(request.rate_hz ? QString::number(*request.rate_hz) : QString());
  format_->setCurrentIndex(std::max(0, format_->findData(QString::fromStdString(request.pixel_format))));
  exposure_->setText(request.exposure ? QString::number(*request.exposure) : QString());
  gain_->setText(request.gain ? QString::number(*request.gain) : QString());
}

QString CameraPage::fill(SourceRequest& request) const {
  const CameraChoice* camera = chosen();
  if (camera == nullptr) return "Choose a camera.";
  if (!camera->is_readable) return "This camera may not be used; see above.";
  request.location = camera->path;
  request.pixel_format = format_->currentData().toString().toStdString();
  if (!size_->currentText().trimmed().isEmpty()) {
    const auto size = parse_size(size_->currentText());
    if (!size) return "Size must be like 640x480, or empty for the camera's own.";
    request.width_px = size->first;
    request.height_px = size->second;
  }
  if (const QString fault = read_number(rate_->currentText(), "Rate", true, request.rate_hz);
      !fault.isEmpty())
    return fault;
  if (const QString fault = read_number(exposure_->text(), "Exposure", false, request.exposure);
      !fault.isEmpty())
    return fault;
  return read_number(gain_->text(), "Gain", false, request.gain);
}

}  // namespace yarbus::ui
