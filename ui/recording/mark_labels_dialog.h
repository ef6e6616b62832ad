#pragma once

#include <QDialog>
#include <QLineEdit>

#include "ui/recording/recording_settings.h"

namespace yarbus::ui {

/// Gives the nine keys for marks their labels. An empty field is the key's usual one.
class MarkLabelsDialog : public QDialog {
  Q_OBJECT
 public:
  explicit MarkLabelsDialog(const MarkLabels& labels, QWidget* parent = nullptr);
  [[nodiscard]] MarkLabels labels() const;

 private:
  std::array<QLineEdit*, mark_count> fields_{};
};

}  // namespace yarbus::ui
