#pragma once

#include <array>
#include <string>
#include <vector>

#include "app/session/session.h"
#include "tests/ui/fake_calibration.h"
#include "tests/ui/fake_camera_calibration.h"
#include "tests/ui/fake_camera_previews.h"
#include "tests/ui/fake_recording.h"
#include "tests/ui/fake_viewing.h"

namespace yarbus::test {

/// A session without engines: remembers the commands it got, shows the state it was given.
class FakeSession : public Session {
 public:
  struct Opened {
    EyeSide eye;
    SourceRequest request;
  };

  std::vector<std::string> calls;  ///< "right play", "left seek 12", ...
  std::vector<Opened> opened;
  std::vector<CameraChoice> cameras;
  std::vector<ScenarioChoice> scenarios;
  std::array<EyeSnapshot, 2> snapshots;
  std::array<std::vector<TracePoint>, 2> traces;
  std::vector<Notice> all_notices;
  BinocularSnapshot both;
  FakeCalibration fake_calibration;
  FakeCameraCalibration fake_camera_calibration;
  FakeRecording fake_recording;
  FakeCameraPreviews fake_previews;
  FakeViewing fake_viewing;
  std::optional<RigidTransform> geometry;
  mutable int snapshots_taken = 0;

  EyeSnapshot& eye(EyeSide side) { return snapshots[static_cast<std::size_t>(side)]; }

  void open_source(EyeSide eye, const SourceRequest& request) override {
    opened.push_back({eye, request});
    note(eye, "open " + request.location);
  }
  void close_source(EyeSide eye) override { note(eye, "close"); }
  void set_mode(EyeSide eye, TrackingMode mode) override {
    note(eye, mode == TrackingMode::webcam     ? "mode webcam"
              : mode == TrackingMode::near_eye ? "mode near-eye"
                                               : "mode automatic");
  }
  void choose_face(EyeSide eye, const Eigen::Vector2d& place_px) override {
    note(eye, "face at " + std::to_string(static_cast<int>(place_px.x())) + ' ' +
                  std::to_string(static_cast<int>(place_px.y())));
  }
  std::vector<CameraChoice> list_cameras() override { return cameras; }
  CameraPreviewControl* camera_previews() override { return &fake_previews; }
  void play(EyeSide eye) override { note(eye, "play"); }
  void pause(EyeSide eye) override { note(eye, "pause"); }
  void step(EyeSide eye, int frames) override { note(eye, "step " + std::to_string(frames)); }
  void seek(EyeSide eye, std::uint64_t frame) override { note(eye, "seek " + std::to_string(frame)); }
  void set_speed(EyeSide eye, double factor) override {
    note(eye, "speed " + std::to_string(factor).substr(0, 4));
  }
  void set_stage(EyeSide eye, FitStage stage) override {
    note(eye, "stage " + std::string(to_string(stage)));
  }
  void refit(EyeSide eye) override { note(eye, "refit"); }
  void freeze_model(EyeSide eye, bool frozen) override { note(eye, frozen ? "freeze" : "unfreeze"); }
  void reset_model(EyeSide eye) override { note(eye, "reset"); }
  void save_model(EyeSide eye, const std::string& path) override { note(eye, "save " + path); }
  void load_model(EyeSide eye, const std::string& path) override { note(eye, "load " + path); }

  CameraCalibrationControl& camera_calibration() override { return fake_camera_calibration; }
  CalibrationControl& calibration() override { return fake_calibration; }
  RecordingControl& recording() override { return fake_recording; }
  ViewingControl* viewing() override { return &fake_viewing; }
  std::vector<ScenarioChoice> list_scenarios() override { return scenarios; }
  void set_simulation(EyeSide eye, const SimulationControls& controls) override {
    this->eye(eye).simulation = controls;
    note(eye, "simulation");
  }

  void set_camera_geometry(const std::optional<RigidTransform>& right_cam_from_left_cam) override {
    geometry = right_cam_from_left_cam;
  }
  BinocularSnapshot binocular() const override { return both; }

  EyeSnapshot snapshot(EyeSide eye) const override {
    ++snapshots_taken;
    return snapshots[static_cast<std::size_t>(eye)];
  }
  void read_traces(EyeSide eye, std::uint64_t from_index, std::vector<TracePoint>& out) const override {
    for (const TracePoint& point : traces[static_cast<std::size_t>(eye)]) {
      if (point.index >= from_index) out.push_back(point);
    }
  }
  std::vector<Notice> notices(std::uint64_t after_id) const override {
    std::vector<Notice> out;
    for (const Notice& notice : all_notices) {
      if (notice.id > after_id) out.push_back(notice);
    }
    return out;
  }

 private:
  void note(EyeSide eye, const std::string& what) {
    calls.push_back(std::string(to_string(eye)) + ' ' + what);
  }
};

}  // namespace yarbus::test
