// A recorded session replayed by the real session with its threads. Also run under ThreadSanitizer.

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "app/session/session.h"
#include "tests/support/eventually.h"
#include "tests/support/simulated_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::replay_test {
namespace {

using test::eventually;

constexpr std::uint64_t frames = 60;

class Replay : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new test::TemporaryFolder;
    test::record_simulated_session(
        folder_->path() / "s", {{EyeSide::right, 1, {}}, {EyeSide::left, 2, std::chrono::milliseconds(2)}},
        frames);
  }
  static void TearDownTestSuite() { delete folder_; }

  void open() {
    SourceRequest request;
    request.location = place();
    request.mode = TrackingMode::automatic;
    session_->open_source(EyeSide::right, request);
    session_->pause(EyeSide::right);
  }
  static std::string place() { return (*folder_ / "s").string(); }
  bool shows(EyeSide eye, std::uint64_t frame) {
    return eventually([&] {
      const auto now = session_->snapshot(eye);
      return now.latest && now.latest->frame->sequence == frame && now.source.position == frame;
    });
  }
  bool is_everywhere(PlaybackState state) {
    return eventually([&] {
      return session_->snapshot(EyeSide::right).source.state == state &&
             session_->snapshot(EyeSide::left).source.state == state;
    });
  }

  static test::TemporaryFolder* folder_;
  std::unique_ptr<Session> session_ = make_session();
};
test::TemporaryFolder* Replay::folder_ = nullptr;

TEST_F(Replay, BothEyesOpenAndGoTogether) {
  open();
  ASSERT_TRUE(is_everywhere(PlaybackState::paused));
  const auto now = session_->snapshot(EyeSide::right);
  EXPECT_EQ(now.source.request.kind, SourceRequest::Kind::recorded_session) << "recognised";
  EXPECT_EQ(now.source.frame_count, frames);
  EXPECT_EQ(now.source.mode_reason, "recorded so");
  EXPECT_EQ(now.source.intrinsics_origin, IntrinsicsOrigin::file);
  EXPECT_GT(now.source.length, std::chrono::nanoseconds(0));
  session_->seek(EyeSide::right, 30);
  ASSERT_TRUE(shows(EyeSide::right, 30));
  // The left eye's frame 30 comes 2 ms later, so the last one at that time is 29.
  ASSERT_TRUE(shows(EyeSide::left, 29));
  session_->step(EyeSide::left, 3);
  ASSERT_TRUE(shows(EyeSide::left, 32));
  ASSERT_TRUE(shows(EyeSide::right, 32));
  const CaptureTime at = session_->snapshot(EyeSide::right).latest->frame->captured_at;
  session_->replay()->seek_time(EyeSide::right, at - std::chrono::milliseconds(1));
  ASSERT_TRUE(shows(EyeSide::right, 31));
  session_->set_speed(EyeSide::right, 8.0);
  session_->play(EyeSide::right);
  ASSERT_TRUE(is_everywhere(PlaybackState::ended));
  EXPECT_EQ(session_->snapshot(EyeSide::left).source.speed, 8.0);
  ASSERT_TRUE(shows(EyeSide::left, frames - 1));
}

TEST_F(Replay, TrimMarksHoldForBothEyesAndAreKept) {
  open();
  ASSERT_TRUE(is_everywhere(PlaybackState::paused));
  session_->seek(EyeSide::right, 10);
  ASSERT_TRUE(shows(EyeSide::right, 10));
  const CaptureTime in = session_->snapshot(EyeSide::right).latest->frame->captured_at;
  const CaptureTime out = in + std::chrono::milliseconds(200);
  session_->replay()->set_trim(EyeSide::right, {in, out});
  ASSERT_TRUE(eventually([&] { return session_->replay()->trim(EyeSide::left) == TrimMarks{in, out}; }));
  session_->play(EyeSide::right);
  ASSERT_TRUE(is_everywhere(PlaybackState::ended));
  const auto ended = session_->snapshot(EyeSide::right);
  EXPECT_LT(ended.source.position, frames - 1);
  EXPECT_TRUE(eventually([&] {
    const auto now = session_->snapshot(EyeSide::right);
    return now.latest->frame->captured_at <= out &&
           now.latest->frame->captured_at > out - std::chrono::milliseconds(40);
  }));
  session_ = make_session();
  open();
  EXPECT_TRUE(eventually([&] { return session_->replay()->trim(EyeSide::right) == TrimMarks{in, out}; }));
  session_->replay()->set_trim(EyeSide::right, {out, out});
  EXPECT_TRUE(eventually([&] {
    return session_->replay()->trim(EyeSide::right) == TrimMarks{out, std::nullopt};
  })) << "in at out: the other mark goes";
  session_->replay()->set_trim(EyeSide::right, {});
  EXPECT_TRUE(eventually([&] { return session_->replay()->trim(EyeSide::right) == TrimMarks{}; }));
}

TEST_F(Replay, TheNewestWishForATimelineCounts) {
  open();
  ReplayControl* replay = session_->replay();
  for (int i = 0; i < 20; ++i) replay->want_timeline({place(), EyeSide::right, 0});
  replay->want_timeline({place(), EyeSide::left, 0});
  ASSERT_TRUE(eventually([&] {
    const TimelinePtr now = replay->timeline();
    return now && now->eye == EyeSide::left;
  }));
  EXPECT_EQ(replay->timeline()->folder, place());
  replay->want_timeline({"/nowhere", EyeSide::right, 0});
  EXPECT_TRUE(eventually([&] {
    for (const Notice& notice : session_->notices(0)) {
      if (notice.text.find("/nowhere") != std::string::npos) return true;
    }
    return false;
  }));
}

TEST_F(Replay, ClosingOneEyeLeavesTheOther) {
  open();
  ASSERT_TRUE(is_everywhere(PlaybackState::paused));
  session_->close_source(EyeSide::right);
  ASSERT_TRUE(
      eventually([&] { return session_->snapshot(EyeSide::right).source.state == PlaybackState::closed; }));
  session_->seek(EyeSide::left, 5);
  EXPECT_TRUE(shows(EyeSide::left, 5));
}

}  // namespace
}  // namespace yarbus::replay_test
