#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "app/session/camera_calibration_control.h"
#include "app/session/eye_tap.h"
#include "app/session/notice_board.h"
#include "app/session/session.h"
#include "calibration/camera/camera_library.h"
#include "calibration/camera/fit_camera.h"
#include "calibration/camera/view_collector.h"

namespace yarbus {

/// What the desk asks of the session.
struct CameraCalibrationHooks {
  std::function<SourceSnapshot(EyeSide)> source_of;
  std::function<void(EyeSide, const SourceRequest&)> reopen;  ///< returns at once
};

/// Camera calibration in a running session: one thread that takes commands in order and, between them,
/// searches the newest frame for the board.
///
///   capture --newest frame--> desk thread: find_board, ViewCollector, fit_camera --> snapshot
///
/// In two files: what happens with frames and views; and (camera_calibration_files.cpp) pictures, results
/// and boards in files, and the library.
class CameraCalibrationDesk final : public CameraCalibrationControl, public EyeTap {
 public:
  CameraCalibrationDesk(CameraLibrary library, CameraCalibrationHooks hooks, NoticeBoard& notices);
  ~CameraCalibrationDesk() override { shut_down(); }
  CameraCalibrationDesk(const CameraCalibrationDesk&) = delete;
  CameraCalibrationDesk& operator=(const CameraCalibrationDesk&) = delete;

  /// Stops and joins the thread; later commands do nothing.
  void shut_down();

  void start(EyeSide eye, const CameraCalibrationSetup& setup) override;
  void stop() override;
  void take_view() override;
  void load_pictures(const std::vector<std::string>& paths) override;
  void remove_view(int id) override;
  void clear_views() override;
  void compute(LensChoice lens) override;
  void save(const std::string& camera_name) override;
  void export_result(const std::string& path) override;
  [[nodiscard]] Result<BoardDrawing> draw_board(const CalibrationBoard& board) const override;
  void print_board(const std::string& path, const CalibrationBoard& board) override;
  std::vector<SavedCamera> list_saved() override;
  void export_saved(const std::string& camera, int width_px, int height_px, const std::string& path) override;
  void remove_saved(const std::string& camera, int width_px, int height_px) override;
  void import_file(const std::string& path, const std::string& camera_name) override;
  std::vector<CameraPresetChoice> list_presets() override;
  CameraCalibrationSnapshot snapshot() const override;

  void frame_read(EyeSide eye, const FramePtr& frame) override;

 private:
  using Command = std::function<void()>;
  void post(Command command);
  void run(const std::stop_token& stop);
  void search(const FramePtr& frame);
  void fit(LensChoice lens);
  void save_now(const std::string& camera_name);
  void export_now(const std::string& path);
  void load_now(const std::vector<std::string>& paths, const std::stop_token& stop);
  /// Empty if the picture's view was kept, else why not.
  std::string search_picture(const std::filesystem::path& path);
  void show_search(GrayView image, std::vector<Eigen::Vector2d> points, std::string text);
  void forget_views();
  void publish_views();
  [[nodiscard]] EyeSide eye() const;
  [[nodiscard]] CameraIntrinsics in_sensor(const CameraIntrinsics& shown) const;
  void tell(const Result<void>& outcome, const std::string& done);

  const CameraLibrary library_;
  const CameraCalibrationHooks hooks_;
  NoticeBoard& notices_;

  std::atomic<int> tapped_eye_{-1};  ///< whose frames are wanted; -1: none's

  mutable std::mutex mutex_;
  std::condition_variable_any work_;
  std::deque<Command> commands_;     ///< guarded
  FramePtr newest_;                  ///< guarded
  CameraCalibrationSnapshot shown_;  ///< guarded
  std::stop_source work_stop_;       ///< guarded; of a computation, or of loading pictures
  bool is_shut_down_ = false;        ///< guarded
  bool is_wanted_ = false;  ///< guarded; begun and not stopped by the commands given, done yet or not

  // Desk thread only.
  CameraCalibrationSetup setup_;
  ViewCollector collector_;
  std::optional<BoardView> last_found_;
  std::map<int, std::string> pictures_;  ///< the files of views, by the view's id
  bool is_from_files_ = false;
  std::optional<CameraFit> result_;
  std::vector<int> fitted_ids_;  ///< of the views that `result_` is from

  std::jthread thread_;
};

}  // namespace yarbus
