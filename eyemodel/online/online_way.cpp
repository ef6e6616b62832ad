#include "eyemodel/online/online_way.h"

#include <algorithm>
#include <chrono>

#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

constexpr std::chrono::duration<double> group{0.2};

bool is_before(const EyePlacement& placement, CaptureTime at) { return placement.at < at; }

}  // namespace

bool OnlineWay::add(CaptureTime at, const FitOutcome& outcome, bool suspects_slip) {
  if (!way_.empty() && at < way_.back().at) return false;
  if (!outcome.model) return true;
  if (last_ && outcome.report.slips > last_->report.slips) before_slips_.push_back(way_.back());
  way_.push_back({at, outcome.model->eye_center_in_cam_mm});
  last_ = outcome.model;
  if (!suspects_slip) covariance_mm2_ = outcome.model->covariance_mm2;
  return true;
}

const EyeModel& OnlineWay::last() const {
  YARBUS_CHECK(last_.has_value());
  return *last_;
}

Eigen::Vector3d OnlineWay::center_at(CaptureTime at) const {
  YARBUS_CHECK(!way_.empty());
  const auto found = std::lower_bound(way_.begin(), way_.end(), at, is_before);
  return found == way_.end() ? way_.back().eye_center_in_cam_mm : found->eye_center_in_cam_mm;
}

std::vector<EyePlacement> OnlineWay::rests() const {
  std::vector<EyePlacement> rests = before_slips_;
  if (!way_.empty()) rests.push_back(way_.back());
  return rests;
}

OnlineWay run_online_model(std::span<const FitFrame> frames, const CameraIntrinsics& intrinsics,
                           const OnlineModelOptions& options, const KnownEye& known,
                           const std::stop_token& stop) {
  OnlineWay way;
  OnlineEyeModel online(options, intrinsics);
  if (known.model) online.begin_with(*known.model, known.uses_place);
  std::size_t from = 0;
  for (std::size_t i = 0; i < frames.size() && !stop.stop_requested(); ++i) {
    const bool is_last = i + 1 == frames.size();
    if (!is_last && frames[i + 1].captured_at - frames[from].captured_at < group) continue;
    const FitOutcome outcome = online.assimilate(frames.subspan(from, i + 1 - from));
    from = i + 1;
    way.add(frames[i].captured_at, outcome, online.suspects_slip());
  }
  return way;
}

}  // namespace yarbus
