#include "app/export/session/bids.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/export/csv_text.h"
#include "app/export/session/bids_recording.h"

namespace yarbus {
namespace {

using nlohmann::json;

bool is_letter_or_digit(char letter) { return std::isalnum(static_cast<unsigned char>(letter)) != 0; }

Result<bool> has_gaze(const ExportRun& run) {
  bool found = false;
  auto read = run.source.read_gaze({run.options.analysis, std::nullopt, std::nullopt}, [&](const GazeRow&) {
    found = true;
    return false;
  });
  if (!read) return read.error();
  return found;
}

/// Which recordings the session gives.
std::vector<BidsRecording::Kind> kinds_of(const ExportRun& run, bool has_gaze_rows) {
  std::vector<BidsRecording::Kind> kinds;
  const SessionCamera* right = run.eye_camera(EyeSide::right);
  const SessionCamera* left = run.eye_camera(EyeSide::left);
  const bool is_one_eye = (right == nullptr) != (left == nullptr);
  const bool is_on_screen = is_one_eye && has_gaze_rows;
  if (right != nullptr) kinds.push_back({BidsEye::right, is_on_screen, right});
  if (left != nullptr) kinds.push_back({BidsEye::left, is_on_screen, left});
  if (is_one_eye || !has_gaze_rows) return kinds;
  const SessionCamera* webcam = nullptr;
  for (const SessionCamera& camera : run.source.cameras()) {
    if (camera.view == CameraView::webcam) webcam = &camera;
  }
  kinds.push_back({BidsEye::cyclopean, true, kinds.empty() ? webcam : nullptr});
  return kinds;
}

std::string events_tsv(const ExportRun& run, const std::vector<AnnotationRow>& annotations) {
  std::string text = "onset\tduration\ttrial_type\n";
  for (const AnnotationRow& row : annotations) {
    std::string label = row.label.empty() ? "n/a" : row.label;
    std::replace_if(
        label.begin(), label.end(),
        [](char letter) { return letter == '\t' || letter == '\n' || letter == '\r'; }, ' ');
    put_number(text, run.time_s(row.at), 6);
    text += '\t';
    put_number(text, std::chrono::duration<double>(row.duration).count(), 6);
    text += '\t' + label + '\n';
  }
  return text;
}

std::string events_json(const ExportRun& run) {
  // A key of this file describes a column or is one of BIDS' own objects: the task's name is the file's.
  json content{{"onset", {{"Description", "Since the session's start"}, {"Units", "s"}}},
               {"duration", {{"Description", "Duration"}, {"Units", "s"}}},
               {"trial_type", {{"Description", "Label of the annotation"}}}};
  if (const auto& screen = run.source.info().screen) {
    content["StimulusPresentation"] = {
        {"ScreenDistance", 1e-3 * screen->viewing_distance_mm},
        {"ScreenOrigin", {"top", "left"}},
        {"ScreenResolution", {screen->width_px, screen->height_px}},
        {"ScreenSize", {1e-3 * screen->width_mm, 1e-3 * screen->height_mm}},
    };
  }
  return content.dump(2) + '\n';
}

std::string description_json(const ExportRun& run) {
  const SessionInfo& info = run.source.info();
  json content{{"Name", info.name.empty() ? "Yarbus session" : info.name},
               {"BIDSVersion", "1.11.0"},
               {"DatasetType", "raw"},
               {"GeneratedBy", {{{"Name", "Yarbus"}, {"Version", info.software_version}}}}};
  if (!run.options.authors.empty()) content["Authors"] = run.options.authors;
  return content.dump(2) + '\n';
}

std::string bids_readme(const ExportRun& run) {
  return "# " + run.source.info().name + "\n\nExported by Yarbus " + run.source.info().software_version +
         " as a BIDS 1.11 dataset.\n" +
         R"(
- Eye tracking is stored as physiological recordings (PhysioType eyetrack), compressed tables without a header; their
  columns and units are in the .json files beside them. A missing value is n/a.
- recording-eye1 is the right eye, eye2 the left, eye3 both together.
- Times are seconds since the session's start. Samples are at the real times of the frames, so the sampling is only nearly
  regular; SamplingFrequency is the mean.
- gaze-on-screen: pixels from the screen's top-left corner, x right, y down. The screen is in the task's _events.json.
- eye-in-head: azimuth (to the looker's right) and elevation (up) of the eye's optical axis in degrees, zero along the eye
  camera's axis, towards the camera. The camera sits on the head.
- pupil_size: diameter of the pupil in mm; whether it is corrected for refraction is said in the .json file.
- _physioevents: fixations, saccades and blinks (blink = 1) found by Yarbus, and annotations as messages.
)";
}

}  // namespace

std::string bids_label(const std::string& text) {
  std::string label;
  std::copy_if(text.begin(), text.end(), std::back_inserter(label), is_letter_or_digit);
  return label.empty() ? "01" : label;
}

Result<void> write_bids(const ExportRun& run, ExportFolder& folder) {
  const std::string& task = run.options.task;
  if (task.empty() || !std::all_of(task.begin(), task.end(), is_letter_or_digit)) {
    return Error{ErrorCode::invalid_option, "the task's label may only have letters and digits", task,
                 "Give a label like visualSearch"};
  }
  const auto gaze = has_gaze(run);
  if (!gaze) return gaze.error();
  const std::string subject = "sub-" + bids_label(run.source.info().participant);
  const std::string prefix = subject + "/beh/" + subject + "_task-" + task;

  std::vector<BidsRecording> recordings;
  for (const auto& kind : kinds_of(run, *gaze)) {
    auto of_recording = kind;
    if (kind.eye != BidsEye::cyclopean) {
      const auto facts = tracking_facts(run, kind.eye == BidsEye::right ? EyeSide::right : EyeSide::left);
      if (!facts) return facts.error();
      of_recording.facts = *facts;
    }
    auto recording = BidsRecording::create(run, folder, prefix, of_recording);
    if (!recording) return recording.error();
    recordings.push_back(std::move(*recording));
  }
  if (recordings.empty()) run.notes.push_back("There is no gaze to export: the session is not calibrated");
  auto done = for_each_chunk(run, 0.0, 0.95, [&](const SessionChunk& chunk) -> Result<void> {
    for (BidsRecording& recording : recordings) {
      if (auto put = recording.put(chunk); !put) return put;
    }
    return {};
  });
  if (!done) return done;

  const auto events = run.events();
  if (!events) return events.error();
  const auto annotations = run.source.annotations();
  if (!annotations) return annotations.error();
  const auto calibrations = run.source.calibrations();
  if (!calibrations) return calibrations.error();
  for (BidsRecording& recording : recordings) {
    if (auto finished = recording.finish(folder, *events, *annotations, *calibrations); !finished)
      return finished;
    if (recording.is_on_screen() && !run.source.info().screen)
      run.notes.push_back("BIDS asks for the screen's size and distance, which the session does not know");
  }
  const std::pair<std::string, std::string> files[]{{prefix + "_events.tsv", events_tsv(run, *annotations)},
                                                    {prefix + "_events.json", events_json(run)},
                                                    {"dataset_description.json", description_json(run)},
                                                    {"participants.tsv", "participant_id\n" + subject + "\n"},
                                                    {"README.md", bids_readme(run)}};
  for (const auto& [name, text] : files) {
    if (auto written = folder.write(name, text); !written) return written;
  }
  return run.check();
}

}  // namespace yarbus
