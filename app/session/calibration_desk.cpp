#include "app/session/calibration_desk.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "app/session/calibration_desk_errors.h"
#include "app/session/calibration_report.h"
#include "app/session/procedure_request.h"
#include "app/session/thread_guard.h"

namespace yarbus {
namespace {

constexpr std::chrono::nanoseconds publish_interval{15'000'000};
constexpr std::chrono::nanoseconds drift_interval{250'000'000};

/// Of a calibration of which a region was done anew: what belongs to the rest. The samples that the mapper
/// was fitted to are there already.
void keep_outside(const SavedCalibration& before, const ScreenRegion& region, bool validation_too,
                  SavedCalibration& saved) {
  for (const PointView& point : before.record.points) {
    if (!holds(region, point.position_in_screen_mm)) saved.record.points.push_back(point);
  }
  saved.other_frames = samples_outside(before.other_frames, region);
  if (validation_too) saved.validation = samples_outside(before.validation, region);
}

}  // namespace

CalibrationDesk::CalibrationDesk(CalibrationSurroundings& surroundings, NoticeBoard& notices,
                                 std::filesystem::path library, std::vector<GazeTap*> taps)
    : surroundings_(surroundings), notices_(notices), library_(std::move(library)), taps_(std::move(taps)) {
  thread_ = std::jthread([this] {
    run_guarded(
        "calibration", [this] { run(); },
        [this](const Error& error) { notices_.post(EyeSide::right, error); });
  });
}

void CalibrationDesk::close() {
  inbox_.close();
  if (thread_.joinable()) thread_.join();
}

void CalibrationDesk::run() {
  while (auto message = inbox_.pop()) {
    if (const auto* glance = std::get_if<DeskInbox::Glance>(&*message)) {
      if (const auto* arrival = std::get_if<DeskInbox::Arrival>(glance)) {
        handle(*arrival);
      } else {
        handle(std::get<FaceGlance>(*glance));
      }
      ++glances_handled_;
    } else {
      std::get<DeskInbox::Command> (*message)();
      follow_procedure();
      publish();
    }
  }
}

void CalibrationDesk::handle(const DeskInbox::Arrival& arrival) {
  if (surroundings_.is_webcam()) return;  // which sees both eyes; another camera has no part in it
  for (const ProcedureFrame& frame : frames_.push(arrival.eye, arrival.glance)) handle(frame);
}

void CalibrationDesk::handle(const FaceGlance& glance) {
  if (glance.true_gaze_in_screen_mm) {
    if (face_looked_) face_looked_->note(glance.frame.at(), *glance.true_gaze_in_screen_mm);
    // A simulated face that nobody else steers looks at what is shown.
    const bool is_asked = procedure_ && is_under_way(procedure_->phase());
    const auto target = is_asked ? procedure_->target_view() : std::nullopt;
    const bool is_shown = target && target->step != TargetStep::requested;
    auto shown = is_shown ? std::optional(target->position_in_screen_mm) : std::nullopt;
    if (!is_asked && explorer_of_face_)
      shown = explorer_of_face_->look(std::chrono::duration<double>(glance.frame.at()).count())
                  .position_in_screen_mm;
    if (shown != shown_to_face_) surroundings_.show_to_face(shown);
    shown_to_face_ = shown;
  }
  handle(glance.frame, glance.true_gaze_in_screen_mm);
}

void CalibrationDesk::handle(const ProcedureFrame& frame,
                             const std::optional<Eigen::Vector2d>& true_gaze_mm) {
  std::optional<TargetView> target;
  if (procedure_ && is_under_way(procedure_->phase())) {
    procedure_->push(frame);
    follow_procedure();
    target = procedure_->target_view();
    if (!published_ || frame.at() - *published_ >= publish_interval || frame.at() < *published_) {
      published_ = frame.at();
      publish();
    }
  }
  if (participant_) {
    std::optional<VisibleTarget> visible;
    if (target && target->step != TargetStep::requested)
      visible = VisibleTarget{target->target, target->position_in_screen_mm};
    participant_->look(frame.at(), visible, surroundings_);
  }
  if (in_force_) {
    auto gaze = in_force_->push(frame);
    if (gaze && participant_) gaze->true_gaze_in_screen_mm = participant_->gaze_in_screen_mm();
    if (gaze && true_gaze_mm) gaze->true_gaze_in_screen_mm = true_gaze_mm;
    publish_gaze(gaze);
    tell_taps(frame, gaze);
    if (!drift_published_ || frame.at() - *drift_published_ >= drift_interval ||
        frame.at() < *drift_published_) {
      drift_published_ = frame.at();
      publish_drift();
    }
  }
}

/// What the procedure asks for, and what follows from where it is.
void CalibrationDesk::follow_procedure() {
  if (!procedure_) return;
  while (auto ready = procedure_->take_ready()) {
    publish();  // "fitting" is seen while it lasts
    if (is_check_) {
      check(*ready);
    } else {
      work(std::move(*ready));
    }
  }
  const ProcedurePhase phase = procedure_->phase();
  keep_models_still(is_under_way(phase) && phase != ProcedurePhase::gate);
  if (is_under_way(phase)) {
    is_finished_ = false;
  } else if (!is_finished_) {
    is_finished_ = true;
    if (phase == ProcedurePhase::done && !is_check_) finish();
    publish();
  }
}

void CalibrationDesk::work(SamplesReady ready) {
  CalibrationWork work;
  work.ready = std::move(ready);
  work.screen = request_.screen;
  if (request_.region && in_force_) {
    if (work.ready.wanted == SamplesReady::For::fit) {
      work.kept = samples_outside(in_force_->saved().samples, *request_.region);
    } else {
      auto before = samples_outside(in_force_->saved().validation, *request_.region);
      before.insert(before.end(), work.ready.validation.begin(), work.ready.validation.end());
      work.ready.validation = std::move(before);
    }
  }
  const bool is_fit = work.ready.wanted == SamplesReady::For::fit;
  if (!is_fit && fitted_) work.choice = fitted_->choice;
  CalibrationWorkDone done = carry_out(std::move(work));
  if (is_fit) {
    scored_.reset();
    report(procedure_->fit_finished(done.id, done.outcome));
    fitted_ = std::move(done);
  } else {
    report(procedure_->score_finished(done.id, done.outcome));
    scored_ = std::move(done);
  }
}

/// One point looked at on purpose, with the calibration in force.
void CalibrationDesk::check(const SamplesReady& ready) {
  StageOutcome outcome{false, "the calibration in force gave no gaze at the point", "calibrate again"};
  if (in_force_ && in_force_->push_check(ready.calibration)) {
    const DriftView drift = in_force_->drift();
    outcome = {true, drift.text, ""};
    if (recentres_ && in_force_->recentre()) {
      std::array<char, 64> text{};
      std::snprintf(text.data(), text.size(), "Recentred: gaze was off by %.1f deg",
                    drift.offset_deg.value_or(0.0));
      notices_.post(Notice::Severity::info, EyeSide::right, text.data(), "");
    } else {
      notices_.post(drift.is_drifted ? Notice::Severity::warning : Notice::Severity::info, EyeSide::right,
                    "Gaze checked: " + drift.text, drift.remedy);
    }
    publish_drift();
  }
  report(procedure_->fit_finished(ready.id, outcome));
}

void CalibrationDesk::finish() {
  if (!fitted_ || fitted_->choice == nullptr) return;
  SavedCalibration saved;
  saved.record.made_at = local_time_text();
  saved.name = request_.name.empty() ? "Calibration" : cut_name(request_.name);
  saved.record.layout = request_.layout;
  saved.setup = current_setup(request_.screen);
  saved.samples = fitted_->calibration;
  if (scored_) saved.validation = scored_->validation;
  if (request_.region && in_force_) keep_outside(in_force_->saved(), *request_.region, !scored_, saved);
  const ProcedureSnapshot snapshot = procedure_->snapshot();
  std::vector<PointView> points;
  for (const PointResult& point : snapshot.points) points.push_back(view_of(point));
  for (PointView& kept : saved.record.points) {
    kept.point = static_cast<int>(points.size());
    points.push_back(std::move(kept));
  }
  saved.record.points = std::move(points);
  for (const Finding& finding : snapshot.findings) saved.record.findings.push_back(view_of(finding));
  const auto& attempts = procedure_->attempts();
  if (!attempts.empty())
    saved.record.duration_s =
        std::chrono::duration<double>(attempts.back().result.ended_at - attempts.front().result.shown_at)
            .count();
  for (const PointAttempt& attempt : attempts)
    saved.other_frames.insert(saved.other_frames.end(), attempt.raw.begin(), attempt.raw.end());
  if (scored_ && scored_->quality) saved.record.accuracy_deg = scored_->quality->both.accuracy_deg;
  save(std::move(saved), *fitted_->choice);
}

/// Into the library and in force. A file that cannot be written is told, and the calibration used all the
/// same.
void CalibrationDesk::save(SavedCalibration saved, MapperChoice choice) {
  if (result_path_.empty() && library_.keeps()) {
    if (auto path =
            library_.path_for(request_.name.empty() ? saved.name + " " + saved.record.made_at : saved.name)) {
      result_path_ = path->string();
    } else {
      notices_.post(EyeSide::right, path.error());
    }
  }
  if (!result_path_.empty()) {
    if (const auto written = save_calibration(result_path_, saved, choice); !written) {
      notices_.post(EyeSide::right, written.error());
      result_path_.clear();
    }
  }
  in_force_.emplace(result_path_, std::move(saved), std::move(choice), request_.is_camera_on_head);
  is_result_in_force_ = true;
  in_force_->set_filter(filter_);
  true_accuracy_deg_.reset();
  if (participant_ && !in_force_->saved().validation.empty())
    true_accuracy_deg_ =
        participant_->true_accuracy_deg(in_force_->choice().mapper(), in_force_->saved().validation,
                                        in_force_->choice().gaze_origin_in_screen_mm());
  if (face_looked_ && !in_force_->saved().validation.empty())
    true_accuracy_deg_ =
        face_looked_->true_accuracy_deg(in_force_->choice().mapper(), in_force_->saved().validation,
                                        in_force_->choice().gaze_origin_in_screen_mm());
  if (participant_) participant_->calibration_done();
  show_result();
}

void CalibrationDesk::show_result() {
  CalibrationResultPtr result;
  if (in_force_) {
    CalibrationResult described = describe_calibration(in_force_->path(), in_force_->saved(),
                                                       in_force_->choice(), in_force_->quality());
    described.true_accuracy_deg = true_accuracy_deg_;
    result = std::make_shared<const CalibrationResult>(std::move(described));
  }
  {
    const std::lock_guard lock(mutex_);
    now_.result = std::move(result);
    gaze_now_.is_calibrated = in_force_.has_value();
    if (!in_force_) gaze_now_.latest.reset();
  }
  row_in_force_.reset();
  for (GazeTap* tap : taps_) tap->mapping_changed(in_force_.has_value());
  publish_drift();
}

/// Models of the stages that are fitted as a whole must not change between the first target and the last; the
/// one that follows the headset's slips goes on, because that is how a slip is noticed.
void CalibrationDesk::keep_models_still(bool still) {
  for (const EyeSide side : eye_sides) {
    bool& has_frozen = has_frozen_[index_of(side)];
    if (still && !has_frozen && surroundings_.camera(side) &&
        surroundings_.stage(side) != FitStage::refraction && !surroundings_.is_frozen(side)) {
      surroundings_.freeze(side, true);
      has_frozen = true;
    } else if (!still && std::exchange(has_frozen, false)) {
      surroundings_.freeze(side, false);
    }
  }
}

CalibrationSetup CalibrationDesk::current_setup(const ScreenGeometry& screen) const {
  CalibrationSetup setup;
  setup.screen = screen;
  for (const EyeSide side : eye_sides) setup.cameras[index_of(side)] = surroundings_.camera(side);
  return setup;
}

void CalibrationDesk::report(const Result<void>& result) {
  if (!result) notices_.post(EyeSide::right, result.error());
}

std::string CalibrationDesk::cut_name(std::string name) {
  std::size_t size = std::min(name.size(), longest_calibration_name);
  // Not within a character of UTF-8.
  while (size < name.size() && size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80U) --size;
  name.resize(size);
  return name;
}

void CalibrationDesk::begin(const CalibrationRequest& request, bool is_check) {
  if (procedure_ && is_under_way(procedure_->phase()))
    return report(Error{ErrorCode::invalid_option, "a calibration is under way", "", "Abort it first"});
  const bool is_opening = participant_ || request.is_webcam_demo;
  if (!surroundings_.camera(EyeSide::right) && !surroundings_.camera(EyeSide::left) && !is_opening)
    return report(Error{ErrorCode::invalid_option, "no eye is being watched", "", "Open a camera first"});
  if ((request.region || is_check) && !in_force_) return report(no_calibration());
  if (request.region && (in_force_->is_recentred() || in_force_->drift().has_center_moved))
    return report(
        Error{ErrorCode::invalid_option,
              "a part of the screen cannot be calibrated alone now: camera or head have moved since, and the "
              "rest would not fit",
              "", "Calibrate the whole screen"});
  ProcedureOptions options = surroundings_.is_webcam() ? ProcedureOptions::for_webcam() : ProcedureOptions();
  options.advance_by_key = request.advance_by_key;
  CalibrationProcedure procedure(options);
  const bool sees_head = surroundings_.is_webcam() && !is_check;
  if (const auto started = procedure.start(procedure_request(request, sees_head)); !started)
    return report(started.error());
  if (const auto found = find_participant(request.screen, request.demo_fault); !found)
    return report(found.error());
  face_looked_.reset();
  if (surroundings_.is_webcam() && surroundings_.is_simulated(EyeSide::right)) face_looked_.emplace();
  procedure_.emplace(std::move(procedure));
  request_ = request;
  is_check_ = is_check;
  is_finished_ = false;
  if (!is_check) {
    result_path_.clear();
    fitted_.reset();
    scored_.reset();
  }
}

/// Simulated eyes that nobody else steers are those of a person who looks at what is shown.
Result<void> CalibrationDesk::find_participant(const ScreenGeometry& screen, const std::string& fault) {
  if (participant_ || surroundings_.is_webcam()) return {};
  ViewerOptions who;
  who.screen = screen;
  for (const EyeSide side : eye_sides) {
    if (const auto eye = surroundings_.simulated_eye(side)) {
      who.eyes[index_of(side)] = ViewerOptions::EyeOf{eye->location, eye->seed};
      who.seed = eye->seed;
    }
  }
  if (!who.eyes[0] && !who.eyes[1]) return {};
  auto participant = DemoParticipant::create(who, fault);
  if (!participant) return participant.error();
  participant_.emplace(std::move(*participant));
  return {};
}

void CalibrationDesk::publish() {
  CalibrationSnapshot view;
  view.request = request_;
  view.is_check = is_check_;
  view.is_participant_simulated = participant_.has_value() || face_looked_.has_value();
  if (procedure_) {
    const ProcedureSnapshot snapshot = procedure_->snapshot();
    view.phase = snapshot.phase;
    view.is_paused = snapshot.is_paused;
    view.target = snapshot.target;
    view.progress = snapshot.progress;
    view.time_left_s = snapshot.time_left_s;
    view.can_go_on = snapshot.can_go_on;
    for (const EyeSide side : eye_sides) view.gate[index_of(side)] = view_of(snapshot.gate[index_of(side)]);
    view.gate_text = snapshot.gate_text;
    view.gate_progress = snapshot.gate_progress;
    for (const PointResult& point : snapshot.points) view.points.push_back(view_of(point));
    for (const Finding& finding : snapshot.findings) view.findings.push_back(view_of(finding));
    view.messages = snapshot.messages;
  }
  const std::lock_guard lock(mutex_);
  view.result = now_.result;
  now_ = std::move(view);
}

void CalibrationDesk::publish_gaze(const std::optional<ScreenGaze>& gaze) {
  const std::lock_guard lock(mutex_);
  gaze_now_.latest = gaze;
}

void CalibrationDesk::tell_taps(const ProcedureFrame& frame, const std::optional<ScreenGaze>& gaze) {
  const bool is_row_wanted =
      std::any_of(taps_.begin(), taps_.end(), [](const GazeTap* tap) { return tap->wants_calibration(); });
  if (is_row_wanted && row_in_force_ == nullptr) {
    const SavedCalibration& saved = in_force_->saved();
    row_in_force_ = std::make_shared<const CalibrationRow>(CalibrationRow{
        0, frame.at(), saved.name, saved.record.accuracy_deg, calibration_text(saved, in_force_->choice())});
  }
  const MadeGaze made{frame, gaze, in_force_->saved().setup.screen, in_force_->offset_in_screen_mm(),
                      row_in_force_};
  for (GazeTap* tap : taps_) tap->gaze_made(made);
}

void CalibrationDesk::publish_drift() {
  DriftView drift = in_force_ ? in_force_->drift() : DriftView{};
  const std::lock_guard lock(mutex_);
  gaze_now_.drift = std::move(drift);
  gaze_now_.filter = filter_;
  gaze_now_.uses_clicks = uses_clicks_;
  gaze_now_.is_recentred = in_force_ && in_force_->is_recentred();
}

CalibrationSnapshot CalibrationDesk::snapshot() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

ScreenGazeSnapshot CalibrationDesk::gaze() const {
  const std::lock_guard lock(mutex_);
  return gaze_now_;
}

}  // namespace yarbus
