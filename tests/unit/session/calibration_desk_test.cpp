#include "app/session/calibration_desk.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/simulated_participant.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::calibration_desk_test {
namespace {

using support::ParticipantFault;
using support::ParticipantOptions;
using support::SimulatedParticipant;
using testing::HasSubstr;

/// Two cameras, and what was asked of them.
class FakeSurroundings : public CalibrationSurroundings {
 public:
  std::array<std::optional<CalibrationSetup::Camera>, 2> cameras{CalibrationSetup::Camera{"cam 0", 400, 400},
                                                                 CalibrationSetup::Camera{"cam 1", 400, 400}};
  FitStage fitted = FitStage::refraction;
  std::atomic<int> frozen = 0;
  std::atomic<int> released = 0;

  std::optional<CalibrationSetup::Camera> camera(EyeSide side) const override {
    return cameras[index_of(side)];
  }
  std::optional<SourceRequest> simulated_eye(EyeSide) const override { return std::nullopt; }
  bool is_simulated(EyeSide) const override { return false; }
  bool is_webcam() const override { return false; }
  FitStage stage(EyeSide) const override { return fitted; }
  bool is_frozen(EyeSide) const override { return false; }
  void open(EyeSide, const SourceRequest&) override {}
  void freeze(EyeSide, bool freezes) override { ++(freezes ? frozen : released); }
  void steer(EyeSide, const SimulationControls&) override {}
  void show_to_face(const std::optional<Eigen::Vector2d>&) override {}
};

class CalibrationDeskTest : public testing::Test {
 protected:
  static constexpr int rate_hz = 120;

  void sit_down(ParticipantFault fault = ParticipantFault::none, double fault_s = 8.0) {
    ParticipantOptions options;
    options.fault = fault;
    options.fault_s = fault_s;
    participant_.emplace(options);
    request_.screen = options.screen;
    request_.seed = 3;
  }
  [[nodiscard]] CaptureTime now() const { return CaptureTime(frame_ * 1'000'000'000LL / rate_hz); }
  /// One frame of both eyes, handled when this returns; a target asked for is shown at once.
  void step(const std::optional<Eigen::Vector2d>& looked_at = std::nullopt) {
    ++frame_;
    const CalibrationSnapshot view = desk_.snapshot();
    std::optional<support::VisibleTarget> visible;
    if (view.target && shows_targets_) {
      if (view.target->step == TargetStep::requested) desk_.target_shown(view.target->target, now());
      visible =
          support::VisibleTarget{view.target->target, view.target->point, view.target->position_in_screen_mm};
    } else if (looked_at) {
      visible = support::VisibleTarget{-1, -1, *looked_at};
    }
    const ProcedureFrame frame = participant_->look(now(), visible);
    for (const EyeSide side : eye_sides) {
      desk_.processed(side, EyeGlance{now(), frame.rays.eye(side), frame.status[index_of(side)]});
      ++pushed_;
    }
    while (desk_.glances_handled() < pushed_) std::this_thread::yield();
  }
  bool step_until(const std::function<bool(const CalibrationSnapshot&)>& reached, double limit_s) {
    for (const long long end = frame_ + static_cast<long long>(limit_s * rate_hz); frame_ < end; step()) {
      if (reached(desk_.snapshot())) return true;
    }
    return false;
  }
  bool run(double limit_s = 120.0) {
    return step_until([](const CalibrationSnapshot& view) { return view.phase == ProcedurePhase::gate; },
                      1.0) &&
           step_until([](const CalibrationSnapshot& view) { return view.phase == ProcedurePhase::done; },
                      limit_s);
  }
  /// Commands are carried out before frames.
  void settle() {
    step();
    step();
  }
  bool was_told(const std::string& text) const {
    for (const Notice& notice : notices_.after(0)) {
      if (notice.text.find(text) != std::string::npos) return true;
    }
    return false;
  }
  [[nodiscard]] std::string all_notices() const {
    std::string all;
    for (const Notice& notice : notices_.after(0)) all += notice.text + '\n';
    return all;
  }

  test::TemporaryFolder folder_;
  FakeSurroundings surroundings_;
  NoticeBoard notices_;
  std::optional<SimulatedParticipant> participant_;
  CalibrationRequest request_;
  bool shows_targets_ = true;
  CalibrationDesk desk_{surroundings_, notices_, folder_.path() / "calibrations"};

 private:
  long long frame_ = 0;
  std::uint64_t pushed_ = 0;
};

TEST_F(CalibrationDeskTest, CalibratesValidatesKeepsAndMaps) {
  sit_down();
  request_.name = "Ann, lab 2";
  desk_.start(request_);
  ASSERT_TRUE(run()) << all_notices();
  const CalibrationResultPtr result = desk_.snapshot().result;
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(result->name, "Ann, lab 2");
  EXPECT_EQ(result->grade, CalibrationGrade::good) << result->verdict;
  ASSERT_TRUE(result->both.accuracy_deg);
  EXPECT_LT(*result->both.accuracy_deg, 1.0);
  EXPECT_EQ(result->both.targets, 4);
  EXPECT_EQ(result->errors.size(), 4U);
  for (const ValidationErrorView& error : result->errors) EXPECT_TRUE(error.error_deg);
  EXPECT_EQ(result->points.size(), 13U);
  EXPECT_EQ(result->mappers.size(), 3U);
  for (const MapperView& mapper : result->mappers) EXPECT_TRUE(mapper.validated_deg) << mapper.name;
  EXPECT_EQ(std::filesystem::path(result->path).filename(), "Ann-lab-2.json");
  EXPECT_LT(result->duration_s, 60.0);

  // Gaze on the screen is where the participant looks, and its region is of that size.
  const Eigen::Vector2d place(300.0, 120.0);
  double off_mm = 0.0;
  int seen = 0;
  for (int i = 0; i < 2 * rate_hz; ++i) {
    step(place);
    const ScreenGazeSnapshot gaze = desk_.gaze();
    ASSERT_TRUE(gaze.is_calibrated);
    if (i < rate_hz || !gaze.latest) continue;
    off_mm += (gaze.latest->filtered_in_screen_mm - participant_->gaze_in_screen_mm()).norm();
    EXPECT_GT(gaze.latest->sigma_mm, 0.5);
    EXPECT_LT(gaze.latest->sigma_mm, 30.0);
    ++seen;
  }
  ASSERT_GT(seen, rate_hz / 2);
  EXPECT_LT(off_mm / seen, 10.0);
}

TEST_F(CalibrationDeskTest, ListsLoadsComparesRenamesAndRefits) {
  sit_down();
  desk_.start(request_);
  ASSERT_TRUE(run());
  const CalibrationResultPtr first = desk_.snapshot().result;
  auto saved = desk_.list_saved();
  ASSERT_EQ(saved.size(), 1U);
  EXPECT_EQ(saved[0].why_not, "");
  EXPECT_EQ(saved[0].accuracy_deg, first->both.accuracy_deg);

  desk_.use_mapper("polynomial");
  desk_.rename("with a polynomial");
  settle();
  const CalibrationResultPtr second = desk_.snapshot().result;
  EXPECT_EQ(second->name, "with a polynomial");
  for (const MapperView& mapper : second->mappers) EXPECT_EQ(mapper.is_chosen, mapper.name == "polynomial");
  EXPECT_NE(second->both.accuracy_deg, first->both.accuracy_deg);

  desk_.forget();
  settle();
  EXPECT_EQ(desk_.snapshot().result, nullptr);
  EXPECT_FALSE(desk_.gaze().is_calibrated);
  desk_.load(saved[0].path);
  settle();
  ASSERT_NE(desk_.snapshot().result, nullptr) << all_notices();
  EXPECT_EQ(desk_.snapshot().result->name, "with a polynomial");
  EXPECT_NEAR(*desk_.snapshot().result->both.accuracy_deg, *second->both.accuracy_deg, 1e-6);
  EXPECT_NE(desk_.look_at(saved[0].path), nullptr);

  for (const std::string& which : {saved[0].path, std::string()}) {
    const auto copy = folder_.path() / "copy.json";
    desk_.export_json(which, copy.string());
    settle();
    EXPECT_NE(desk_.look_at(copy.string()), nullptr) << which;
    std::filesystem::remove(copy);
    desk_.export_json(which, (folder_.path() / "no folder" / "copy.json").string());
  }
  settle();
  EXPECT_TRUE(was_told("the calibration cannot be exported")) << all_notices();

  desk_.remove(saved[0].path);
  EXPECT_TRUE(desk_.list_saved().empty());
}

TEST_F(CalibrationDeskTest, RefusesACalibrationOfAnotherCameraAndOneThatIsBroken) {
  sit_down();
  desk_.start(request_);
  ASSERT_TRUE(run());
  const std::string path = desk_.snapshot().result->path;
  surroundings_.cameras[0]->width_px = 640;
  EXPECT_THAT(desk_.list_saved().at(0).why_not, HasSubstr("640x400"));
  desk_.restart(EyeSide::right);
  settle();
  EXPECT_TRUE(was_told("no longer in force")) << all_notices();
  EXPECT_FALSE(desk_.gaze().is_calibrated);
  desk_.load(path);
  settle();
  EXPECT_FALSE(desk_.gaze().is_calibrated);

  surroundings_.cameras[0]->width_px = 400;
  desk_.load(path);
  settle();
  EXPECT_TRUE(desk_.gaze().is_calibrated);
  const std::string broken = (folder_.path() / "broken.json").string();
  std::ofstream(broken) << "{\"format\": \"yarbus calib";
  desk_.load(broken);
  settle();
  EXPECT_TRUE(was_told("ends too early")) << all_notices();
  EXPECT_TRUE(desk_.gaze().is_calibrated) << "the one in force stays so";
}

TEST_F(CalibrationDeskTest, AnAbortedOneLeavesThePreviousInForce) {
  sit_down();
  desk_.start(request_);
  ASSERT_TRUE(run());
  const CalibrationResultPtr before = desk_.snapshot().result;
  desk_.start(request_);
  ASSERT_TRUE(step_until([](const auto& view) { return view.progress > 0.3 && view.target; }, 60.0));
  desk_.abort();
  settle();
  EXPECT_EQ(desk_.snapshot().phase, ProcedurePhase::aborted);
  EXPECT_EQ(desk_.snapshot().result, before);
}

TEST_F(CalibrationDeskTest, SeesTheCameraSlipAndRecentres) {
  sit_down(ParticipantFault::slippage, 60.0);
  desk_.start(request_);
  ASSERT_TRUE(run(50.0)) << "before the slip";
  const Eigen::Vector2d middle(260.0, 160.0);
  const auto drift = [&] { return desk_.gaze().drift; };
  EXPECT_FALSE(drift().is_drifted);
  double slipped_s = 0.0;
  for (int i = 0; i < 60 * rate_hz && !drift().has_center_moved; ++i) {
    step(middle);
    slipped_s = std::chrono::duration<double>(now()).count() - 60.0;
  }
  EXPECT_TRUE(drift().has_center_moved);
  EXPECT_LT(slipped_s, 5.0);
  EXPECT_THAT(drift().text, HasSubstr("slipped"));

  desk_.check_one_point(true);
  ASSERT_TRUE(run()) << all_notices();
  EXPECT_TRUE(was_told("Recentred")) << all_notices();
  EXPECT_TRUE(desk_.gaze().is_recentred);
  double off_mm = 0.0;
  int seen = 0;
  for (int i = 0; i < 2 * rate_hz; ++i) {
    step(middle);
    if (i < rate_hz || !desk_.gaze().latest) continue;
    off_mm += (desk_.gaze().latest->filtered_in_screen_mm - participant_->gaze_in_screen_mm()).norm();
    ++seen;
  }
  ASSERT_GT(seen, 0);
  EXPECT_LT(off_mm / seen, 10.5) << "1 degree at 600 mm";
  EXPECT_FALSE(drift().has_center_moved);
  desk_.use_mapper("polynomial");
  settle();
  EXPECT_TRUE(desk_.gaze().is_recentred) << "the camera has slipped for every mapper";
}

TEST_F(CalibrationDeskTest, ShowsOnePointAgainButNotOfAnotherCalibration) {
  sit_down();
  desk_.start(request_);
  ASSERT_TRUE(run());
  const std::string path = desk_.snapshot().result->path;
  const auto is_done = [](const CalibrationSnapshot& view) { return view.phase == ProcedurePhase::done; };
  desk_.redo(3);
  settle();
  EXPECT_EQ(desk_.snapshot().phase, ProcedurePhase::calibration);
  ASSERT_TRUE(step_until(is_done, 20.0)) << all_notices();
  EXPECT_EQ(desk_.snapshot().result->points.at(3).attempts, 2);
  EXPECT_EQ(desk_.snapshot().result->path, path) << "the same calibration, mended";
  EXPECT_EQ(desk_.list_saved().size(), 1U);

  desk_.load(path);
  desk_.redo(3);
  settle();
  EXPECT_EQ(desk_.snapshot().phase, ProcedurePhase::done);
  EXPECT_TRUE(was_told("cannot be shown again")) << all_notices();
}

TEST_F(CalibrationDeskTest, ClicksCountOnlyWhenAllowed) {
  sit_down();
  desk_.start(request_);
  ASSERT_TRUE(run());
  const Eigen::Vector2d place(150.0, 100.0);
  for (int i = 0; i < rate_hz; ++i) step(place);
  desk_.clicked(place, now());
  settle();
  EXPECT_EQ(desk_.gaze().drift.known_targets, 0);
  desk_.use_clicks(true);
  for (int click = 0; click < 4; ++click) {
    for (int i = 0; i < rate_hz; ++i) step(place);
    desk_.clicked(place, now());
  }
  settle();
  EXPECT_GE(desk_.gaze().drift.known_targets, 3);
  EXPECT_FALSE(desk_.gaze().drift.is_drifted);
  EXPECT_FALSE(desk_.gaze().is_recentred);
}

TEST_F(CalibrationDeskTest, ClicksThatAgreeRecentreAndOneStrayClickDoesNot) {
  sit_down();
  desk_.start(request_);
  ASSERT_TRUE(run());
  desk_.use_clicks(true);
  const Eigen::Vector2d looked_at(150.0, 100.0);
  const Eigen::Vector2d off_mm(45.0, -20.0);  // 4.7 deg
  const auto click_at = [&](const Eigen::Vector2d& place) {
    for (int i = 0; i < rate_hz; ++i) step(looked_at);
    desk_.clicked(place, now());
    settle();
  };
  const auto gaze_mm = [&] { return desk_.gaze().latest->measured.point_in_screen_mm; };
  for (int i = 0; i < 4; ++i) click_at(looked_at);
  click_at(looked_at + off_mm);
  EXPECT_FALSE(desk_.gaze().is_recentred) << "that one was made without looking";
  for (int i = 0; i < 6; ++i) click_at(looked_at + off_mm);
  EXPECT_TRUE(desk_.gaze().is_recentred);
  EXPECT_TRUE(was_told("Recentred by your clicks: gaze was off by 4.")) << all_notices();
  for (int i = 0; i < rate_hz; ++i) step(looked_at);
  settle();
  EXPECT_LT((gaze_mm() - looked_at - off_mm).norm(), 15.0);
  desk_.undo_recentre();
  for (int i = 0; i < rate_hz; ++i) step(looked_at);
  settle();
  EXPECT_LT((gaze_mm() - looked_at).norm(), 15.0);
}

TEST_F(CalibrationDeskTest, CalibratesARegionAnewAndKeepsTheRest) {
  sit_down();
  desk_.start(request_);
  ASSERT_TRUE(run());
  const int samples = desk_.snapshot().result->samples;
  const auto count = [](const CalibrationResult& of, bool is_validation) {
    return std::count_if(of.points.begin(), of.points.end(),
                         [&](const PointView& point) { return point.is_validation == is_validation; });
  };
  request_.layout = TargetLayout::five;
  request_.region = ScreenRegion{{0.0, 0.0}, {170.0, 110.0}};
  const CalibrationResultPtr first = desk_.snapshot().result;
  const auto& before = first->points;
  const auto checked_outside = std::count_if(before.begin(), before.end(), [](const PointView& point) {
    return point.is_validation && (point.position_in_screen_mm.array() > Eigen::Array2d(170.0, 110.0)).any();
  });
  desk_.start(request_);
  ASSERT_TRUE(run()) << all_notices();
  const CalibrationResultPtr result = desk_.snapshot().result;
  EXPECT_GT(result->samples, samples / 2);
  EXPECT_LT(*result->both.accuracy_deg, 1.2);
  // Eight of nine places outside the corner, and the five in it, beside the two sets of validation points.
  EXPECT_EQ(result->layout, TargetLayout::five);
  EXPECT_GE(result->both.targets, 7);
  EXPECT_EQ(count(*result, false), 8 + 5);
  for (std::size_t i = 0; i < result->points.size(); ++i)
    EXPECT_EQ(result->points[i].point, static_cast<int>(i));
  // Without a check of its own, the check of the rest still stands.
  request_.validation_points = 0;
  desk_.start(request_);
  ASSERT_TRUE(run()) << all_notices();
  EXPECT_EQ(count(*desk_.snapshot().result, true), checked_outside);
  EXPECT_TRUE(desk_.snapshot().result->both.accuracy_deg);
}

TEST_F(CalibrationDeskTest, ALongNameIsCutBetweenCharacters) {
  sit_down();
  request_.name = std::string(199, 'a') + "\u00e4\u00e4";
  desk_.start(request_);
  ASSERT_TRUE(run());
  EXPECT_EQ(desk_.snapshot().result->name, std::string(199, 'a'));
}

TEST_F(CalibrationDeskTest, SaysWhyItCannotStart) {
  sit_down();
  surroundings_.cameras = {};
  desk_.start(request_);
  desk_.check_one_point(false);
  desk_.use_mapper("geometric");
  desk_.accept();
  settle();
  EXPECT_TRUE(was_told("no eye is being watched"));
  EXPECT_TRUE(was_told("not calibrated"));
  EXPECT_TRUE(was_told("no calibration is under way"));
  EXPECT_EQ(desk_.snapshot().phase, ProcedurePhase::idle);
  surroundings_.cameras[0] = CalibrationSetup::Camera{"cam 0", 400, 400};
  request_.screen.width_mm = 0.0;
  desk_.start(request_);
  settle();
  EXPECT_EQ(desk_.snapshot().phase, ProcedurePhase::idle);
}

TEST_F(CalibrationDeskTest, ModelsFittedAsAWholeAreHeldStillMeanwhile) {
  surroundings_.fitted = FitStage::edge;
  sit_down();
  desk_.start(request_);
  ASSERT_TRUE(step_until([](const auto& view) { return view.phase == ProcedurePhase::calibration; }, 20.0));
  settle();
  EXPECT_EQ(surroundings_.frozen, 2);
  EXPECT_EQ(surroundings_.released, 0);
  ASSERT_TRUE(step_until([](const auto& view) { return view.phase == ProcedurePhase::done; }, 120.0));
  EXPECT_EQ(surroundings_.released, 2);
}

TEST_F(CalibrationDeskTest, AFolderThatCannotBeWrittenIsToldAndTheCalibrationUsed) {
  std::ofstream(folder_.path() / "calibrations") << "a file where the folder should be";
  sit_down();
  desk_.start(request_);
  ASSERT_TRUE(run());
  EXPECT_TRUE(was_told("cannot be made")) << all_notices();
  EXPECT_TRUE(desk_.gaze().is_calibrated);
  EXPECT_EQ(desk_.snapshot().result->path, "");
}

}  // namespace
}  // namespace yarbus::calibration_desk_test
