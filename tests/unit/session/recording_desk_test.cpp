// Recording through the session, as the window does it.

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/recorded_session.h"
#include "app/session/session.h"
#include "tests/support/eventually.h"
#include "tests/support/mjpeg_server.h"
#include "tests/support/synthetic_eye_folder.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::recording_desk_test {
namespace {

using test::eventually;

constexpr int frames_of_folder = 60;

class RecordingDesk : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    eye_folder_ = new test::TemporaryFolder;
    test::write_synthetic_eye_folder(eye_folder_->path() / "eye", frames_of_folder);
  }
  static void TearDownTestSuite() { delete eye_folder_; }
  void SetUp() override {
    SessionOptions options;
    options.session_library = library();
    options.software_version = "1.2";
    session_ = make_session(options);
  }

  [[nodiscard]] std::string library() const { return (folder_ / "sessions").string(); }
  static SourceRequest simulated(std::uint64_t seed = 1) {
    SourceRequest request;
    request.kind = SourceRequest::Kind::simulated_eye;
    request.location = "easy";
    request.seed = seed;
    request.width_px = 160;
    return request;
  }
  static SourceRequest images() {
    SourceRequest request;
    request.location = (*eye_folder_ / "eye").string();
    return request;
  }
  RecordingControl& recording() { return session_->recording(); }
  RecordingView view() { return recording().snapshot(); }
  /// Opens it, paused before the first frame where that is possible.
  bool open(EyeSide side, const SourceRequest& request) {
    session_->open_source(side, request);
    return eventually([&] {
      const auto state = session_->snapshot(side).source.state;
      return state == PlaybackState::playing || state == PlaybackState::ended ||
             state == PlaybackState::paused;
    });
  }
  bool start(RecordingWish wish = {}) {
    recording().start(wish);
    return eventually([&] { return !view().is_starting; }) && view().is_recording;
  }
  bool wait_until_ended() {
    return eventually([&] {
      const RecordingView now = view();
      return !now.is_starting && !now.is_recording && !now.is_finishing;
    });
  }
  bool stop() {
    recording().stop();
    return wait_until_ended();
  }
  RecordedSession opened() {
    auto session = RecordedSession::open(view().folder);
    EXPECT_TRUE(session) << session.error().to_text();
    return std::move(*session);
  }
  std::string last_notice() const {
    const auto notices = session_->notices(0);
    return notices.empty() ? "" : notices.back().text;
  }

  static test::TemporaryFolder* eye_folder_;
  test::TemporaryFolder folder_;
  std::unique_ptr<Session> session_;
};
test::TemporaryFolder* RecordingDesk::eye_folder_ = nullptr;

template <class Row>
struct Rows {
  std::vector<Row> all;
  RowVisitor<Row> visitor() {
    return [this](const Row& row) {
      all.push_back(row);
      return true;
    };
  }
};

TEST_F(RecordingDesk, AFileIsRecordedFrameByFrame) {
  ASSERT_TRUE(open(EyeSide::right, images()));
  session_->pause(EyeSide::right);
  ASSERT_TRUE(eventually([&] {
    const auto state = session_->snapshot(EyeSide::right).source.state;
    return state == PlaybackState::paused || state == PlaybackState::ended;
  }));
  RecordingWish wish;
  wish.name = "anna";
  wish.participant = "Anna";
  wish.notes = "lamp on the left";
  ASSERT_TRUE(start(wish));
  session_->seek(EyeSide::right, 0);
  session_->play(EyeSide::right);
  ASSERT_TRUE(eventually([&] {
    const auto eye = session_->snapshot(EyeSide::right);
    return eye.source.state == PlaybackState::ended && eye.latest &&
           eye.latest->frame->sequence == frames_of_folder - 1;
  }));
  ASSERT_TRUE(stop());
  EXPECT_EQ(view().frames_lost, 0);
  EXPECT_GT(view().bytes, 0U);
  EXPECT_FALSE(view().codec.empty());
  const RecordedSession session = opened();
  EXPECT_EQ(session.info().name, "anna");
  EXPECT_EQ(session.info().participant, "Anna");
  EXPECT_EQ(session.info().software_version, "1.2");
  EXPECT_EQ(session.info().end, SessionEnd::finished);
  ASSERT_EQ(session.cameras().size(), 1U);
  Rows<FrameRow> frames;
  Rows<PupilRow> pupils;
  ASSERT_TRUE(session.read_frames({}, frames.visitor()));
  ASSERT_TRUE(session.read_pupils({}, pupils.visitor()));
  ASSERT_GE(frames.all.size(), static_cast<std::size_t>(frames_of_folder));
  // Everything of the film that was played from its beginning, in pictures and in results.
  std::set<std::int64_t> looked_at;
  for (const PupilRow& pupil : pupils.all) looked_at.insert(pupil.frame);
  for (auto frame = frames.all.end() - frames_of_folder; frame != frames.all.end(); ++frame) {
    EXPECT_TRUE(frame->video_pts.has_value());
    EXPECT_TRUE(looked_at.contains(frame->frame)) << frame->frame;
  }
  const auto settings = session.settings();
  ASSERT_TRUE(settings);
  ASSERT_EQ(settings->size(), 1U);
  EXPECT_EQ(settings->front().name, "right_eye");
  EXPECT_THAT(settings->front().value_json, testing::HasSubstr("\"stage\":\"refraction\""));
  const auto cards = recording().list();
  ASSERT_EQ(cards.size(), 1U);
  EXPECT_EQ(cards[0].name, "anna");
  EXPECT_EQ(cards[0].frames, static_cast<std::int64_t>(frames.all.size()));
  EXPECT_TRUE(cards[0].has_video);
  EXPECT_FALSE(cards[0].needs_repair);
}

TEST_F(RecordingDesk, BothSimulatedEyesHaveEachTheirCamera) {
  ASSERT_TRUE(open(EyeSide::right, simulated(1)));
  ASSERT_TRUE(open(EyeSide::left, simulated(2)));
  ASSERT_TRUE(start());
  ASSERT_TRUE(eventually([&] { return view().frames > 40; }));
  recording().annotate("a word");
  ASSERT_TRUE(stop());
  EXPECT_EQ(view().annotations, 1);
  const RecordedSession session = opened();
  ASSERT_EQ(session.cameras().size(), 2U);
  EXPECT_EQ(session.cameras()[0].eye, EyeSide::right);
  EXPECT_EQ(session.cameras()[1].eye, EyeSide::left);
  for (const int camera : {0, 1}) {
    Rows<FrameRow> frames;
    Rows<PupilRow> pupils;
    ASSERT_TRUE(session.read_frames({.camera = camera}, frames.visitor()));
    ASSERT_TRUE(session.read_pupils({.camera = camera}, pupils.visitor()));
    ASSERT_GT(frames.all.size(), 0U);
    EXPECT_GT(pupils.all.size(), 0U);
    std::set<std::int64_t> recorded;
    for (const FrameRow& frame : frames.all) {
      recorded.insert(frame.frame);
      EXPECT_TRUE(frame.arrived_at.has_value());
    }
    for (const PupilRow& pupil : pupils.all) EXPECT_TRUE(recorded.contains(pupil.frame));
    EXPECT_TRUE(session.open_video(camera));
  }
  const auto annotations = session.annotations();
  ASSERT_TRUE(annotations);
  ASSERT_EQ(annotations->size(), 1U);
  EXPECT_EQ(annotations->front().label, "a word");
  EXPECT_GE(annotations->front().at, session.info().started_at);
  EXPECT_LE(annotations->front().at,
            session.info().started_at + session.info().duration + std::chrono::seconds(1));
}

TEST_F(RecordingDesk, VideoOnlyKeepsNoResults) {
  ASSERT_TRUE(open(EyeSide::right, simulated()));
  RecordingWish wish;
  wish.parts = RecordedParts::video_only;
  ASSERT_TRUE(start(wish));
  ASSERT_TRUE(eventually([&] { return view().frames > 15; }));
  ASSERT_TRUE(stop());
  const RecordedSession session = opened();
  Rows<FrameRow> frames;
  Rows<PupilRow> pupils;
  Rows<ModelRow> models;
  ASSERT_TRUE(session.read_frames({}, frames.visitor()));
  ASSERT_TRUE(session.read_pupils({}, pupils.visitor()));
  ASSERT_TRUE(session.read_models({}, models.visitor()));
  EXPECT_GT(frames.all.size(), 15U);
  EXPECT_TRUE(frames.all.back().video_pts.has_value());
  EXPECT_TRUE(pupils.all.empty());
  EXPECT_TRUE(models.all.empty());
}

TEST_F(RecordingDesk, ResultsOnlyKeepNoVideo) {
  ASSERT_TRUE(open(EyeSide::right, simulated()));
  RecordingWish wish;
  wish.parts = RecordedParts::results_only;
  ASSERT_TRUE(start(wish));
  ASSERT_TRUE(eventually([&] { return view().frames > 15; }));
  ASSERT_TRUE(stop());
  EXPECT_TRUE(view().codec.empty());
  const RecordedSession session = opened();
  Rows<FrameRow> frames;
  Rows<PupilRow> pupils;
  ASSERT_TRUE(session.read_frames({}, frames.visitor()));
  ASSERT_TRUE(session.read_pupils({}, pupils.visitor()));
  EXPECT_FALSE(frames.all.back().video_pts.has_value());
  EXPECT_GT(pupils.all.size(), 0U);
  EXPECT_FALSE(session.open_video(0));
  EXPECT_FALSE(recording().list().at(0).has_video);
}

TEST_F(RecordingDesk, ClosingTheSourceEndsItWell) {
  ASSERT_TRUE(open(EyeSide::right, simulated()));
  ASSERT_TRUE(start());
  ASSERT_TRUE(eventually([&] { return view().frames > 5; }));
  session_->close_source(EyeSide::right);
  ASSERT_TRUE(wait_until_ended());
  EXPECT_EQ(view().end_note, "the source was closed");
  EXPECT_EQ(opened().info().end, SessionEnd::finished);
  ASSERT_TRUE(opened().gaps());
}

TEST_F(RecordingDesk, OneOfTwoEyesMayBeClosed) {
  ASSERT_TRUE(open(EyeSide::right, simulated(1)));
  ASSERT_TRUE(open(EyeSide::left, simulated(2)));
  ASSERT_TRUE(start());
  ASSERT_TRUE(eventually([&] { return view().frames > 10; }));
  session_->close_source(EyeSide::left);
  ASSERT_TRUE(
      eventually([&] { return session_->snapshot(EyeSide::left).source.state == PlaybackState::closed; }));
  const auto before = view().frames;
  ASSERT_TRUE(eventually([&] { return view().frames > before + 10; }));
  EXPECT_TRUE(view().is_recording);
  ASSERT_TRUE(stop());
  const auto gaps = opened().gaps();
  ASSERT_TRUE(gaps);
  EXPECT_THAT(*gaps, testing::Contains(testing::Field(&GapRow::note, "left eye: the source was closed")));
}

TEST_F(RecordingDesk, EndingTheSessionEndsItWell) {
  ASSERT_TRUE(open(EyeSide::right, simulated()));
  ASSERT_TRUE(start());
  ASSERT_TRUE(eventually([&] { return view().frames > 5; }));
  const std::string recorded = view().folder;
  session_.reset();
  const auto session = RecordedSession::open(recorded);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->info().end, SessionEnd::finished);
}

TEST_F(RecordingDesk, ASourceThatComesBackGoesOnInTheSameRecordingWithAGap) {
  std::atomic<bool> may_break = false;
  test::MjpegServer server(
      [&](const test::MjpegServer::Connection& client, int connection, const std::stop_token& stop) {
        const std::string jpeg = test::gray_jpeg(160, 120, 100 + connection);
        if (!client.send(test::MjpegServer::header("multipart/x-mixed-replace; boundary=b"))) return;
        while (!stop.stop_requested() && !(connection == 0 && may_break)) {
          if (!client.send(test::MjpegServer::part("b", jpeg))) return;
          std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
      });
  SourceRequest request;
  request.location = server.url();
  ASSERT_TRUE(open(EyeSide::right, request));
  ASSERT_TRUE(start());
  ASSERT_TRUE(eventually([&] { return view().frames > 5; }));
  may_break = true;
  ASSERT_TRUE(eventually([&] {
    for (const Notice& notice : session_->notices(0)) {
      if (notice.text == "The source is back") return true;
    }
    return false;
  }));
  const auto before = view().frames;
  ASSERT_TRUE(eventually([&] { return view().frames > before + 5; }));
  ASSERT_TRUE(stop());
  const auto gaps = opened().gaps();
  ASSERT_TRUE(gaps);
  EXPECT_THAT(*gaps, testing::Contains(testing::AllOf(
                         testing::Field(&GapRow::cause, GapCause::source),
                         testing::Field(&GapRow::note, testing::StartsWith("the source was away for ")))));
}

TEST_F(RecordingDesk, SaysWhyItCannotRecord) {
  recording().start({});
  ASSERT_TRUE(eventually([&] { return !view().is_starting; }));
  EXPECT_FALSE(view().is_recording);
  EXPECT_THAT(last_notice(), testing::HasSubstr("no source is open"));
  recording().annotate("nothing");
  EXPECT_THAT(last_notice(), testing::HasSubstr("nothing is being recorded"));

  session_ = make_session();
  EXPECT_EQ(recording().library(), "");
  EXPECT_TRUE(recording().list().empty());
  ASSERT_TRUE(open(EyeSide::right, simulated()));
  recording().start({});
  ASSERT_TRUE(eventually([&] { return !view().is_starting; }));
  EXPECT_THAT(last_notice(), testing::HasSubstr("there is no folder for recordings"));
  RecordingWish wish;
  wish.folder = (folder_ / "elsewhere").string();
  ASSERT_TRUE(start(wish)) << "a folder of its own needs no library";
  recording().start({});
  EXPECT_THAT(last_notice(), testing::HasSubstr("a recording runs already"));
  ASSERT_TRUE(stop());
}

TEST_F(RecordingDesk, ASecondRecordingIsAnotherSession) {
  ASSERT_TRUE(open(EyeSide::right, simulated()));
  RecordingWish wish;
  wish.name = "twice";
  std::set<std::string> folders;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(start(wish));
    ASSERT_TRUE(eventually([&] { return view().frames > 3; }));
    folders.insert(view().folder);
    ASSERT_TRUE(stop());
  }
  EXPECT_EQ(folders.size(), 2U);
  EXPECT_EQ(recording().list().size(), 2U);
  recording().repair(*folders.begin());
  EXPECT_TRUE(eventually([&] { return last_notice().find("needed no repair") != std::string::npos; }));
}

}  // namespace
}  // namespace yarbus::recording_desk_test
