#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/session/calibration_control.h"
#include "app/session/calibration_in_force.h"
#include "app/session/calibration_library.h"
#include "app/session/calibration_surroundings.h"
#include "app/session/calibration_work.h"
#include "app/session/demo_participant.h"
#include "app/session/desk_inbox.h"
#include "app/session/gaze_tap.h"
#include "app/session/notice_board.h"

namespace yarbus {

/// Where gaze on the screen is made: runs the procedure, fits and scores what it asks for, keeps the results,
/// and maps every frame with the calibration in force. One thread of its own owns all of that; commands and
/// glances of the eyes come through its inbox, snapshots are copied out.
/// Threads: the commands from one thread (the window's); processed() and restart() from the eyes' threads.
class CalibrationDesk final : public CalibrationControl {
 public:
  /// `taps` outlive the thread.
  CalibrationDesk(CalibrationSurroundings& surroundings, NoticeBoard& notices, std::filesystem::path library,
                  std::vector<GazeTap*> taps = {});
  ~CalibrationDesk() override { close(); }
  CalibrationDesk(const CalibrationDesk&) = delete;
  CalibrationDesk& operator=(const CalibrationDesk&) = delete;

  /// Ends the thread; what comes later is ignored. For whoever owns the surroundings, before they go.
  void close();

  /// A sample of an eye is done. Takes no memory and holds no sample.
  void processed(EyeSide eye, const GazeSample& sample) { processed(eye, EyeGlance::of(sample)); }
  void processed(EyeSide eye, const EyeGlance& glance) { inbox_.push(eye, glance); }
  /// A frame of a webcam, with both eyes.
  void processed(const FaceGlance& glance) { inbox_.push(glance); }
  /// How many of them have been looked at; the inbox drops the oldest when they come too fast.
  [[nodiscard]] std::uint64_t glances_handled() const { return glances_handled_; }
  /// The eye's source was closed, opened or wound back.
  void restart(EyeSide eye);
  /// Simulated eyes that nobody else steers look about that picture; unset: no longer.
  void show_picture(const std::optional<ShownPicture>& picture);

  void start(const CalibrationRequest& request) override;
  void target_shown(int target, CaptureTime shown_at) override;
  void accept() override;
  void pause() override;
  void resume() override;
  void abort() override;
  void skip() override;
  void redo(int point) override;
  void redo_poor() override;
  void check_one_point(bool recentres) override;
  void recentre_at(const Eigen::Vector2d& point_in_screen_mm) override;
  void undo_recentre() override;
  void use_mapper(const std::string& name) override;
  void rename(const std::string& name) override;
  std::vector<CalibrationEntry> list_saved() override;
  void load(const std::string& path) override;
  void remove(const std::string& path) override;
  CalibrationResultPtr look_at(const std::string& path) override;
  void export_json(const std::string& saved, const std::string& path) override;
  void forget() override;
  void set_filter(GazeFilter filter) override;
  void use_clicks(bool allowed) override;
  void clicked(const Eigen::Vector2d& point_in_screen_mm, CaptureTime at) override;
  void start_demo(const CalibrationRequest& request) override;
  [[nodiscard]] CalibrationSnapshot snapshot() const override;
  [[nodiscard]] ScreenGazeSnapshot gaze() const override;

 private:
  // All of these on the desk's thread.
  void run();
  void handle(const DeskInbox::Arrival& arrival);
  void handle(const FaceGlance& glance);
  void handle(const ProcedureFrame& frame, const std::optional<Eigen::Vector2d>& true_gaze_mm = std::nullopt);
  void begin(const CalibrationRequest& request, bool is_check);
  Result<void> find_participant(const ScreenGeometry& screen, const std::string& fault);
  void follow_procedure();
  void work(SamplesReady ready);
  void check(const SamplesReady& ready);
  void finish();
  void save(SavedCalibration saved, MapperChoice choice);
  void keep_models_still(bool still);
  /// To what a file may hold.
  [[nodiscard]] static std::string cut_name(std::string name);
  void publish();
  void publish_gaze(const std::optional<ScreenGaze>& gaze);
  void tell_taps(const ProcedureFrame& frame, const std::optional<ScreenGaze>& gaze);
  void publish_drift();
  void show_result();
  [[nodiscard]] CalibrationSetup current_setup(const ScreenGeometry& screen) const;
  void report(const Result<void>& result);
  [[nodiscard]] Result<void> refuse_redo() const;
  void post(DeskInbox::Command command) { inbox_.push(std::move(command)); }

  CalibrationSurroundings& surroundings_;
  NoticeBoard& notices_;
  CalibrationLibrary library_;
  const std::vector<GazeTap*> taps_;

  GazeFrames frames_;
  std::optional<CalibrationProcedure> procedure_;
  CalibrationRequest request_;
  bool is_check_ = false;
  bool recentres_ = false;
  bool is_finished_ = false;         ///< the result of the procedure at hand has been kept
  bool is_result_in_force_ = false;  ///< of the procedure at hand; a loaded calibration is not
  std::string result_path_;          ///< of the procedure at hand, once kept
  std::array<bool, 2> has_frozen_{};
  std::optional<CalibrationWorkDone> fitted_;
  std::optional<CalibrationWorkDone> scored_;
  std::optional<CalibrationInForce> in_force_;
  std::shared_ptr<const CalibrationRow> row_in_force_;  ///< the same for sessions; null: nobody wanted it yet
  GazeFilter filter_ = GazeFilter::one_euro;
  bool uses_clicks_ = false;
  std::optional<DemoParticipant> participant_;  ///< of simulated eyes
  std::optional<LookedPlaces> face_looked_;     ///< of a simulated face, since the procedure began
  std::optional<Eigen::Vector2d> shown_to_face_;
  std::optional<PictureExplorer> explorer_of_face_;  ///< a picture is on the screen
  std::optional<CaptureTime> published_;
  std::optional<CaptureTime> drift_published_;
  std::optional<double> true_accuracy_deg_;

  std::atomic<std::uint64_t> glances_handled_ = 0;
  mutable std::mutex mutex_;  ///< of the next two
  CalibrationSnapshot now_;
  ScreenGazeSnapshot gaze_now_;

  DeskInbox inbox_;
  std::jthread thread_;
};

}  // namespace yarbus
