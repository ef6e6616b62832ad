#include "ui/recording/session_card_delegate.h"

#include <QFileInfo>
#include <QListWidgetItem>
#include <QPainter>
#include <QPixmapCache>
#include <QStringList>
#include <algorithm>

#include "ui/icons.h"
#include "ui/recording/recording_words.h"

namespace yarbus::ui {

namespace {

enum Role { facts_role = Qt::UserRole + 1, quality_role, state_role, is_bad_role, thumbnail_role };

constexpr int card_margin_px = 10;
constexpr int thumbnail_width_px = 128;
constexpr int thumbnail_height_px = 96;
constexpr int mark_icon_px = 28;

/// Null without a file that can be read. A picture is read once, while its card is on the screen.
QPixmap thumbnail(const QString& path) {
  if (path.isEmpty()) return {};
  const QString key = "session " + path + QFileInfo(path).lastModified().toString(Qt::ISODateWithMs);
  QPixmap pixmap;
  if (!QPixmapCache::find(key, &pixmap) && pixmap.load(path)) {
    pixmap = pixmap.scaled(2 * thumbnail_width_px, 2 * thumbnail_height_px, Qt::KeepAspectRatio,
                           Qt::SmoothTransformation);
    QPixmapCache::insert(key, pixmap);
  }
  return pixmap;
}

void paint_thumbnail(QPainter& painter, const QRect& area, const QString& path, const QPalette& palette) {
  const QPixmap picture = thumbnail(path);
  painter.fillRect(area, palette.color(QPalette::AlternateBase));
  if (picture.isNull()) {
    QRect icon(0, 0, mark_icon_px, mark_icon_px);
    icon.moveCenter(area.center());
    tool_icon("sessions").paint(&painter, icon, Qt::AlignCenter, QIcon::Disabled);
    return;
  }
  QRect place(QPoint(0, 0), picture.size().scaled(area.size(), Qt::KeepAspectRatio));
  place.moveCenter(area.center());
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.drawPixmap(place, picture);
}

}  // namespace

void SessionCardDelegate::fill(QListWidgetItem& item, const SessionCard& card) {
  const QStringList lines{card_title(card), card_facts(card), card_quality(card), card_state(card)};
  item.setText(lines[0]);
  item.setData(facts_role, lines[1]);
  item.setData(quality_role, lines[2]);
  item.setData(state_role, lines[3]);
  item.setData(is_bad_role, card.needs_repair || !card.problem.empty());
  item.setData(thumbnail_role, QString::fromStdString(card.thumbnail));
  QStringList spoken = lines;
  spoken.removeAll(QString());
  item.setData(Qt::AccessibleTextRole, spoken.join("; "));
  const QString notes = QString::fromStdString(card.notes);
  item.setToolTip(notes.isEmpty() ? QString::fromStdString(card.folder)
                                  : notes + '\n' + QString::fromStdString(card.folder));
}

QSize SessionCardDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const {
  constexpr int lines = 5;  // the title is larger
  const int text_px = option.fontMetrics.lineSpacing() * lines + 4;
  return {2 * thumbnail_width_px, std::max(thumbnail_height_px, text_px) + 2 * card_margin_px};
}

void SessionCardDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const {
  painter->save();
  QStyleOptionViewItem background = option;
  initStyleOption(&background, index);
  const QWidget* widget = background.widget;
  const QStyle* style = widget->style();
  style->drawPrimitive(QStyle::PE_PanelItemViewItem, &background, painter, widget);
  const QRect card = option.rect.adjusted(card_margin_px, card_margin_px, -card_margin_px, -card_margin_px);
  const QRect picture(card.left(), card.top(), thumbnail_width_px, thumbnail_height_px);
  paint_thumbnail(*painter, picture, index.data(thumbnail_role).toString(), option.palette);

  const bool is_selected = option.state.testFlag(QStyle::State_Selected);
  painter->setPen(option.palette.color(is_selected ? QPalette::HighlightedText : QPalette::Text));
  QRect line(picture.right() + 2 * card_margin_px, card.top(), 0, 0);
  line.setRight(card.right());
  const auto write = [&](const QString& text, const QFont& font) {
    const QFontMetrics metrics(font);
    line.setHeight(metrics.lineSpacing());
    painter->setFont(font);
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(text, Qt::ElideRight, line.width()));
    line.translate(0, metrics.lineSpacing() + 1);
  };
  QFont title = option.font;
  title.setBold(true);
  title.setPointSizeF(1.15 * title.pointSizeF());
  QFont bold = option.font;
  bold.setBold(true);
  write(index.data(Qt::DisplayRole).toString(), title);
  for (const int role : {static_cast<int>(facts_role), static_cast<int>(quality_role)}) {
    if (const QString text = index.data(role).toString(); !text.isEmpty()) write(text, option.font);
  }
  if (const QString text = index.data(state_role).toString(); !text.isEmpty())
    write(text.left(1).toUpper() + text.mid(1), index.data(is_bad_role).toBool() ? bold : option.font);
  if (option.state.testFlag(QStyle::State_HasFocus)) {
    QStyleOptionFocusRect focus;
    focus.QStyleOption::operator=(option);
    style->drawPrimitive(QStyle::PE_FrameFocusRect, &focus, painter, widget);
  }
  painter->restore();
}

}  // namespace yarbus::ui
