#include "ui/camera_calibration/board_panel.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QPainter>
#include <QSvgRenderer>
#include <QVBoxLayout>

#include "ui/calibration/page_parts.h"
#include "ui/camera_calibration/board_pdf.h"
#include "ui/camera_calibration/camera_words.h"

namespace yarbus::ui {

namespace {

constexpr const char* board_folder_key = "camera_calibration/print_folder";

QDoubleSpinBox* length_field(const QString& name, const QString& spoken, double lowest, QWidget* parent) {
  auto* box = new QDoubleSpinBox(parent);
  box->setObjectName(name);
  box->setAccessibleName(spoken);
  box->setRange(lowest, 1000.0);
  box->setDecimals(2);
  box->setSingleStep(1.0);
  box->setSuffix(" mm");
  return box;
}

QSpinBox* count_field(const QString& name, const QString& spoken, QWidget* parent) {
  auto* box = new QSpinBox(parent);
  box->setObjectName(name);
  box->setAccessibleName(spoken);
  box->setRange(2, 40);
  return box;
}

}  // namespace

/// The board as it will be on paper.
class BoardPanel::Preview : public QWidget {
 public:
  explicit Preview(QWidget* parent) : QWidget(parent) {
    setObjectName("board_preview");
    setAccessibleName("The board as it is printed");
    setMinimumHeight(110);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
  }
  void show_drawing(const BoardDrawing* drawing) {
    size_ = drawing != nullptr ? QSizeF(drawing->width_mm, drawing->height_mm) : QSizeF();
    renderer_.load(drawing != nullptr ? QByteArray::fromStdString(drawing->svg) : QByteArray());
    update();
  }

 protected:
  void paintEvent(QPaintEvent* /*event*/) override {
    if (size_.isEmpty()) return;
    QPainter painter(this);
    QRectF place(QPointF(), size_.scaled(QSizeF(rect().adjusted(1, 1, -1, -1).size()), Qt::KeepAspectRatio));
    place.moveCenter(QRectF(rect()).center());
    painter.fillRect(place, Qt::white);  // paper
    renderer_.render(&painter, place);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(place);
  }

 private:
  QSizeF size_;
  QSvgRenderer renderer_;
};

BoardPanel::BoardPanel(CameraCalibrationControl& control, QSettings& settings, QWidget* parent)
    : QWidget(parent), control_(control), settings_(settings), form_(new QFormLayout) {
  setObjectName("board_panel");
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  column->addWidget(wrapped_label(
      "Print a board, glue it to something flat, and say here which it is. For an eye camera that is sharp "
      "at 3 to 5 cm choose squares of about 3 mm.",
      this));
  form_->setRowWrapPolicy(QFormLayout::WrapLongRows);
  form_->setHorizontalSpacing(14);
  form_->setVerticalSpacing(8);
  column->addLayout(form_);
  build_fields();
  fault_text_ = wrapped_label({}, this, 1.0, true);
  fault_text_->setObjectName("board_fault");
  column->addWidget(fault_text_);
  preview_ = new Preview(this);
  column->addWidget(preview_, 1);
  size_text_ = wrapped_label({}, this);
  size_text_->setObjectName("board_size_text");
  column->addWidget(size_text_);
  build_printing();
  auto* row = new QHBoxLayout;
  row->addWidget(print_);
  row->addWidget(measured_);
  row->addStretch(1);
  column->addLayout(row);
  column->addWidget(takes_by_itself_);
  setFocusProxy(kind_);
  follow_fields();
}

void BoardPanel::build_fields() {
  kind_ = new QComboBox(this);
  kind_->setObjectName("board_kind");
  for (const BoardKind kind :
       {BoardKind::chessboard, BoardKind::charuco, BoardKind::circles, BoardKind::asymmetric_circles})
    kind_->addItem(board_kind_name(kind), static_cast<int>(kind));
  kind_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  form_->addRow("&Kind", kind_);
  columns_ = count_field("board_columns", "Columns", this);
  rows_ = count_field("board_rows", "Rows", this);
  counted_ = new QLabel(this);
  auto* size = new QHBoxLayout;
  size->addWidget(columns_);
  size->addWidget(new QLabel("×", this));
  size->addWidget(rows_);
  size->addWidget(counted_, 1);
  form_->addRow("Si&ze", size);
  qobject_cast<QLabel*>(form_->labelForField(size))->setBuddy(columns_);
  square_mm_ = length_field("board_square", "Side of a square", 0.1, this);
  form_->addRow("S&quare", square_mm_);
  marker_mm_ = length_field("board_marker", "Side of a marker", 0.0, this);
  marker_mm_->setSpecialValueText("0.7 squares");
  form_->addRow("Mark&er", marker_mm_);
  dictionary_ = new QComboBox(this);
  dictionary_->setObjectName("board_dictionary");
  for (const MarkerDictionary& known : marker_dictionaries())
    dictionary_->addItem(QString("%1 (%2 markers)").arg(known.name).arg(known.markers), QString(known.name));
  form_->addRow("&Dictionary", dictionary_);
  circle_mm_ = length_field("board_circle", "Diameter of a circle", 0.0, this);
  circle_mm_->setSpecialValueText("as printed here");
  form_->addRow("Circle&s", circle_mm_);
  takes_by_itself_ = new QCheckBox("Take views by itself when the board is still, sharp and new", this);
  takes_by_itself_->setObjectName("board_by_itself");

  for (QComboBox* box : {kind_, dictionary_})
    connect(box, &QComboBox::currentIndexChanged, this, &BoardPanel::follow_fields);
  for (QSpinBox* box : {columns_, rows_})
    connect(box, &QSpinBox::valueChanged, this, &BoardPanel::follow_fields);
  for (QDoubleSpinBox* box : {square_mm_, marker_mm_, circle_mm_})
    connect(box, &QDoubleSpinBox::valueChanged, this, &BoardPanel::follow_fields);
  connect(takes_by_itself_, &QCheckBox::toggled, this, &BoardPanel::follow_fields);
}

void BoardPanel::build_printing() {
  print_ = new QPushButton("&Print this board…", this);
  print_->setObjectName("board_print");
  print_->setToolTip("Writes it as PDF, SVG or PNG, at its true size");
  measured_ = new QPushButton("&Another width measured…", this);
  measured_->setObjectName("board_measured");
  measured_->setToolTip("Enter the width of the printed pattern: the square follows from it");
  for (QPushButton* button : {print_, measured_}) button->setAutoDefault(false);
  connect(print_, &QPushButton::clicked, this, &BoardPanel::ask_where_to_print);
  connect(measured_, &QPushButton::clicked, this, &BoardPanel::ask_measured_width);
}

void BoardPanel::set_setup(const CameraCalibrationSetup& setup) {
  is_filling_ = true;
  kind_->setCurrentIndex(kind_->findData(static_cast<int>(setup.board.kind)));
  columns_->setValue(setup.board.columns);
  rows_->setValue(setup.board.rows);
  square_mm_->setValue(setup.board.square_mm);
  marker_mm_->setValue(setup.board.marker_mm);
  circle_mm_->setValue(setup.board.circle_mm);
  dictionary_->setCurrentIndex(dictionary_->findData(QString::fromStdString(setup.board.dictionary)));
  takes_by_itself_->setChecked(setup.takes_views_by_itself);
  is_filling_ = false;
  follow_fields();
}

CameraCalibrationSetup BoardPanel::setup() const {
  CameraCalibrationSetup setup;
  setup.board.kind = static_cast<BoardKind>(kind_->currentData().toInt());
  setup.board.columns = columns_->value();
  setup.board.rows = rows_->value();
  setup.board.square_mm = square_mm_->value();
  setup.board.marker_mm = marker_mm_->value();
  setup.board.circle_mm = circle_mm_->value();
  setup.board.dictionary = dictionary_->currentData().toString().toStdString();
  setup.takes_views_by_itself = takes_by_itself_->isChecked();
  return setup;
}

void BoardPanel::follow_fields() {
  if (is_filling_) return;
  const CalibrationBoard board = setup().board;
  const bool has_markers = board.kind == BoardKind::charuco;
  const bool has_circles = board.circle_radius_mm() > 0.0;
  counted_->setText(counted_name(board.kind));
  form_->setRowVisible(marker_mm_, has_markers);
  form_->setRowVisible(dictionary_, has_markers);
  form_->setRowVisible(circle_mm_, has_circles);
  auto* label = qobject_cast<QLabel*>(form_->labelForField(square_mm_));
  label->setText(board.kind == BoardKind::asymmetric_circles ? "&Distance of rows"
                 : has_circles                               ? "&Distance of circles"
                                                             : "S&quare");
  const auto drawing = control_.draw_board(board);
  drawing_ = drawing ? std::optional(drawing.value()) : std::nullopt;
  fault_ = drawing ? QString() : with_capital(QString::fromStdString(drawing.error().message)) + '.';
  preview_->show_drawing(drawing_ ? &*drawing_ : nullptr);
  show_text(*fault_text_, fault_);
  show_text(*size_text_, drawing_ ? size_check_words(board, *drawing_) : QString());
  for (QPushButton* button : {print_, measured_}) button->setEnabled(drawing_.has_value());
  if (drawing_) Q_EMIT changed();
}

void BoardPanel::ask_measured_width() {
  const double width_mm = pattern_size_mm(setup().board).x();
  auto* dialog = new QInputDialog(this);
  dialog->setObjectName("measured_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setInputMode(QInputDialog::DoubleInput);
  dialog->setDoubleDecimals(2);
  dialog->setDoubleRange(0.5 * width_mm, 2.0 * width_mm);
  dialog->setDoubleValue(width_mm);
  dialog->setWindowTitle("Width measured");
  dialog->setLabelText(QString("Width of the printed pattern in mm; it should be %1:").arg(width_mm));
  connect(dialog, &QInputDialog::doubleValueSelected, this, [this, width_mm](double measured_mm) {
    const double factor = measured_mm / width_mm;
    CameraCalibrationSetup scaled = setup();
    scaled.board.square_mm *= factor;
    scaled.board.marker_mm *= factor;
    scaled.board.circle_mm *= factor;
    set_setup(scaled);
  });
  dialog->open();
}

void BoardPanel::ask_where_to_print() {
  auto* dialog = new QFileDialog(this, "Print the board", settings_.value(board_folder_key).toString(),
                                 "PDF (*.pdf);;SVG (*.svg);;PNG, 300 dots an inch (*.png)");
  dialog->setObjectName("print_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("pdf");
  connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
    dialog->setDefaultSuffix(filter.startsWith("SVG") ? "svg" : filter.startsWith("PNG") ? "png" : "pdf");
  });
  const CalibrationBoard board = setup().board;
  dialog->selectFile(QString("%1-%2x%3.pdf").arg(to_string(board.kind)).arg(board.columns).arg(board.rows));
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    settings_.setValue(board_folder_key, QFileInfo(path).absolutePath());
    print_to(path);
  });
  dialog->open();
}

void BoardPanel::print_to(const QString& path) {
  if (!path.endsWith(".pdf", Qt::CaseInsensitive)) {
    control_.print_board(path.toStdString(), setup().board);
    return;
  }
  if (!drawing_) return;
  const auto written = write_board_pdf(*drawing_, path);
  if (written) {
    Q_EMIT said(Notice::Severity::info, "The board was written to " + path,
                "Print it at 100 %, glue it to something flat");
  } else {
    Q_EMIT said(Notice::Severity::error,
                QString::fromStdString(written.error().context + ": " + written.error().message),
                QString::fromStdString(written.error().remedy));
  }
}

}  // namespace yarbus::ui
