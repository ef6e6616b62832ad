#include "app/session/recorded_frames.h"

#include <algorithm>
#include <utility>

namespace yarbus {
namespace {

constexpr std::size_t pool_frames = 16;

class RecordedFrames final : public FrameSource {
 public:
  RecordedFrames(RecordedVideo video, const SessionCamera& camera, SourceInfo info, std::size_t frames_held)
      : pool_(pool_frames + frames_held),
        video_(std::move(video)),
        eye_(camera.eye),
        camera_(camera.camera),
        info_(std::move(info)) {}

  const SourceInfo& info() const override { return info_; }

  Result<FramePtr> next(std::stop_token stop) override {
    while (next_ < video_.pictures().size()) {
      auto frame = pool_.acquire_waiting(stop);
      if (frame == nullptr) return FramePtr{};
      const VideoPicture& picture = video_.pictures()[next_];
      if (!video_.read(next_++, frame->gray)) {
        ++dropped_;
        continue;
      }
      frame->sequence = static_cast<std::uint64_t>(picture.frame);
      frame->camera_id = camera_;
      frame->eye = eye_;
      frame->captured_at = picture.captured_at;
      frame->truth.reset();
      frame->face_truth.reset();
      return FramePtr(std::move(frame));
    }
    return FramePtr{};
  }

  Result<void> seek(std::uint64_t index) override {
    next_ = std::min(static_cast<std::size_t>(index), video_.pictures().size() - 1);
    dropped_ = 0;
    return {};
  }

  std::uint64_t dropped_frames() const override { return dropped_; }

 private:
  FramePool pool_;
  RecordedVideo video_;
  EyeSide eye_;
  int camera_;
  SourceInfo info_;
  std::size_t next_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace

Result<OpenedSource> open_recorded_frames(const RecordedSession& session, const SessionCamera& camera,
                                          std::size_t frames_held) {
  auto video = session.open_video(camera.camera);
  if (!video) return video.error();
  if (video->pictures().empty()) {
    return Error{ErrorCode::input_empty, "camera " + std::to_string(camera.camera) + " has no picture",
                 session.folder().string(), "Choose a session that was recorded with video"};
  }
  SourceInfo info;
  info.kind = SourceKind::video_file;
  info.name = camera.name;
  info.location = session.folder().string();
  info.width_px = camera.width_px;
  info.height_px = camera.height_px;
  info.nominal_rate_hz = camera.nominal_rate_hz;
  info.frame_count = video->pictures().size();
  info.is_seekable = true;
  OpenedSource opened;
  opened.intrinsics =
      camera.intrinsics.value_or(CameraIntrinsics::assumed_for(camera.width_px, camera.height_px));
  opened.intrinsics_origin =
      opened.intrinsics.is_assumed ? IntrinsicsOrigin::assumed : IntrinsicsOrigin::file;
  opened.intrinsics_note = opened.intrinsics.is_assumed ? "assumed, as recorded" : "as recorded";
  opened.places = std::make_shared<const ReplayPlaces>(video->pictures());
  opened.mode = camera.view == CameraView::webcam ? TrackingMode::webcam : TrackingMode::near_eye;
  opened.frames = std::make_unique<RecordedFrames>(std::move(*video), camera, std::move(info), frames_held);
  return opened;
}

}  // namespace yarbus
