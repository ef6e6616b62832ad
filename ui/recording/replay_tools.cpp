#include "ui/recording/replay_tools.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "ui/playback_bar.h"

namespace yarbus::ui {

namespace {

/// While the timeline is dragged, seeks go out at most this often.
constexpr int drag_interval_ms = 60;

double seconds_between(CaptureTime from, CaptureTime to) {
  return std::chrono::duration<double>(to - from).count();
}

QString analysis_name(const AnalysisChoice& choice) {
  const QString name = QString::fromStdString(choice.name);
  if (choice.analysis == 0) return "As recorded";
  return name.isEmpty() ? QString("Analysis %1").arg(choice.analysis)
                        : QString("Analysis %1: %2").arg(choice.analysis).arg(name);
}

}  // namespace

TimelinePanel::TimelinePanel(QWidget* parent)
    : QWidget(parent),
      analysis_(new QComboBox(this)),
      text_(new QLabel(this)),
      view_(new TimelineView(this)) {
  setObjectName("timeline_panel");
  analysis_->setObjectName("timeline_analysis");
  analysis_->setAccessibleName("Results shown in the timeline");
  analysis_->setToolTip("Results shown in the timeline, the newest first");
  analysis_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  text_->setObjectName("timeline_text");
  text_->setTextFormat(Qt::PlainText);
  auto* top = new QHBoxLayout;
  top->setContentsMargins(8, 2, 10, 0);
  top->addWidget(new QLabel("Session", this));
  top->addWidget(analysis_);
  top->addWidget(text_, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  column->addLayout(top);
  column->addWidget(view_);
  connect(analysis_, &QComboBox::activated, this,
          [this] { Q_EMIT analysis_chosen(analysis_->currentData().toLongLong()); });
  hide();
}

void TimelinePanel::show_timeline(const TimelinePtr& timeline) {
  if (timeline == view_->timeline()) return;
  view_->show_timeline(timeline);
  if (timeline) {
    const QSignalBlocker quiet(analysis_);
    analysis_->clear();
    for (const AnalysisChoice& choice : timeline->analyses)
      analysis_->addItem(analysis_name(choice), static_cast<qlonglong>(choice.analysis));
    analysis_->setCurrentIndex(analysis_->findData(static_cast<qlonglong>(timeline->analysis)));
    analysis_->setEnabled(analysis_->count() > 1);
  }
  say();
}

void TimelinePanel::set_trim(const TrimMarks& trim) {
  view_->set_trim(trim);
  say();
}

void TimelinePanel::say() {
  QStringList parts;
  if (const TimelinePtr& now = view_->timeline()) {
    const TrimMarks& trim = view_->trim();
    const auto clock = [&](CaptureTime at) { return clock_text(seconds_between(now->start, at)); };
    if (trim.in || trim.out) {
      parts << QString("plays from %1 to %2")
                   .arg(trim.in ? clock(*trim.in) : QString("the start"),
                        trim.out ? clock(*trim.out) : QString("the end"));
    }
    if (now->confidence.is_empty() && now->pupil.is_empty() && now->problem.empty())
      parts << "no results: pictures only";
    if (!now->problem.empty()) parts << QString::fromStdString(now->problem);
  }
  const QString text = parts.join("; ");
  if (text_->text() != text) text_->setText(text);
}

ReplayTools::ReplayTools(Session& session, Presenter& presenter, WindowActions& actions, TimelinePanel& panel)
    : QObject(&panel), control_(session.replay()), presenter_(presenter), actions_(actions), panel_(panel) {
  coalesce_.setSingleShot(true);
  coalesce_.setInterval(drag_interval_ms);
  connect(&coalesce_, &QTimer::timeout, this, [this] {
    if (const auto at = std::exchange(waiting_, std::nullopt)) request(*at);
  });
  connect(&presenter, &Presenter::sample_changed, this, &ReplayTools::follow);
  connect(&presenter, &Presenter::source_changed, this, &ReplayTools::follow);
  connect(&presenter, &Presenter::health_changed, this, &ReplayTools::follow);
  connect(&panel.view(), &TimelineView::seek_wanted, this, &ReplayTools::request);
  connect(&panel, &TimelinePanel::analysis_chosen, this, [this](qint64 analysis) {
    analysis_ = analysis;
    follow();
  });
  connect(actions.trim_in, &QAction::triggered, this, [this] { set_mark(true); });
  connect(actions.trim_out, &QAction::triggered, this, [this] { set_mark(false); });
  connect(actions.trim_clear, &QAction::triggered, this, [this] {
    if (control_ != nullptr) control_->set_trim(presenter_.shown_eye(), {});
    presenter_.hurry();
  });
  follow();
}

std::optional<TimelineWish> ReplayTools::wish() const {
  const SourceSnapshot& source = presenter_.shown().source;
  const bool is_open = source.state != PlaybackState::closed && source.state != PlaybackState::failed &&
                       source.state != PlaybackState::opening;
  if (control_ == nullptr || !is_open || source.request.kind != SourceRequest::Kind::recorded_session)
    return std::nullopt;
  return TimelineWish{source.request.location, presenter_.shown_eye(), analysis_};
}

void ReplayTools::follow() {
  auto wanted = wish();
  if (wanted && wanted_ && wanted->folder != wanted_->folder) {
    analysis_.reset();
    wanted->analysis.reset();
  }
  panel_.setVisible(wanted.has_value());
  for (QAction* action : {actions_.trim_in, actions_.trim_out, actions_.trim_clear})
    action->setEnabled(wanted.has_value());
  if (!wanted) {
    wanted_.reset();
    analysis_.reset();
    panel_.show_timeline(nullptr);
    return;
  }
  if (wanted != wanted_) {
    if (!wanted_ || wanted_->folder != wanted->folder) panel_.show_timeline(nullptr);
    wanted_ = wanted;
    before_ = control_->timeline();
    control_->want_timeline(*wanted);
  }
  const TimelinePtr now = control_->timeline();
  if (now && now != before_ && now->folder == wanted->folder && now->eye == wanted->eye)
    panel_.show_timeline(now);
  const TrimMarks trim = control_->trim(wanted->eye);
  panel_.set_trim(trim);
  actions_.trim_clear->setEnabled(trim.in || trim.out);
  const GazeSamplePtr& latest = presenter_.shown().latest;
  panel_.view().set_position(latest && latest->frame ? std::optional(latest->frame->captured_at)
                                                     : std::nullopt);
}

void ReplayTools::set_mark(bool is_in) {
  const GazeSamplePtr& latest = presenter_.shown().latest;
  if (control_ == nullptr || !latest || !latest->frame) return;
  const EyeSide eye = presenter_.shown_eye();
  TrimMarks trim = control_->trim(eye);
  (is_in ? trim.in : trim.out) = latest->frame->captured_at;
  control_->set_trim(eye, trim);
  presenter_.hurry();
}

void ReplayTools::request(CaptureTime at) {
  if (control_ == nullptr) return;
  if (coalesce_.isActive()) {
    waiting_ = at;
    return;
  }
  control_->seek_time(presenter_.shown_eye(), at);
  presenter_.hurry();
  coalesce_.start();
}

}  // namespace yarbus::ui
