#include "ui/presenter.h"

#include <QSignalSpy>

#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/eye_commands.h"

namespace yarbus::presenter_test {
namespace {

using test::FakeSession;
using test::SyntheticEye;

TracePoint point(std::uint64_t index, double time_s) {
  TracePoint p;
  p.index = index;
  p.time_s = time_s;
  return p;
}

TEST(Presenter, TellsWhatChangedAndOnlyThat) {
  FakeSession session;
  ui::Presenter presenter(session);
  presenter.poll();
  QSignalSpy samples(&presenter, &ui::Presenter::sample_changed);
  QSignalSpy sources(&presenter, &ui::Presenter::source_changed);
  QSignalSpy models(&presenter, &ui::Presenter::model_changed);
  presenter.poll();
  EXPECT_EQ(samples.count() + sources.count() + models.count(), 0);
  const SyntheticEye eye;
  session.eye(EyeSide::right) = test::playing_file("a.mp4", eye.sample(1, 0, 0, nullptr));
  presenter.poll();
  EXPECT_EQ(samples.count(), 1);
  EXPECT_EQ(sources.count(), 1);
  session.eye(EyeSide::right).latest = eye.sample(2, 0, 0, nullptr);
  presenter.poll();
  EXPECT_EQ(samples.count(), 2);
  EXPECT_EQ(sources.count(), 1);
  const int models_before = static_cast<int>(models.count());
  session.eye(EyeSide::right).model.model = eye.model();
  presenter.poll();
  EXPECT_EQ(models.count(), models_before + 1);
}

TEST(Presenter, AsksLessOftenWhenNothingHappensAndHurriesAgain) {
  FakeSession session;
  ui::Presenter presenter(session);
  const int busy_ms = presenter.interval_ms();
  for (int i = 0; i < 200; ++i) presenter.poll();
  EXPECT_GT(presenter.interval_ms(), 5 * busy_ms);
  presenter.hurry();
  EXPECT_EQ(presenter.interval_ms(), busy_ms);
  for (int i = 0; i < 200; ++i) presenter.poll();
  session.eye(EyeSide::right) = test::playing_file("a.mp4", SyntheticEye{}.sample(1, 0, 0, nullptr));
  presenter.poll();
  EXPECT_EQ(presenter.interval_ms(), busy_ms);
}

TEST(Presenter, TracesContinueRestartAndGoBackInTime) {
  FakeSession session;
  ui::Presenter presenter(session);
  auto& source = session.traces[0];
  for (std::uint64_t i = 0; i < 10; ++i) source.push_back(point(i, 0.1 * static_cast<double>(i)));
  for (int i = 0; i < 3; ++i) presenter.poll();
  ASSERT_EQ(presenter.traces().size(), 10U);
  // Continued.
  source.push_back(point(10, 1.0));
  QSignalSpy changes(&presenter, &ui::Presenter::traces_changed);
  for (int i = 0; i < 3; ++i) presenter.poll();
  EXPECT_EQ(presenter.traces().size(), 11U);
  ASSERT_EQ(changes.count(), 1);
  EXPECT_FALSE(changes.last().first().toBool());
  // A seek back to 0.5 s: the later points go.
  source.push_back(point(11, 0.5));
  for (int i = 0; i < 3; ++i) presenter.poll();
  EXPECT_EQ(presenter.traces().size(), 6U);
  EXPECT_DOUBLE_EQ(presenter.traces().back().time_s, 0.5);
  EXPECT_TRUE(changes.last().first().toBool());
  // A new source.
  source = {point(0, 0.0), point(1, 0.1)};
  for (int i = 0; i < 3; ++i) presenter.poll();
  EXPECT_EQ(presenter.traces().size(), 2U);
  // Closed.
  source.clear();
  for (int i = 0; i < 3; ++i) presenter.poll();
  EXPECT_TRUE(presenter.traces().empty());
}

TEST(Presenter, TracesStayBounded) {
  FakeSession session;
  ui::Presenter presenter(session);
  for (std::uint64_t i = 0; i < 6000; ++i) {
    session.traces[0].push_back(point(i, static_cast<double>(i) / 60.0));
    if (i % 30 == 0) presenter.poll();
  }
  EXPECT_LT(presenter.traces().size(), static_cast<std::size_t>(60.0 * (ui::Presenter::kept_s + 10.0)));
  EXPECT_GE(presenter.traces().back().time_s - presenter.traces().front().time_s,
            ui::Presenter::kept_s - 1.0);
}

TEST(Presenter, EachNoticeArrivesOnce) {
  FakeSession session;
  session.all_notices = {{Notice::Severity::error, 3, EyeSide::left, "lost", "plug it in"}};
  ui::Presenter presenter(session);
  QStringList texts;
  QObject::connect(&presenter, &ui::Presenter::notice_arrived,
                   [&](const Notice& notice) { texts << QString::fromStdString(notice.text); });
  for (int i = 0; i < 3; ++i) presenter.poll();
  session.all_notices.push_back({Notice::Severity::info, 4, EyeSide::left, "back", ""});
  for (int i = 0; i < 3; ++i) presenter.poll();
  EXPECT_EQ(texts, QStringList({"lost", "back"}));
}

TEST(Presenter, DoesNotKeepAFrameOfTheEyeNotShown) {
  FakeSession session;
  auto sample = SyntheticEye{}.sample(1, 0, 0, nullptr);
  const std::weak_ptr<const Frame> frame = sample->frame;
  session.eye(EyeSide::left) = test::playing_file("left.mp4", sample);
  ui::Presenter presenter(session);
  presenter.poll();
  EXPECT_EQ(presenter.snapshot(EyeSide::left).source.name, "left.mp4");
  ASSERT_TRUE(presenter.snapshot(EyeSide::left).latest);
  EXPECT_NE(presenter.snapshot(EyeSide::left).latest->observation(), nullptr);
  sample.reset();
  session.eye(EyeSide::left).latest.reset();
  EXPECT_TRUE(frame.expired());
}

TEST(Presenter, KeepsBothEyesFramesOnlyWhileBothAreWatched) {
  FakeSession session;
  session.eye(EyeSide::left) = test::playing_file("left.mp4", SyntheticEye{}.sample(1, 0, 0, nullptr));
  ui::Presenter presenter(session);
  presenter.watch_both_eyes(true);
  for (int i = 0; i < 200; ++i) presenter.poll();
  EXPECT_EQ(presenter.snapshot(EyeSide::left).latest, session.eye(EyeSide::left).latest);
  presenter.watch_both_eyes(false);
  for (int i = 0; i < 30; ++i) presenter.poll();
  EXPECT_FALSE(presenter.snapshot(EyeSide::left).latest->frame);
}

TEST(Presenter, RestsWhileNothingOfTheWindowIsSeen) {
  FakeSession session;
  ui::Presenter presenter(session);
  const int busy_ms = presenter.interval_ms();
  presenter.rest(true);
  session.eye(EyeSide::right) = test::playing_file("a.mp4", SyntheticEye{}.sample(1, 0, 0, nullptr));
  presenter.poll();
  EXPECT_GT(presenter.interval_ms(), 5 * busy_ms);
  presenter.rest(false);
  EXPECT_EQ(presenter.interval_ms(), busy_ms);
}

TEST(EyeCommands, PlayButtonDoesWhatTheStateCallsFor) {
  FakeSession session;
  ui::Presenter presenter(session);
  ui::EyeCommands commands(session, presenter);
  const auto press_in = [&](PlaybackState state) {
    session.calls.clear();
    session.eye(EyeSide::right).source.state = state;
    presenter.poll();
    commands.toggle_play();
    return session.calls;
  };
  using Calls = std::vector<std::string>;
  EXPECT_EQ(press_in(PlaybackState::playing), Calls({"right pause"}));
  EXPECT_EQ(press_in(PlaybackState::paused), Calls({"right play"}));
  EXPECT_EQ(press_in(PlaybackState::ended), Calls({"right seek 0", "right play"}));
  EXPECT_EQ(press_in(PlaybackState::closed), Calls());
}

TEST(EyeCommands, SpeedGoesByNotches) {
  FakeSession session;
  ui::Presenter presenter(session);
  ui::EyeCommands commands(session, presenter);
  const auto from = [&](double speed, bool up) {
    session.calls.clear();
    session.eye(EyeSide::right).source.speed = speed;
    presenter.poll();
    up ? commands.faster() : commands.slower();
    return session.calls.back();
  };
  EXPECT_EQ(from(1.0, true), "right speed 2.00");
  EXPECT_EQ(from(1.0, false), "right speed 0.50");
  EXPECT_EQ(from(0.1, false), "right speed 0.10");
  EXPECT_EQ(from(8.0, true), "right speed 0.00");
  EXPECT_EQ(from(0.0, true), "right speed 0.00");
  EXPECT_EQ(from(0.0, false), "right speed 8.00");
  EXPECT_EQ(from(3.5, true), "right speed 8.00");
}

}  // namespace
}  // namespace yarbus::presenter_test
