#include "app/stream/command_notice.h"

namespace yarbus {

std::string_view notice_topic(const StreamCommand& command) {
  if (std::holds_alternative<StartRecording>(command)) return "notify.recording.should_start";
  if (std::holds_alternative<StopRecording>(command)) return "notify.recording.should_stop";
  if (std::holds_alternative<StartCalibration>(command)) return "notify.calibration.should_start";
  if (std::holds_alternative<StopCalibration>(command)) return "notify.calibration.should_stop";
  return {};
}

void pack_notice(Packer& out, const StreamCommand& command) {
  const auto* recording = std::get_if<StartRecording>(&command);
  const std::string_view topic = notice_topic(command);
  out.pack_map(recording != nullptr ? 3 : 2);
  pack_value(out, std::string_view("topic"));
  pack_value(out, topic);
  pack_value(out, std::string_view("subject"));
  pack_value(out, topic.substr(std::string_view("notify.").size()));
  if (recording == nullptr) return;
  pack_value(out, std::string_view("session_name"));
  pack_value(out, recording->session_name);
}

}  // namespace yarbus
