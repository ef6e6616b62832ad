#include "app/viewing/viewing_run.h"

#include <algorithm>
#include <utility>

namespace yarbus {
namespace {

CaptureTime duration_of(double seconds) {
  return std::chrono::duration_cast<CaptureTime>(std::chrono::duration<double>(seconds));
}

}  // namespace

std::optional<ShowingEnd> showing_end_from_string(std::string_view name) {
  for (const ShowingEnd end :
       {ShowingEnd::complete, ShowingEnd::skipped, ShowingEnd::paused, ShowingEnd::cancelled}) {
    if (to_string(end) == name) return end;
  }
  return std::nullopt;
}

Result<ViewingRun> ViewingRun::create(ViewingPlan plan) {
  if (const auto valid = plan.validate(); !valid) return valid.error();
  return ViewingRun(std::move(plan));
}

ViewingRun::ViewingRun(ViewingPlan plan)
    : plan_(std::move(plan)), order_(plan_.task_order()), attempts_(plan_.tasks.size(), 0) {}

bool ViewingRun::is_under_way() const {
  return phase_ == ViewingPhase::instruction || phase_ == ViewingPhase::picture ||
         phase_ == ViewingPhase::paused;
}

void ViewingRun::show(ViewingPhase phase) {
  phase_ = phase;
  ++page_;
  shown_at_.reset();
}

/// Without a time to read there is no page for the text.
void ViewingRun::begin_task() {
  const bool has_text = plan_.waits_for_key || plan_.instruction_s > 0.0;
  show(has_text ? ViewingPhase::instruction : ViewingPhase::picture);
}

void ViewingRun::next_task() {
  ++position_;
  position_ < order_.size() ? begin_task() : show(ViewingPhase::done);
}

void ViewingRun::end_picture(CaptureTime now, ShowingEnd how) {
  if (phase_ != ViewingPhase::picture || !shown_at_) return;
  const int task = order_[position_];
  int& attempt = attempts_[static_cast<std::size_t>(task)];
  ended_.push_back({task, static_cast<int>(position_), attempt, *shown_at_, std::max(now, *shown_at_), how});
  ++attempt;
}

std::optional<CaptureTime> ViewingRun::due() const {
  if (!shown_at_) return std::nullopt;
  if (phase_ == ViewingPhase::picture)
    return *shown_at_ + duration_of(plan_.tasks[static_cast<std::size_t>(order_[position_])].seconds);
  if (phase_ == ViewingPhase::instruction && !plan_.waits_for_key)
    return *shown_at_ + duration_of(plan_.instruction_s);
  return std::nullopt;
}

void ViewingRun::start(CaptureTime /*now*/) {
  if (phase_ == ViewingPhase::idle) begin_task();
}

void ViewingRun::page_shown(int page, CaptureTime at) {
  if (is_under_way() && page == page_ && !shown_at_) shown_at_ = at;
}

void ViewingRun::advance(CaptureTime now) {
  const auto end = due();
  if (!end || now < *end) return;
  if (phase_ == ViewingPhase::instruction) {
    show(ViewingPhase::picture);
  } else {
    end_picture(now, ShowingEnd::complete);
    next_task();
  }
}

void ViewingRun::accept(CaptureTime /*now*/) {
  if (phase_ == ViewingPhase::instruction) show(ViewingPhase::picture);
}

void ViewingRun::pause(CaptureTime now) {
  if (!is_under_way() || phase_ == ViewingPhase::paused) return;
  end_picture(now, ShowingEnd::paused);
  show(ViewingPhase::paused);
}

void ViewingRun::resume(CaptureTime /*now*/) {
  if (phase_ == ViewingPhase::paused) begin_task();
}

void ViewingRun::skip(CaptureTime now) {
  if (!is_under_way()) return;
  end_picture(now, ShowingEnd::skipped);
  next_task();
}

void ViewingRun::cancel(CaptureTime now) {
  if (!is_under_way()) return;
  end_picture(now, ShowingEnd::cancelled);
  show(ViewingPhase::cancelled);
}

ViewingRunView ViewingRun::view(CaptureTime now) const {
  ViewingRunView view;
  view.phase = phase_;
  view.page = page_;
  view.tasks = static_cast<int>(order_.size());
  view.position = static_cast<int>(std::min(position_, order_.size() - 1));
  view.task = order_[static_cast<std::size_t>(view.position)];
  view.is_shown = shown_at_.has_value();
  view.waits_for_key = phase_ == ViewingPhase::instruction && plan_.waits_for_key;
  if (const auto end = due())
    view.time_left_s = std::max(0.0, std::chrono::duration<double>(*end - now).count());
  return view;
}

std::vector<PictureShowing> ViewingRun::take_showings() { return std::exchange(ended_, {}); }

}  // namespace yarbus
