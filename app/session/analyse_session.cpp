#include "app/session/analyse_session.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/recording/recorded_session.h"
#include "app/recording/session_editor.h"
#include "app/session/analysis_rows.h"
#include "app/session/recorded_frames.h"
#include "app/session/track_face.h"
#include "app/session/track_two_eyes.h"

namespace yarbus {
namespace {

/// About what the eye model keeps of an eye at rest (KeyframeGate). Further apart, slips are found too late:
/// with every third of a second the gaze of one frame in ten was off by more than 3 degrees.
constexpr double first_pass_interval_s = 0.15;

Error interrupted(const AnalysisRequest& request) {
  return {ErrorCode::interrupted, "stopped before the analysis was whole; the session is as it was",
          request.session.string(), "Run it again"};
}

/// The options that are not as they are by themselves; those that are need no word, so that a later version
/// may have more of them.
template <class Options>
void put_changed(nlohmann::json& all, const char* name, const Options& options) {
  const Options usual;
  for (const auto& field : Options::fields()) {
    std::visit(
        [&](auto member) {
          if (options.*member != usual.*member) all[name][std::string(field.name)] = options.*member;
        },
        field.member);
  }
}

/// What the analysis depends on besides the recording, always in the same words.
std::string settings_text(const AnalysisRequest& request, const std::vector<CalibrationRow>& calibrations) {
  nlohmann::json ids = nlohmann::json::array();
  for (const CalibrationRow& row : calibrations) ids.push_back(row.id);
  nlohmann::json settings{{"stage", to_string(request.tracker.fit.stage)},
                          {"passes", 2},
                          {"mapper", request.mapper},
                          {"bright_pupil", request.tracker.detector.bright_pupil},
                          {"refine_contrast", request.tracker.detector.refine_by_contrast},
                          {"calibrations", std::move(ids)}};
  nlohmann::json events = nlohmann::json::object();
  put_changed(events, "fixation", request.events.fixation);
  put_changed(events, "saccade", request.events.saccade);
  put_changed(events, "blink_margins", request.events.margins);
  put_changed(events, "events", request.events);
  if (!events.empty()) settings["events"] = std::move(events);
  return settings.dump();
}

/// The cameras that are looked at together: two eyes, one eye, or a webcam by itself.
struct CameraGroup {
  std::vector<SessionCamera> cameras;
  [[nodiscard]] bool is_webcam() const { return cameras.front().view == CameraView::webcam; }
};

std::vector<CameraGroup> groups_of(const std::vector<SessionCamera>& cameras) {
  std::vector<CameraGroup> groups;
  std::vector<SessionCamera> eyes;
  for (const SessionCamera& camera : cameras) {
    if (camera.view == CameraView::webcam) {
      groups.push_back({{camera}});
    } else {
      eyes.push_back(camera);
    }
  }
  if (eyes.size() == 2 && eyes[0].eye != eyes[1].eye) {
    if (eyes[0].eye == EyeSide::left) std::swap(eyes[0], eyes[1]);
    groups.push_back({std::move(eyes)});
  } else {
    for (SessionCamera& camera : eyes) groups.push_back({{std::move(camera)}});
  }
  return groups;
}

class OneEyeSink final : public TrackSink {
 public:
  OneEyeSink(AnalysisRows& rows, EyeSide eye) : rows_(rows), eye_(eye) {}
  Result<void> begin(const SourceSnapshot&, const CameraIntrinsics&) override { return {}; }
  Result<void> on_sample(const GazeSample& sample, double) override { return rows_.add_eye(eye_, sample); }
  Result<void> on_label(const LabelledFrame& label) override { return rows_.add_label(eye_, label.blink_id); }

 private:
  AnalysisRows& rows_;
  EyeSide eye_;
};

class BothEyesSink final : public TwoEyeSink {
 public:
  explicit BothEyesSink(AnalysisRows& rows) : rows_(rows) {}
  Result<void> begin(const std::array<SourceSnapshot, 2>&, const std::array<CameraIntrinsics, 2>&) override {
    return {};
  }
  Result<void> on_sample(const BinocularSample& sample, double) override {
    return rows_.add_eye(sample.newest, *sample.newest_sample());
  }
  Result<void> on_label(EyeSide eye, const LabelledFrame& label) override {
    return rows_.add_label(eye, label.blink_id);
  }

 private:
  AnalysisRows& rows_;
};

class FaceSink final : public FaceTrackSink {
 public:
  explicit FaceSink(AnalysisRows& rows) : rows_(rows) {}
  Result<void> begin(const SourceSnapshot&, const CameraIntrinsics&) override { return {}; }
  Result<void> on_frame(const FaceTrackFrame& frame) override {
    return rows_.add_face(frame.sample, frame.frame);
  }

 private:
  AnalysisRows& rows_;
};

/// One run over one session's cameras.
class Analysis {
 public:
  Analysis(const AnalysisRequest& request, const RecordedSession& session, AnalysisRows& rows,
           AnalysisOutcome& outcome, const std::function<void(const TrackProgress&)>& on_progress,
           std::stop_token stop)
      : request_(request),
        session_(session),
        rows_(rows),
        outcome_(outcome),
        on_progress_(on_progress),
        stop_(std::move(stop)) {}

  Result<void> run() {
    std::vector<SessionCamera> with_pictures;
    for (const SessionCamera& camera : session_.cameras()) {
      if (auto opened = open_recorded_frames(session_, camera); opened) {
        with_pictures.push_back(camera);
      } else {
        last_error_ = opened.error();
        outcome_.notes.push_back("camera " + std::to_string(camera.camera) +
                                 " was left out: " + opened.error().message);
      }
    }
    if (with_pictures.empty()) {
      return last_error_.value_or(Error{ErrorCode::input_missing, "the session has no camera",
                                        request_.session.string(), "Choose another session"});
    }
    for (const CameraGroup& group : groups_of(with_pictures)) {
      const auto done = group.is_webcam()           ? run_face(group.cameras.front())
                        : group.cameras.size() == 2 ? run_both(group.cameras)
                                                    : run_eye(group.cameras.front());
      if (!done) return done;
    }
    return {};
  }

 private:
  TrackRequest track_request(const SessionCamera& camera) const {
    TrackRequest track;
    track.source.location = request_.session.string();
    track.source.mode = TrackingMode::near_eye;
    track.eye = camera.eye;
    track.tracker = request_.tracker;
    track.two_pass = true;
    track.first_pass_interval_s = first_pass_interval_s;
    return track;
  }

  Result<void> run_eye(const SessionCamera& camera) {
    auto source = open_recorded_frames(session_, camera);
    if (!source) return source.error();
    std::array<std::optional<int>, 2> cameras;
    cameras[index_of(camera.eye)] = camera.camera;
    rows_.begin_eyes(cameras);
    OneEyeSink sink(rows_, camera.eye);
    const TrackEnd end = track_file(track_request(camera), std::move(*source), sink, on_progress_, stop_);
    if (stop_.stop_requested()) return interrupted(request_);
    if (end.error) return *end.error;
    note_unread(camera, end.summary.frames);
    return rows_.end_eye(camera.eye, end.summary.blinks);
  }

  Result<void> run_both(const std::vector<SessionCamera>& cameras) {
    TwoEyeRequest request;
    std::array<OpenedSource, 2> sources;
    for (const EyeSide eye : eye_sides) {
      request.by_eye[index_of(eye)] = track_request(cameras[index_of(eye)]);
      auto source = open_recorded_frames(session_, cameras[index_of(eye)]);
      if (!source) return source.error();
      sources[index_of(eye)] = std::move(*source);
    }
    rows_.begin_eyes({cameras[0].camera, cameras[1].camera});
    BothEyesSink sink(rows_);
    const TwoEyeEnd end = track_two_eyes(request, std::move(sources), sink, on_progress_, stop_);
    if (stop_.stop_requested()) return interrupted(request_);
    if (end.error) return *end.error;
    for (const EyeSide eye : eye_sides) {
      if (const auto& error = end.errors[index_of(eye)]) return *error;
      note_unread(cameras[index_of(eye)], end.summaries[index_of(eye)].frames);
      if (auto ended = rows_.end_eye(eye, end.summaries[index_of(eye)].blinks); !ended) return ended;
    }
    return {};
  }

  Result<void> run_face(const SessionCamera& camera) {
    auto source = open_recorded_frames(session_, camera);
    if (!source) return source.error();
    rows_.begin_face(camera.camera);
    FaceSink sink(rows_);
    FaceTrackRequest request;
    request.source.location = request_.session.string();
    request.source.mode = TrackingMode::webcam;
    const FaceTrackEnd end = track_face(request, std::move(*source), sink, on_progress_, stop_);
    if (stop_.stop_requested()) return interrupted(request_);
    if (end.error) return *end.error;
    note_unread(camera, end.summary.frames);
    return rows_.end_face();
  }

  /// Frames that have a row and yet gave no sample.
  void note_unread(const SessionCamera& camera, std::uint64_t frames) {
    const auto recorded = session_.frame_count(camera.camera);
    if (!recorded || std::cmp_less_equal(*recorded, frames)) return;
    outcome_.notes.push_back("camera " + std::to_string(camera.camera) + ": " +
                             std::to_string(static_cast<std::uint64_t>(*recorded) - frames) +
                             " frames have no picture that can be read");
  }

  const AnalysisRequest& request_;
  const RecordedSession& session_;
  AnalysisRows& rows_;
  AnalysisOutcome& outcome_;
  const std::function<void(const TrackProgress&)>& on_progress_;
  std::stop_token stop_;
  std::optional<Error> last_error_;
};

}  // namespace

Result<AnalysisOutcome> analyse_session(const AnalysisRequest& request,
                                        const std::function<void(const TrackProgress&)>& on_progress,
                                        const std::stop_token& stop) {
  if (const auto valid = request.tracker.fit.validate(); !valid) return valid.error();
  if (const auto valid = request.events.validate(); !valid) return valid.error();
  const auto session = RecordedSession::open(request.session);
  if (!session) return session.error();
  const auto calibration_rows = session->calibrations();
  if (!calibration_rows) return calibration_rows.error();
  const std::string settings = settings_text(request, *calibration_rows);
  AnalysisOutcome outcome;
  outcome.recorded = session->info().duration;
  outcome.notes = session->condition().findings;

  const auto look_for_it = [&]() -> Result<bool> {
    const auto analyses = session->analyses();
    if (!analyses) return analyses.error();
    const auto found = std::find_if(analyses->begin(), analyses->end(), [&](const AnalysisInfo& info) {
      return info.analysis != live_analysis && info.software_version == request.software_version &&
             info.settings_json == settings;
    });
    outcome.was_there_already = !request.again && found != analyses->end();
    if (outcome.was_there_already) outcome.analysis = found->analysis;
    return outcome.was_there_already;
  };
  auto is_there = look_for_it();
  if (!is_there) return is_there.error();
  if (*is_there) return outcome;
  auto editor = SessionEditor::open(request.session);
  if (!editor) return editor.error();
  is_there = look_for_it();  // somebody else may have had the session until now
  if (!is_there) return is_there.error();
  if (*is_there) return outcome;

  const auto calibrations = SessionCalibrations::load(*session, request.mapper);
  if (!calibrations) return calibrations.error();
  outcome.notes.insert(outcome.notes.end(), calibrations->notes().begin(), calibrations->notes().end());
  AnalysisInfo info;
  info.name = "analysis, stage " + std::string(to_string(request.tracker.fit.stage)) +
              (request.mapper.empty() ? "" : ", mapper " + request.mapper);
  info.made_at_wall = std::chrono::system_clock::now().time_since_epoch();
  info.software_version = request.software_version;
  info.settings_json = settings;
  auto writer = editor->begin_analysis(std::move(info));
  if (!writer) return writer.error();
  outcome.analysis = writer->analysis();
  AnalysisRows rows(*writer, *calibrations, request.events, outcome);
  if (const auto done = Analysis(request, *session, rows, outcome, on_progress, stop).run(); !done)
    return done.error();
  if (stop.stop_requested()) return interrupted(request);
  if (const auto committed = writer->commit(); !committed) return committed.error();
  return outcome;
}

}  // namespace yarbus
