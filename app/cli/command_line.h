#pragma once

#include <optional>
#include <string>
#include <variant>

#include "app/cli/analyse_command.h"
#include "app/cli/benchmark_command.h"
#include "app/cli/calibrate_camera_command.h"
#include "app/cli/export_command.h"
#include "app/cli/remote_command.h"
#include "app/cli/report_command.h"
#include "app/cli/sessions_command.h"
#include "app/cli/simulate_command.h"
#include "app/cli/stream_arguments.h"
#include "app/cli/track_command.h"
#include "app/cli/viewing_command.h"
#include "app/session/session.h"

namespace yarbus::cli {

/// Open the window, perhaps with a source.
struct WindowCommand {
  std::optional<SourceRequest> source;
  EyeSide eye = EyeSide::right;
  std::string right_from_left_file;  ///< empty: the geometry of two cameras is not known
  bool opens_calibration = false;    ///< the wizard, right away
  bool starts_demo = false;          ///< of the wizard, with a simulated participant
  bool demo_is_webcam = false;       ///< who sits before a webcam
  StreamArguments streams;
};
struct DevicesCommand {};
/// Nothing left to do: help, version or a usage error has been printed.
struct ExitCommand {
  int code = 0;
};

using Command =
    std::variant<WindowCommand, TrackArguments, SimulateArguments, AccuracyArguments, DetectionArguments,
                 ModelArguments, CalibrationArguments, WebcamArguments, SpeedArguments,
                 CalibrateCameraArguments, SessionsArguments, AnalyseArguments, ExportArguments,
                 ReportArguments, ViewingArguments, RemoteArguments, DevicesCommand, ExitCommand>;

/// Understands the arguments; prints help, version and usage errors itself.
Command parse_command_line(int argc, const char* const* argv);

}  // namespace yarbus::cli
