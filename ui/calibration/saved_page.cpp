#include "ui/calibration/saved_page.h"

#include <QHeaderView>
#include <QMessageBox>
#include <algorithm>

#include "ui/calibration/export_dialogs.h"
#include "ui/report/calibration_pdf.h"
#include "ui/report/calibration_words.h"

namespace yarbus::ui {

SavedPage::SavedPage(CalibrationControl& control, QSettings& settings, QWidget* parent)
    : QWidget(parent),
      control_(control),
      settings_(settings),
      frame_(*this, "Saved calibrations", false),
      list_(new QTreeWidget(this)),
      text_(wrapped_label({}, this)) {
  setObjectName("saved_page");
  list_->setObjectName("saved_list");
  list_->setAccessibleName("Saved calibrations");
  list_->setRootIsDecorated(false);
  list_->setAlternatingRowColors(true);
  list_->setHeaderLabels({"Name", "Made", "Accuracy", "Can be used now", "Cameras and screen"});
  frame_.column()->addWidget(list_, 1);
  text_->setObjectName("saved_text");
  frame_.column()->addWidget(text_);
  delete_ = frame_.add_left_button("Delete…", "saved_delete");
  pdf_ = frame_.add_left_button("Export PDF…", "saved_pdf");
  json_ = frame_.add_left_button("Export JSON…", "saved_json");
  compare_ = frame_.add_left_button("Compare with the one in force", "saved_compare");
  auto* close = frame_.add_button("Close", "saved_close");
  use_ = frame_.add_button("Use", "saved_use", true);
  connect(list_, &QTreeWidget::itemSelectionChanged, this, &SavedPage::follow_choice);
  connect(list_, &QTreeWidget::itemActivated, this, &SavedPage::load_chosen);
  connect(use_, &QPushButton::clicked, this, &SavedPage::load_chosen);
  connect(delete_, &QPushButton::clicked, this, &SavedPage::remove_chosen);
  connect(pdf_, &QPushButton::clicked, this, &SavedPage::export_pdf);
  connect(json_, &QPushButton::clicked, this, &SavedPage::export_json);
  connect(compare_, &QPushButton::clicked, this, [this] {
    if (const CalibrationEntry* entry = chosen()) Q_EMIT compare_wanted(QString::fromStdString(entry->path));
  });
  connect(close, &QPushButton::clicked, this, &SavedPage::closed);
  follow_choice();
}

void SavedPage::refresh() {
  entries_ = control_.list_saved();
  list_->clear();
  for (const CalibrationEntry& entry : entries_) {
    auto* item = new QTreeWidgetItem(list_);
    item->setText(0, QString::fromStdString(entry.name));
    item->setText(1, QString::fromStdString(entry.made_at));
    item->setText(2, degrees_text(entry.accuracy_deg));
    item->setText(3, entry.why_not.empty() ? QString("yes") : "no: " + QString::fromStdString(entry.why_not));
    item->setText(4, QString::fromStdString(entry.setup));
    for (int column = 0; column < list_->columnCount(); ++column)
      item->setToolTip(column, item->text(column));
  }
  constexpr int gap_px = 14;
  for (int column = 0; column < 3; ++column) {
    list_->resizeColumnToContents(column);
    list_->setColumnWidth(column, std::min(260, list_->columnWidth(column) + gap_px));
  }
  list_->setColumnWidth(3, 260);
  if (!entries_.empty()) list_->setCurrentItem(list_->topLevelItem(0));
  follow_choice();
}

const CalibrationEntry* SavedPage::chosen() const {
  const QList<QTreeWidgetItem*> items = list_->selectedItems();
  if (items.isEmpty()) return nullptr;
  const int index = list_->indexOfTopLevelItem(items.first());
  return index >= 0 && index < static_cast<int>(entries_.size()) ? &entries_[static_cast<std::size_t>(index)]
                                                                 : nullptr;
}

void SavedPage::follow_choice() {
  const CalibrationEntry* entry = chosen();
  for (QPushButton* button : {delete_, pdf_, json_, compare_}) button->setEnabled(entry != nullptr);
  use_->setEnabled(entry != nullptr && entry->why_not.empty());
  if (entries_.empty()) {
    text_->setText("None is saved yet. Every finished calibration is saved by itself.");
  } else if (entry == nullptr) {
    text_->setText("Choose one.");
  } else {
    text_->setText(entry->why_not.empty()
                       ? QString::fromStdString(entry->setup)
                       : "Cannot be used now: " + sentence(QString::fromStdString(entry->why_not)));
  }
}

void SavedPage::load_chosen() {
  const CalibrationEntry* entry = chosen();
  if (entry == nullptr || !entry->why_not.empty()) return;
  control_.load(entry->path);
  Q_EMIT loaded();
}

void SavedPage::remove_chosen() {
  const CalibrationEntry* entry = chosen();
  if (entry == nullptr) return;
  auto* question = new QMessageBox(QMessageBox::Question, "Delete a calibration",
                                   "Delete “" + QString::fromStdString(entry->name) + "” from the library?",
                                   QMessageBox::Cancel, this);
  question->setObjectName("delete_question");
  question->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* yes = question->addButton("Delete", QMessageBox::DestructiveRole);
  yes->setObjectName("delete_yes");
  connect(yes, &QPushButton::clicked, this, [this, path = entry->path] {
    control_.remove(path);
    refresh();
  });
  question->open();
}

void SavedPage::export_pdf() {
  const CalibrationEntry* entry = chosen();
  if (entry == nullptr) return;
  // Null comes with a notice that says why.
  const CalibrationResultPtr result = control_.look_at(entry->path);
  if (!result) return;
  ask_where_to_write_pdf(this, settings_, result->name, [this, result](const QString& path) {
    const auto written = write_calibration_pdf(*result, path);
    if (written) {
      Q_EMIT pdf_written(path);
    } else {
      Q_EMIT pdf_failed(QString::fromStdString(written.error().context + ": " + written.error().message),
                        QString::fromStdString(written.error().remedy));
    }
  });
}

void SavedPage::export_json() {
  const CalibrationEntry* entry = chosen();
  if (entry == nullptr) return;
  ask_where_to_write_json(this, settings_, entry->name, [this, saved = entry->path](const QString& path) {
    control_.export_json(saved, path.toStdString());
  });
}

}  // namespace yarbus::ui
