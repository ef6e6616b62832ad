#pragma once

#include <string>
#include <vector>

#include "app/session/calibration_control.h"

namespace yarbus::test {

/// Calibration without engines: remembers the commands it got, shows the state it was given.
class FakeCalibration : public CalibrationControl {
 public:
  std::vector<std::string> calls;  ///< "start 9 points", "shown 3", "redo 2", ...
  std::vector<CalibrationRequest> requests;
  std::vector<CalibrationEntry> saved;
  CalibrationSnapshot now;
  ScreenGazeSnapshot gaze_now;
  CalibrationResultPtr looked_at;

  void start(const CalibrationRequest& request) override {
    requests.push_back(request);
    calls.push_back("start " + std::string(to_string(request.layout)));
  }
  void target_shown(int target, CaptureTime) override { calls.push_back("shown " + std::to_string(target)); }
  void accept() override { calls.emplace_back("accept"); }
  void pause() override { calls.emplace_back("pause"); }
  void resume() override { calls.emplace_back("resume"); }
  void abort() override { calls.emplace_back("abort"); }
  void skip() override { calls.emplace_back("skip"); }
  void redo(int point) override { calls.push_back("redo " + std::to_string(point)); }
  void redo_poor() override { calls.emplace_back("redo poor"); }
  void check_one_point(bool recentres) override { calls.emplace_back(recentres ? "recentre" : "check"); }
  void recentre_at(const Eigen::Vector2d&) override { calls.emplace_back("recentre at"); }
  void undo_recentre() override { calls.emplace_back("undo recentre"); }
  void use_mapper(const std::string& name) override { calls.push_back("mapper " + name); }
  void rename(const std::string& name) override { calls.push_back("rename " + name); }
  std::vector<CalibrationEntry> list_saved() override { return saved; }
  void load(const std::string& path) override { calls.push_back("load " + path); }
  void remove(const std::string& path) override { calls.push_back("remove " + path); }
  CalibrationResultPtr look_at(const std::string& path) override {
    calls.push_back("look at " + path);
    return looked_at;
  }
  void export_json(const std::string& saved, const std::string& path) override {
    calls.push_back("export " + saved + " to " + path);
  }
  void forget() override { calls.emplace_back("forget"); }
  void set_filter(GazeFilter filter) override {
    gaze_now.filter = filter;
    calls.emplace_back("filter");
  }
  void use_clicks(bool allowed) override {
    gaze_now.uses_clicks = allowed;
    calls.emplace_back(allowed ? "use clicks" : "no clicks");
  }
  void clicked(const Eigen::Vector2d&, CaptureTime) override { calls.emplace_back("clicked"); }
  void start_demo(const CalibrationRequest& request) override {
    requests.push_back(request);
    calls.emplace_back("demo");
  }
  CalibrationSnapshot snapshot() const override { return now; }
  ScreenGazeSnapshot gaze() const override { return gaze_now; }
};

}  // namespace yarbus::test
