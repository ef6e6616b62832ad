#include "app/session/camera_calibration_desk.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "app/session/thread_guard.h"
#include "calibration/camera/find_board.h"

namespace yarbus {
namespace {

/// Markers cannot be read in a mirror.
GrayImage unmirrored(GrayView image) {
  GrayImage out(image.width_px, image.height_px);
  for (int y = 0; y < image.height_px; ++y)
    std::reverse_copy(image.row(y), image.row(y) + image.width_px, out.row(y));
  return out;
}

void mirror(BoardView& view) {
  for (BoardPoint& point : view.points) point.in_image_px.x() = view.width_px - 1 - point.in_image_px.x();
  for (Eigen::Vector2d& corner : view.outline_px) corner.x() = view.width_px - 1 - corner.x();
}

}  // namespace

CameraCalibrationDesk::CameraCalibrationDesk(CameraLibrary library, CameraCalibrationHooks hooks,
                                             NoticeBoard& notices)
    : library_(std::move(library)), hooks_(std::move(hooks)), notices_(notices) {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    run_guarded(
        "camera-calib", [this, &stop] { run(stop); },
        [this](const Error& error) { notices_.post(EyeSide::right, error); });
  });
}

void CameraCalibrationDesk::shut_down() {
  tapped_eye_ = -1;
  {
    const std::lock_guard lock(mutex_);
    is_shut_down_ = true;
    commands_.clear();
    newest_.reset();
    work_stop_.request_stop();
  }
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void CameraCalibrationDesk::post(Command command) {
  {
    const std::lock_guard lock(mutex_);
    if (is_shut_down_) return;
    commands_.push_back(std::move(command));
  }
  work_.notify_one();
}

void CameraCalibrationDesk::frame_read(EyeSide eye, const FramePtr& frame) {
  if (tapped_eye_.load(std::memory_order_relaxed) != static_cast<int>(eye)) return;
  FramePtr pushed_out;  // released outside the lock
  {
    const std::lock_guard lock(mutex_);
    if (is_shut_down_) return;
    pushed_out = std::exchange(newest_, frame);
  }
  work_.notify_one();
}

void CameraCalibrationDesk::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    Command command;
    FramePtr frame;
    {
      std::unique_lock lock(mutex_);
      if (!work_.wait(lock, stop, [this] { return !commands_.empty() || newest_ != nullptr; })) return;
      if (!commands_.empty()) {
        command = std::move(commands_.front());
        commands_.pop_front();
      } else {
        frame = std::move(newest_);
      }
    }
    if (command) {
      command();
    } else {
      search(frame);
    }
  }
}

void CameraCalibrationDesk::start(EyeSide eye, const CameraCalibrationSetup& setup) {
  {
    const std::lock_guard lock(mutex_);
    work_stop_.request_stop();
    is_wanted_ = setup.board.validate().has_value();
  }
  tapped_eye_ = static_cast<int>(eye);
  post([this, eye, setup] {
    if (const auto valid = setup.board.validate(); !valid) {
      tapped_eye_ = -1;
      notices_.post(eye, valid.error());
      forget_views();
      const std::lock_guard lock(mutex_);
      shown_ = {};
      return;
    }
    setup_ = setup;
    is_from_files_ = false;
    forget_views();
    {
      const std::lock_guard lock(mutex_);
      shown_ = {};
      shown_.is_active = true;
      shown_.eye = eye;
      shown_.setup = setup;
    }
    publish_views();
  });
}

void CameraCalibrationDesk::stop() {
  tapped_eye_ = -1;
  {
    const std::lock_guard lock(mutex_);
    work_stop_.request_stop();
    newest_.reset();
    is_wanted_ = false;
  }
  post([this] {
    forget_views();
    const std::lock_guard lock(mutex_);
    shown_ = {};
  });
}

void CameraCalibrationDesk::take_view() {
  post([this] {
    std::string text = "there is no board to be seen now";
    if (last_found_) text = collector_.take(*last_found_).text;
    publish_views();
    const std::lock_guard lock(mutex_);
    shown_.board_text = text;
  });
}

void CameraCalibrationDesk::remove_view(int id) {
  post([this, id] {
    collector_.remove(id);
    publish_views();
  });
}

void CameraCalibrationDesk::clear_views() {
  post([this] {
    forget_views();
    {
      const std::lock_guard lock(mutex_);
      shown_.result.reset();
      shown_.refusal.clear();
      shown_.refusal_remedy.clear();
      shown_.saved_as.clear();
      shown_.not_taken.clear();
    }
    publish_views();
  });
}

void CameraCalibrationDesk::forget_views() {
  collector_.clear();
  pictures_.clear();
  last_found_.reset();
  result_.reset();
  fitted_ids_.clear();
}

void CameraCalibrationDesk::publish_views() {
  const CoverageGuide guide = collector_.guide();
  std::vector<CameraCalibrationView> views;
  for (const CollectedView& kept : collector_.views()) {
    CameraCalibrationView view;
    view.id = kept.id;
    view.outline_px = kept.view.outline_px;
    if (const auto picture = pictures_.find(kept.id); picture != pictures_.end())
      view.picture = picture->second;
    const auto fitted = std::find(fitted_ids_.begin(), fitted_ids_.end(), kept.id);
    if (result_ && fitted != fitted_ids_.end()) {
      const ViewError& error = result_->views[static_cast<std::size_t>(fitted - fitted_ids_.begin())];
      view.error_px = error.rms_px;
      view.is_removed = error.is_removed;
      view.reason = error.reason;
    }
    views.push_back(std::move(view));
  }
  const std::lock_guard lock(mutex_);
  shown_.views = std::move(views);
  shown_.coverage_columns = CoverageGuide::columns;
  shown_.coverage_rows = CoverageGuide::rows;
  shown_.coverage.assign(guide.points_in_cell.begin(), guide.points_in_cell.end());
  shown_.guide_text = guide.text;
  shown_.missing = guide.missing;
  shown_.progress = guide.progress;
}

void CameraCalibrationDesk::search(const FramePtr& frame) {
  if (is_from_files_) return;  // read just before the pictures were loaded
  const GrayView image = frame->gray.view();
  const auto& kept = collector_.views();
  if (!kept.empty() &&
      (kept.front().view.width_px != image.width_px || kept.front().view.height_px != image.height_px)) {
    notices_.post(Notice::Severity::warning, frame->eye,
                  "The image has another size now: the views of the camera calibration were dropped",
                  "Show the board again");
    clear_views();
    return;
  }
  const bool is_mirrored = hooks_.source_of(frame->eye).request.mirror;
  BoardSearch found =
      is_mirrored ? find_board(unmirrored(image).view(), setup_.board) : find_board(image, setup_.board);
  std::string text;
  std::vector<Eigen::Vector2d> points;
  bool has_kept = false;
  if (auto* view = std::get_if<BoardView>(&found)) {
    if (is_mirrored) mirror(*view);
    for (const BoardPoint& point : view->points) points.push_back(point.in_image_px);
    if (setup_.takes_views_by_itself) {
      const ViewVerdict verdict = collector_.offer(*view, frame->captured_at);
      text = verdict.text;
      has_kept = verdict.kept_id.has_value();
    } else {
      text = "the board is seen";
    }
    last_found_ = std::move(*view);
  } else {
    collector_.lost();
    last_found_.reset();
    text = std::get<BoardNotFound>(found).text;
  }
  if (has_kept) publish_views();
  show_search(image, std::move(points), std::move(text));
  const std::lock_guard lock(mutex_);
  shown_.frame_sequence = frame->sequence;
  ++shown_.frames_searched;
}

void CameraCalibrationDesk::show_search(GrayView image, std::vector<Eigen::Vector2d> points,
                                        std::string text) {
  auto copy = std::make_shared<GrayImage>(image.width_px, image.height_px);
  for (int y = 0; y < image.height_px; ++y) std::copy_n(image.row(y), image.width_px, copy->row(y));
  const std::lock_guard lock(mutex_);
  if (!shown_.is_active) return;
  shown_.width_px = image.width_px;
  shown_.height_px = image.height_px;
  shown_.picture = std::move(copy);
  shown_.points_px = std::move(points);
  shown_.board_text = std::move(text);
}

void CameraCalibrationDesk::compute(LensChoice lens) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_wanted_) return;
    work_stop_ = std::stop_source();
    shown_.is_busy = true;
  }
  post([this, lens] { fit(lens); });
}

void CameraCalibrationDesk::fit(LensChoice lens) {
  std::stop_token stop;
  {
    const std::lock_guard lock(mutex_);
    stop = work_stop_.get_token();
    shown_.is_busy = true;
    shown_.saved_as.clear();
  }
  std::vector<BoardView> views;
  std::vector<int> ids;
  for (const CollectedView& kept : collector_.views()) {
    views.push_back(kept.view);
    ids.push_back(kept.id);
  }
  CameraFitOptions options;
  options.lens = lens;
  const auto fit = fit_camera(views, options, stop, [this](const std::string& step, double share) {
    const std::lock_guard lock(mutex_);
    shown_.busy_text = step;
    shown_.busy_share = share;
  });
  result_.reset();
  fitted_ids_.clear();
  std::optional<CameraCalibrationResult> result;
  if (fit) {
    result_ = *fit;
    fitted_ids_ = std::move(ids);
    result.emplace();
    result->intrinsics = fit->intrinsics;
    result->sigma_px = fit->sigma_px;
    result->distortion_sigma = fit->distortion_sigma;
    result->rms_px = fit->rms_px;
    result->views_used = fit->views_used;
    result->most_tilt_deg = fit->most_tilt_deg;
    result->lens_text = fit->left_out.text;
    result->standard_left_out_px = fit->left_out.standard_px;
    result->fisheye_left_out_px = fit->left_out.fisheye_px;
  }
  publish_views();
  const std::lock_guard lock(mutex_);
  shown_.is_busy = false;
  shown_.busy_text.clear();
  shown_.busy_share = 0.0;
  shown_.result = std::move(result);
  shown_.refusal = fit ? "" : fit.error().message;
  shown_.refusal_remedy = fit ? "" : fit.error().remedy;
}

CameraCalibrationSnapshot CameraCalibrationDesk::snapshot() const {
  const std::lock_guard lock(mutex_);
  return shown_;
}

}  // namespace yarbus
