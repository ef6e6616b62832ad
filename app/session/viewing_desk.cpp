#include "app/session/viewing_desk.h"

#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include "app/recording/recorded_session.h"
#include "app/session/thread_guard.h"
#include "app/session/viewing_of_session.h"

namespace yarbus {
namespace {

/// How late a page may be taken away; a third of a display's refresh.
constexpr std::chrono::milliseconds clock_interval{5};
constexpr const char* kept_picture_stem = "viewing-picture";

CaptureTime viewing_clock() { return std::chrono::steady_clock::now().time_since_epoch(); }

/// A name that is not there yet: one recording may hold several viewings.
std::filesystem::path free_picture_name(const std::filesystem::path& folder, const std::string& extension) {
  const std::string stem = kept_picture_stem;
  std::filesystem::path name = stem + extension;
  for (int number = 2; std::filesystem::exists(folder / name); ++number) {
    name = stem;
    name += '-';
    name += std::to_string(number) + extension;
  }
  return name;
}

}  // namespace

ViewingDesk::ViewingDesk(RecordingDesk& recording, ViewingHooks hooks, NoticeBoard& notices)
    : recording_(recording), hooks_(std::move(hooks)), notices_(notices) {
  thread_ = std::jthread([this] {
    run_guarded(
        "viewing", [this] { run(); }, [this](const Error& error) { notices_.post(EyeSide::right, error); });
  });
}

void ViewingDesk::close() {
  {
    const std::lock_guard lock(commands_mutex_);
    is_closed_ = true;
  }
  commands_wait_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ViewingDesk::post(Command command) {
  {
    const std::lock_guard lock(commands_mutex_);
    if (is_closed_) return;
    commands_.push_back(std::move(command));
  }
  commands_wait_.notify_one();
}

void ViewingDesk::post_to_run(std::function<void(ViewingRun&)> command) {
  post([this, command = std::move(command)] {
    if (stage_ != ViewingStage::running || !run_) return;
    command(*run_);
    follow_run();
  });
}

void ViewingDesk::run() {
  bool is_closing = false;
  while (!is_closing) {
    Command command;
    {
      std::unique_lock lock(commands_mutex_);
      const auto is_wanted = [this] { return is_closed_ || !commands_.empty(); };
      if (is_watching_) {
        commands_wait_.wait_for(lock, clock_interval, is_wanted);
      } else {
        commands_wait_.wait(lock, is_wanted);
      }
      is_closing = is_closed_;
      if (!is_closing && !commands_.empty()) {
        command = std::move(commands_.front());
        commands_.pop_front();
      }
    }
    if (command) command();
    if (!is_closing) look_after();
    const std::lock_guard lock(commands_mutex_);
    is_watching_ = is_busy();
  }
  if (stage_ == ViewingStage::running && run_) {
    run_->cancel(viewing_clock());
    follow_run();
  }
}

// Commands.

void ViewingDesk::start(const ViewingRequest& request) {
  {
    // Seen at once, so that who polls does not take the last viewing's end for this one's.
    const std::lock_guard lock(mutex_);
    if (now_.stage == ViewingStage::starting || now_.stage == ViewingStage::running ||
        now_.stage == ViewingStage::finishing)
      return;
    now_ = {};
    now_.stage = ViewingStage::starting;
    now_.plan = request.plan;
  }
  post([this, request] { start_now(request); });
}

void ViewingDesk::page_shown(int page, CaptureTime at) {
  post_to_run([page, at](ViewingRun& run) { run.page_shown(page, at); });
}
void ViewingDesk::accept() {
  post_to_run([](ViewingRun& run) { run.accept(viewing_clock()); });
}
void ViewingDesk::pause() {
  post_to_run([](ViewingRun& run) { run.pause(viewing_clock()); });
}
void ViewingDesk::resume() {
  post_to_run([](ViewingRun& run) { run.resume(viewing_clock()); });
}
void ViewingDesk::skip() {
  post_to_run([](ViewingRun& run) { run.skip(viewing_clock()); });
}
void ViewingDesk::cancel() {
  post([this] {
    if (stage_ == ViewingStage::starting) cancels_at_start_ = true;
    if (stage_ != ViewingStage::running || !run_) return;
    run_->cancel(viewing_clock());
    follow_run();
  });
}

ViewingView ViewingDesk::snapshot() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

Result<ViewingResults> ViewingDesk::results(const std::string& session_folder,
                                            std::optional<std::int64_t> analysis) const {
  const auto session = RecordedSession::open(session_folder);
  if (!session) return session.error();
  return viewing_results_of(*session, analysis);
}

// On the desk's thread.

void ViewingDesk::start_now(const ViewingRequest& request) {
  request_ = request;
  run_.reset();
  folder_.clear();
  problem_.clear();
  pictures_shown_ = 0;
  cancels_at_start_ = false;
  auto run = ViewingRun::create(request.plan);
  if (!run) return fail(run.error().to_text());
  if (!hooks_.is_live())
    return fail("a viewing session needs a camera that is watching an eye or a face now. Open one first.");
  if (!hooks_.is_calibrated())
    return fail(
        "there is no calibration in force: nobody would know where on the picture the gaze is. "
        "Calibrate first.");
  std::error_code missing;
  if (!std::filesystem::is_regular_file(request.plan.image, missing))
    return fail(request.plan.image + ": there is no such picture. Choose another file.");
  run_.emplace(std::move(*run));
  stage_ = ViewingStage::starting;
  owns_recording_ = !recording_.is_recording();
  if (owns_recording_) recording_.start(request.recording);
  publish();
}

void ViewingDesk::fail(const std::string& problem) {
  problem_ = problem;
  stage_ = ViewingStage::failed;
  run_.reset();
  publish();
}

/// Between commands, a few times a refresh of the display.
void ViewingDesk::look_after() {
  switch (stage_) {
    case ViewingStage::starting: {
      const RecordingView recording = recording_.snapshot();
      if (recording.is_recording) return begin_showing(recording.folder);
      if (recording.is_starting) return;
      const std::string why = recording_.start_failure();
      return fail(why.empty() ? "the recording ended before anything was shown." : why);
    }
    case ViewingStage::running:
      if (!recording_.is_recording()) {
        run_->cancel(viewing_clock());
        return end_run("the recording was stopped");
      }
      run_->advance(viewing_clock());
      return follow_run();
    case ViewingStage::finishing: {
      const RecordingView recording = recording_.snapshot();
      if (owns_recording_ && (recording.is_recording || recording.is_finishing)) return;
      stage_ = problem_.empty() ? ViewingStage::done : ViewingStage::failed;
      return publish();
    }
    case ViewingStage::idle:
    case ViewingStage::done:
    case ViewingStage::failed:
      return;
  }
}

/// The recording runs: keeps the picture and all that says how it is shown, then shows the first task.
void ViewingDesk::begin_showing(const std::string& folder) {
  folder_ = folder;
  setup_ = {request_.plan,  "", request_.picture_width_px, request_.picture_height_px, request_.picture,
            request_.screen};
  const std::filesystem::path image(request_.plan.image);
  const std::filesystem::path kept = free_picture_name(folder, image.extension().string());
  std::error_code failed;
  std::filesystem::copy_file(image, std::filesystem::path(folder) / kept, failed);
  if (failed) {
    notices_.post(EyeSide::right,
                  Error{ErrorCode::output_unwritable,
                        "the picture cannot be kept with the session: " + failed.message(), folder,
                        "Its results will be drawn without it; make room on the disk"});
  } else {
    setup_.picture_file = kept.string();
  }
  // Elsewhere the path says nothing, and it may name a person.
  setup_.plan.image = image.filename().string();
  note(viewing_begin_note(setup_, viewing_clock()));
  stage_ = ViewingStage::running;
  run_->start(viewing_clock());
  if (cancels_at_start_) run_->cancel(viewing_clock());
  follow_run();
}

void ViewingDesk::note(ViewingNote note) {
  recording_.annotate(note.label, note.at, note.duration, std::move(note.details_json));
}

void ViewingDesk::follow_run() {
  for (const PictureShowing& showing : run_->take_showings()) {
    note(viewing_picture_note(setup_.plan, showing));
    if (showing.how == ShowingEnd::complete || showing.how == ShowingEnd::skipped) ++pictures_shown_;
  }
  show_to_participant();
  if (run_->is_under_way()) return publish();
  end_run("");
}

void ViewingDesk::show_to_participant() {
  const ViewingRunView view = run_->view(viewing_clock());
  const bool is_picture = view.phase == ViewingPhase::picture && view.is_shown;
  const auto page = is_picture ? std::optional(view.page) : std::nullopt;
  if (page == page_of_participant_) return;
  page_of_participant_ = page;
  hooks_.show_picture(page ? std::optional(ShownPicture{view.page, view.task, request_.picture,
                                                        request_.details_in_screen_mm})
                           : std::nullopt);
}

void ViewingDesk::end_run(const std::string& problem) {
  const bool is_complete = run_->view(viewing_clock()).phase == ViewingPhase::done;
  for (const PictureShowing& showing : run_->take_showings()) {
    if (recording_.is_recording()) note(viewing_picture_note(setup_.plan, showing));
  }
  show_to_participant();
  problem_ = problem.empty() ? "" : problem + ". What was shown until then is kept.";
  if (recording_.is_recording()) note(viewing_end_note(viewing_clock(), is_complete, problem));
  stage_ = ViewingStage::finishing;
  if (owns_recording_) recording_.stop();
  publish();
}

void ViewingDesk::publish() {
  ViewingView view;
  view.stage = stage_;
  view.plan = request_.plan;
  if (run_) view.run = run_->view(viewing_clock());
  view.session_folder = folder_;
  view.problem = problem_;
  view.was_cancelled = view.run.phase == ViewingPhase::cancelled;
  view.pictures_shown = pictures_shown_;
  const std::lock_guard lock(mutex_);
  now_ = std::move(view);
}

}  // namespace yarbus
