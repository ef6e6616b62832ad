#include "app/viewing/viewing_notes.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yarbus::viewing_notes_test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

ViewingSetup example_setup() {
  ViewingSetup setup;
  setup.plan.name = "Home";
  setup.plan.image = "room.svg";
  setup.plan.tasks = {{"look", 10.0}, {"how old is \"she\"?", 5.0}};
  setup.picture_file = "viewing-picture.svg";
  setup.picture_width_px = 1600;
  setup.picture_height_px = 1000;
  setup.picture = {{49.0, 15.5}, {481.0, 285.5}};
  setup.screen = {530.0, 300.0, 1920, 1080, 600.0};
  return setup;
}

TEST(ViewingSetup, PlacesOnScreenAndPictureAreEachOthersInverse) {
  const ViewingSetup setup = example_setup();
  // The outer edges of the corner pixels.
  EXPECT_TRUE(setup.picture_px({49.0, 15.5}).isApprox(Eigen::Vector2d(-0.5, -0.5), 1e-12));
  EXPECT_TRUE(setup.picture_px({481.0, 285.5}).isApprox(Eigen::Vector2d(1599.5, 999.5), 1e-12));
  EXPECT_TRUE(setup.screen_mm({799.5, 499.5}).isApprox(Eigen::Vector2d(265.0, 150.5), 1e-12));
  for (const Eigen::Vector2d place_mm : {Eigen::Vector2d(0.0, 0.0), Eigen::Vector2d(100.0, 210.25)})
    EXPECT_NEAR((setup.screen_mm(setup.picture_px(place_mm)) - place_mm).norm(), 0.0, 1e-9);
  EXPECT_TRUE(setup.is_on_picture({49.0, 15.5}));
  EXPECT_FALSE(setup.is_on_picture({48.9, 100.0}));
  EXPECT_FALSE(setup.is_on_picture({100.0, 285.6}));
}

TEST(ViewingSetup, AnglesAreThoseSeenFromTheViewingDistance) {
  const ViewingSetup setup = example_setup();
  EXPECT_NEAR(setup.mm_per_deg(), 10.473, 1e-3);
  EXPECT_NEAR(setup.angle_deg({265.0, 150.0}, {265.0 + 600.0, 150.0}), 45.0, 1e-9);
  EXPECT_NEAR(setup.angle_deg({265.0 - 600.0, 150.0}, {265.0 + 600.0, 150.0}), 90.0, 1e-9);
  EXPECT_NEAR(setup.angle_deg({100.0, 40.0}, {100.0, 40.0}), 0.0, 1e-6);
}

TEST(ViewingNotes, TellTheWholeViewing) {
  const ViewingSetup setup = example_setup();
  const PictureShowing first{0, 0, 0, 20s, 30s, ShowingEnd::complete};
  const PictureShowing second{1, 1, 2, 40s, 42s, ShowingEnd::cancelled};
  // A person's marks between them are passed over, whatever they hold.
  const std::vector<ViewingNote> notes{{5s, {}, "mark 1", ""},
                                       viewing_begin_note(setup, 10s),
                                       viewing_picture_note(setup.plan, first),
                                       {25s, {}, "note", R"({"viewing": 3})"},
                                       {26s, {}, "note", "not JSON"},
                                       viewing_picture_note(setup.plan, second),
                                       viewing_end_note(43s, false, "the recording was stopped")};
  EXPECT_EQ(notes[2].label, "picture, task 1: look");
  EXPECT_EQ(notes[2].at, 20s);
  EXPECT_EQ(notes[2].duration, 10s);
  const auto viewings = read_viewing_notes(notes);
  ASSERT_TRUE(viewings) << viewings.error().to_text();
  ASSERT_EQ(viewings->size(), 1U);
  const RecordedViewing& viewing = viewings->front();
  EXPECT_EQ(viewing.began_at, 10s);
  EXPECT_EQ(viewing.setup.plan, setup.plan);
  EXPECT_EQ(viewing.setup.picture_file, setup.picture_file);
  EXPECT_EQ(viewing.setup.picture_width_px, 1600);
  EXPECT_EQ(viewing.setup.picture.low_mm, setup.picture.low_mm);
  EXPECT_EQ(viewing.setup.picture.high_mm, setup.picture.high_mm);
  EXPECT_EQ(viewing.setup.screen.viewing_distance_mm, 600.0);
  ASSERT_EQ(viewing.showings.size(), 2U);
  EXPECT_EQ(viewing.showings[1].task, 1);
  EXPECT_EQ(viewing.showings[1].attempt, 2);
  EXPECT_EQ(viewing.showings[1].start, 40s);
  EXPECT_EQ(viewing.showings[1].end, 42s);
  EXPECT_EQ(viewing.showings[1].how, ShowingEnd::cancelled);
  EXPECT_TRUE(viewing.has_end);
  EXPECT_FALSE(viewing.is_complete);
  EXPECT_EQ(viewing.problem, "the recording was stopped");
}

TEST(ViewingNotes, ARecordingMayHoldNoneOrSeveral) {
  EXPECT_TRUE(read_viewing_notes({})->empty());
  const ViewingSetup setup = example_setup();
  const std::vector<ViewingNote> notes{viewing_begin_note(setup, 10s), viewing_end_note(12s, true, ""),
                                       viewing_begin_note(setup, 20s)};
  const auto viewings = read_viewing_notes(notes);
  ASSERT_EQ(viewings->size(), 2U);
  EXPECT_TRUE((*viewings)[0].is_complete);
  EXPECT_FALSE((*viewings)[1].has_end);
}

TEST(ViewingNotes, BrokenOnesAreNamedAndNotBelieved) {
  const ViewingSetup setup = example_setup();
  const auto complaint = [&](const std::string& details) {
    const std::vector<ViewingNote> notes{viewing_begin_note(setup, 1s), {2s, 1s, "odd", details}};
    const auto read = read_viewing_notes(notes);
    return read ? std::string() : read.error().message;
  };
  EXPECT_THAT(
      complaint(R"({"viewing": "picture", "task": 2, "position": 0, "attempt": 0, "end": "complete"})"),
      testing::AllOf(HasSubstr("\"odd\""), HasSubstr("no such task")));
  EXPECT_THAT(complaint(R"({"viewing": "picture", "task": 0, "position": 0, "attempt": 0, "end": "melted"})"),
              HasSubstr("unknown way"));
  EXPECT_THAT(complaint(R"({"viewing": "picture"})"), HasSubstr("odd"));
  EXPECT_THAT(complaint(R"({"viewing": "dance"})"), HasSubstr("another Yarbus"));
  ViewingSetup flat = setup;
  flat.picture.high_mm = flat.picture.low_mm;
  EXPECT_FALSE(read_viewing_notes(std::vector{viewing_begin_note(flat, 1s)}));
  EXPECT_FALSE(read_viewing_notes(std::vector{viewing_end_note(1s, true, "")})) << "nothing had begun";
}

}  // namespace
}  // namespace yarbus::viewing_notes_test
