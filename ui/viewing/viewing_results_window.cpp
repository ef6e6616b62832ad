#include "ui/viewing/viewing_results_window.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMetaObject>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStandardPaths>
#include <QVBoxLayout>
#include <array>
#include <exception>
#include <memory>
#include <utility>

#include <pthread.h>

#include "app/session/session_outputs.h"
#include "ui/calibration/page_parts.h"
#include "ui/report/viewing_files.h"

namespace yarbus::ui {

namespace {

constexpr QSize results_window_size(1180, 680);
constexpr const char* results_folder_key = "viewing/export_folder";

QString number_or_dash(const std::optional<double>& value, int decimals) {
  return value ? QString::number(*value, 'f', decimals) : QString("–");
}

struct FigureColumn {
  const char* title;
  const char* tip;
  QString (*text)(const TaskResult&);
};
constexpr std::array figure_columns_of_table{
    FigureColumn{"Task", "", [](const TaskResult& t) { return viewing_task_title(t); }},
    FigureColumn{
        "Shown (s)", "How long the picture was shown",
        [](const TaskResult& t) { return t.how ? QString::number(t.shown_s, 'f', 1) : QString("–"); }},
    FigureColumn{"Fixations", "On the picture",
                 [](const TaskResult& t) { return QString::number(t.fixation_count); }},
    FigureColumn{"Dwell (s)", "Time of all fixations on the picture",
                 [](const TaskResult& t) { return QString::number(t.dwell_s, 'f', 2); }},
    FigureColumn{"Mean fixation (ms)", "Of those on the picture",
                 [](const TaskResult& t) {
                   return number_or_dash(
                       t.mean_fixation_s ? std::optional(1e3 * *t.mean_fixation_s) : std::nullopt, 0);
                 }},
    FigureColumn{"Scanpath (°)", "Sum of the ways from one fixation to the next",
                 [](const TaskResult& t) { return QString::number(t.scanpath_deg, 'f', 1); }},
    FigureColumn{"Mean way (°)", "From one fixation to the next",
                 [](const TaskResult& t) { return number_or_dash(t.mean_saccade_deg, 1); }},
    FigureColumn{"Beside", "Fixations beside the picture",
                 [](const TaskResult& t) { return QString::number(t.off_picture_count); }},
};

QPushButton* results_button(const QString& text, const QString& name, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setObjectName(name);
  button->setAutoDefault(false);
  return button;
}

}  // namespace

ViewingResultsWindow::ViewingResultsWindow(const ViewingControl& control, const RecordingControl& recording,
                                           QSettings& settings, QWidget* parent)
    : QDialog(parent, Qt::Window),
      control_(control),
      recording_(recording),
      settings_(settings),
      view_(new ViewingResultsView(this)),
      scroll_(new QScrollArea(this)),
      table_(new QTableWidget(0, static_cast<int>(figure_columns_of_table.size()), this)),
      fixations_(new QCheckBox("&Fixations", this)),
      saccades_(new QCheckBox("&Saccades", this)),
      heat_(new QCheckBox("&Heat map", this)),
      sigma_(new QDoubleSpinBox(this)),
      analysis_(new QComboBox(this)),
      text_(wrapped_label({}, this)),
      figure_(results_button("&Export figure…", "viewing_export_figure", this)),
      all_(results_button("Export &all…", "viewing_export_all", this)) {
  setObjectName("viewing_results_window");
  setWindowTitle("Viewing results");
  fixations_->setObjectName("viewing_fixations");
  fixations_->setChecked(true);
  saccades_->setObjectName("viewing_saccades");
  saccades_->setChecked(true);
  heat_->setObjectName("viewing_heat");
  sigma_->setObjectName("viewing_sigma");
  sigma_->setRange(0.2, 5.0);
  sigma_->setSingleStep(0.1);
  sigma_->setDecimals(1);
  sigma_->setValue(view_->layers().heat_sigma_deg);
  sigma_->setSuffix("°");
  sigma_->setAccessibleName("Sigma of the heat map's Gaussian, degrees");
  sigma_->setToolTip(
      "How wide a look counts: about the fovea's 1°, or the accuracy of the gaze if that is worse");
  analysis_->setObjectName("viewing_analysis");
  analysis_->setAccessibleName("Whose gaze and fixations");
  text_->setObjectName("viewing_results_text");
  text_->setTextFormat(Qt::PlainText);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  figure_->setToolTip("What is shown here, as PNG, SVG or PDF");
  all_->setToolTip("Scanpaths and heat maps as PNG, SVG and PDF, and all tables as CSV, into a new folder");
  table_->setObjectName("viewing_table");
  table_->setAccessibleName("Figures of each task");
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  for (int column = 0; column < table_->columnCount(); ++column) {
    const FigureColumn& kind = figure_columns_of_table.at(static_cast<std::size_t>(column));
    auto* header = new QTableWidgetItem(kind.title);
    header->setToolTip(kind.tip);
    table_->setHorizontalHeaderItem(column, header);
  }
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  scroll_->setWidget(view_);
  scroll_->setWidgetResizable(true);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setFrameShape(QFrame::NoFrame);

  auto* top = new QHBoxLayout;
  for (QWidget* one : {static_cast<QWidget*>(fixations_), static_cast<QWidget*>(saccades_),
                       static_cast<QWidget*>(heat_), static_cast<QWidget*>(sigma_)})
    top->addWidget(one);
  top->addStretch(1);
  auto* whose = new QLabel("&Results", this);
  whose->setBuddy(analysis_);
  top->addWidget(whose);
  top->addWidget(analysis_);
  auto* split = new QSplitter(Qt::Vertical, this);
  split->addWidget(scroll_);
  split->addWidget(table_);
  split->setStretchFactor(0, 4);
  split->setStretchFactor(1, 1);
  split->setChildrenCollapsible(false);
  auto* close = results_button("Close", "viewing_results_close", this);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(figure_);
  buttons->addWidget(all_);
  buttons->addStretch(1);
  buttons->addWidget(close);
  auto* column = new QVBoxLayout(this);
  column->addLayout(top);
  column->addWidget(split, 1);
  column->addWidget(text_);
  column->addLayout(buttons);
  resize(results_window_size);
  split->setSizes({460, 150});

  for (QCheckBox* layer : {fixations_, saccades_, heat_})
    connect(layer, &QCheckBox::toggled, this, &ViewingResultsWindow::use_layers);
  connect(sigma_, &QDoubleSpinBox::valueChanged, this, &ViewingResultsWindow::use_layers);
  connect(analysis_, &QComboBox::activated, this, [this] { read(analysis_->currentData().toLongLong()); });
  connect(figure_, &QPushButton::clicked, this, &ViewingResultsWindow::ask_for_figure);
  connect(all_, &QPushButton::clicked, this, &ViewingResultsWindow::ask_for_folder);
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  use_layers();
  follow_state();
}

ViewingResultsWindow::~ViewingResultsWindow() {
  if (thread_.joinable()) thread_.join();
}

void ViewingResultsWindow::open_session(const QString& folder) {
  folder_ = folder;
  view_->show_results(nullptr, std::nullopt);
  table_->setRowCount(0);
  analysis_->clear();
  setWindowTitle("Viewing results – " + QFileInfo(folder).fileName());
  show();
  raise();
  activateWindow();
  view_->setFocus();
  read(std::nullopt);
}

void ViewingResultsWindow::read(std::optional<std::int64_t> analysis) {
  if (thread_.joinable()) thread_.join();
  is_reading_ = true;
  const int reading = ++readings_;
  show_text(*text_, "Reading the session…");
  follow_state();
  thread_ = std::jthread([this, analysis, reading, folder = folder_.toStdString()] {
    pthread_setname_np(pthread_self(), "viewing results");
    const auto guarded_read = [&]() -> Result<ViewingResults> {
      try {
        return control_.results(folder, analysis);
      } catch (const std::exception& exception) {
        return Error{ErrorCode::internal, exception.what(), "viewing results",
                     "This is a fault in Yarbus: please report it with the log"};
      }
    };
    auto results = guarded_read();
    QMetaObject::invokeMethod(
        this,
        [this, reading, results = std::move(results)] {
          if (reading == readings_) show_results(results);
        },
        Qt::QueuedConnection);
  });
}

void ViewingResultsWindow::show_results(const Result<ViewingResults>& results) {
  is_reading_ = false;
  if (!results) {
    show_text(*text_, QString::fromStdString(results.error().to_text()));
    follow_state();
    return;
  }
  QStringList sentences;
  for (const std::string& note : results->notes) sentences << QString::fromStdString(note) + '.';
  std::optional<StimulusPicture> picture;
  if (!results->picture_path.empty()) {
    auto loaded = StimulusPicture::load(QString::fromStdString(results->picture_path));
    if (loaded) {
      picture = std::move(*loaded);
    } else {
      sentences << QString::fromStdString(loaded.error().to_text());
    }
  }
  view_->show_results(std::make_shared<const ViewingResults>(*results), std::move(picture));
  fill_table(*results);
  list_analyses(results->analysis);
  show_text(*text_, sentences.join(' '));
  follow_state();
}

void ViewingResultsWindow::fill_table(const ViewingResults& results) {
  table_->setRowCount(static_cast<int>(results.tasks.size()));
  for (int row = 0; row < table_->rowCount(); ++row) {
    for (int column = 0; column < table_->columnCount(); ++column) {
      auto* item = new QTableWidgetItem(figure_columns_of_table.at(static_cast<std::size_t>(column))
                                            .text(results.tasks[static_cast<std::size_t>(row)]));
      if (column > 0) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
      table_->setItem(row, column, item);
    }
  }
}

void ViewingResultsWindow::list_analyses(std::int64_t used) {
  const QSignalBlocker quiet(analysis_);
  analysis_->clear();
  const SessionOutputs* outputs = recording_.outputs();
  const auto known = outputs != nullptr ? outputs->results_of(folder_.toStdString())
                                        : Result<std::vector<SessionResults>>(std::vector<SessionResults>{});
  if (known) {
    for (const SessionResults& one : *known)
      analysis_->addItem(
          one.analysis == 0
              ? QString("of the recording")
              : QString("of analysis %1: %2").arg(one.analysis).arg(QString::fromStdString(one.name)),
          QVariant::fromValue<qlonglong>(one.analysis));
  }
  analysis_->setCurrentIndex(analysis_->findData(QVariant::fromValue<qlonglong>(used)));
}

void ViewingResultsWindow::use_layers() {
  ViewingLayers layers;
  layers.fixations = fixations_->isChecked();
  layers.saccades = saccades_->isChecked();
  layers.heat = heat_->isChecked();
  layers.heat_sigma_deg = sigma_->value();
  sigma_->setEnabled(layers.heat);
  view_->set_layers(layers);
}

void ViewingResultsWindow::follow_state() {
  const bool has_results = !is_reading_ && view_->figure().has_value();
  figure_->setEnabled(has_results);
  all_->setEnabled(has_results);
  analysis_->setEnabled(has_results && analysis_->count() > 1);
}

void ViewingResultsWindow::ask_for_figure() {
  auto* dialog = new QFileDialog(
      this, "Export the figure",
      settings_.value(results_folder_key, QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
          .toString(),
      "PNG (*.png);;SVG (*.svg);;PDF (*.pdf)");
  dialog->setObjectName("viewing_figure_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("png");
  connect(dialog, &QFileDialog::filterSelected, dialog,
          [dialog](const QString& filter) { dialog->setDefaultSuffix(filter.left(3).toLower()); });
  dialog->selectFile(QFileInfo(folder_).fileName() + "-viewing.png");
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    settings_.setValue(results_folder_key, QFileInfo(path).absolutePath());
    const auto figure = view_->figure();
    if (!figure) return;
    const auto written = write_viewing_figure(*figure, path);
    show_text(*text_, written ? "The figure is in " + path + "."
                              : "Nothing was written: " + QString::fromStdString(written.error().to_text()));
  });
  dialog->open();
}

void ViewingResultsWindow::ask_for_folder() {
  auto* dialog = new QFileDialog(
      this, "Export everything into a new folder",
      settings_.value(results_folder_key, QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
          .toString());
  dialog->setObjectName("viewing_folder_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& chosen) {
    settings_.setValue(results_folder_key, chosen);
    const auto figure = view_->figure();
    if (!figure) return;
    // A folder with something in it is where the new one goes.
    QString path = chosen;
    const QString stem = QDir(chosen).filePath(QFileInfo(folder_).fileName() + "-viewing");
    if (QFileInfo::exists(chosen) && !QDir(chosen).isEmpty()) {
      path = stem;
      for (int number = 2; QFileInfo::exists(path); ++number) path = stem + QString("-%1").arg(number);
    }
    const auto written = write_viewing_folder(figure->results, figure->layers.heat_sigma_deg, path);
    show_text(*text_, written ? QString("%1 files are in %2.").arg(written->size()).arg(path)
                              : "The export failed: " + QString::fromStdString(written.error().to_text()));
  });
  dialog->open();
}

}  // namespace yarbus::ui
