#include "app/session/session_timeline.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/session_editor.h"
#include "tests/support/example_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::session_timeline_test {
namespace {

using test::example_time;
using test::TemporaryFolder;

constexpr std::int64_t frames = 40;

EventRow event(EventKind kind, std::int64_t first, std::int64_t last) {
  EventRow row;
  row.kind = kind;
  row.camera = 0;
  row.eye = EyeSide::right;
  row.start = example_time(first);
  row.end = example_time(last);
  return row;
}

class Timeline : public testing::Test {
 protected:
  void SetUp() override {
    auto recorder = SessionRecorder::start(test::example_request(folder / "s"));
    ASSERT_TRUE(recorder) << recorder.error().to_text();
    test::add_example_frames(**recorder, 0, frames);
    (*recorder)->add(event(EventKind::blink, 3, 6));
    (*recorder)->add(event(EventKind::fixation, 8, 20));
    EventRow saccade = event(EventKind::saccade, 20, 23);
    saccade.amplitude_deg = 4.25;
    (*recorder)->add(saccade);
    AnnotationRow note;
    note.at = example_time(12);
    note.label = "trial 1";
    (*recorder)->add(note);
    ASSERT_TRUE((*recorder)->finish());
  }
  Result<SessionTimeline> read(std::size_t columns = timeline_columns,
                               std::optional<std::int64_t> analysis = std::nullopt) {
    return read_timeline({(folder / "s").string(), EyeSide::right, analysis}, {}, columns);
  }
  const TemporaryFolder folder;
};

TEST_F(Timeline, ColumnsHoldTheLeastAndTheGreatestOfTheirFrames) {
  const auto timeline = read(4);
  ASSERT_TRUE(timeline) << timeline.error().to_text();
  EXPECT_EQ(timeline->start, example_time(0));
  EXPECT_EQ(timeline->end, example_time(frames - 1) + CaptureTime(1));
  EXPECT_EQ(timeline->problem, "");
  ASSERT_EQ(timeline->pupil.least.size(), 4U);
  EXPECT_EQ(timeline->pupil.unit, "px") << "no model was fitted";
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_FLOAT_EQ(timeline->pupil.least[i], 60.5F);
    EXPECT_FLOAT_EQ(timeline->confidence.greatest[i], 0.875F);
  }
  EXPECT_TRUE(timeline->gaze_x.is_empty());
}

TEST_F(Timeline, AColumnWithoutAFrameIsEmptyAndExtremesAreKept) {
  {
    auto editor = SessionEditor::open(folder / "s");
    ASSERT_TRUE(editor);
    AnalysisInfo info;
    info.name = "second";
    auto writer = editor->begin_analysis(info);
    ASSERT_TRUE(writer);
    for (std::int64_t frame = 0; frame < frames; ++frame) {
      if (frame >= 10 && frame < 20) continue;
      PupilRow row = test::example_pupil(0, frame, example_time(frame));
      row.confidence = frame == 25 ? 0.125 : frame == 26 ? 1.0 : 0.5;
      if (frame == 30) row.miss = PupilMissReason::blink;
      row.ellipse.semi_major_px = frame == 33 ? 90.0 : 20.0;
      ASSERT_TRUE(writer->add(row));
    }
    ASSERT_TRUE(writer->commit());
  }
  const auto timeline = read(4);
  ASSERT_TRUE(timeline);
  ASSERT_EQ(timeline->analyses.size(), 2U);
  EXPECT_EQ(timeline->analyses[0].name, "second") << "the newest first, and shown";
  EXPECT_EQ(timeline->analysis, timeline->analyses[0].analysis);
  const TimelineLane& confidence = timeline->confidence;
  EXPECT_TRUE(std::isnan(confidence.least[1]));
  EXPECT_TRUE(std::isnan(confidence.greatest[1]));
  EXPECT_FLOAT_EQ(confidence.least[2], 0.125F);
  EXPECT_FLOAT_EQ(confidence.greatest[2], 1.0F);
  EXPECT_FLOAT_EQ(timeline->pupil.greatest[3], 180.0F);
  EXPECT_FLOAT_EQ(timeline->pupil.least[3], 40.0F);
  EXPECT_TRUE(timeline->blinks.empty()) << "it found no events";
  const auto live = read(4, live_analysis);
  ASSERT_TRUE(live);
  EXPECT_EQ(live->analysis, live_analysis);
  EXPECT_FLOAT_EQ(live->confidence.least[1], 0.875F);
  EXPECT_EQ(live->blinks.size(), 1U);
}

TEST_F(Timeline, EventsNotesAndTheirWords) {
  const auto timeline = read();
  ASSERT_TRUE(timeline);
  ASSERT_EQ(timeline->blinks.size(), 1U);
  EXPECT_EQ(timeline->blinks[0].start, example_time(3));
  EXPECT_EQ(timeline->blinks[0].end, example_time(6));
  EXPECT_EQ(timeline->blinks[0].label, "Blink, 25 ms");
  ASSERT_EQ(timeline->fixations.size(), 1U);
  ASSERT_EQ(timeline->saccades.size(), 1U);
  EXPECT_EQ(timeline->saccades[0].label, "Saccade, 25 ms, 4.2°");
  ASSERT_EQ(timeline->annotations.size(), 1U);
  EXPECT_EQ(timeline->annotations[0].label, "trial 1");
  EXPECT_TRUE(timeline->gaps.empty());
}

TEST_F(Timeline, ShortSessionsHaveNoMoreColumnsThanTheirFramesFill) {
  const auto timeline = read();
  ASSERT_TRUE(timeline);
  ASSERT_EQ(timeline->confidence.least.size(), static_cast<std::size_t>(frames / 2));
  for (const float value : timeline->confidence.least) EXPECT_FLOAT_EQ(value, 0.875F);
}

TEST_F(Timeline, AStopEndsItEarlyAndAMissingSessionIsAnError) {
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = read_timeline({(folder / "s").string(), EyeSide::right, {}}, stop.get_token());
  ASSERT_TRUE(stopped);
  int filled = 0;
  for (const float value : stopped->confidence.least) filled += std::isnan(value) ? 0 : 1;
  EXPECT_LE(filled, 1);
  EXPECT_EQ(read_timeline({(folder / "none").string(), EyeSide::right, {}}, {}).error().code,
            ErrorCode::input_missing);
}

}  // namespace
}  // namespace yarbus::session_timeline_test
