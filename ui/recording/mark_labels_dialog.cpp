#include "ui/recording/mark_labels_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QVBoxLayout>

#include "ui/calibration/page_parts.h"

namespace yarbus::ui {

namespace {
constexpr int label_dialog_width_px = 400;
}

MarkLabelsDialog::MarkLabelsDialog(const MarkLabels& labels, QWidget* parent) : QDialog(parent) {
  setObjectName("mark_labels_dialog");
  setWindowTitle("Labels of the marks");
  auto* form = new QFormLayout;
  for (std::size_t i = 0; i < mark_count; ++i) {
    auto* field = new QLineEdit(this);
    field->setObjectName(QString("mark_label_%1").arg(i + 1));
    field->setPlaceholderText(default_mark_label(i));
    if (labels[i] != default_mark_label(i)) field->setText(labels[i]);
    form->addRow(QString("Key &%1").arg(i + 1), field);
    fields_[i] = field;
  }
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
  connect(buttons, &QDialogButtonBox::accepted, this, &MarkLabelsDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &MarkLabelsDialog::reject);
  auto* column = new QVBoxLayout(this);
  column->addWidget(
      wrapped_label("While recording, a key marks the moment with its label in the session.", this));
  column->addLayout(form);
  column->addWidget(buttons);
  resize(label_dialog_width_px, sizeHint().height());
}

MarkLabels MarkLabelsDialog::labels() const {
  MarkLabels labels;
  for (std::size_t i = 0; i < mark_count; ++i) labels[i] = fields_[i]->text().trimmed();
  return labels;
}

}  // namespace yarbus::ui
