#pragma once

#include <QStyledItemDelegate>

#include "app/session/recording_control.h"

class QListWidgetItem;

namespace yarbus::ui {

/// Paints a session of the library as a card: its picture, and beside it name, facts, quality and state.
class SessionCardDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  /// Gives an item what its card shows, also for those who listen.
  static void fill(QListWidgetItem& item, const SessionCard& card);

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace yarbus::ui
