#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/frames.h"

namespace yarbus {

/// What a client on the network asks the application for. An absent eye means both.
struct StartRecording {
  std::string session_name;  ///< fit to be the name of a folder: one part, no dot first; empty: none given
};
struct StopRecording {};
struct StartCalibration {};
struct StopCalibration {};
struct StartValidation {};
struct StopValidation {};
/// Somebody looks at the middle of the screen: what gaze is off by there is subtracted from then on.
struct Recentre {};
struct SetDetection {
  std::optional<EyeSide> eye;
  bool is_on = true;
};
/// Frames & units: image, px. Not checked against the image's size, which the streams do not know.
struct SetRegion {
  std::optional<EyeSide> eye;
  ImageRegion region;
};
struct ResetEyeModel {
  std::optional<EyeSide> eye;
};
/// A client marked a moment. It has been passed on to the subscribers; it is for the recording.
struct AddAnnotation {
  std::string label;
  CaptureTime at{};  ///< in the tracker's own clock
  double duration_s = 0.0;
};

using StreamCommand =
    std::variant<StartRecording, StopRecording, StartCalibration, StopCalibration, StartValidation,
                 StopValidation, Recentre, SetDetection, SetRegion, ResetEyeModel, AddAnnotation>;

/// Takes the commands of clients. Threads: called in the publisher's thread, which answers the client right
/// after: an implementation hands the command on and returns at once.
class StreamCommands {
 public:
  virtual ~StreamCommands() = default;
  /// False: there is no room for it now; it is lost and counted.
  virtual bool offer(StreamCommand command) = 0;
};

/// Commands that wait for the thread which carries them out. A flood cannot grow it.
/// Threads: any number of both; `on_waiting` is called in the offering thread, without a lock, each time the
/// queue stops being empty: it may wake a thread and must do no more.
class StreamCommandQueue final : public StreamCommands {
 public:
  explicit StreamCommandQueue(std::size_t capacity = 64, std::function<void()> on_waiting = {});
  bool offer(StreamCommand command) override;
  /// All that wait, oldest first.
  [[nodiscard]] std::vector<StreamCommand> take_all();

 private:
  const std::size_t capacity_;
  const std::function<void()> on_waiting_;
  std::mutex mutex_;
  std::vector<StreamCommand> waiting_;
};

}  // namespace yarbus
