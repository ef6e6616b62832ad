// What clients of the live streams may send: any bytes, in any number of parts.
// The first byte chooses the topic: 0 a request of one part, 1 all parts from the bytes, further ones a topic
// that is acted on with the rest as its payload.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "app/stream/client_message.h"
#include "app/stream/packed_check.h"
#include "app/stream/remote_request.h"
#include "app/stream/utf8.h"

namespace {

constexpr std::array<std::string_view, 11> topics{"notify.recording.should_start",
                                                  "notify.recording.should_stop",
                                                  "notify.calibration.should_start",
                                                  "notify.calibration.should_stop",
                                                  "notify.validation.should_start",
                                                  "notify.validation.should_stop",
                                                  "notify.pupil_detector.set_enabled",
                                                  "notify.pupil_detector.set_roi",
                                                  "notify.pupil_detector.3d.reset_model",
                                                  "notify.frame_publishing.set_format",
                                                  "annotation"};

void require(bool condition) {
  if (!condition) std::abort();
}

/// Parts with their length before them, in one byte; 255 takes the rest.
std::vector<std::string_view> split(std::string_view bytes) {
  std::vector<std::string_view> parts;
  while (!bytes.empty()) {
    const auto given = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);
    const std::size_t size = given == 255 ? bytes.size() : std::min<std::size_t>(given, bytes.size());
    parts.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return parts;
}

void check_command(const yarbus::StreamCommand& command) {
  if (const auto* recording = std::get_if<yarbus::StartRecording>(&command)) {
    const std::string& name = recording->session_name;
    require(name.size() <= 100 && yarbus::is_utf8(name));
    require(name.find_first_of("/\\") == std::string::npos && !name.starts_with('.'));
  }
  if (const auto* region = std::get_if<yarbus::SetRegion>(&command)) {
    require(region->region.width_px > 0 && region->region.height_px > 0);
    require(region->region.x_px >= 0 && region->region.y_px >= 0);
  }
  if (const auto* annotation = std::get_if<yarbus::AddAnnotation>(&command))
    require(annotation->duration_s >= 0.0 && annotation->duration_s <= yarbus::longest_annotation_s &&
            yarbus::is_utf8(annotation->label));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.empty()) return 0;
  const auto kind = static_cast<unsigned char>(bytes[0]);
  bytes.remove_prefix(1);
  std::vector<std::string_view> parts;
  if (kind == 0)
    parts = {bytes};
  else if (kind == 1)
    parts = split(bytes);
  else
    parts = {topics[kind % topics.size()], bytes};

  yarbus::StreamClock clock;
  const yarbus::RemoteAnswer answer = yarbus::answer_request(parts, {1, 2, "0.0"}, clock);
  require(!answer.reply.empty() && yarbus::is_utf8(answer.reply));
  require(answer.is_forwarded == (answer.reply == "Message forwarded."));
  if (answer.is_forwarded) require(parts.size() >= 2 && yarbus::is_packed_map(parts[1]));
  if (const auto* command = std::get_if<yarbus::StreamCommand>(&answer.effect)) check_command(*command);
  return 0;
}
