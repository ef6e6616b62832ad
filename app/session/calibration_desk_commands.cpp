#include <array>
#include <cstdio>
#include <utility>

#include "app/session/calibration_desk.h"
#include "app/session/calibration_desk_errors.h"
#include "app/session/calibration_report.h"

namespace yarbus {
namespace {

constexpr const char* demo_face = "face-still";
/// It is rendered live, also on two busy cores.
constexpr int demo_face_width_px = 640;

}  // namespace

void CalibrationDesk::start(const CalibrationRequest& request) {
  post([this, request] { begin(request, false); });
}

void CalibrationDesk::start_demo(const CalibrationRequest& request) {
  post([this, request] {
    if (procedure_ && is_under_way(procedure_->phase()))
      return report(Error{ErrorCode::invalid_option, "a calibration is under way", "", "Abort it first"});
    if (request.is_webcam_demo) {
      participant_.reset();
      SourceRequest face;
      face.kind = SourceRequest::Kind::simulated_eye;
      face.location = demo_face;
      face.seed = request.seed.value_or(1);
      face.width_px = demo_face_width_px;
      surroundings_.open(EyeSide::right, face);
      return begin(request, false);
    }
    ViewerOptions who;
    who.screen = request.screen;
    who.seed = request.seed.value_or(1);
    auto participant = DemoParticipant::create(who, request.demo_fault);
    if (!participant) return report(participant.error());
    participant_.emplace(std::move(*participant));
    for (const EyeSide side : eye_sides) surroundings_.open(side, participant_->source(side));
    begin(request, false);
  });
}

void CalibrationDesk::check_one_point(bool recentres) {
  post([this, recentres] {
    if (!in_force_) return report(no_calibration());
    CalibrationRequest request = request_;
    request.screen = in_force_->saved().setup.screen;
    request.layout = TargetLayout::one;
    request.validation_points = 0;
    request.region.reset();
    recentres_ = recentres;
    begin(request, true);
  });
}

void CalibrationDesk::target_shown(int target, CaptureTime shown_at) {
  // A report may cross with a pause or an abort: it is then of no interest.
  post([this, target, shown_at] {
    if (procedure_) (void)procedure_->target_shown(target, shown_at);
  });
}

void CalibrationDesk::accept() {
  post([this] { report(procedure_ ? procedure_->accept() : no_procedure()); });
}
void CalibrationDesk::pause() {
  post([this] { report(procedure_ ? procedure_->pause() : no_procedure()); });
}
void CalibrationDesk::resume() {
  post([this] { report(procedure_ ? procedure_->resume() : no_procedure()); });
}
void CalibrationDesk::abort() {
  post([this] { report(procedure_ ? procedure_->abort() : no_procedure()); });
}
void CalibrationDesk::skip() {
  post([this] { report(procedure_ ? procedure_->skip() : no_procedure()); });
}
/// Points can be shown again while their procedure is the last one and its result, if any, is in force.
Result<void> CalibrationDesk::refuse_redo() const {
  if (!procedure_) return no_procedure();
  const bool is_done = procedure_->phase() == ProcedurePhase::done;
  if (is_done && (is_check_ || !in_force_ || !is_result_in_force_))
    return Error{ErrorCode::invalid_option, "the points of this calibration cannot be shown again one by one",
                 "", "Calibrate that region of the screen anew"};
  return {};
}

void CalibrationDesk::redo(int point) {
  post([this, point] {
    if (const auto refused = refuse_redo(); !refused) return report(refused);
    report(procedure_->redo(point));
  });
}
void CalibrationDesk::redo_poor() {
  post([this] {
    if (const auto refused = refuse_redo(); !refused) return report(refused);
    report(procedure_->redo_all_poor());
  });
}

void CalibrationDesk::recentre_at(const Eigen::Vector2d& point_in_screen_mm) {
  post([this, point_in_screen_mm] {
    if (!in_force_) return report(no_calibration());
    if (!in_force_->recentre_at(point_in_screen_mm))
      return report(Error{ErrorCode::invalid_option, "no gaze is known of now", "",
                          "Look at the place with open eyes and try again"});
    notices_.post(Notice::Severity::info, EyeSide::right, "Recentred", "");
    publish_drift();
  });
}

void CalibrationDesk::undo_recentre() {
  post([this] {
    if (!in_force_) return report(no_calibration());
    in_force_->undo_recentre();
    publish_drift();
  });
}

void CalibrationDesk::use_mapper(const std::string& name) {
  post([this, name] {
    if (!in_force_) return report(no_calibration());
    if (const auto used = in_force_->use_mapper(name); !used) return report(used);
    if (!in_force_->path().empty())
      report(save_calibration(in_force_->path(), in_force_->saved(), in_force_->choice()));
    true_accuracy_deg_.reset();
    show_result();
  });
}

void CalibrationDesk::rename(const std::string& name) {
  post([this, name] {
    if (!in_force_) return report(no_calibration());
    in_force_->rename(cut_name(name));
    if (!in_force_->path().empty())
      report(save_calibration(in_force_->path(), in_force_->saved(), in_force_->choice()));
    show_result();
  });
}

std::vector<CalibrationEntry> CalibrationDesk::list_saved() { return library_.list(current_setup({})); }

void CalibrationDesk::load(const std::string& path) {
  post([this, path] {
    auto loaded = load_calibration(path);
    if (!loaded) return report(loaded.error());
    CalibrationSetup here = current_setup(loaded->saved.setup.screen);
    if (!here.cameras[0] && !here.cameras[1])
      here = loaded->saved.setup;  // no source yet: checked when one opens
    if (const auto fits = check_setup(loaded->saved.setup, here); !fits) return report(fits);
    if (procedure_ && is_under_way(procedure_->phase()))
      return report(Error{ErrorCode::invalid_option, "a calibration is under way", "", "Abort it first"});
    is_result_in_force_ = false;
    in_force_.emplace(path, std::move(loaded->saved), std::move(loaded->choice), request_.is_camera_on_head);
    in_force_->set_filter(filter_);
    true_accuracy_deg_.reset();
    show_result();
    notices_.post(Notice::Severity::info, EyeSide::right,
                  "Calibration \"" + in_force_->saved().name + "\" is in force", "");
  });
}

void CalibrationDesk::remove(const std::string& path) { report(library_.remove(path)); }

CalibrationResultPtr CalibrationDesk::look_at(const std::string& path) {
  const auto loaded = load_calibration(path);
  if (!loaded) {
    notices_.post(EyeSide::right, loaded.error());
    return nullptr;
  }
  std::optional<QualityReport> quality;
  if (!loaded->saved.validation.empty())
    quality =
        measure_quality(loaded->choice.mapper(), loaded->saved.validation, loaded->choice.eyes_in_screen_mm);
  return std::make_shared<const CalibrationResult>(
      describe_calibration(path, loaded->saved, loaded->choice, quality));
}

void CalibrationDesk::export_json(const std::string& saved, const std::string& path) {
  post([this, saved, path] {
    if (saved.empty()) {
      if (!in_force_) return report(no_calibration());
      const auto written = save_calibration(path, in_force_->saved(), in_force_->choice());
      if (!written) return report(written);
    } else {
      std::error_code failure;
      std::filesystem::copy_file(saved, path, std::filesystem::copy_options::overwrite_existing, failure);
      if (failure)
        return report(Error{ErrorCode::output_unwritable,
                            "the calibration cannot be exported: " + failure.message(), path,
                            "Choose another folder, or make room on the disk"});
    }
    notices_.post(Notice::Severity::info, EyeSide::right, "The calibration was exported as " + path, "");
  });
}

void CalibrationDesk::forget() {
  post([this] {
    in_force_.reset();
    show_result();
  });
}

void CalibrationDesk::set_filter(GazeFilter filter) {
  post([this, filter] {
    filter_ = filter;
    if (in_force_) in_force_->set_filter(filter);
    publish_drift();
  });
}

void CalibrationDesk::use_clicks(bool allowed) {
  post([this, allowed] {
    uses_clicks_ = allowed;
    publish_drift();
  });
}

void CalibrationDesk::clicked(const Eigen::Vector2d& point_in_screen_mm, CaptureTime at) {
  post([this, point_in_screen_mm, at] {
    if (!uses_clicks_ || !in_force_ || (procedure_ && is_under_way(procedure_->phase()))) return;
    if (!in_force_->push_known(point_in_screen_mm, at, true)) return;
    if (const auto offset_deg = in_force_->recentre_by_clicks()) {
      std::array<char, 80> text{};
      std::snprintf(text.data(), text.size(), "Recentred by your clicks: gaze was off by %.1f deg",
                    *offset_deg);
      notices_.post(Notice::Severity::info, EyeSide::right, text.data(),
                    "Undo the recentre if that was wrong; clicks can be switched off");
    }
    publish_drift();
  });
}

void CalibrationDesk::show_picture(const std::optional<ShownPicture>& picture) {
  post([this, picture] {
    explorer_of_face_.reset();
    if (picture && surroundings_.is_webcam()) explorer_of_face_.emplace(*picture, 1);
    // Of a calibration that was loaded there was no procedure, and so nobody yet.
    if (picture && in_force_) report(find_participant(in_force_->saved().setup.screen, ""));
    if (participant_) participant_->show_picture(picture);
  });
}

void CalibrationDesk::restart(EyeSide eye) {
  post([this, eye] {
    frames_.restart(eye);
    bool has_simulated = false;
    for (const EyeSide side : eye_sides) has_simulated |= surroundings_.is_simulated(side);
    if (!has_simulated || surroundings_.is_webcam()) participant_.reset();
    // What is in force must fit what is looked at now.
    if (!in_force_ || (procedure_ && is_under_way(procedure_->phase()))) return;
    const CalibrationSetup here = current_setup(in_force_->saved().setup.screen);
    if (!here.cameras[0] && !here.cameras[1]) return;
    if (const auto fits = check_setup(in_force_->saved().setup, here); !fits) {
      notices_.post(Notice::Severity::warning, eye,
                    "The calibration is no longer in force: " + fits.error().message, fits.error().remedy);
      in_force_.reset();
      show_result();
    }
  });
}

}  // namespace yarbus
