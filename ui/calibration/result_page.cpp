#include "ui/calibration/result_page.h"

#include <QGridLayout>
#include <QInputDialog>

#include "ui/calibration/export_dialogs.h"
#include "ui/report/calibration_pdf.h"
#include "ui/report/calibration_tables.h"
#include "ui/report/calibration_words.h"

namespace yarbus::ui {

namespace {

QLabel* rich_label(const QString& name, QWidget* parent) {
  QLabel* label = wrapped_label({}, parent);
  label->setObjectName(name);
  label->setTextFormat(Qt::RichText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

}  // namespace

ResultPage::ResultPage(CalibrationControl& control, QSettings& settings, QWidget* parent)
    : QWidget(parent),
      control_(control),
      settings_(settings),
      frame_(*this, "The calibration in force"),
      none_(wrapped_label("None. Press “Calibrate again”, or load a saved one from the menu Calibration.",
                          frame_.body())),
      content_(new QWidget(frame_.body())),
      header_(new VerdictHeader(content_)),
      map_(new ScreenMapView(content_)),
      quality_(rich_label("result_quality", content_)),
      truth_(wrapped_label({}, content_)),
      mapper_table_(rich_label("result_mappers", content_)),
      mapper_(new QComboBox(content_)),
      mapper_reason_(wrapped_label({}, content_)),
      advice_(rich_label("result_advice", content_)),
      findings_(new FoldedText("What was found", true, content_)),
      points_(new FoldedText("Every point", false, content_)),
      parameters_(new FoldedText("Parameters of the geometric model", false, content_)) {
  setObjectName("result_page");
  frame_.column()->addWidget(none_);
  frame_.column()->addWidget(content_);
  frame_.column()->addStretch(1);
  auto* column = new QVBoxLayout(content_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(12);
  column->addWidget(header_);
  column->addWidget(advice_);
  build_figures(*column);
  for (FoldedText* part : {findings_, points_, parameters_}) column->addWidget(part);
  build_buttons();
  content_->hide();
}

void ResultPage::build_figures(QVBoxLayout& column) {
  map_->set_selectable(true);
  map_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  mapper_->setObjectName("result_mapper");
  mapper_->setAccessibleName("Mapper in use");
  auto* side = new QVBoxLayout;
  side->setSpacing(6);
  side->addWidget(wrapped_label("Data quality at the check's targets", content_, 1.0, true));
  side->addWidget(quality_);
  side->addWidget(truth_);
  side->addSpacing(6);
  side->addWidget(wrapped_label("Mappers: mean error", content_, 1.0, true));
  side->addWidget(mapper_table_);
  auto* choice = new QHBoxLayout;
  choice->addWidget(new QLabel("Use", content_));
  choice->addWidget(mapper_, 1);
  side->addLayout(choice);
  side->addWidget(mapper_reason_);
  side->addStretch(1);
  auto* row = new QHBoxLayout;
  row->setSpacing(20);
  row->addWidget(map_, 3);
  row->addLayout(side, 2);
  column.addLayout(row);
  connect(map_, &ScreenMapView::selection_changed, this, &ResultPage::follow_selection);
  connect(map_, &ScreenMapView::redo_wanted, this, [this](int point) { control_.redo(point); });
  connect(mapper_, &QComboBox::activated, this,
          [this] { control_.use_mapper(mapper_->currentData().toString().toStdString()); });
}

void ResultPage::build_buttons() {
  auto* name = frame_.add_left_button("Name…", "result_name");
  auto* pdf = frame_.add_left_button("Export PDF…", "result_pdf");
  auto* json = frame_.add_left_button("Export JSON…", "result_json");
  redo_ = frame_.add_button("Redo the chosen point", "result_redo");
  auto* again = frame_.add_button("Calibrate again…", "result_again");
  auto* done_button = frame_.add_button("Done", "result_done", true);
  with_result_ = {name, pdf, json};
  connect(name, &QPushButton::clicked, this, &ResultPage::ask_name);
  connect(pdf, &QPushButton::clicked, this, &ResultPage::export_pdf);
  connect(json, &QPushButton::clicked, this, &ResultPage::export_json);
  connect(redo_, &QPushButton::clicked, this, [this] {
    if (map_->selected() >= 0) control_.redo(map_->selected());
  });
  connect(again, &QPushButton::clicked, this, &ResultPage::again_wanted);
  connect(done_button, &QPushButton::clicked, this, &ResultPage::done);
  for (QPushButton* button : with_result_) button->setEnabled(false);
  follow_selection(-1);
}

void ResultPage::follow(const CalibrationSnapshot& now) {
  if (now.result == result_) return;
  result_ = now.result;
  none_->setVisible(!result_);
  content_->setVisible(result_ != nullptr);
  for (QPushButton* button : with_result_) button->setEnabled(result_ != nullptr);
  if (result_) show_result(*result_);
  follow_selection(map_->selected());
}

void ResultPage::show_result(const CalibrationResult& result) {
  header_->show_result(result);
  map_->show_map(screen_map_of(result));
  quality_->setText(html_of(quality_table(result)));
  QStringList truth;
  if (result.true_accuracy_deg) {
    truth << QString("Simulated participant: accuracy against where the eyes really looked %1.")
                 .arg(degrees_text(result.true_accuracy_deg));
  }
  if (result.coverage_68) {
    truth << QString("Stated 68 % regions hold the target in %1 % of the frames.")
                 .arg(100.0 * *result.coverage_68, 0, 'f', 0);
  }
  show_text(*truth_, truth.join(' '));
  show_mappers(result);
  const QString advice = html_list(advice_lines(result));
  show_text(*advice_, advice.isEmpty() ? QString() : "<b>What would help</b>" + advice);
  findings_->set_html(html_list(finding_lines(result.findings)));
  points_->set_html(result.points.empty() ? QString() : html_of(point_table(result)));
  parameters_->set_html(result.parameters.empty() ? QString() : html_of(parameter_table(result)));
}

void ResultPage::show_mappers(const CalibrationResult& result) {
  mapper_table_->setText(html_of(mapper_table(result)));
  mapper_->clear();
  mapper_->addItem("the best by cross-validation", QString());
  for (const MapperView& mapper : result.mappers) {
    if (!mapper.is_available) continue;
    const QString name = QString::fromStdString(mapper.name);
    mapper_->addItem(name, name);
    if (mapper.is_chosen) mapper_->setCurrentIndex(mapper_->count() - 1);
  }
  show_text(*mapper_reason_, sentence(QString::fromStdString(result.mapper_reason)));
}

void ResultPage::follow_selection(int point) {
  redo_->setEnabled(result_ != nullptr && point >= 0);
  redo_->setToolTip(point >= 0 ? "Shows " + point_name(point) + " alone and fits everything again"
                               : "Choose a point on the map with the mouse or the arrow keys");
}

void ResultPage::ask_name() {
  auto* dialog = new QInputDialog(this);
  dialog->setObjectName("name_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle("Name the calibration");
  dialog->setLabelText("Name");
  dialog->setTextValue(QString::fromStdString(result_->name));
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
    if (!name.trimmed().isEmpty()) control_.rename(name.trimmed().toStdString());
  });
  dialog->open();
}

void ResultPage::export_pdf() {
  if (!result_) return;
  ask_where_to_write_pdf(this, settings_, result_->name, [this, result = result_](const QString& path) {
    const auto written = write_calibration_pdf(*result, path);
    if (written) {
      Q_EMIT pdf_written(path);
    } else {
      const Error& error = written.error();
      Q_EMIT pdf_failed(QString::fromStdString(error.context + ": " + error.message),
                        QString::fromStdString(error.remedy));
    }
  });
}

void ResultPage::export_json() {
  if (!result_) return;
  ask_where_to_write_json(this, settings_, result_->name,
                          [this](const QString& path) { control_.export_json({}, path.toStdString()); });
}

}  // namespace yarbus::ui
