#include "app/cli/simulate_command.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "app/cli/version.h"
#include "app/export/labelled_recording.h"
#include "eyemodel/simulation/scenario.h"
#include "eyemodel/simulation/simulated_eye.h"

namespace yarbus::cli {
namespace {

int list_scenarios() {
  std::size_t longest = 0;
  for (const auto& scenario : simulation::scenarios()) longest = std::max(longest, scenario.name.size());
  std::puts("Scenarios of the simulated eye. --seed chooses the subject; the same name and seed always give");
  std::puts("the same frames. In brackets: frames written unless --frames says otherwise.\n");
  for (const auto& scenario : simulation::scenarios()) {
    std::printf("  %-*s  %s [%d]\n", static_cast<int>(longest), std::string(scenario.name).c_str(),
                std::string(scenario.summary).c_str(), scenario.default_frames);
  }
  std::puts("\nAlso as a source: `yarbus --open sim:NAME`, `yarbus track sim:NAME --out gaze.csv`.");
  return exit_success;
}

}  // namespace

int run_simulate(const SimulateArguments& arguments) {
  if (arguments.is_list) return list_scenarios();
  const InterruptWatcher interrupt;
  auto eye = simulation::SimulatedEye::create(arguments.scenario, arguments.seed);
  if (!eye) return report_error(eye.error());
  const CameraIntrinsics& camera = eye->camera();
  const std::string description = "simulated eye, scenario " + arguments.scenario + ", seed " +
                                  std::to_string(arguments.seed) + ", by yarbus " + version();
  auto writer = LabelledRecordingWriter::create(arguments.folder, camera, eye->rate_hz(), description);
  if (!writer) return report_error(writer.error());

  const std::uint64_t frames = arguments.frames.value_or(
      static_cast<std::uint64_t>(simulation::find_scenario(arguments.scenario)->default_frames));
  ProgressBar bar;
  GrayImage image;
  SimulatedTruth truth;
  std::uint64_t done = 0;
  Result<void> written;
  const auto start = std::chrono::steady_clock::now();
  while (done < frames && !interrupt.token().stop_requested()) {
    eye->render(done, image, truth);
    written = writer->add(image.view(), truth);
    if (!written) break;
    bar.update("simulating", ++done, frames);
  }
  const double elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  bar.finish();
  if (!written) {
    if (done > 0) {
      std::printf("kept        %llu frames, their table is %s/gt.partial.csv\n",
                  static_cast<unsigned long long>(done), arguments.folder.c_str());
      std::fflush(stdout);
    }
    return report_error(written.error());
  }
  if (const auto closed = writer->close(); !closed) return report_error(closed.error());
  std::printf("frames      %llu, %dx%d px at %g Hz\n", static_cast<unsigned long long>(done), camera.width_px,
              camera.height_px, eye->rate_hz());
  std::printf("speed       %.1f frames/s, rendered and written\n",
              elapsed_s > 0.0 ? static_cast<double>(done) / elapsed_s : 0.0);
  std::printf("wrote       %s\n", arguments.folder.c_str());
  if (done < frames) {
    std::fflush(stdout);
    std::fprintf(stderr, "yarbus: stopped by Ctrl-C after %llu of %llu frames; the folder holds these\n",
                 static_cast<unsigned long long>(done), static_cast<unsigned long long>(frames));
    return exit_interrupted;
  }
  return exit_success;
}

}  // namespace yarbus::cli
