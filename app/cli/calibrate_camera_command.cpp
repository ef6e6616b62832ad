#include "app/cli/calibrate_camera_command.h"

#include <cstdio>

#include "app/cli/board_views.h"
#include "app/cli/camera_fit_report.h"
#include "app/cli/camera_library_command.h"
#include "app/cli/library_folders.h"
#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "calibration/camera/board_drawing.h"
#include "calibration/camera/camera_file.h"
#include "calibration/camera/camera_library.h"
#include "calibration/camera/fit_camera.h"

namespace yarbus::cli {
namespace {

int print_board(const CalibrateCameraArguments& arguments) {
  if (const auto written = write_board(arguments.print_path, arguments.board); !written)
    return report_error(written.error());
  const Eigen::Vector2d size = printed_size_mm(arguments.board);
  const Eigen::Vector2d pattern = pattern_size_mm(arguments.board);
  std::printf("board       %s\n", arguments.board.to_text().c_str());
  std::printf("paper       %.0f x %.0f mm; the pattern is %g x %g mm: measure it after printing at 100 %%\n",
              size.x(), size.y(), pattern.x(), pattern.y());
  std::printf("wrote       %s\n", arguments.print_path.c_str());
  return exit_success;
}

Result<void> keep(const CalibrateCameraArguments& arguments, const CameraFit& fit) {
  if (!arguments.out_path.empty()) {
    if (const auto written =
            write_camera_file(arguments.out_path, {arguments.save_as, fit.intrinsics}, fit.rms_px);
        !written)
      return written.error();
    std::printf("wrote       %s\n", arguments.out_path.c_str());
  }
  if (arguments.save_as.empty()) return {};
  CameraRecord record;
  record.camera = arguments.save_as;
  record.intrinsics = fit.intrinsics;
  record.origin = "calibrated: " + arguments.board.to_text();
  record.date = date_of_today();
  record.rms_px = fit.rms_px;
  record.focal_sigma_px = fit.sigma_px[0];
  record.views = fit.views_used;
  const auto saved = CameraLibrary(camera_library_folder()).save(record);
  if (!saved) return saved.error();
  std::printf("saved       %s\n", saved->c_str());
  return {};
}

int calibrate(const CalibrateCameraArguments& arguments) {
  const InterruptWatcher interrupt;
  const auto views = gather_board_views(arguments, interrupt.token());
  if (!views) return report_error(views.error());
  if (views->was_interrupted)
    return report_error(
        {ErrorCode::interrupted, "stopped by Ctrl-C, nothing was written", "calibrate-camera", ""});
  std::vector<BoardView> found;
  for (const LookedAt& look : views->looked_at) {
    if (look.view) found.push_back(*look.view);
  }
  CameraFitOptions options;
  options.lens = arguments.lens;
  ProgressBar bar;
  // A live camera's Ctrl-C ended the collecting; it must not end the fit too.
  const std::stop_token stop = arguments.camera.location.empty() ? interrupt.token() : std::stop_token();
  const auto fit =
      fit_camera(found, options, stop, [&](const std::string& step, double /*share*/) { bar.note(step); });
  bar.finish();
  const CameraFit* fitted = fit ? &*fit : nullptr;
  print_views(*views, fitted);
  if (!arguments.overlay_folder.empty()) {
    if (const auto written = write_overlays(arguments.overlay_folder, *views, fitted); !written)
      return report_error(written.error());
    std::printf("wrote       %s\n", arguments.overlay_folder.c_str());
  }
  if (!fit) {
    std::fflush(stdout);
    return report_error(fit.error());
  }
  print_camera_fit(*fit);
  const auto kept = keep(arguments, *fit);
  std::fflush(stdout);
  return kept ? exit_success : report_error(kept.error());
}

}  // namespace

int run_calibrate_camera(const CalibrateCameraArguments& arguments) {
  using Task = CalibrateCameraArguments::Task;
  if (arguments.task != Task::calibrate && arguments.task != Task::print_board)
    return run_camera_library(arguments);
  if (const auto valid = arguments.board.validate(); !valid) return report_error(valid.error());
  return arguments.task == Task::print_board ? print_board(arguments) : calibrate(arguments);
}

}  // namespace yarbus::cli
