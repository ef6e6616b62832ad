#include "app/session/recording_library.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "app/recording/recorded_session.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_list.h"

namespace yarbus {
namespace {

/// Of the last calibration that says how accurate it is.
std::optional<double> accuracy_of(const std::filesystem::path& folder) {
  const auto session = RecordedSession::open(folder);
  if (!session) return std::nullopt;
  const auto calibrations = session->calibrations();
  if (!calibrations) return std::nullopt;
  const auto last = std::find_if(calibrations->rbegin(), calibrations->rend(),
                                 [](const CalibrationRow& row) { return row.accuracy_deg.has_value(); });
  return last == calibrations->rend() ? std::nullopt : last->accuracy_deg;
}

SessionCard card_of(const SessionEntry& entry) {
  SessionCard card;
  card.folder = entry.folder.string();
  card.name = entry.info.name.empty() ? entry.folder.filename().string() : entry.info.name;
  card.participant = entry.info.participant;
  card.notes = entry.info.notes;
  card.started_at = std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(entry.info.started_at_wall));
  card.duration = entry.info.duration;
  card.bytes = entry.bytes;
  if (const auto& quality = entry.info.quality) {
    card.frames = quality->frames;
    card.frames_lost = quality->frames_lost;
    if (quality->results > 0) card.tracked_share = quality->found_share();
  }
  card.thumbnail = entry.thumbnail.string();
  card.has_video = std::any_of(entry.cameras.begin(), entry.cameras.end(),
                               [](const SessionCamera& camera) { return camera.codec.has_value(); });
  card.is_recorded_now = entry.is_being_recorded;
  card.needs_repair = entry.needs_repair;
  card.problem = entry.fault;
  if (entry.fault.empty() && !entry.is_being_recorded) card.accuracy_deg = accuracy_of(entry.folder);
  return card;
}

}  // namespace

Result<std::vector<SessionCard>> list_session_cards(const std::filesystem::path& library) {
  std::error_code failed;
  if (library.empty() || !std::filesystem::is_directory(library, failed)) return std::vector<SessionCard>{};
  const auto entries = list_sessions(library);
  if (!entries) return entries.error();
  std::vector<SessionCard> cards;
  cards.reserve(entries->size());
  for (const SessionEntry& entry : *entries) cards.push_back(card_of(entry));
  return cards;
}

std::filesystem::path new_session_folder(const std::filesystem::path& library, const std::string& name) {
  const std::filesystem::path first = library / session_folder_name(name);
  std::filesystem::path folder = first;
  std::error_code failed;
  std::filesystem::create_directories(library, failed);
  // False without an error: it is there already.
  for (int number = 2; !std::filesystem::create_directory(folder, failed) && !failed; ++number)
    folder = first.string() + "-" + std::to_string(number);
  return folder;
}

std::string repair_text(const std::filesystem::path& folder, const std::vector<std::string>& sentences) {
  std::string text = "The session " + folder.filename().string() + " was repaired";
  for (const std::string& sentence : sentences) text += ". " + sentence;
  return text;
}

}  // namespace yarbus
