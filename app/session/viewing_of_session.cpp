#include "app/session/viewing_of_session.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace yarbus {
namespace {

/// When the pictures were shown.
struct ShownTime {
  CaptureTime start{};
  CaptureTime end{};
};

std::optional<ShownTime> shown_time(const RecordedViewing& viewing) {
  if (viewing.showings.empty()) return std::nullopt;
  ShownTime time{viewing.showings.front().start, viewing.showings.front().end};
  for (const PictureShowing& showing : viewing.showings) {
    time.start = std::min(time.start, showing.start);
    time.end = std::max(time.end, showing.end);
  }
  return time;
}

Result<std::vector<ViewedGaze>> read_viewed_gaze(const RecordedSession& session, AnalysisId analysis,
                                                 const ShownTime& time) {
  std::vector<ViewedGaze> gaze;
  const RowSelection selection{analysis, std::nullopt, time.start, time.end + CaptureTime(1)};
  const auto read = session.read_gaze(selection, [&](const GazeRow& row) {
    gaze.push_back({row.captured_at, row.gaze.point_in_screen_mm});
    return true;
  });
  if (!read) return read.error();
  std::stable_sort(gaze.begin(), gaze.end(),
                   [](const ViewedGaze& a, const ViewedGaze& b) { return a.at < b.at; });
  return gaze;
}

/// Of the eye that has most of them.
struct EyeFixations {
  std::vector<ViewedFixation> fixations;
  std::string note;
};

Result<EyeFixations> read_viewed_fixations(const RecordedSession& session, AnalysisId analysis,
                                           const ShownTime& time) {
  std::map<int, std::vector<ViewedFixation>> of_camera;
  const RowSelection selection{analysis, std::nullopt, time.start, time.end};
  const auto read = session.read_events(selection, [&](const EventRow& row) {
    if (row.kind == EventKind::fixation) of_camera[row.camera.value_or(-1)].push_back({row.start, row.end});
    return true;
  });
  if (!read) return read.error();
  const auto most = std::max_element(of_camera.begin(), of_camera.end(), [](const auto& a, const auto& b) {
    return a.second.size() < b.second.size();
  });
  EyeFixations chosen;
  if (most == of_camera.end()) return chosen;
  chosen.fixations = most->second;
  std::stable_sort(chosen.fixations.begin(), chosen.fixations.end(),
                   [](const ViewedFixation& a, const ViewedFixation& b) { return a.start < b.start; });
  if (of_camera.size() < 2) return chosen;
  for (const SessionCamera& camera : session.cameras()) {
    if (camera.camera == most->first)
      chosen.note = "Fixations are those of the " + std::string(to_string(camera.eye)) + " eye";
  }
  return chosen;
}

}  // namespace

Result<ViewingResults> viewing_results_of(const RecordedSession& session,
                                          std::optional<AnalysisId> analysis) {
  const auto annotations = session.annotations();
  if (!annotations) return annotations.error();
  std::vector<ViewingNote> notes;
  for (const AnnotationRow& row : *annotations)
    notes.push_back({row.at, row.duration, row.label, row.details_json});
  const auto viewings = read_viewing_notes(notes);
  if (!viewings) {
    Error error = viewings.error();
    error.context = session.folder().string();
    return error;
  }
  if (viewings->empty())
    return Error{ErrorCode::input_empty, "this session holds no viewing: no picture was shown in it",
                 session.folder().string(), "Choose one that was recorded as a viewing session"};
  const RecordedViewing& viewing = viewings->back();

  const auto analyses = session.analyses();
  if (!analyses) return analyses.error();
  std::vector<AnalysisId> wanted;
  for (const AnalysisInfo& info : *analyses) {
    if (!analysis || info.analysis == *analysis) wanted.push_back(info.analysis);
  }
  if (wanted.empty())
    return Error{ErrorCode::invalid_option, "there is no analysis " + std::to_string(*analysis),
                 session.folder().string(), "`yarbus sessions list` names those that exist"};
  std::sort(wanted.rbegin(), wanted.rend());

  std::vector<ViewedGaze> gaze;
  EyeFixations fixations;
  AnalysisId used = wanted.back();
  if (const auto time = shown_time(viewing)) {
    for (const AnalysisId one : wanted) {
      auto read = read_viewed_gaze(session, one, *time);
      if (!read) return read.error();
      if (read->empty()) continue;
      gaze = std::move(*read);
      used = one;
      break;
    }
    auto read = read_viewed_fixations(session, used, *time);
    if (!read) return read.error();
    fixations = std::move(*read);
  }
  ViewingResults results = make_viewing_results(viewing, gaze, fixations.fixations);
  results.session_folder = session.folder().string();
  results.session_name = session.info().name;
  results.participant = session.info().participant;
  results.analysis = used;
  const std::filesystem::path picture = session.folder() / results.setup.picture_file;
  if (!results.setup.picture_file.empty() && std::filesystem::is_regular_file(picture)) {
    results.picture_path = picture.string();
  } else {
    results.notes.emplace_back("The picture is not there any more; the results are drawn without it");
  }
  if (!fixations.note.empty()) results.notes.push_back(fixations.note);
  if (gaze.empty() && !viewing.showings.empty())
    results.notes.emplace_back("There is no gaze on the screen while the picture was shown");
  if (viewings->size() > 1)
    results.notes.push_back("The session holds " + std::to_string(viewings->size()) +
                            " viewings; this is the last one");
  return results;
}

}  // namespace yarbus
