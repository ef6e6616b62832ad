#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/recording/session_info.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// One session of a list.
struct SessionEntry {
  std::filesystem::path folder;
  SessionInfo info;  ///< `quality` filled in where it could be counted
  std::vector<SessionCamera> cameras;
  std::uintmax_t bytes = 0;
  bool is_being_recorded = false;
  bool needs_repair = false;
  std::string fault;                 ///< why it cannot be read as it should; empty: nothing is wrong
  std::filesystem::path thumbnail;   ///< empty: there is none
};

/// The sessions in the folders of `root`, newest first. A folder that holds neither a session's database nor
/// its videos is none. `search`: words that must all be found, in whatever case (ASCII), in name, participant,
/// notes or the folder's name; empty: all. Cost: opens each database; counts the rows of those not finished.
/// Errors: input_missing (no such root).
Result<std::vector<SessionEntry>> list_sessions(const std::filesystem::path& root,
                                                const std::string& search = {});

/// Moves a session's folder to the desktop's trash (freedesktop.org's Trash specification 1.0): the home trash,
/// or that of the file system the session is on. Returns where it is now.
/// Errors: input_missing, device_busy (it is being recorded), output_unwritable (there is no trash for it).
Result<std::filesystem::path> move_session_to_trash(const std::filesystem::path& folder);

}  // namespace yarbus
