#include "ui/log_panel.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QVBoxLayout>

#include "ui/icons.h"
#include "ui/message_bar.h"

namespace yarbus::ui {

namespace {

enum LogColumn : int { time_column, severity_column, text_column, remedy_column, log_columns };

Notice::Severity severity_of(const QTreeWidgetItem& entry) {
  return static_cast<Notice::Severity>(entry.data(severity_column, Qt::UserRole).toInt());
}

}  // namespace

LogPanel::LogPanel(QWidget* parent)
    : QWidget(parent),
      filter_(new QLineEdit(this)),
      severities_(new QComboBox(this)),
      count_(new QLabel(this)),
      copy_(new QPushButton("&Copy", this)),
      entries_(new QTreeWidget(this)) {
  setObjectName("log_panel");
  filter_->setObjectName("log_filter");
  filter_->setPlaceholderText("Words to look for");
  filter_->setAccessibleName("Filter of the log");
  filter_->setClearButtonEnabled(true);
  severities_->setObjectName("log_severities");
  severities_->setAccessibleName("Kinds of messages shown");
  severities_->addItem("All messages", static_cast<int>(Notice::Severity::info));
  severities_->addItem("Warnings and errors", static_cast<int>(Notice::Severity::warning));
  severities_->addItem("Errors", static_cast<int>(Notice::Severity::error));
  copy_->setObjectName("log_copy");
  copy_->setAutoDefault(false);
  copy_->setToolTip("Copy the messages selected, or all that are shown, as text");
  count_->setObjectName("log_count");
  entries_->setObjectName("log_entries");
  entries_->setAccessibleName("Messages since the start");
  entries_->setColumnCount(log_columns);
  entries_->setHeaderLabels({"Time", "Kind", "What happened", "What to do"});
  entries_->setRootIsDecorated(false);
  entries_->setUniformRowHeights(true);
  entries_->setAlternatingRowColors(true);
  entries_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  entries_->header()->setSectionResizeMode(time_column, QHeaderView::ResizeToContents);
  entries_->header()->setSectionResizeMode(severity_column, QHeaderView::ResizeToContents);
  entries_->header()->setSectionResizeMode(text_column, QHeaderView::Stretch);
  entries_->header()->setSectionResizeMode(remedy_column, QHeaderView::Stretch);
  entries_->header()->setStretchLastSection(false);
  auto* copy_keys = new QAction(entries_);
  copy_keys->setShortcut(QKeySequence::Copy);
  copy_keys->setShortcutContext(Qt::WidgetShortcut);
  entries_->addAction(copy_keys);
  connect(copy_keys, &QAction::triggered, this, &LogPanel::copy);

  auto* line = new QHBoxLayout;
  line->addWidget(filter_, 1);
  line->addWidget(severities_);
  line->addWidget(count_);
  line->addWidget(copy_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(6, 6, 6, 6);
  column->addLayout(line);
  column->addWidget(entries_, 1);
  connect(filter_, &QLineEdit::textChanged, this, &LogPanel::narrow);
  connect(severities_, &QComboBox::currentIndexChanged, this, &LogPanel::narrow);
  connect(copy_, &QPushButton::clicked, this, &LogPanel::copy);
  count();
}

void LogPanel::add(Notice::Severity severity, const QString& text, const QString& remedy,
                   const QDateTime& at) {
  const QScrollBar* bar = entries_->verticalScrollBar();
  const bool was_at_end = bar->value() == bar->maximum();
  if (entries_->topLevelItemCount() == most_entries) delete entries_->takeTopLevelItem(0);
  auto* entry = new QTreeWidgetItem(entries_);
  entry->setText(time_column, at.toString("HH:mm:ss"));
  entry->setData(time_column, Qt::UserRole, at);
  entry->setText(severity_column, severity_word(severity));
  entry->setIcon(severity_column, tool_icon(severity_icon(severity)));
  entry->setData(severity_column, Qt::UserRole, static_cast<int>(severity));
  entry->setText(text_column, as_sentence(text));
  entry->setText(remedy_column, as_sentence(remedy));
  for (const int column : {text_column, remedy_column}) entry->setToolTip(column, entry->text(column));
  entry->setHidden(!is_wanted(*entry));
  if (was_at_end) entries_->scrollToItem(entry);
  count();
}

bool LogPanel::is_wanted(const QTreeWidgetItem& entry) const {
  if (static_cast<int>(severity_of(entry)) < severities_->currentData().toInt()) return false;
  const QString words = filter_->text().trimmed();
  return words.isEmpty() || entry.text(text_column).contains(words, Qt::CaseInsensitive) ||
         entry.text(remedy_column).contains(words, Qt::CaseInsensitive);
}

void LogPanel::narrow() {
  for (int i = 0; i < entries_->topLevelItemCount(); ++i) {
    QTreeWidgetItem* entry = entries_->topLevelItem(i);
    entry->setHidden(!is_wanted(*entry));
    if (entry->isHidden()) entry->setSelected(false);
  }
  count();
}

void LogPanel::count() {
  const int all = entries_->topLevelItemCount();
  int shown = 0;
  for (int i = 0; i < all; ++i) shown += entries_->topLevelItem(i)->isHidden() ? 0 : 1;
  count_->setText(all == 0       ? QString("nothing was said yet")
                  : shown == all ? QString("%1 messages").arg(all)
                                 : QString("%1 of %2 messages").arg(shown).arg(all));
  copy_->setEnabled(shown > 0);
}

QString LogPanel::as_text() const {
  const bool only_selected = !entries_->selectedItems().isEmpty();
  QString text;
  for (int i = 0; i < entries_->topLevelItemCount(); ++i) {
    const QTreeWidgetItem* entry = entries_->topLevelItem(i);
    if (entry->isHidden() || (only_selected && !entry->isSelected())) continue;
    text += QStringList{entry->data(time_column, Qt::UserRole).toDateTime().toString(Qt::ISODate),
                        entry->text(severity_column), entry->text(text_column), entry->text(remedy_column)}
                .join('\t') +
            '\n';
  }
  return text;
}

void LogPanel::copy() const { QGuiApplication::clipboard()->setText(as_text()); }

}  // namespace yarbus::ui
