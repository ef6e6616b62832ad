#include "app/recording/session_list.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cwchar>
#include <cwctype>
#include <sstream>
#include <system_error>
#include <utility>

#include <locale.h>

#include "app/recording/recorded_session.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_head.h"

namespace yarbus {
namespace {

/// In small letters, of whatever alphabet (UTF-8).
std::string lower(const std::string& text) {
  // The program's own locale may be "C", which knows ASCII only.
  static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (utf8 == nullptr) return text;
  const locale_t before = ::uselocale(utf8);
  std::string small;
  std::mbstate_t state{};
  const char* at = text.data();
  const char* const end = at + text.size();
  std::array<char, MB_LEN_MAX> bytes{};
  while (at < end) {
    wchar_t letter = 0;
    const std::size_t taken = std::mbrtowc(&letter, at, static_cast<std::size_t>(end - at), &state);
    std::mbstate_t written{};
    const std::size_t made =
        taken == 0 || taken > MB_LEN_MAX
            ? std::size_t(-1)  // no letter: a byte that stays as it is
            : std::wcrtomb(bytes.data(), std::towlower(static_cast<wint_t>(letter)), &written);
    if (made == std::size_t(-1)) {
      small += *at++;
      state = {};
    } else {
      small.append(bytes.data(), made);
      at += taken;
    }
  }
  ::uselocale(before);
  return small;
}

bool matches(const SessionEntry& entry, const std::string& search) {
  const std::string text = lower(entry.info.name + "\n" + entry.info.participant + "\n" + entry.info.notes +
                                 "\n" + entry.folder.filename().string());
  std::istringstream words(lower(search));
  std::string word;
  while (words >> word) {
    if (text.find(word) == std::string::npos) return false;
  }
  return true;
}

SessionEntry entry_of(const std::filesystem::path& folder) {
  SessionEntry entry;
  entry.folder = folder;
  entry.bytes = folder_bytes(folder);
  std::error_code failed;
  if (std::filesystem::exists(folder / session_file::thumbnail, failed))
    entry.thumbnail = folder / session_file::thumbnail;
  const auto session = RecordedSession::open(folder);
  if (!session) {
    entry.fault = session.error().to_text();
    entry.is_being_recorded = SessionLock::is_taken(folder);
    entry.needs_repair = !entry.is_being_recorded && session.error().code != ErrorCode::unsupported_format;
    return entry;
  }
  entry.info = session->info();
  entry.cameras = session->cameras();
  const SessionCondition& condition = session->condition();
  entry.is_being_recorded = condition.is_being_recorded;
  entry.needs_repair = !condition.is_being_recorded && (!condition.is_finished || !condition.has_database);
  for (const std::string& finding : condition.findings) {
    if (!entry.fault.empty()) entry.fault += "; ";
    entry.fault += finding;
  }
  if (!entry.info.quality && condition.has_database) {
    const auto quality = session->count_quality();
    if (quality) entry.info.quality = *quality;
  }
  return entry;
}

}  // namespace

Result<std::vector<SessionEntry>> list_sessions(const std::filesystem::path& root,
                                                const std::string& search) {
  std::error_code failed;
  std::filesystem::directory_iterator folder(root, failed);
  if (failed) {
    return Error{ErrorCode::input_missing, "the sessions cannot be listed: " + failed.message(),
                 root.string(), "Choose the folder that holds the recordings"};
  }
  std::vector<SessionEntry> entries;
  for (const std::filesystem::directory_iterator end; folder != end; folder.increment(failed)) {
    if (failed) break;
    std::error_code unknown;
    if (!folder->is_directory(unknown) || !holds_session(folder->path())) continue;
    auto entry = entry_of(folder->path());
    if (matches(entry, search)) entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(), [](const SessionEntry& a, const SessionEntry& b) {
    if (a.info.started_at_wall != b.info.started_at_wall)
      return a.info.started_at_wall > b.info.started_at_wall;
    return a.folder > b.folder;
  });
  return entries;
}

}  // namespace yarbus
