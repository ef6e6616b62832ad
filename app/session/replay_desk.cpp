#include "app/session/replay_desk.h"

#include <algorithm>

#include "app/session/session_source.h"

namespace yarbus {

std::vector<EyeSide> ReplayDesk::open(EyeSide asked, const std::string& folder) {
  const auto facts = read_replay_facts(folder);
  std::vector<EyeSide> eyes{asked};
  // What cannot be read is told by whoever opens the camera.
  if (facts && facts->eyes.size() > 1) eyes = facts->eyes;
  const std::lock_guard lock(mutex_);
  for (Open& open : open_) {
    if (open.folder == folder) open = {};
  }
  for (const EyeSide eye : eyes)
    open_[static_cast<std::size_t>(eye)] = {folder, facts ? facts->trim : TrimMarks{}};
  return eyes;
}

void ReplayDesk::close(EyeSide eye) {
  const std::lock_guard lock(mutex_);
  open_[static_cast<std::size_t>(eye)] = {};
}

void ReplayDesk::set_trim(EyeSide eye, const TrimMarks& marks) {
  std::string folder;
  {
    const std::lock_guard lock(mutex_);
    folder = open_[static_cast<std::size_t>(eye)].folder;
    if (folder.empty()) return;
    const TrimMarks before = open_[static_cast<std::size_t>(eye)].trim;
    TrimMarks now = marks;
    if (now.in && now.out && *now.in >= *now.out) {
      if (now.in == before.in)
        now.in.reset();
      else
        now.out.reset();
    }
    for (Open& open : open_) {
      if (open.folder == folder) open.trim = now;
    }
  }
  if (const auto kept = keep_trim(folder, trim(eye)); !kept) notices_.post(eye, kept.error());
}

TrimMarks ReplayDesk::trim(EyeSide eye) const {
  const std::lock_guard lock(mutex_);
  return open_[static_cast<std::size_t>(eye)].trim;
}

std::vector<EyeSide> ReplayDesk::together(EyeSide eye) const {
  const std::lock_guard lock(mutex_);
  const std::string& folder = open_[static_cast<std::size_t>(eye)].folder;
  std::vector<EyeSide> eyes;
  if (folder.empty()) return eyes;
  for (const EyeSide one : {EyeSide::right, EyeSide::left}) {
    if (open_[static_cast<std::size_t>(one)].folder == folder) eyes.push_back(one);
  }
  return eyes;
}

}  // namespace yarbus
