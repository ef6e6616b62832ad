#include "app/session/analyse_session.h"

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/recorded_session.h"
#include "app/recording/session_editor.h"
#include "app/session/recorded_frames.h"
#include "calibration/mapping/calibration_file.h"
#include "tests/support/looking_participant.h"
#include "tests/support/simulated_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::analyse_session_test {
namespace {

using test::record_simulated_session;
using test::TemporaryFolder;
using testing::HasSubstr;

constexpr std::uint64_t frames = 90;

AnalysisRequest request_for(const std::filesystem::path& session) {
  AnalysisRequest request;
  request.session = session;
  request.software_version = "test";
  return request;
}

Result<AnalysisOutcome> analyse(const AnalysisRequest& request) {
  return analyse_session(request, [](const TrackProgress&) {}, {});
}

/// Every number of an analysis that a row holds, in order, as text.
std::string rows_text(const std::filesystem::path& folder, AnalysisId analysis) {
  const auto session = RecordedSession::open(folder);
  if (!session) return session.error().to_text();
  std::ostringstream text;
  text.precision(17);
  const RowSelection all{.analysis = analysis};
  EXPECT_TRUE(session->read_pupils(all, [&](const PupilRow& row) {
    text << row.camera << ' ' << row.frame << ' ' << row.captured_at.count() << ' ' << row.miss.has_value()
         << ' ' << row.ellipse.center_px.transpose() << ' ' << row.ellipse.semi_major_px << ' '
         << row.confidence << ' ' << row.in_blink << '\n';
    return true;
  }));
  EXPECT_TRUE(session->read_poses(all, [&](const PoseRow& row) {
    text << row.camera << ' ' << row.frame << ' ' << row.pose.gaze_dir_in_cam().transpose() << ' '
         << row.pose.pupil_diameter_mm() << ' ' << row.pose.eye_center_in_cam_mm.transpose() << '\n';
    return true;
  }));
  EXPECT_TRUE(session->read_gaze(all, [&](const GazeRow& row) {
    text << row.camera << ' ' << row.frame << ' ' << row.captured_at.count() << ' '
         << row.gaze.point_in_screen_mm.transpose() << ' ' << row.calibration.value_or(-1) << '\n';
    return true;
  }));
  EXPECT_TRUE(session->read_events(all, [&](const EventRow& row) {
    text << to_string(row.kind) << ' ' << row.start.count() << ' ' << row.end.count() << ' '
         << row.amplitude_deg.value_or(0.0) << '\n';
    return true;
  }));
  return text.str();
}

std::vector<AnalysisInfo> analyses_of(const std::filesystem::path& folder) {
  const auto session = RecordedSession::open(folder);
  EXPECT_TRUE(session);
  return session ? session->analyses().value() : std::vector<AnalysisInfo>{};
}

/// A calibration for the simulated eyes' cameras, of a participant who sits much like they do.
std::string calibration_text(const TemporaryFolder& folder, int width_px, int height_px) {
  const auto who = testing_support::draw_participant(51);
  SavedCalibration saved;
  saved.name = "Ann";
  saved.setup.screen = who.screen;
  for (auto& camera : saved.setup.cameras)
    camera = CalibrationSetup::Camera{"simulated eye", width_px, height_px};
  saved.samples = testing_support::look_at_places(who, 51, testing_support::nine_places(), 6);
  saved.options.mapper = "polynomial";
  const auto choice = fit_mappers(saved.samples, who.screen, saved.options);
  EXPECT_TRUE(choice);
  EXPECT_TRUE(save_calibration(folder / "calibration.json", saved, *choice));
  std::ifstream stream(folder / "calibration.json");
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(AnalyseSession, FindsAnewBesideWhatIsThereTheSameEachTime) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record_simulated_session(folder / "s", {{}}, frames));
  std::map<int, std::uint64_t> read_in_pass;
  std::uint64_t most = 0;
  const auto first = analyse_session(request_for(folder / "s"),
                                     [&](const TrackProgress& progress) {
                                       ++read_in_pass[progress.pass];
                                       most = std::max(most, progress.frames_done);
                                       EXPECT_EQ(progress.frames_total, frames);
                                     },
                                     {});
  ASSERT_TRUE(first) << first.error().to_text();
  EXPECT_EQ(read_in_pass, (std::map<int, std::uint64_t>{{1, frames}, {2, frames}})) << "few: all count";
  EXPECT_EQ(most, frames);
  EXPECT_EQ(first->analysis, 1);
  EXPECT_EQ(first->frames, frames);
  EXPECT_GT(first->frames_with_gaze, frames * 2 / 3);
  EXPECT_THAT(first->notes,
              testing::ElementsAre(HasSubstr("camera 0: saccades not told: 30.0 samples a second")));
  const std::string text = rows_text(folder / "s", 1);
  EXPECT_GT(std::count(text.begin(), text.end(), '\n'), static_cast<std::ptrdiff_t>(frames) * 5 / 3);
  EXPECT_EQ(rows_text(folder / "s", live_analysis), "");

  const auto skipped = analyse(request_for(folder / "s"));
  ASSERT_TRUE(skipped);
  EXPECT_TRUE(skipped->was_there_already);
  EXPECT_EQ(skipped->analysis, 1);
  EXPECT_EQ(analyses_of(folder / "s").size(), 2U) << "the live one and the first";

  auto again = request_for(folder / "s");
  again.again = true;
  const auto second = analyse(again);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->analysis, 2);
  EXPECT_EQ(rows_text(folder / "s", 2), text);

  auto other = request_for(folder / "s");
  other.tracker.fit.stage = FitStage::unoptimised;
  const auto third = analyse(other);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->analysis, 3) << "other options are another analysis";
  EXPECT_NE(rows_text(folder / "s", 3), text);
  auto newer = request_for(folder / "s");
  newer.software_version = "test 2";
  const auto fourth = analyse(newer);
  ASSERT_TRUE(fourth);
  EXPECT_EQ(fourth->analysis, 4) << "another version is, too";
}

TEST(AnalyseSession, TheFirstPassOfALongerOneLeavesFramesOut) {
  constexpr std::uint64_t more_frames = 251;
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record_simulated_session(folder / "s", {{}}, more_frames));
  std::stop_source stop;
  std::vector<std::uint64_t> done;
  const auto end = analyse_session(
      request_for(folder / "s"),
      [&](const TrackProgress& progress) {
        if (progress.pass == 2) stop.request_stop();
        if (progress.pass == 1) done.push_back(progress.frames_done);
      },
      stop.get_token());
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::interrupted);
  ASSERT_EQ(done.size(), 126U) << "each second: 120 are read at least";
  EXPECT_EQ(done.front(), 2U);
  EXPECT_EQ(done.back(), more_frames);
}

TEST(AnalyseSession, AStopLeavesTheSessionAsItWas) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record_simulated_session(folder / "s", {{}}, frames));
  for (const int stopped_pass : {1, 2}) {
    std::stop_source stop;
    const auto end = analyse_session(
        request_for(folder / "s"),
        [&](const TrackProgress& progress) {
          if (progress.pass == stopped_pass && progress.frames_done == 40) stop.request_stop();
        },
        stop.get_token());
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, ErrorCode::interrupted);
    EXPECT_EQ(analyses_of(folder / "s").size(), 1U);
    EXPECT_EQ(rows_text(folder / "s", 1), "");
  }
  const auto whole = analyse(request_for(folder / "s"));
  ASSERT_TRUE(whole) << "it can be analysed afterwards";
  EXPECT_EQ(whole->analysis, 1);
}

TEST(AnalyseSession, TwoEyesGoTogetherAndAreMappedToTheScreen) {
  const TemporaryFolder folder;
  const auto add_calibration = [&](SessionRecorder& recorder) {
    CalibrationRow row;
    row.name = "Ann";
    row.file_json = calibration_text(folder, 640, 480);
    EXPECT_EQ(recorder.add(row), 1);
  };
  ASSERT_NO_FATAL_FAILURE(record_simulated_session(
      folder / "s",
      {{EyeSide::left, 2, std::chrono::milliseconds(3)}, {EyeSide::right, 1, std::chrono::milliseconds(0)}},
      frames, add_calibration));
  const auto session = RecordedSession::open(folder / "s");
  ASSERT_TRUE(session);
  ASSERT_EQ(session->cameras()[0].width_px, 640) << "or the calibration is for other images";
  const auto done = analyse(request_for(folder / "s"));
  ASSERT_TRUE(done) << done.error().to_text();
  EXPECT_THAT(done->notes, testing::ElementsAre(HasSubstr("camera 1: saccades not told"),
                                                HasSubstr("camera 0: saccades not told")));
  EXPECT_EQ(done->frames, 2 * frames);
  EXPECT_GT(done->gaze_on_screen, frames / 2);
  std::array<int, 2> of_camera{};
  ASSERT_TRUE(session->read_pupils({.analysis = 1}, [&](const PupilRow& row) {
    ++of_camera.at(static_cast<std::size_t>(row.camera));
    return true;
  }));
  EXPECT_EQ(of_camera[0], static_cast<int>(frames));
  EXPECT_EQ(of_camera[1], static_cast<int>(frames));
  int with_both = 0;
  ASSERT_TRUE(session->read_gaze({.analysis = 1}, [&](const GazeRow& row) {
    with_both += row.gaze.uses(EyeSide::right) && row.gaze.uses(EyeSide::left) ? 1 : 0;
    EXPECT_EQ(row.calibration, 1);
    EXPECT_TRUE(row.gaze.point_in_screen_mm.allFinite());
    // The row's frame is there and has its time.
    int met = 0;
    EXPECT_TRUE(session->read_frames(
        {.camera = row.camera, .start = row.captured_at, .end = row.captured_at + CaptureTime(1)},
        [&](const FrameRow& frame) {
          met += frame.frame == row.frame ? 1 : 0;
          return true;
        }));
    EXPECT_EQ(met, 1);
    return true;
  }));
  EXPECT_GT(with_both, static_cast<int>(frames) / 2);

  auto geometric = request_for(folder / "s");
  geometric.mapper = "geometric";
  const auto other = analyse(geometric);
  ASSERT_TRUE(other) << other.error().to_text();
  EXPECT_EQ(other->analysis, 2);
  EXPECT_NE(rows_text(folder / "s", 2), rows_text(folder / "s", 1));
  auto wrong = request_for(folder / "s");
  wrong.mapper = "crystal ball";
  const auto refused = analyse(wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_option);
  EXPECT_THAT(refused.error().to_text(), HasSubstr("polynomial"));
}

TEST(AnalyseSession, RecentresThatWereRecordedHoldFromTheirMomentsOn) {
  const TemporaryFolder folder;
  const Eigen::Vector2d offset_mm(12.5, -3.0);
  const auto half = CaptureTime(1'000'000'000 / 30 * (frames / 2));
  for (const bool is_recentred : {false, true}) {
    const auto add = [&](SessionRecorder& recorder) {
      CalibrationRow row;
      row.name = "Ann";
      row.file_json = calibration_text(folder, 640, 480);
      recorder.add(row);
      if (is_recentred) recorder.add(SettingRow{0, half, "gaze_offset", R"({"x_mm":12.5,"y_mm":-3.0})"});
    };
    ASSERT_NO_FATAL_FAILURE(
        record_simulated_session(folder / (is_recentred ? "with" : "without"), {{}}, frames, add));
  }
  const auto gaze_of = [&](const char* name) {
    std::map<CaptureTime, Eigen::Vector2d> gaze;
    const auto done = analyse(request_for(folder / name));
    EXPECT_TRUE(done) << done.error().to_text();
    const auto tells = testing::Contains(HasSubstr("recentred 1 time while it was recorded"));
    if (done && std::string(name) == "with") {
      EXPECT_THAT(done->notes, tells);
    }
    if (done && std::string(name) == "without") {
      EXPECT_THAT(done->notes, testing::Not(tells));
    }
    const auto session = RecordedSession::open(folder / name);
    EXPECT_TRUE(session->read_gaze({.analysis = 1}, [&](const GazeRow& row) {
      gaze[row.captured_at] = row.gaze.point_in_screen_mm;
      return true;
    }));
    return gaze;
  };
  const auto without = gaze_of("without");
  const auto with = gaze_of("with");
  ASSERT_EQ(without.size(), with.size());
  int before = 0;
  int after = 0;
  for (const auto& [at, point_mm] : without) {
    ASSERT_TRUE(with.contains(at));
    const Eigen::Vector2d moved_mm = point_mm - with.at(at);
    ++(at < half ? before : after);
    EXPECT_LT((moved_mm - (at < half ? Eigen::Vector2d::Zero().eval() : offset_mm)).norm(), 1e-9)
        << at.count();
  }
  EXPECT_GT(before, 10);
  EXPECT_GT(after, 10);
}

TEST(AnalyseSession, ACalibrationOfOtherImagesIsLeftOutAndSaidSo) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record_simulated_session(folder / "s", {{}}, 40, [&](SessionRecorder& recorder) {
    CalibrationRow row;
    row.name = "Ann";
    row.file_json = calibration_text(folder, 1280, 720);
    recorder.add(row);
    row.name = "Torn";
    row.file_json = row.file_json.substr(0, row.file_json.size() / 2);
    recorder.add(row);
  }));
  const auto done = analyse(request_for(folder / "s"));
  ASSERT_TRUE(done) << done.error().to_text();
  EXPECT_EQ(done->gaze_on_screen, 0U);
  EXPECT_THAT(done->notes, testing::ElementsAre(HasSubstr("images of another size"), HasSubstr("not JSON"),
                                                HasSubstr("saccades not told")));
}

TEST(AnalyseSession, WhatCannotBeAnalysedIsSaid) {
  const TemporaryFolder folder;
  const auto missing = analyse(request_for(folder / "none"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::input_missing);
  ASSERT_NO_FATAL_FAILURE(record_simulated_session(folder / "s", {{}}, 10));
  {
    const auto editor = SessionEditor::open(folder / "s");
    ASSERT_TRUE(editor);
    const auto busy = analyse(request_for(folder / "s"));
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().code, ErrorCode::device_busy);
  }
  std::filesystem::remove(folder / "s" / "camera-0.mkv");
  const auto blind = analyse(request_for(folder / "s"));
  ASSERT_FALSE(blind);
  EXPECT_EQ(blind.error().code, ErrorCode::input_missing);
  EXPECT_EQ(analyses_of(folder / "s").size(), 1U);
}

TEST(RecordedFrames, GiveThePicturesWithTheirNumbersAndTimesFromAnyPlace) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(
      record_simulated_session(folder / "s", {{EyeSide::left, 3, std::chrono::milliseconds(7)}}, 12));
  const auto session = RecordedSession::open(folder / "s");
  ASSERT_TRUE(session);
  auto opened = open_recorded_frames(*session, session->cameras()[0]);
  ASSERT_TRUE(opened) << opened.error().to_text();
  EXPECT_EQ(opened->frames->info().frame_count, 12U);
  SimulatedSourceOptions options;
  options.scenario = "easy";
  options.seed = 3;
  options.eye = EyeSide::left;
  options.frames = 12;
  auto original = open_simulated_source(options);
  ASSERT_TRUE(original);
  EXPECT_EQ(opened->intrinsics.fx_px, (*original)->camera().fx_px);
  for (const std::uint64_t from : {0U, 5U}) {
    ASSERT_TRUE(opened->frames->seek(from));
    ASSERT_TRUE((*original)->seek(from));
    for (std::uint64_t i = from; i < 12; ++i) {
      const auto frame = opened->frames->next({});
      const auto expected = (*original)->next({});
      ASSERT_TRUE(frame && *frame != nullptr && expected && *expected != nullptr);
      EXPECT_EQ((*frame)->sequence, i);
      EXPECT_EQ((*frame)->eye, EyeSide::left);
      EXPECT_EQ((*frame)->captured_at, (*expected)->captured_at + std::chrono::milliseconds(7));
      const GrayView a = (*frame)->gray.view();
      const GrayView b = (*expected)->gray.view();
      ASSERT_EQ(a.width_px, b.width_px);
      for (int y = 0; y < a.height_px; ++y)
        ASSERT_TRUE(std::equal(a.row(y), a.row(y) + a.width_px, b.row(y)));
    }
    EXPECT_EQ(*opened->frames->next({}), nullptr);
  }
}

}  // namespace
}  // namespace yarbus::analyse_session_test
