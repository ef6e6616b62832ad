#include "app/viewing/viewing_run.h"

#include <gtest/gtest.h>

namespace yarbus::viewing_run_test {
namespace {

using namespace std::chrono_literals;

ViewingPlan two_tasks() {
  ViewingPlan plan;
  plan.image = "room.svg";
  plan.tasks = {{"look", 10.0}, {"how old?", 5.0}};
  plan.instruction_s = 4.0;
  return plan;
}

class ViewingRunTest : public testing::Test {
 protected:
  void begin(const ViewingPlan& plan) {
    auto made = ViewingRun::create(plan);
    ASSERT_TRUE(made) << made.error().to_text();
    run.emplace(std::move(*made));
    run->start(now);
  }
  ViewingRunView view() { return run->view(now); }
  /// The page that is wanted is on the screen.
  void show() { run->page_shown(view().page, now); }
  void pass(CaptureTime time) {
    now += time;
    run->advance(now);
  }
  /// Goes on until the picture is on the screen.
  void show_picture() {
    if (view().phase == ViewingPhase::instruction) {
      show();
      pass(4s);
    }
    ASSERT_EQ(view().phase, ViewingPhase::picture);
    show();
  }

  CaptureTime now = 1000s;
  std::optional<ViewingRun> run;
};

TEST_F(ViewingRunTest, ShowsEachTaskAndThenItsPicture) {
  begin(two_tasks());
  EXPECT_EQ(view().phase, ViewingPhase::instruction);
  EXPECT_EQ(view().tasks, 2);
  show();
  EXPECT_DOUBLE_EQ(view().time_left_s, 4.0);
  pass(3999ms);
  EXPECT_EQ(view().phase, ViewingPhase::instruction);
  pass(1ms);
  EXPECT_EQ(view().phase, ViewingPhase::picture);
  show();
  const CaptureTime shown = now;
  pass(10s);
  EXPECT_EQ(view().phase, ViewingPhase::instruction);
  EXPECT_EQ(view().task, 1);
  const auto first = run->take_showings();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].task, 0);
  EXPECT_EQ(first[0].start, shown);
  EXPECT_EQ(first[0].end - first[0].start, 10s);
  EXPECT_EQ(first[0].how, ShowingEnd::complete);
  EXPECT_TRUE(run->take_showings().empty()) << "each is told once";
  show_picture();
  pass(5s);
  EXPECT_EQ(view().phase, ViewingPhase::done);
  EXPECT_FALSE(run->is_under_way());
  EXPECT_EQ(run->take_showings().size(), 1U);
}

TEST_F(ViewingRunTest, APagesTimeRunsOnlyFromWhenItIsSeen) {
  begin(two_tasks());
  pass(100s);
  EXPECT_EQ(view().phase, ViewingPhase::instruction) << "nobody has seen it yet";
  EXPECT_FALSE(view().is_shown);
  run->page_shown(view().page + 1, now);
  EXPECT_FALSE(view().is_shown) << "that was another page";
  show();
  const CaptureTime first = now;
  now += 2s;
  show();
  EXPECT_NEAR(view().time_left_s, 2.0, 1e-9) << "a page is shown once";
  run->advance(first + 4s);
  EXPECT_EQ(view().phase, ViewingPhase::picture);
}

TEST_F(ViewingRunTest, APauseTakesThePictureAwayAndBeginsTheTaskAnew) {
  begin(two_tasks());
  show_picture();
  pass(3s);
  run->pause(now);
  EXPECT_EQ(view().phase, ViewingPhase::paused);
  pass(1000s);
  EXPECT_EQ(view().phase, ViewingPhase::paused);
  run->pause(now);
  run->accept(now);
  EXPECT_EQ(view().phase, ViewingPhase::paused);
  run->resume(now);
  EXPECT_EQ(view().phase, ViewingPhase::instruction);
  EXPECT_EQ(view().task, 0);
  show_picture();
  pass(10s);
  const auto showings = run->take_showings();
  ASSERT_EQ(showings.size(), 2U);
  EXPECT_EQ(showings[0].how, ShowingEnd::paused);
  EXPECT_EQ(showings[0].end - showings[0].start, 3s);
  EXPECT_EQ(showings[0].attempt, 0);
  EXPECT_EQ(showings[1].how, ShowingEnd::complete);
  EXPECT_EQ(showings[1].attempt, 1);
}

TEST_F(ViewingRunTest, SkippingGoesToTheNextTaskAlsoOutOfAPause) {
  begin(two_tasks());
  run->skip(now);
  EXPECT_EQ(view().task, 1);
  EXPECT_TRUE(run->take_showings().empty()) << "its picture was not shown";
  show_picture();
  pass(2s);
  run->pause(now);
  run->skip(now);
  EXPECT_EQ(view().phase, ViewingPhase::done);
  ASSERT_EQ(run->take_showings().size(), 1U);

  begin(two_tasks());
  show_picture();
  pass(2s);
  run->skip(now);
  const auto skipped = run->take_showings();
  ASSERT_EQ(skipped.size(), 1U);
  EXPECT_EQ(skipped[0].how, ShowingEnd::skipped);
}

TEST_F(ViewingRunTest, CancellingKeepsWhatWasShown) {
  begin(two_tasks());
  show_picture();
  pass(2s);
  run->cancel(now);
  EXPECT_EQ(view().phase, ViewingPhase::cancelled);
  const auto showings = run->take_showings();
  ASSERT_EQ(showings.size(), 1U);
  EXPECT_EQ(showings[0].how, ShowingEnd::cancelled);
  EXPECT_EQ(showings[0].end - showings[0].start, 2s);
  for (auto act : {&ViewingRun::accept, &ViewingRun::pause, &ViewingRun::resume, &ViewingRun::skip,
                   &ViewingRun::cancel, &ViewingRun::start}) {
    (*run.*act)(now);
    EXPECT_EQ(view().phase, ViewingPhase::cancelled);
  }
}

TEST_F(ViewingRunTest, AKeyOrNoTextAtAllLeadsToThePicture) {
  ViewingPlan plan = two_tasks();
  plan.waits_for_key = true;
  begin(plan);
  show();
  EXPECT_TRUE(view().waits_for_key);
  pass(1000s);
  EXPECT_EQ(view().phase, ViewingPhase::instruction);
  run->accept(now);
  EXPECT_EQ(view().phase, ViewingPhase::picture);
  run->accept(now);
  EXPECT_EQ(view().phase, ViewingPhase::picture) << "the key takes no picture away";
  plan.waits_for_key = false;
  plan.instruction_s = 0.0;
  begin(plan);
  EXPECT_EQ(view().phase, ViewingPhase::picture);
}

TEST_F(ViewingRunTest, TheOrderIsThePlans) {
  ViewingPlan plan = two_tasks();
  plan.tasks.assign(6, {"look", 1.0});
  plan.order = TaskOrder::shuffled;
  plan.seed = 4;
  plan.instruction_s = 0.0;
  begin(plan);
  std::vector<int> shown;
  for (int i = 0; i < 6; ++i) {
    show_picture();
    pass(1s);
  }
  for (const PictureShowing& showing : run->take_showings()) shown.push_back(showing.task);
  EXPECT_EQ(shown, plan.task_order());
  EXPECT_EQ(view().phase, ViewingPhase::done);
}

TEST(ViewingRun, APlanThatIsNotValidIsRefused) {
  EXPECT_FALSE(ViewingRun::create({}));
  for (const ShowingEnd end :
       {ShowingEnd::complete, ShowingEnd::skipped, ShowingEnd::paused, ShowingEnd::cancelled})
    EXPECT_EQ(showing_end_from_string(to_string(end)), end);
  EXPECT_FALSE(showing_end_from_string("unknown"));
}

}  // namespace
}  // namespace yarbus::viewing_run_test
