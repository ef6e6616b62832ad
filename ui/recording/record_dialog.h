#pragma once

#include <QButtonGroup>
#include <QCheckBox>
#include <QDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <optional>

#include "app/session/recording_control.h"

namespace yarbus::ui {

/// Asks what a recording is called, whose it is, and what it keeps.
class RecordDialog : public QDialog {
  Q_OBJECT
 public:
  /// `library`: where sessions are kept; empty: nowhere, so nothing can be recorded. `last`: choices to begin
  /// with.
  RecordDialog(const QString& library, const std::optional<RecordingWish>& last, QWidget* parent = nullptr);

  [[nodiscard]] RecordingWish wish() const;
  void accept() override;

 Q_SIGNALS:
  void chosen(const yarbus::RecordingWish& wish);

 private:
  QWidget* make_parts(RecordedParts checked);
  QWidget* make_codecs(bool is_lossy);
  void follow_parts();

  QLineEdit* name_;
  QLineEdit* participant_;
  QPlainTextEdit* notes_;
  QButtonGroup* parts_;   ///< ids: RecordedParts
  QButtonGroup* codecs_;  ///< ids: 0 lossless, 1 H.264
  QWidget* codec_box_ = nullptr;
  QPushButton* record_ = nullptr;
};

}  // namespace yarbus::ui
