#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/session/recording_control.h"

namespace yarbus {

/// The sessions in a folder as cards, newest first; none if there is no such folder. Cost: opens each
/// database; reads the calibrations of each.
Result<std::vector<SessionCard>> list_session_cards(const std::filesystem::path& library);

/// A new session's own folder in the library: day, time and name, with a number if it is taken. Made at once
/// where that is possible, so that no other program takes it too.
std::filesystem::path new_session_folder(const std::filesystem::path& library, const std::string& name);

/// What a repair found and did, in words.
std::string repair_text(const std::filesystem::path& folder, const std::vector<std::string>& sentences);

}  // namespace yarbus
