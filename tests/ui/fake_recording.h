#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "app/session/recording_control.h"

namespace yarbus::test {

/// Recording without a disk: remembers the commands it got, shows the state and the library it was given.
class FakeRecording : public RecordingControl {
 public:
  std::vector<std::string> calls;  ///< "start", "stop", "annotate mark 1", "repair /x", "trash /x"
  std::vector<RecordingWish> wishes;
  RecordingView now;
  std::string library_folder = "/sessions";
  std::vector<SessionCard> cards;
  std::string trash_fault;  ///< why nothing can be deleted; empty: it can

  void start(const RecordingWish& wish) override {
    wishes.push_back(wish);
    calls.emplace_back("start");
  }
  void stop() override { calls.emplace_back("stop"); }
  void annotate(const std::string& text) override { calls.push_back("annotate " + text); }
  [[nodiscard]] RecordingView snapshot() const override { return now; }
  [[nodiscard]] std::string library() const override { return library_folder; }
  std::vector<SessionCard> list() override { return cards; }
  void repair(const std::string& folder) override { calls.push_back("repair " + folder); }
  Result<void> move_to_trash(const std::string& folder) override {
    calls.push_back("trash " + folder);
    if (!trash_fault.empty()) return Error{ErrorCode::output_unwritable, trash_fault, folder, ""};
    std::erase_if(cards, [&](const SessionCard& card) { return card.folder == folder; });
    return {};
  }
};

}  // namespace yarbus::test
