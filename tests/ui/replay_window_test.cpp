#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/main_window.h"
#include "ui/recording/replay_tools.h"

namespace yarbus::replay_window_test {
namespace {

using namespace std::chrono_literals;
using test::FakeSession;
using test::SyntheticEye;
using testing::ElementsAre;

constexpr float nothing = std::numeric_limits<float>::quiet_NaN();
constexpr CaptureTime start = 1000s;

class FakeReplay : public ReplayControl {
 public:
  std::vector<TimelineWish> wishes;
  std::vector<CaptureTime> sought;
  TimelinePtr read;
  TrimMarks marks;

  void want_timeline(const TimelineWish& wish) override { wishes.push_back(wish); }
  [[nodiscard]] TimelinePtr timeline() const override { return read; }
  void seek_time(EyeSide, CaptureTime at) override { sought.push_back(at); }
  void set_trim(EyeSide, const TrimMarks& wanted) override { marks = wanted; }
  [[nodiscard]] TrimMarks trim(EyeSide) const override { return marks; }
};

class ReplayingSession : public FakeSession {
 public:
  FakeReplay fake_replay;
  ReplayControl* replay() override { return &fake_replay; }
};

std::shared_ptr<SessionTimeline> make_timeline() {
  auto timeline = std::make_shared<SessionTimeline>();
  timeline->folder = "/recordings/anna";
  timeline->analyses = {{2, "two-pass"}, {0, "live"}};
  timeline->analysis = 2;
  timeline->start = start;
  timeline->end = start + 100s;
  const auto lane = [](const char* name, const char* unit, double least, double greatest) {
    TimelineLane made{name, unit, {}, {}};
    for (int i = 0; i < 500; ++i) {
      const double value = least + (greatest - least) * (0.5 + 0.5 * std::sin(0.05 * i));
      made.least.push_back(i > 200 && i < 220 ? nothing : static_cast<float>(value));
      made.greatest.push_back(made.least.back());
    }
    return made;
  };
  timeline->pupil = lane("pupil", "mm", 2.0, 4.0);
  timeline->gaze_x = lane("azimuth", "°", -20.0, 20.0);
  timeline->gaze_y = lane("elevation", "°", -10.0, 10.0);
  timeline->confidence = lane("confidence", "", 0.0, 1.0);
  timeline->blinks = {{start + 40s, start + 41s, "Blink, 1000 ms"}};
  timeline->fixations = {{start + 50s, start + 60s, "Fixation, 10000 ms"}};
  timeline->saccades = {{start + 60s, start + 60s, "Saccade, 40 ms"}};
  timeline->annotations = {{start + 70s, start + 70s, "trial 1"}};
  timeline->gaps = {{start + 80s, start + 82s, "3 frames lost"}};
  return timeline;
}

class ReplayWindow : public testing::Test {
 protected:
  void SetUp() override {
    window = std::make_unique<ui::MainWindow>(session, settings);
    window->resize(1280, 900);
    window->show();
    window->begin({});
    show_session();
  }
  void show_session(std::chrono::seconds at = 25s) {
    const SyntheticEye eye;
    auto sample = eye.sample(7, 12.0, 4.0, eye.model());
    auto frame = std::make_shared<Frame>(*sample->frame);
    frame->captured_at = start + at;
    sample->frame = frame;
    EyeSnapshot& now = session.eye(EyeSide::right);
    now = test::playing_file("anna", sample);
    now.source.request.kind = SourceRequest::Kind::recorded_session;
    now.source.request.location = "/recordings/anna";
    now.source.starts_at = start;
    now.source.length = 100s;
    window->presenter().poll();
  }
  void read() {
    session.fake_replay.read = make_timeline();
    show_session();
  }
  template <class T>
  T* find(const char* name) {
    T* found = window->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  ui::TimelineView& view() { return *find<ui::TimelineView>("timeline_view"); }
  QPoint place(std::chrono::seconds at) {
    return {static_cast<int>(std::lround(view().x_of(start + at))), view().height() / 2};
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  ReplayingSession session;
  std::unique_ptr<ui::MainWindow> window;
};

TEST_F(ReplayWindow, TheTimelineIsThereForASessionOnlyAndIsReadOnce) {
  EXPECT_TRUE(find<QWidget>("timeline_panel")->isVisible());
  ASSERT_EQ(session.fake_replay.wishes.size(), 1U);
  EXPECT_EQ(session.fake_replay.wishes[0], (TimelineWish{"/recordings/anna", EyeSide::right, {}}));
  EXPECT_EQ(view().timeline(), nullptr);
  read();
  EXPECT_EQ(view().timeline(), session.fake_replay.read);
  EXPECT_EQ(session.fake_replay.wishes.size(), 1U);
  EXPECT_EQ(view().position(), start + 25s);
  EXPECT_EQ(find<QLabel>("time_label")->text(), "0:25.0 / 1:40.0") << "since the session's first picture";
  session.eye(EyeSide::right).source.request.kind = SourceRequest::Kind::video_file;
  window->presenter().poll();
  EXPECT_FALSE(find<QWidget>("timeline_panel")->isVisible());
  EXPECT_FALSE(window->actions().trim_in->isEnabled());
}

TEST_F(ReplayWindow, AnotherAnalysisIsReadWhenItIsChosen) {
  read();
  auto* choice = find<QComboBox>("timeline_analysis");
  ASSERT_EQ(choice->count(), 2);
  EXPECT_EQ(choice->currentText(), "Analysis 2: two-pass");
  EXPECT_EQ(choice->itemText(1), "As recorded");
  choice->setCurrentIndex(1);
  Q_EMIT choice->activated(1);
  ASSERT_EQ(session.fake_replay.wishes.size(), 2U);
  EXPECT_EQ(session.fake_replay.wishes[1].analysis, 0);
}

TEST_F(ReplayWindow, ClicksDragsAndKeysSeek) {
  read();
  auto& sought = session.fake_replay.sought;
  QTest::mouseClick(&view(), Qt::LeftButton, {}, place(50s));
  ASSERT_EQ(sought.size(), 1U);
  EXPECT_LT(std::chrono::abs(sought[0] - (start + 50s)), 200ms);
  QTest::qWait(80);
  QTest::mousePress(&view(), Qt::LeftButton, {}, place(10s));
  QTest::mouseMove(&view(), place(30s));
  QTest::mouseRelease(&view(), Qt::LeftButton, {}, place(30s));
  QTest::qWait(80);
  EXPECT_LT(std::chrono::abs(sought.back() - (start + 30s)), 200ms) << "the last place counts";
  const auto press = [&](Qt::Key key) {
    QTest::keyClick(&view(), key);
    QTest::qWait(80);
    return sought.back() - start;
  };
  EXPECT_EQ(press(Qt::Key_Right), 26s);
  EXPECT_EQ(press(Qt::Key_Left), 24s);
  EXPECT_EQ(press(Qt::Key_PageDown), 35s);
  EXPECT_EQ(press(Qt::Key_Home), 0s);
  EXPECT_EQ(press(Qt::Key_End), 100s - 1ns);
}

TEST_F(ReplayWindow, TimesAndPlacesAgree) {
  read();
  for (const auto at : {0s, 1s, 50s, 99s})
    EXPECT_LT(std::chrono::abs(view().time_at(view().x_of(start + at)) - (start + at)), 1ms);
  EXPECT_EQ(view().time_at(-1000.0), start);
  EXPECT_EQ(view().time_at(1e6), start + 100s - 1ns);
}

TEST_F(ReplayWindow, TrimMarksAreSetWhereTheSessionStandsAndShown) {
  read();
  EXPECT_FALSE(window->actions().trim_clear->isEnabled());
  window->actions().trim_in->trigger();
  show_session(75s);
  window->actions().trim_out->trigger();
  EXPECT_EQ(session.fake_replay.marks, (TrimMarks{start + 25s, start + 75s}));
  show_session(75s);
  EXPECT_EQ(view().trim(), session.fake_replay.marks);
  EXPECT_EQ(find<QLabel>("timeline_text")->text(), "plays from 0:25.0 to 1:15.0");
  window->actions().trim_clear->trigger();
  EXPECT_EQ(session.fake_replay.marks, TrimMarks{});
}

TEST_F(ReplayWindow, WhatHasEndedIsPlayedFromItsMarkByTheSession) {
  session.eye(EyeSide::right).source.state = PlaybackState::ended;
  window->presenter().poll();
  session.calls.clear();
  window->actions().play->trigger();
  EXPECT_THAT(session.calls, ElementsAre("right play"));
}

TEST_F(ReplayWindow, EventsTellWhatTheyAreUnderThePointer) {
  read();
  QStringList found;
  for (int y = 0; y < view().height(); ++y) {
    const QString text = view().text_at({place(55s).x(), y});
    if (text.contains("Fixation")) found << text;
  }
  ASSERT_FALSE(found.isEmpty());
  EXPECT_TRUE(found.first().contains("Fixation, 10000 ms"));
  EXPECT_EQ(view().text_at({place(55s).x(), 2}).left(3), "0:5");
}

TEST_F(ReplayWindow, CurvesAndBarsArePaintedInLightAndDark) {
  read();
  for (QAction* colors : {window->actions().light, window->actions().dark}) {
    colors->trigger();
    QTest::qWait(10);
    const QImage image = view().grab().toImage();
    const QColor text = view().palette().color(QPalette::Text);
    // The blink's bar: in a column of its own, in the text's colour.
    const double x = 0.5 * (view().x_of(start + 40s) + view().x_of(start + 41s));
    int inked = 0;
    for (int y = 0; y < image.height(); ++y)
      inked += image.pixelColor(static_cast<int>(x), y) == text ? 1 : 0;
    EXPECT_GT(inked, 5);
  }
}

TEST(TimelineColumns, MergedOnesKeepTheExtremesAndTheGaps) {
  const TimelineLane lane{
      "x", "", {1, 5, nothing, nothing, 2, nothing}, {2, 9, nothing, nothing, 3, nothing}};
  const TimelineLane merged = ui::merged_columns(lane, 3);
  ASSERT_EQ(merged.least.size(), 3U);
  EXPECT_EQ(merged.least[0], 1.0F);
  EXPECT_EQ(merged.greatest[0], 9.0F);
  EXPECT_TRUE(std::isnan(merged.least[1]));
  EXPECT_EQ(merged.greatest[2], 3.0F);
  EXPECT_EQ(ui::merged_columns(lane, 10).least.size(), 6U);
}

}  // namespace
}  // namespace yarbus::replay_window_test
