#include "app/session/session_source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/recording/recorded_session.h"
#include "app/recording/session_editor.h"
#include "app/recording/session_folder.h"
#include "app/session/recorded_frames.h"
#include "app/session/source_request.h"

namespace yarbus {
namespace {

constexpr const char* trim_setting = "replay.trim";

Result<void> refuse_settings_of_others(const SourceRequest& request) {
  const std::array<std::pair<const char*, bool>, 8> settings{{
      {"rotate", request.rotate_deg != 0},
      {"mirror", request.mirror},
      {"width", request.width_px.has_value()},
      {"height", request.height_px.has_value()},
      {"rate", request.rate_hz.has_value()},
      {"format", !request.pixel_format.empty()},
      {"exposure", request.exposure.has_value()},
      {"gain", request.gain.has_value()},
  }};
  std::string refused;
  for (const auto& [name, is_set] : settings) {
    if (is_set) refused += (refused.empty() ? "" : ", ") + std::string(name);
  }
  if (refused.empty()) return {};
  return Error{ErrorCode::invalid_option, "a recorded session cannot be changed by these options: " + refused,
               request.location, "Leave them out"};
}

/// Of that eye, else the only one.
Result<SessionCamera> camera_of(const RecordedSession& session, EyeSide eye) {
  const auto& cameras = session.cameras();
  const auto found = std::find_if(cameras.begin(), cameras.end(),
                                  [&](const SessionCamera& camera) { return camera.eye == eye; });
  if (found != cameras.end()) return *found;
  if (cameras.size() == 1) return cameras.front();
  return Error{ErrorCode::invalid_option,
               "the session has no camera of the " + std::string(to_string(eye)) + " eye",
               session.folder().string(), "Choose the other eye"};
}

std::string remark_on(const RecordedSession& session, const SessionCamera& camera, EyeSide eye) {
  std::string text;
  const auto add = [&](std::string sentence) {
    if (sentence.ends_with('.')) sentence.pop_back();
    if (!sentence.empty()) sentence.front() = static_cast<char>(std::toupper(sentence.front()));
    text += (text.empty() ? "" : ". ") + sentence;
  };
  for (const std::string& finding : session.condition().findings) add(finding);
  if (camera.eye != eye && camera.view == CameraView::near_eye)
    add("the session was recorded of the " + std::string(to_string(camera.eye)) + " eye");
  return text;
}

std::optional<CaptureTime> time_in(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return CaptureTime(found->get<std::int64_t>());
}

}  // namespace

bool names_session(const SourceRequest& request) {
  using Kind = SourceRequest::Kind;
  if (request.kind == Kind::recorded_session) return true;
  if (request.kind != Kind::automatic && request.kind != Kind::image_folder) return false;
  std::error_code failed;
  return std::filesystem::is_regular_file(std::filesystem::path(request.location) / session_file::database,
                                          failed);
}

Result<OpenedSource> open_session_source(const SourceRequest& request, EyeSide eye, std::size_t frames_held) {
  if (const auto allowed = refuse_settings_of_others(request); !allowed) return allowed.error();
  const auto session = RecordedSession::open(request.location);
  if (!session) return session.error();
  const SessionCondition& condition = session->condition();
  if (condition.is_being_recorded && !condition.is_finished) {
    return Error{ErrorCode::device_busy, "the session is being recorded now", request.location,
                 "Open it when the recording has ended"};
  }
  const auto camera = camera_of(*session, eye);
  if (!camera) return camera.error();
  if (!camera->codec && condition.has_database) {
    return Error{ErrorCode::input_missing, "the session was recorded without pictures", request.location,
                 "Choose a session that was recorded with video"};
  }
  auto opened = open_recorded_frames(*session, *camera, frames_held);
  if (!opened) return opened.error();
  if (request.focal_px || !request.intrinsics_file.empty()) {
    auto named = camera_for(request, opened->frames->info());
    if (!named) return named.error();
    opened->intrinsics = std::move(named->intrinsics);
    opened->intrinsics_origin = named->origin;
    opened->intrinsics_note = std::move(named->note);
  }
  opened->remark = remark_on(*session, *camera, eye);
  return opened;
}

Result<ReplayFacts> read_replay_facts(const std::string& folder) {
  const auto session = RecordedSession::open(folder);
  if (!session) return session.error();
  ReplayFacts facts;
  for (const SessionCamera& camera : session->cameras()) {
    if ((camera.codec || !session->condition().has_database) &&
        std::find(facts.eyes.begin(), facts.eyes.end(), camera.eye) == facts.eyes.end())
      facts.eyes.push_back(camera.eye);
  }
  const auto settings = session->settings();
  if (!settings) return facts;  // a damaged table: there are no marks
  for (const SettingRow& setting : *settings) {
    if (setting.name != trim_setting) continue;
    const auto value = nlohmann::json::parse(setting.value_json, nullptr, false);
    if (value.is_object()) facts.trim = {time_in(value, "in_ns"), time_in(value, "out_ns")};
  }
  return facts;
}

Result<void> keep_trim(const std::string& folder, const TrimMarks& marks) {
  nlohmann::json value = nlohmann::json::object();
  if (marks.in) value["in_ns"] = marks.in->count();
  if (marks.out) value["out_ns"] = marks.out->count();
  SettingRow setting;
  setting.at = marks.in.value_or(marks.out.value_or(CaptureTime{}));
  setting.name = trim_setting;
  setting.value_json = value.dump();
  auto editor = SessionEditor::open(folder);
  if (!editor) return editor.error();
  return editor->set_replay_setting(std::move(setting));
}

}  // namespace yarbus
