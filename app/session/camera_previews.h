#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "app/session/camera_preview_control.h"
#include "app/session/session_with_opener.h"
#include "eyemodel/types/frame.h"

namespace yarbus {

/// What previews ask of the session. Threads: any.
struct PreviewHooks {
  /// Which eye's source this camera or stream is open as, or being opened as.
  std::function<std::optional<EyeSide>(const SourceRequest&)> open_as;
  std::function<FramePtr(EyeSide)> newest_frame;  ///< of that source; null before the first
};

/// The session's previews: one thread for each camera that is looked at.
///
///   camera --every frame--> preview thread: ten a second are judged --> CameraPreview
///
/// Threads: watch(), make_way() and close() on the session's own thread, as they wait for a camera or network
/// to let go; the rest from any.
class CameraPreviews {
 public:
  CameraPreviews(const SourceOpener& open, PreviewHooks hooks);
  ~CameraPreviews();
  CameraPreviews(const CameraPreviews&) = delete;
  CameraPreviews& operator=(const CameraPreviews&) = delete;

  void watch(const std::vector<PreviewWish>& wishes);
  /// Lets go of that camera or stream, whichever settings it is looked at with. Where it is open as a source
  /// by then (PreviewHooks::open_as), the source's pictures are shown instead.
  void make_way(const SourceRequest& source);
  void close();

  void forget_sharpest();
  [[nodiscard]] std::vector<CameraPreview> previews() const;

 private:
  class Watched;  ///< what a preview thread writes and others read
  class Worker;
  void publish();

  const SourceOpener& open_;
  const PreviewHooks hooks_;
  std::vector<std::unique_ptr<Worker>> workers_;  ///< session thread only
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Watched>> watched_;  ///< guarded; of the workers, in their order
};

}  // namespace yarbus
