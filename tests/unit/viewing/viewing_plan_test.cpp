#include "app/viewing/viewing_plan.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/viewing/json_lines.h"
#include "app/viewing/viewing_plan_file.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::viewing_plan_test {
namespace {

using testing::HasSubstr;

ViewingPlan example() {
  ViewingPlan plan;
  plan.name = "Two questions";
  plan.image = "room.svg";
  plan.tasks = {{"Look at the picture", 10.0}, {"How old is \"each\" of them?", 0.5}, {"日本 – ö", 90.25}};
  plan.instruction_s = 3.5;
  plan.waits_for_key = true;
  plan.order = TaskOrder::shuffled;
  plan.seed = 18'000'000'000'000'000'000ULL;
  return plan;
}

std::string complaint(const std::string& text) {
  const auto plan = viewing_plan_from_json(text);
  return plan ? "" : plan.error().message;
}

TEST(ViewingPlan, IsTheSameAfterAFile) {
  const auto again = viewing_plan_from_json(viewing_plan_json(example()));
  ASSERT_TRUE(again) << again.error().to_text();
  EXPECT_EQ(*again, example());
}

TEST(ViewingPlan, WhatIsNotGivenHasItsDefault) {
  const auto plan = viewing_plan_from_json(
      R"({"format": "yarbus-viewing-plan", "version": 1, "image": "a.png", "tasks": []})");
  ASSERT_TRUE(plan) << plan.error().to_text();
  EXPECT_EQ(plan->instruction_s, ViewingPlan().instruction_s);
  EXPECT_EQ(plan->order, TaskOrder::as_given);
  EXPECT_FALSE(plan->waits_for_key);
}

TEST(ViewingPlan, RefusalsNameTheLineAndTheReason) {
  const std::string head =
      "{\n\"format\": \"yarbus-viewing-plan\",\n\"version\": 1,\n\"image\": \"a.png\",\n";
  const std::string tasks = "\"tasks\": [\n  {\"text\": \"look\", \"seconds\": 5}\n]";
  ASSERT_EQ(complaint(head + tasks + "}"), "");
  EXPECT_EQ(complaint(head + tasks + ",\n\n\"colour\": 3}"),
            "line 9: the plan has an unknown key \"colour\"");
  EXPECT_EQ(complaint(head + "\"tasks\": [\n{\"text\": \"look\", \"seconds\": 5},\n{\"text\": \"look\",\n"
                             "\"minutes\": 5,\n\"seconds\": 5}]}"),
            "line 8: \"tasks/1\" has an unknown key \"minutes\"");
  EXPECT_EQ(complaint(head + "\"tasks\": [\n{\"text\": \"look\",\n\"seconds\": \"5\"}]}"),
            "line 7: \"tasks/0/seconds\" is not a number");
  EXPECT_EQ(complaint(head + "\"tasks\": [\n{\"text\": \"look\"}]}"),
            "line 6: \"tasks/0\" has no \"seconds\"");
  EXPECT_EQ(complaint(head + tasks + ",\n\"order\": \"random\"}"),
            "line 8: \"order\" is neither \"as_given\" nor \"shuffled\"");
  EXPECT_EQ(complaint(head + tasks + ",\n\"seed\": -1}"),
            "line 8: \"seed\" is not a whole number of 0 or more");
  EXPECT_EQ(complaint(head + tasks + ",\n\"seed\": 1,\n\"seed\": 2}"), "line 8: \"seed\" is there twice");
  EXPECT_EQ(complaint(head + tasks + ",\n\"seed\": }"), "line 8: this is not JSON");
  EXPECT_EQ(complaint(""), "line 1: this is not JSON");
  EXPECT_EQ(complaint("[]"), "line 1: the plan is not of the form {\"key\": value, ...}");
  EXPECT_THAT(complaint("{\n\"format\": \"a\",\n\"version\": 1, \"image\": \"a\", \"tasks\": []}"),
              HasSubstr("line 2: \"format\" is not \"yarbus-viewing-plan\""));
  EXPECT_THAT(
      complaint("{\"format\": \"yarbus-viewing-plan\",\n\"version\": 2, \"image\": \"a\", \"tasks\": []}"),
      HasSubstr("line 2: \"version\" is not 1"));
}

TEST(ViewingPlan, AllFaultsOfAPlanAreTold) {
  ASSERT_TRUE(example().validate());
  ViewingPlan plan = example();
  plan.image = "  ";
  plan.tasks[0].text = "\n";
  plan.tasks[1].seconds = 0.4;
  plan.tasks[2].seconds = std::numeric_limits<double>::quiet_NaN();
  plan.instruction_s = -1.0;
  const auto valid = plan.validate();
  ASSERT_FALSE(valid);
  for (const char* part : {"no picture", "task 1 has no text", "task 2 lasts 0.4 s", "task 3 lasts nan s",
                           "the task is shown for -1 s"})
    EXPECT_THAT(valid.error().message, HasSubstr(part));
  plan = example();
  plan.tasks.clear();
  EXPECT_THAT(plan.validate().error().message, HasSubstr("there is no task"));
  plan.tasks.assign(viewing_bounds::most_tasks + 1, {"look", 5.0});
  EXPECT_THAT(plan.validate().error().message, HasSubstr("51 tasks, 50 at most"));
}

TEST(ViewingPlan, AShuffledOrderHoldsEveryTaskOnceAndIsTheSeeds) {
  ViewingPlan plan = example();
  plan.tasks.assign(7, {"look", 5.0});
  plan.seed = 1;
  const auto first = plan.task_order();
  EXPECT_EQ(first, plan.task_order());
  EXPECT_THAT(first, testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5, 6));
  // Of another seed it is another one; not of every one, so several are tried.
  int others = 0;
  for (std::uint64_t seed = 2; seed < 12; ++seed) {
    plan.seed = seed;
    others += plan.task_order() != first ? 1 : 0;
  }
  EXPECT_GE(others, 9);
  plan.order = TaskOrder::as_given;
  EXPECT_THAT(plan.task_order(), testing::ElementsAre(0, 1, 2, 3, 4, 5, 6));
}

TEST(ViewingPlan, APictureBesideThePlanMovesWithIt) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "one" / "pictures");
  ViewingPlan plan = example();
  plan.image = (folder / "one" / "pictures" / "room.svg").string();
  ASSERT_TRUE(save_viewing_plan(folder / "one" / "plan.json", plan));
  EXPECT_FALSE(std::filesystem::exists(folder / "one" / "plan.json.part"));
  std::filesystem::rename(folder / "one", folder / "two");
  const auto moved = load_viewing_plan(folder / "two" / "plan.json");
  ASSERT_TRUE(moved) << moved.error().to_text();
  EXPECT_EQ(moved->image, (folder / "two" / "pictures" / "room.svg").string());
  // A picture elsewhere stays where it is.
  plan.image = (folder / "room.svg").string();
  ASSERT_TRUE(save_viewing_plan(folder / "two" / "plan.json", plan));
  EXPECT_EQ(load_viewing_plan(folder / "two" / "plan.json")->image, plan.image);
}

TEST(ViewingPlan, FilesThatCannotBeReadOrWrittenSayWhich) {
  const test::TemporaryFolder folder;
  const auto gone = load_viewing_plan(folder / "gone.json");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::input_missing);
  EXPECT_THAT(gone.error().context, HasSubstr("gone.json"));
  std::ofstream(folder / "broken.json") << "{\n\n\"format\"";
  const auto broken = load_viewing_plan(folder / "broken.json");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::input_unreadable);
  EXPECT_THAT(broken.error().to_text(), testing::AllOf(HasSubstr("broken.json"), HasSubstr("line 3")));
  const auto unwritten = save_viewing_plan(folder / "no" / "plan.json", example());
  ASSERT_FALSE(unwritten);
  EXPECT_EQ(unwritten.error().code, ErrorCode::output_unwritable);
}

TEST(JsonLines, CountsThroughStringsListsAndEscapes) {
  const std::string text = "{ \"a\": [1,\n\"x}\\\"]\",\n{\"b\":\ntrue}],\n\"c\": null}";
  const JsonLines lines = find_json_lines(text);
  EXPECT_EQ(lines.line_of.at("/a"), 1);
  EXPECT_EQ(lines.line_of.at("/a/0"), 1);
  EXPECT_EQ(lines.line_of.at("/a/1"), 2);
  EXPECT_EQ(lines.line_of.at("/a/2/b"), 3);
  EXPECT_EQ(lines.line_of.at("/c"), 5);
  EXPECT_TRUE(lines.repeated.empty());
  EXPECT_EQ(line_at("a\nb\nc", 4), 3);
  EXPECT_EQ(line_at("a", 99), 1);
}

}  // namespace
}  // namespace yarbus::viewing_plan_test
