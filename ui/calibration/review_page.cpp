#include "ui/calibration/review_page.h"

#include <algorithm>

#include "ui/report/calibration_tables.h"
#include "ui/report/calibration_words.h"

namespace yarbus::ui {

namespace {

QString finding_html(const FindingView& finding) {
  QString html = "<p style=\"margin:0 0 6px 0\">";
  html += finding.is_resolved   ? QString("✓ mended: ")
          : finding.is_blocking ? QString("<b>✗ must be mended: </b>")
                                : QString("<b>⚠ worth mending: </b>");
  html += finding_text(finding).toHtmlEscaped();
  if (!finding.points.empty()) {
    QStringList numbers;
    for (const int point : finding.points) numbers << QString::number(point + 1);
    html += " (" + QString(finding.points.size() == 1 ? "point " : "points ") + numbers.join(", ") + ")";
  }
  return html + "</p>";
}

bool is_poor(const PointView& point) {
  return point.verdict == PointVerdict::poor || point.verdict == PointVerdict::missing;
}

}  // namespace

ReviewPage::ReviewPage(CalibrationControl& control, QWidget* parent)
    : QWidget(parent),
      frame_(*this, "Something needs your decision", false),
      findings_(wrapped_label({}, this)),
      point_text_(wrapped_label({}, this)),
      map_(new ScreenMapView(this)) {
  setObjectName("review_page");
  findings_->setObjectName("review_findings");
  findings_->setTextFormat(Qt::RichText);
  findings_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  frame_.column()->addWidget(findings_);
  map_->set_selectable(true);
  frame_.column()->addWidget(map_, 1);
  point_text_->setObjectName("review_point");
  frame_.column()->addWidget(point_text_);
  auto* abort = frame_.add_left_button("Abort", "review_abort");
  go_on_ = frame_.add_button("Go on in spite of it", "review_go_on");
  redo_one_ = frame_.add_button("Show the chosen point again", "review_redo_one");
  redo_poor_ = frame_.add_button("Show the poor points again", "review_redo_poor", true);
  connect(abort, &QPushButton::clicked, this, [&control] { control.abort(); });
  connect(go_on_, &QPushButton::clicked, this, [&control] { control.accept(); });
  connect(redo_poor_, &QPushButton::clicked, this, [&control] { control.redo_poor(); });
  connect(redo_one_, &QPushButton::clicked, this, [this, &control] {
    if (map_->selected() >= 0) control.redo(map_->selected());
  });
  connect(map_, &ScreenMapView::redo_wanted, this, [&control](int point) { control.redo(point); });
  connect(map_, &ScreenMapView::selection_changed, this, &ReviewPage::follow_selection);
}

void ReviewPage::follow(const CalibrationSnapshot& now) {
  QString html;
  for (const FindingView& finding : now.findings) html += finding_html(finding);
  if (html.isEmpty() && !now.messages.empty())
    html = sentence(QString::fromStdString(now.messages.back())).toHtmlEscaped();
  ScreenMap map;
  map.screen = now.request.screen;
  map.points = points_on_map(now.points);
  // Polled at display rate; what has not changed need not be laid out again.
  go_on_->setEnabled(now.can_go_on);
  go_on_->setToolTip(now.can_go_on
                         ? QString()
                         : QString("What was found cannot be passed over: show the points again, or abort."));
  const QString shown = html + screen_map_words(map);
  if (shown == shown_) return;
  shown_ = shown;
  findings_->setText(html);
  points_ = now.points;
  map_->show_map(map);
  redo_poor_->setEnabled(std::any_of(points_.begin(), points_.end(), is_poor));
  follow_selection(map_->selected());
}

void ReviewPage::follow_selection(int point) {
  redo_one_->setEnabled(point >= 0);
  const auto found = std::find_if(points_.begin(), points_.end(),
                                  [&](const PointView& view) { return view.point == point; });
  if (found == points_.end()) {
    point_text_->setText(
        "Choose a point with the mouse or the arrow keys; Enter or a second click shows it again "
        "alone.");
    return;
  }
  QString text = point_name(point) + ": " + verdict_word(found->verdict);
  if (!found->reason.empty()) text += ", " + QString::fromStdString(found->reason);
  text = sentence(text);
  if (!found->remedy.empty()) text += ' ' + sentence(QString::fromStdString(found->remedy));
  point_text_->setText(text);
}

}  // namespace yarbus::ui
