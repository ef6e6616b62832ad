#include "ui/playback_bar.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/eye_commands.h"

namespace yarbus::ui {

namespace {
/// While the slider is dragged, seeks go out at most this often.
constexpr int seek_interval_ms = 60;

QToolButton* icon_button_for(QAction* action, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setDefaultAction(action);
  button->setAutoRaise(true);
  button->setFocusPolicy(Qt::StrongFocus);
  button->setIconSize(QSize(20, 20));
  button->setToolButtonStyle(Qt::ToolButtonIconOnly);
  return button;
}

void keep_room_for(QLabel& label, const QString& widest) {
  label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest));
}

}  // namespace

QString clock_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0.0) return "–";
  const auto tenths = static_cast<long long>(std::floor(seconds * 10.0 + 1e-6));
  return QString("%1:%2.%3").arg(tenths / 600).arg((tenths / 10) % 60, 2, 10, QChar('0')).arg(tenths % 10);
}

PlaybackBar::PlaybackBar(const WindowActions& actions, QWidget* parent)
    : QWidget(parent),
      slider_(new QSlider(Qt::Horizontal, this)),
      frame_(new QLabel(this)),
      time_(new QLabel(this)),
      speed_(new QComboBox(this)) {
  setObjectName("playback_bar");
  setAccessibleName("Playback");
  slider_->setObjectName("seek_slider");
  slider_->setAccessibleName("Position in the recording, in frames");
  slider_->setToolTip("Position: drag, or use the arrow keys when focused");
  slider_->setTracking(true);
  frame_->setObjectName("frame_label");
  time_->setObjectName("time_label");
  speed_->setObjectName("speed");
  speed_->setAccessibleName("Playback speed");
  speed_->setToolTip(QString("Playback speed (slower: %1, faster: %2)")
                         .arg(actions.slower->shortcut().toString(), actions.faster->shortcut().toString()));
  for (const double speed : playback_speeds) speed_->addItem(speed_text(speed), speed);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(8, 4, 10, 4);
  layout->setSpacing(4);
  layout->addWidget(icon_button_for(actions.step_back, this));
  layout->addWidget(icon_button_for(actions.play, this));
  layout->addWidget(icon_button_for(actions.step_forward, this));
  layout->addSpacing(6);
  layout->addWidget(slider_, 1);
  layout->addSpacing(8);
  layout->addWidget(time_);
  layout->addSpacing(12);
  layout->addWidget(frame_);
  layout->addSpacing(12);
  layout->addWidget(speed_);
  frame_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  time_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  coalesce_.setSingleShot(true);
  coalesce_.setInterval(seek_interval_ms);
  connect(slider_, &QSlider::valueChanged, this, &PlaybackBar::request);
  connect(speed_, &QComboBox::activated, this,
          [this] { Q_EMIT speed_chosen(speed_->currentData().toDouble()); });
  connect(&coalesce_, &QTimer::timeout, this, [this] {
    if (!wanted_) return;
    Q_EMIT seek_requested(*wanted_);
    wanted_.reset();
  });
  hide();
}

void PlaybackBar::request(int frame) {
  const auto wanted = static_cast<std::uint64_t>(std::max(frame, 0));
  if (coalesce_.isActive()) {
    wanted_ = wanted;
    return;
  }
  Q_EMIT seek_requested(wanted);
  coalesce_.start();
}

void PlaybackBar::follow(const EyeSnapshot& snapshot) {
  const SourceSnapshot& source = snapshot.source;
  const bool is_shown =
      source.state != PlaybackState::closed && !source.is_live && source.state != PlaybackState::failed;
  setVisible(is_shown);
  if (!is_shown) return;
  const bool has_length = source.frame_count.has_value() && *source.frame_count > 0;
  const std::uint64_t count = has_length ? *source.frame_count : 0;
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
  const int last = has_length ? static_cast<int>(std::min(count - 1, most)) : 0;
  slider_->setEnabled(source.is_seekable && has_length);
  const bool is_held = slider_->isSliderDown() || coalesce_.isActive();
  {
    const QSignalBlocker quiet(slider_);
    if (slider_->maximum() != last) {
      slider_->setRange(0, last);
      slider_->setPageStep(std::max(1, last / 20));
      keep_room_for(*frame_, QString("frame %1 of %1").arg(count));
    }
    if (!is_held) slider_->setValue(static_cast<int>(std::min(source.position, most)));
  }
  speed_->setCurrentIndex(speed_->findData(source.speed));
  frame_->setText(has_length ? QString("frame %1 of %2").arg(source.position).arg(count - 1)
                             : QString("frame %1").arg(source.position));
  const double rate_hz = source.nominal_rate_hz;
  const bool has_rate = std::isfinite(rate_hz) && rate_hz > 0.0;
  const bool is_session = source.request.kind == SourceRequest::Kind::recorded_session;
  const double now_s =
      snapshot.latest && snapshot.latest->frame
          ? std::chrono::duration<double>(snapshot.latest->frame->captured_at - source.starts_at).count()
          : (has_rate ? static_cast<double>(source.position) / rate_hz : 0.0);
  QString total;
  if (is_session) {
    total = " / " + clock_text(std::chrono::duration<double>(source.length).count());
  } else if (has_rate && has_length) {
    total = " / " + clock_text(static_cast<double>(count) / rate_hz);
  }
  keep_room_for(*time_, "00:00.0" + total);
  time_->setText(clock_text(now_s) + total);
}

}  // namespace yarbus::ui
