#include "app/export/session/bids_recording.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/export/csv_text.h"

namespace yarbus {
namespace {

using nlohmann::json;

constexpr std::string_view label_of(BidsEye eye) {
  return eye == BidsEye::right ? "eye1" : eye == BidsEye::left ? "eye2" : "eye3";
}
constexpr std::string_view word_of(BidsEye eye) {
  return eye == BidsEye::right ? "right" : eye == BidsEye::left ? "left" : "cyclopean";
}

void put_value(std::string& out, double value, int decimals) {
  if (!out.empty() && out.back() != '\n') out += '\t';
  if (std::isfinite(value)) {
    put_number(out, value, decimals);
  } else {
    out += "n/a";
  }
}
void put_word(std::string& out, std::string_view word) {
  if (!out.empty() && out.back() != '\n') out += '\t';
  out += word.empty() ? "n/a" : word;
}

/// Tabs and line ends would be fields and rows.
std::string in_one_field(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char letter) { return letter == '\t' || letter == '\n' || letter == '\r'; }, ' ');
  return text;
}

/// Of the optical axis: the looker's right and up, deg; zero along the camera's axis, into the camera.
Eigen::Vector2d in_head_deg(const Eigen::Vector3d& gaze_dir_in_cam) {
  constexpr double deg = 180.0 / std::numbers::pi;
  return {deg * std::atan2(-gaze_dir_in_cam.x(), -gaze_dir_in_cam.z()),
          deg * std::asin(std::clamp(-gaze_dir_in_cam.y(), -1.0, 1.0))};
}

std::string method_of(const TrackingFacts& facts) {
  std::string method = "video";
  if (facts.is_bright_pupil) method += *facts.is_bright_pupil ? ", bright pupil" : ", dark pupil";
  return method + ", three-dimensional eye model";
}

/// How the pupil's diameter is to be taken.
std::string_view size_of(const TrackingFacts& facts) {
  if (!facts.is_corrected_for_refraction)
    return "Diameter of the pupil by the eye model; whether it is corrected for refraction is not known";
  return *facts.is_corrected_for_refraction
             ? "Diameter of the pupil itself, corrected for refraction"
             : "Diameter of the pupil as it is seen through the cornea, not corrected for refraction";
}

const GazeRow* gaze_of(const SessionChunk& chunk, const FrameRow& frame) {
  auto row = std::lower_bound(chunk.gaze.begin(), chunk.gaze.end(), frame.captured_at,
                              [](const GazeRow& gaze, CaptureTime time) { return gaze.captured_at < time; });
  for (; row != chunk.gaze.end() && row->captured_at == frame.captured_at; ++row) {
    if (row->camera == frame.camera) return &*row;
  }
  return nullptr;
}

}  // namespace

Result<BidsRecording> BidsRecording::create(const ExportRun& run, ExportFolder& folder,
                                            const std::string& prefix, const Kind& kind) {
  std::string whole = prefix + "_recording-" + std::string(label_of(kind.eye));
  auto samples = GzipFile::create(folder, whole + "_physio.tsv.gz");
  if (!samples) return samples.error();
  return BidsRecording(run, std::move(whole), kind, std::move(*samples));
}

void BidsRecording::put_row(std::string& out, CaptureTime at, const GazeRow* gaze, const PoseRow* pose,
                            double confidence) {
  Eigen::Vector2d place = Eigen::Vector2d::Constant(std::nan(""));
  if (kind_.is_on_screen && gaze != nullptr) {
    place = gaze->gaze.point_in_screen_mm;
    if (const auto& screen = run_->source.info().screen) {
      place = place.cwiseProduct(
          Eigen::Vector2d(screen->width_px / screen->width_mm, screen->height_px / screen->height_mm));
    }
  } else if (!kind_.is_on_screen && pose != nullptr) {
    place = in_head_deg(pose->pose.gaze_dir_in_cam());
  }
  put_value(out, run_->time_s(at), 6);
  put_value(out, place.x(), 4);
  put_value(out, place.y(), 4);
  if (kind_.eye != BidsEye::cyclopean)
    put_value(out, pose != nullptr ? pose->pose.pupil_diameter_mm() : std::nan(""), 4);
  put_value(out, confidence, 4);
  out += '\n';
  if (!first_) first_ = at;
  last_ = at;
  ++rows_;
}

Result<void> BidsRecording::put(const SessionChunk& chunk) {
  std::string text;
  if (kind_.camera == nullptr) {
    for (const GazeRow& row : chunk.gaze) put_row(text, row.captured_at, &row, nullptr, row.confidence);
    return samples_.put(text);
  }
  for (const FrameRow& frame : chunk.frames) {
    if (frame.camera != kind_.camera->camera) continue;
    const GazeRow* gaze = gaze_of(chunk, frame);
    const PoseRow* pose = chunk.pose_of(frame.camera, frame.captured_at);
    const PupilRow* pupil = chunk.pupil_of(frame.camera, frame.captured_at);
    const double confidence = kind_.is_on_screen ? (gaze != nullptr ? gaze->confidence : std::nan(""))
                              : pupil != nullptr ? (pupil->miss ? 0.0 : pupil->confidence)
                                                 : std::nan("");
    put_row(text, frame.captured_at, gaze, pose, confidence);
  }
  return samples_.put(text);
}

std::string BidsRecording::sidecar(const std::vector<CalibrationRow>& calibrations) const {
  const SessionInfo& info = run_->source.info();
  const double length_s = first_ ? std::chrono::duration<double>(last_ - *first_).count() : 0.0;
  const double nominal_hz = kind_.camera != nullptr ? kind_.camera->nominal_rate_hz : 0.0;
  const bool has_pupil = kind_.eye != BidsEye::cyclopean;
  json content{
      {"SamplingFrequency",
       rows_ > 1 && length_s > 0.0 ? static_cast<double>(rows_ - 1) / length_s : nominal_hz},
      {"StartTime", first_ ? run_->time_s(*first_) : 0.0},
      {"PhysioType", "eyetrack"},
      {"RecordedEye", word_of(kind_.eye)},
      {"SampleCoordinateSystem", kind_.is_on_screen ? "gaze-on-screen" : "eye-in-head"},
      {"Manufacturer", "Yarbus"},
      {"SoftwareVersions", "Yarbus " + info.software_version},
      {"EyeTrackingMethod",
       has_pupil ? method_of(kind_.facts) : std::string("video, gaze of both eyes on the screen")},
      {"timestamp",
       {{"Description", "Time of the frame's capture since the session's start"}, {"Units", "s"}}},
      {"confidence", {{"Description", "Probability that the sample is right, 0 to 1"}, {"Units", "1"}}},
  };
  if (has_pupil) {
    content["Columns"] = {"timestamp", "x_coordinate", "y_coordinate", "pupil_size", "confidence"};
    content["pupil_size"] = {{"Description", size_of(kind_.facts)}, {"Units", "mm"}};
    content["PupilFitMethod"] = "ellipse on sub-pixel edges";
  } else {
    content["Columns"] = {"timestamp", "x_coordinate", "y_coordinate", "confidence"};
  }
  const bool is_in_px = kind_.is_on_screen && info.screen.has_value();
  const char* units = is_in_px ? "pixel" : kind_.is_on_screen ? "mm" : "deg";
  content["x_coordinate"] = {
      {"LongName", kind_.is_on_screen ? "Gaze position (x)" : "Azimuth of the optical axis"},
      {"Description", kind_.is_on_screen
                          ? "From the screen's top-left corner to the right"
                          : "To the looker's right; zero along the eye camera's axis, towards the camera"},
      {"Units", units}};
  content["y_coordinate"] = {
      {"LongName", kind_.is_on_screen ? "Gaze position (y)" : "Elevation of the optical axis"},
      {"Description", kind_.is_on_screen ? "From the screen's top-left corner downwards"
                                         : "Upwards; zero along the eye camera's axis, towards the camera"},
      {"Units", units}};
  if (kind_.is_on_screen && !calibrations.empty()) {
    content["CalibrationCount"] = calibrations.size();
    double sum_deg = 0.0;
    int known = 0;
    for (const CalibrationRow& row : calibrations) {
      if (!row.accuracy_deg) continue;
      sum_deg += *row.accuracy_deg;
      ++known;
    }
    if (known > 0) content["AverageCalibrationError"] = sum_deg / known;
  }
  return content.dump(2) + '\n';
}

bool BidsRecording::is_of_this(const EventRow& event) const {
  if (kind_.eye == BidsEye::cyclopean) return !event.eye.has_value();
  const EyeSide side = kind_.eye == BidsEye::right ? EyeSide::right : EyeSide::left;
  // Without a recording of both eyes their events belong to the only one.
  return event.eye ? *event.eye == side : kind_.is_on_screen;
}

std::string BidsRecording::events_text(const std::vector<EventRow>& events,
                                       const std::vector<AnnotationRow>& annotations) const {
  std::vector<std::pair<CaptureTime, std::string>> rows;
  for (const EventRow& event : events) {
    const bool is_blink = event.kind == EventKind::blink;
    const bool is_told = is_blink || event.kind == EventKind::fixation || event.kind == EventKind::saccade;
    if (!is_told || !is_of_this(event)) continue;
    std::string text;
    put_value(text, run_->time_s(event.start), 6);
    put_value(text, std::chrono::duration<double>(event.end - event.start).count(), 6);
    put_word(text, is_blink ? "" : to_string(event.kind));
    put_word(text, is_blink ? "1" : "0");
    put_word(text, "");
    rows.emplace_back(event.start, text + '\n');
  }
  for (const AnnotationRow& row : annotations) {
    std::string text;
    put_value(text, run_->time_s(row.at), 6);
    put_value(text, std::chrono::duration<double>(row.duration).count(), 6);
    put_word(text, "");
    put_word(text, "");
    put_word(text, in_one_field(row.label));
    rows.emplace_back(row.at, text + '\n');
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string all;
  for (const auto& [time, text] : rows) all += text;
  return all;
}

Result<void> BidsRecording::finish(ExportFolder& folder, const std::vector<EventRow>& events,
                                   const std::vector<AnnotationRow>& annotations,
                                   const std::vector<CalibrationRow>& calibrations) {
  if (auto closed = samples_.close(); !closed) return closed;
  if (auto written = folder.write(prefix_ + "_physio.json", sidecar(calibrations)); !written) return written;
  const std::string text = events_text(events, annotations);
  if (text.empty()) return {};
  auto file = GzipFile::create(folder, prefix_ + "_physioevents.tsv.gz");
  if (!file) return file.error();
  if (auto put = file->put(text); !put) return put;
  if (auto closed = file->close(); !closed) return closed;
  const json content{
      {"Columns", {"onset", "duration", "trial_type", "blink", "message"}},
      {"Description", "Events found by Yarbus, and what was noted during the session"},
      {"OnsetSource", "timestamp"},
      {"onset", {{"Description", "Start, as the column timestamp of the samples"}, {"Units", "s"}}},
      {"duration", {{"Description", "Duration"}, {"Units", "s"}}},
      {"trial_type",
       {{"Description", "Kind of event; a blink has none"},
        {"Levels", {{"fixation", "Gaze rests on one place"}, {"saccade", "Gaze jumps to another place"}}}}},
      {"blink",
       {{"Description", "Whether the eye was closed"},
        {"Levels", {{"0", "The eye was open"}, {"1", "The eye was closed"}}}}},
      {"message", {{"Description", "Label of an annotation"}}},
  };
  return folder.write(prefix_ + "_physioevents.json", content.dump(2) + '\n');
}

}  // namespace yarbus
