#include "app/cli/simulate_command.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "app/cli/exit_codes.h"
#include "app/cli/image_size.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "app/cli/version.h"
#include "app/export/labelled_recording.h"
#include "eyemodel/simulation/face/face_setup.h"
#include "eyemodel/simulation/face/simulated_face.h"
#include "eyemodel/simulation/scenario.h"
#include "eyemodel/simulation/simulated_eye.h"

namespace yarbus::cli {
namespace {

void list(std::span<const simulation::ScenarioInfo> scenarios) {
  std::size_t longest = 0;
  for (const auto& scenario : scenarios) longest = std::max(longest, scenario.name.size());
  for (const auto& scenario : scenarios) {
    std::printf("  %-*s  %s [%d]\n", static_cast<int>(longest), std::string(scenario.name).c_str(),
                std::string(scenario.summary).c_str(), scenario.default_frames);
  }
}

int list_scenarios() {
  std::puts("Scenarios of the simulated eye. --seed chooses the subject; the same name and seed always give");
  std::puts("the same frames. In brackets: frames written unless --frames says otherwise.\n");
  list(simulation::scenarios());
  std::puts(
      "\nScenarios of the simulated face before a webcam, who looks at targets on a screen (--size, "
      "--rate):\n");
  list(simulation::face_scenarios());
  std::puts("\nAlso as a source: `yarbus --open sim:NAME`, `yarbus track sim:NAME --out gaze.csv`.");
  return exit_success;
}

/// Writes frames through `add` until they are done, Ctrl-C or a fault; tells about it.
int write_frames(const SimulateArguments& arguments, LabelledRecordingWriter writer,
                 const CameraIntrinsics& camera, double rate_hz, int default_frames,
                 const std::function<Result<void>(LabelledRecordingWriter&, std::uint64_t)>& add) {
  const InterruptWatcher interrupt;
  const std::uint64_t frames = arguments.frames.value_or(static_cast<std::uint64_t>(default_frames));
  ProgressBar bar;
  std::uint64_t done = 0;
  Result<void> written;
  const auto start = std::chrono::steady_clock::now();
  while (done < frames && !interrupt.token().stop_requested()) {
    written = add(writer, done);
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
  if (const auto closed = writer.close(); !closed) return report_error(closed.error());
  std::printf("frames      %llu, %dx%d px at %g Hz\n", static_cast<unsigned long long>(done), camera.width_px,
              camera.height_px, rate_hz);
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

std::string description_of(const SimulateArguments& arguments, const char* kind) {
  return std::string("simulated ") + kind + ", scenario " + arguments.scenario + ", seed " +
         std::to_string(arguments.seed) + ", by yarbus " + version();
}

int simulate_face(const SimulateArguments& arguments) {
  const auto size = parse_image_size(arguments.size);
  if (!size) return report_error(size.error());
  simulation::FaceSimulationOptions options;
  options.scenario = arguments.scenario;
  options.seed = arguments.seed;
  options.width_px = size->first;
  options.height_px = size->second;
  options.rate_hz = arguments.rate_hz.value_or(options.rate_hz);
  auto face = simulation::SimulatedFace::create(options);
  if (!face) return report_error(face.error());
  auto writer = LabelledRecordingWriter::create(arguments.folder, face->camera(), face->rate_hz(),
                                                description_of(arguments, "face"),
                                                {face->screen(), face->screen_from_cam()});
  if (!writer) return report_error(writer.error());
  GrayImage image;
  FaceTruth truth;
  return write_frames(arguments, std::move(*writer), face->camera(), face->rate_hz(),
                      simulation::find_face_scenario(arguments.scenario)->default_frames,
                      [&](LabelledRecordingWriter& to, std::uint64_t frame) {
                        face->render(frame, image, truth);
                        return to.add(image.view(), truth);
                      });
}

int simulate_eye(const SimulateArguments& arguments) {
  if (!arguments.size.empty() || arguments.rate_hz) {
    return report_error({ErrorCode::invalid_option, "a simulated eye's camera has its own size and rate",
                         arguments.scenario, "Leave --size and --rate out, or name a scenario of the face"});
  }
  auto eye = simulation::SimulatedEye::create(arguments.scenario, arguments.seed);
  if (!eye) return report_error(eye.error());
  auto writer = LabelledRecordingWriter::create(arguments.folder, eye->camera(), eye->rate_hz(),
                                                description_of(arguments, "eye"));
  if (!writer) return report_error(writer.error());
  GrayImage image;
  SimulatedTruth truth;
  return write_frames(arguments, std::move(*writer), eye->camera(), eye->rate_hz(),
                      simulation::find_scenario(arguments.scenario)->default_frames,
                      [&](LabelledRecordingWriter& to, std::uint64_t frame) {
                        eye->render(frame, image, truth);
                        return to.add(image.view(), truth);
                      });
}

}  // namespace

int run_simulate(const SimulateArguments& arguments) {
  if (arguments.is_list) return list_scenarios();
  if (simulation::names_face(arguments.scenario)) return simulate_face(arguments);
  return simulate_eye(arguments);
}

}  // namespace yarbus::cli
