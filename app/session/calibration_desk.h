#pragma once

#include <mutex>

#include "app/session/calibration_control.h"

namespace yarbus {

class CalibrationDesk final : public CalibrationControl {
 public:
  void start(const CalibrationRequest&) override {}
  void target_shown(int, CaptureTime) override {}
  void accept() override {}
  void pause() override {}
  void resume() override {}
  void abort() override {}
  void skip() override {}
  void redo(int) override {}
  void redo_poor() override {}
  void check_one_point(bool) override {}
  void recentre_at(const Eigen::Vector2d&) override {}
  void undo_recentre() override {}
  void use_mapper(const std::string&) override {}
  void rename(const std::string&) override {}
  std::vector<CalibrationEntry> list_saved() override { return {}; }
  void load(const std::string&) override {}
  void remove(const std::string&) override {}
  CalibrationResultPtr look_at(const std::string&) override { return {}; }
  void export_json(const std::string&) override {}
  void forget() override {}
  void set_filter(GazeFilter) override {}
  void use_clicks(bool) override {}
  void clicked(const Eigen::Vector2d&, CaptureTime) override {}
  void start_demo(const CalibrationRequest&) override {}
  CalibrationSnapshot snapshot() const override { return {}; }
  ScreenGazeSnapshot gaze() const override { return {}; }
};

}  // namespace yarbus
