// Results of a viewing from a session on the disk, with gaze that is known.
#include "app/session/viewing_of_session.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/session_editor.h"
#include "app/recording/session_recorder.h"
#include "tests/support/example_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::viewing_of_session_test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;

constexpr CaptureTime start = 1000s;

ViewingSetup setup() {
  ViewingSetup setup;
  setup.plan.image = "room.png";
  setup.plan.tasks = {{"look", 10.0}, {"how old?", 10.0}};
  setup.picture_file = "viewing-picture.png";
  setup.picture_width_px = 1000;
  setup.picture_height_px = 500;
  setup.picture = {{50.0, 50.0}, {450.0, 250.0}};
  setup.screen = {500.0, 300.0, 1920, 1080, 600.0};
  return setup;
}

AnnotationRow row_of(const ViewingNote& note) {
  return {0, note.at, note.duration, note.label, note.details_json};
}

EventRow fixation(int camera, CaptureTime from, CaptureTime to, std::int64_t id) {
  EventRow row;
  row.kind = EventKind::fixation;
  row.id = id;
  row.camera = camera;
  row.eye = camera == 0 ? EyeSide::right : EyeSide::left;
  row.start = from;
  row.end = to;
  return row;
}

class ViewingOfSession : public testing::Test {
 protected:
  /// Two eyes; gaze rests at `first` for a second of the first task, then at `second`.
  void record(bool with_viewing) {
    RecordingRequest request = test::example_request(folder / "session");
    request.cameras.push_back(test::example_camera());
    request.cameras[1].eye = EyeSide::left;
    auto recorder = SessionRecorder::start(std::move(request));
    ASSERT_TRUE(recorder) << recorder.error().to_text();
    test::add_example_frames(**recorder, 0, 4);
    if (with_viewing) {
      (*recorder)->add(row_of(viewing_begin_note(setup(), start + 1s)));
      (*recorder)->add(row_of(
          viewing_picture_note(setup().plan, {0, 0, 0, start + 2s, start + 12s, ShowingEnd::complete})));
      (*recorder)->add(row_of(
          viewing_picture_note(setup().plan, {1, 1, 0, start + 14s, start + 16s, ShowingEnd::skipped})));
      (*recorder)->add(row_of(viewing_end_note(start + 17s, true, "")));
    }
    std::int64_t frame = 100;  // of no frame that is there: those have the time of their frame
    for (CaptureTime at = start + 2s; at < start + 16s; at += 10ms) {
      GazeRow gaze;
      gaze.captured_at = at;
      gaze.frame = frame++;
      gaze.gaze.point_in_screen_mm = at < start + 3s ? first : second;
      (*recorder)->add(gaze);
    }
    // The left eye has one more, so it is the one that is drawn.
    (*recorder)->add(fixation(0, start + 2100ms, start + 2900ms, 0));
    (*recorder)->add(fixation(1, start + 2100ms, start + 2900ms, 1));
    (*recorder)->add(fixation(1, start + 3100ms, start + 3600ms, 2));
    ASSERT_TRUE((*recorder)->finish());
    std::ofstream(folder / "session" / "viewing-picture.png") << "a picture";
  }
  RecordedSession open() {
    auto session = RecordedSession::open(folder / "session");
    EXPECT_TRUE(session) << session.error().to_text();
    return std::move(*session);
  }

  const Eigen::Vector2d first{150.0, 100.0};
  const Eigen::Vector2d second{210.0, 180.0};
  test::TemporaryFolder folder;
};

TEST_F(ViewingOfSession, IsDrawnFromTheSessionAlone) {
  ASSERT_NO_FATAL_FAILURE(record(true));
  const auto results = viewing_results_of(open(), std::nullopt);
  ASSERT_TRUE(results) << results.error().to_text();
  EXPECT_EQ(results->session_name, "Example");
  EXPECT_EQ(results->participant, "P07");
  EXPECT_EQ(results->analysis, live_analysis);
  EXPECT_EQ(results->picture_path, (folder / "session" / "viewing-picture.png").string());
  EXPECT_THAT(results->notes, Contains(HasSubstr("left eye")));
  ASSERT_EQ(results->tasks.size(), 2U);
  const TaskResult& task = results->tasks[0];
  ASSERT_EQ(task.fixations.size(), 2U);
  EXPECT_NEAR((task.fixations[0].in_screen_mm - first).norm(), 0.0, 1e-9);
  EXPECT_NEAR((task.fixations[1].in_screen_mm - second).norm(), 0.0, 1e-9);
  EXPECT_NEAR(task.scanpath_px, 100.0 / 0.4, 1e-6) << "60 and 80 mm";
  EXPECT_NEAR(static_cast<double>(task.gaze.size()), 1001.0, 1.0);
  EXPECT_EQ(results->tasks[1].how, ShowingEnd::skipped);
  EXPECT_EQ(results->tasks[1].fixation_count, 0);
}

TEST_F(ViewingOfSession, ALaterAnalysisIsTakenWhereItHasGaze) {
  ASSERT_NO_FATAL_FAILURE(record(true));
  {
    auto editor = SessionEditor::open(folder / "session");
    ASSERT_TRUE(editor) << editor.error().to_text();
    AnalysisInfo info;
    info.name = "anew";
    auto writer = editor->begin_analysis(info);
    ASSERT_TRUE(writer);
    GazeRow gaze;
    gaze.captured_at = start + 5s;
    gaze.gaze.point_in_screen_mm = {300.0, 200.0};
    ASSERT_TRUE(writer->add(gaze));
    ASSERT_TRUE(writer->add(fixation(0, start + 4900ms, start + 5200ms, 0)));
    ASSERT_TRUE(writer->commit());
    AnalysisInfo empty;
    empty.name = "without gaze";
    auto other = editor->begin_analysis(empty);
    ASSERT_TRUE(other);
    ASSERT_TRUE(other->commit());
  }
  const auto newest = viewing_results_of(open(), std::nullopt);
  ASSERT_TRUE(newest) << newest.error().to_text();
  EXPECT_EQ(newest->analysis, 1) << "the last one has no gaze";
  ASSERT_EQ(newest->tasks[0].fixations.size(), 1U);
  EXPECT_NEAR(newest->tasks[0].fixations[0].in_screen_mm.x(), 300.0, 1e-9);
  EXPECT_EQ(viewing_results_of(open(), 0)->tasks[0].fixations.size(), 2U);
  EXPECT_THAT(viewing_results_of(open(), 2)->notes, Contains(HasSubstr("no gaze on the screen")));
  const auto none = viewing_results_of(open(), 7);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::invalid_option);
}

TEST_F(ViewingOfSession, WithoutAViewingOrItsPictureThatIsSaid) {
  ASSERT_NO_FATAL_FAILURE(record(false));
  const auto none = viewing_results_of(open(), std::nullopt);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::input_empty);
  EXPECT_THAT(none.error().message, HasSubstr("holds no viewing"));
  std::filesystem::remove_all(folder / "session");
  ASSERT_NO_FATAL_FAILURE(record(true));
  std::filesystem::remove(folder / "session" / "viewing-picture.png");
  const auto results = viewing_results_of(open(), std::nullopt);
  ASSERT_TRUE(results);
  EXPECT_TRUE(results->picture_path.empty());
  EXPECT_THAT(results->notes, Contains(HasSubstr("picture is not there")));
  EXPECT_EQ(results->tasks[0].fixations.size(), 2U);
}

}  // namespace
}  // namespace yarbus::viewing_of_session_test
