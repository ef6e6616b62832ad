#include <QApplication>
#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <utility>
#include <variant>

#include "app/allocation_counter.h"
#include "app/cli/analyse_command.h"
#include "app/cli/benchmark_command.h"
#include "app/cli/calibrate_camera_command.h"
#include "app/cli/command_line.h"
#include "app/cli/devices_command.h"
#include "app/cli/exit_codes.h"
#include "app/cli/export_command.h"
#include "app/cli/remote_command.h"
#include "app/cli/report_command.h"
#include "app/cli/sessions_command.h"
#include "app/cli/simulate_command.h"
#include "app/cli/track_command.h"
#include "app/cli/viewing_command.h"
#include "app/cli/window_session.h"
#include "ui/main_window_app.h"

namespace {

/// Qt's warnings (a missing runtime folder, a font) are no business of who runs a command; its failures are.
void print_only_failures(QtMsgType type, const QMessageLogContext&, const QString& message) {
  if (type == QtCriticalMsg || type == QtFatalMsg) std::fprintf(stderr, "%s\n", qPrintable(message));
}

/// Plots and overlays are painted with Qt; the command line needs no display for that.
template <class Run>
int run_offscreen(int argc, char** argv, const Run& run) {
  setenv("QT_QPA_PLATFORM", "offscreen", 1);
  qInstallMessageHandler(print_only_failures);
  const QApplication application(argc, argv);
  return run();
}

}  // namespace

int main(int argc, char** argv) {
  const auto command = yarbus::cli::parse_command_line(argc, argv);
  return std::visit(
      [&](const auto& chosen) -> int {
        using Chosen = std::decay_t<decltype(chosen)>;
        if constexpr (std::is_same_v<Chosen, yarbus::cli::TrackArguments>) {
          return run_offscreen(argc, argv, [&] { return yarbus::cli::run_track(chosen); });
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::AccuracyArguments>) {
          return run_offscreen(argc, argv, [&] { return yarbus::cli::run_benchmark_accuracy(chosen); });
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::DetectionArguments>) {
          return run_offscreen(argc, argv, [&] {
            return yarbus::cli::run_benchmark_detection(chosen, yarbus::heap_allocations_so_far);
          });
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::ModelArguments>) {
          return run_offscreen(argc, argv, [&] {
            return yarbus::cli::run_benchmark_model(chosen, yarbus::heap_allocations_so_far);
          });
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::CalibrationArguments>) {
          return yarbus::cli::run_benchmark_calibration(chosen);
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::WebcamArguments>) {
          return run_offscreen(argc, argv, [&] { return yarbus::cli::run_benchmark_webcam(chosen); });
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::SpeedArguments>) {
          return yarbus::cli::run_benchmark_speed(chosen, yarbus::heap_allocations_so_far);
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::SimulateArguments>) {
          return yarbus::cli::run_simulate(chosen);
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::CalibrateCameraArguments>) {
          return run_offscreen(argc, argv, [&] { return yarbus::cli::run_calibrate_camera(chosen); });
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::SessionsArguments>) {
          return yarbus::cli::run_sessions(chosen);
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::AnalyseArguments>) {
          return yarbus::cli::run_analyse(chosen);
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::ExportArguments>) {
          return yarbus::cli::run_export(chosen);
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::ReportArguments>) {
          return run_offscreen(argc, argv, [&] { return yarbus::cli::run_report(chosen); });
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::ViewingArguments>) {
          return run_offscreen(argc, argv, [&] { return yarbus::cli::run_viewing(chosen); });
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::RemoteArguments>) {
          return yarbus::cli::run_remote(chosen);
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::DevicesCommand>) {
          return yarbus::cli::run_devices();
        } else if constexpr (std::is_same_v<Chosen, yarbus::cli::ExitCommand>) {
          return chosen.code;
        } else {
          auto session = yarbus::cli::make_window_session(chosen);
          if (!session) return yarbus::cli::report_error(session.error());
          return yarbus::ui::run_window(argc, argv, std::move(*session),
                                        {chosen.source, chosen.eye, chosen.opens_calibration,
                                         chosen.starts_demo || chosen.demo_is_webcam, chosen.demo_is_webcam});
        }
      },
      command);
}
