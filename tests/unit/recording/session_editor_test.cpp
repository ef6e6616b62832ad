#include "app/recording/session_editor.h"

#include <gtest/gtest.h>

#include "app/recording/session_recorder.h"
#include "tests/support/example_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::session_editor_test {
namespace {

using namespace std::chrono_literals;
using test::example_request;
using test::example_time;
using test::TemporaryFolder;

class Editor : public testing::Test {
 protected:
  Editor() : folder_(root_ / "s") {
    auto recorder = SessionRecorder::start(example_request(folder_));
    if (!recorder) throw std::runtime_error(recorder.error().to_text());
    test::add_example_frames(**recorder, 0, 30);
    if (!(*recorder)->finish()) throw std::runtime_error("not finished");
  }
  RecordedSession open() const {
    auto session = RecordedSession::open(folder_);
    if (!session) throw std::runtime_error(session.error().to_text());
    return std::move(*session);
  }
  SessionEditor edit() const {
    auto editor = SessionEditor::open(folder_);
    if (!editor) throw std::runtime_error(editor.error().to_text());
    return std::move(*editor);
  }

  TemporaryFolder root_;
  std::filesystem::path folder_;
};

TEST_F(Editor, ChangesWordsAndAnnotations) {
  {
    auto editor = edit();
    ASSERT_TRUE(editor.set_name("It's \"new\""));
    ASSERT_TRUE(editor.set_participant("Ölaf"));
    ASSERT_TRUE(editor.set_notes("line 1\nline 2"));
    EXPECT_EQ(editor.add_annotation({0, 5s, 0ns, "a", ""}).value(), 1);
    EXPECT_EQ(editor.add_annotation({0, 4s, 0ns, "b", ""}).value(), 2);
    EXPECT_TRUE(editor.remove_annotation(1));
    const auto again = editor.remove_annotation(1);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::invalid_option);
  }
  const auto session = open();
  EXPECT_EQ(session.info().name, "It's \"new\"");
  EXPECT_EQ(session.info().participant, "Ölaf");
  EXPECT_EQ(session.info().notes, "line 1\nline 2");
  ASSERT_EQ(session.annotations()->size(), 1U);
  EXPECT_EQ(session.annotations()->front().label, "b");
  EXPECT_EQ(session.info().end, SessionEnd::finished);
}

TEST_F(Editor, AnAnalysisIsThereWholeOrNotAtAll) {
  auto editor = edit();
  {
    auto dropped = editor.begin_analysis({0, "dropped", 1s, "v", "{}"});
    ASSERT_TRUE(dropped);
    ASSERT_TRUE(dropped->add(test::example_pupil(0, 1, example_time(1))));
    EXPECT_EQ(open().analyses()->size(), 1U) << "nobody sees it yet";
  }
  EXPECT_EQ(open().analyses()->size(), 1U);
  EXPECT_TRUE(test::pupils_of(open(), 1).empty());

  auto kept = editor.begin_analysis({0, "kept", 2s, "v2", R"({"stage":"edge"})"});
  ASSERT_TRUE(kept);
  const AnalysisId id = kept->analysis();
  EXPECT_EQ(id, 1);
  const auto second = editor.begin_analysis({0, "second", 2s, "v2", ""});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::device_busy);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(kept->add(test::example_pupil(0, i, example_time(i))));
    PoseRow pose;
    pose.frame = i;
    pose.captured_at = example_time(i);
    ASSERT_TRUE(kept->add(pose));
    GazeRow gaze;
    gaze.frame = i;
    gaze.captured_at = example_time(i);
    ASSERT_TRUE(kept->add(gaze));
  }
  ASSERT_TRUE(kept->add(EventRow{}));
  ASSERT_TRUE(kept->add(ModelRow{}));
  ASSERT_TRUE(kept->add(FaceRow{}));
  EXPECT_EQ(kept->add(CalibrationRow{0, 1s, "again", {}, "{}"}).value(), 1);
  ASSERT_TRUE(kept->commit());

  const auto session = open();
  const auto analyses = session.analyses();
  ASSERT_EQ(analyses->size(), 2U);
  EXPECT_EQ((*analyses)[0].analysis, live_analysis);
  EXPECT_EQ((*analyses)[1].name, "kept");
  EXPECT_EQ((*analyses)[1].settings_json, R"({"stage":"edge"})");
  EXPECT_EQ(test::pupils_of(session, id).size(), 10U);
  EXPECT_EQ(test::pupils_of(session).size(), 30U) << "the live ones are as they were";
  std::size_t poses = 0;
  ASSERT_TRUE(session.read_poses({.analysis = id}, [&](const PoseRow& row) {
    EXPECT_EQ(row.analysis, id);
    ++poses;
    return true;
  }));
  EXPECT_EQ(poses, 10U);

  ASSERT_TRUE(editor.remove_analysis(id));
  EXPECT_EQ(open().analyses()->size(), 1U);
  EXPECT_TRUE(test::pupils_of(open(), id).empty());
  EXPECT_EQ(test::pupils_of(open()).size(), 30U);
}

TEST_F(Editor, TheLiveAnalysisIsNotRemoved) {
  auto editor = edit();
  for (const AnalysisId analysis : {live_analysis, AnalysisId{7}}) {
    const auto removed = editor.remove_analysis(analysis);
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().code, ErrorCode::invalid_option);
  }
  EXPECT_EQ(test::pupils_of(open()).size(), 30U);
}

TEST_F(Editor, OneAtATimeAndNotWhileItIsRecorded) {
  const auto first = edit();
  const auto second = SessionEditor::open(folder_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::device_busy);
  auto recorder = SessionRecorder::start(example_request(root_ / "live"));
  ASSERT_TRUE(recorder);
  const auto live = SessionEditor::open(root_ / "live");
  ASSERT_FALSE(live);
  EXPECT_EQ(live.error().code, ErrorCode::device_busy);
  const auto none = SessionEditor::open(root_ / "none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::input_missing);
}

}  // namespace
}  // namespace yarbus::session_editor_test
