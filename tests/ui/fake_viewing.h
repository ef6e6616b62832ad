#pragma once

#include <string>
#include <vector>

#include "app/session/viewing_control.h"

namespace yarbus::test {

/// Viewing sessions without engines: remembers the commands it got, shows the state it was given.
class FakeViewing : public ViewingControl {
 public:
  std::vector<std::string> calls;  ///< "start", "shown 3", "accept", ...
  std::vector<ViewingRequest> requests;
  ViewingView now;
  Result<ViewingResults> results_to_give =
      Error{ErrorCode::input_empty, "this session holds no viewing", "", ""};
  mutable std::vector<std::string> asked_for;  ///< "/sessions/one", "/sessions/one 2"

  void start(const ViewingRequest& request) override {
    requests.push_back(request);
    calls.emplace_back("start");
    now = {};
    now.stage = ViewingStage::starting;
    now.plan = request.plan;
  }
  void page_shown(int page, CaptureTime) override { calls.push_back("shown " + std::to_string(page)); }
  void accept() override { calls.emplace_back("accept"); }
  void pause() override { calls.emplace_back("pause"); }
  void resume() override { calls.emplace_back("resume"); }
  void skip() override { calls.emplace_back("skip"); }
  void cancel() override { calls.emplace_back("cancel"); }
  [[nodiscard]] ViewingView snapshot() const override { return now; }
  [[nodiscard]] Result<ViewingResults> results(const std::string& session_folder,
                                               std::optional<std::int64_t> analysis) const override {
    asked_for.push_back(analysis ? session_folder + ' ' + std::to_string(*analysis) : session_folder);
    return results_to_give;
  }
};

}  // namespace yarbus::test
