#pragma once

#include <string>
#include <vector>

#include "app/session/camera_calibration_control.h"

namespace yarbus::test {

/// Camera calibration without engines: remembers the commands it got, shows the state it was given.
class FakeCameraCalibration : public CameraCalibrationControl {
 public:
  std::vector<std::string> calls;  ///< "start right charuco", "remove 3", "save Eye", ...
  std::vector<CameraCalibrationSetup> setups;
  std::vector<SavedCamera> saved;
  std::vector<CameraPresetChoice> presets;
  CameraCalibrationSnapshot now;

  void start(EyeSide eye, const CameraCalibrationSetup& setup) override {
    setups.push_back(setup);
    calls.push_back("start " + std::string(to_string(eye)) + ' ' + to_string(setup.board.kind));
  }
  void stop() override { calls.emplace_back("stop"); }
  void take_view() override { calls.emplace_back("take"); }
  void load_pictures(const std::vector<std::string>& paths) override {
    calls.push_back("load " + std::to_string(paths.size()) + ' ' + (paths.empty() ? "" : paths.front()));
  }
  void remove_view(int id) override { calls.push_back("remove " + std::to_string(id)); }
  void clear_views() override { calls.emplace_back("clear"); }
  void compute(LensChoice lens) override { calls.push_back(std::string("compute ") + to_string(lens)); }
  void save(const std::string& camera_name) override { calls.push_back("save " + camera_name); }
  void export_result(const std::string& path) override { calls.push_back("export " + path); }
  Result<BoardDrawing> draw_board(const CalibrationBoard& board) const override {
    if (const auto valid = board.validate(); !valid) return valid.error();
    const Eigen::Vector2d size_mm = pattern_size_mm(board) + Eigen::Vector2d(20.0, 20.0);
    const std::string width = std::to_string(size_mm.x());
    const std::string height = std::to_string(size_mm.y());
    return BoardDrawing{"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "mm\" height=\"" +
                            height + "mm\" viewBox=\"0 0 " + width + ' ' + height +
                            "\"><rect x=\"10\" y=\"10\" width=\"40\" height=\"40\"/></svg>",
                        size_mm.x(), size_mm.y()};
  }
  void print_board(const std::string& path, const CalibrationBoard& board) override {
    calls.push_back("print " + path + ' ' + to_string(board.kind));
  }
  std::vector<SavedCamera> list_saved() override { return saved; }
  void export_saved(const std::string& camera, int width_px, int height_px,
                    const std::string& path) override {
    calls.push_back("export " + camera + ' ' + std::to_string(width_px) + 'x' + std::to_string(height_px) +
                    ' ' + path);
  }
  void remove_saved(const std::string& camera, int width_px, int height_px) override {
    calls.push_back("delete " + camera + ' ' + std::to_string(width_px) + 'x' + std::to_string(height_px));
  }
  void import_file(const std::string& path, const std::string& camera_name) override {
    calls.push_back("import " + path + ' ' + camera_name);
  }
  std::vector<CameraPresetChoice> list_presets() override { return presets; }
  CameraCalibrationSnapshot snapshot() const override { return now; }
};

}  // namespace yarbus::test
