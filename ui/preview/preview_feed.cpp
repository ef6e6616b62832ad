#include "ui/preview/preview_feed.h"

#include <algorithm>

namespace yarbus::ui {

namespace {

bool are_same_sources(const std::vector<PreviewWish>& a, const std::vector<PreviewWish>& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const PreviewWish& one, const PreviewWish& other) { return one.source == other.source; });
}

}  // namespace

PreviewFeed::PreviewFeed(CameraPreviewControl& control, QObject* parent)
    : QObject(parent), control_(control) {
  rest_.setSingleShot(true);
  rest_.setInterval(rest_ms);
  connect(&rest_, &QTimer::timeout, this, &PreviewFeed::ask);
  pull_.setInterval(pull_interval_ms);
  connect(&pull_, &QTimer::timeout, this, &PreviewFeed::poll);
}

PreviewFeed::~PreviewFeed() { control_.watch({}); }

void PreviewFeed::want(const std::vector<PreviewWish>& wishes) {
  const bool is_only_area = are_same_sources(wishes, wishes_);
  wishes_ = wishes;
  if (!is_only_area) {
    rest_.start();
  } else if (!rest_.isActive()) {
    ask();  // opens nothing anew
  }
}

void PreviewFeed::ask() {
  control_.watch(wishes_);
  pull_.start();
}

void PreviewFeed::poll() { Q_EMIT arrived(control_.previews()); }

SourceRequest preview_source(const SourceRequest& request) {
  SourceRequest source = request;
  source.mode = TrackingMode::automatic;
  return source;
}

}  // namespace yarbus::ui
