#include "app/session/measure_session.h"

#include <cmath>
#include <fstream>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/session_recorder.h"
#include "calibration/mapping/calibration_file.h"
#include "calibration/validation/data_quality.h"
#include "eyemodel/types/angle.h"
#include "tests/support/looking_participant.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::measure_session_test {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double exact = 1e-6;

CaptureTime at_ms(std::int64_t ms) { return std::chrono::seconds(1000) + std::chrono::milliseconds(ms); }

/// Frame `n` of the near-eye camera, every 10 ms.
PupilRow pupil(std::int64_t n) {
  PupilRow row;
  row.frame = n;
  row.captured_at = at_ms(10 * n);
  row.ellipse = {{50.0, 40.0}, 12.0, 11.0, 0.5};
  row.confidence = 0.9;
  return row;
}

/// Gaze towards the camera, turned by these angles to the image's left and up.
PoseRow pose(std::int64_t n, double azimuth_deg, double elevation_deg) {
  const double azimuth = azimuth_deg / deg_per_rad;
  const double elevation = elevation_deg / deg_per_rad;
  PoseRow row;
  row.frame = n;
  row.captured_at = at_ms(10 * n);
  row.pose.eye_center_in_cam_mm = Eigen::Vector3d(0.0, 0.0, 35.0);
  row.pose.eyeball_radius_mm = 10.4;
  row.pose.pupil_in_cam.normal_in_cam =
      Eigen::Vector3d(-std::cos(elevation) * std::sin(azimuth), -std::sin(elevation),
                      -std::cos(elevation) * std::cos(azimuth));
  row.pose.pupil_in_cam.radius_mm = 2.0;
  return row;
}

EventRow fixation(std::int64_t id, std::int64_t first, std::int64_t last) {
  EventRow row;
  row.kind = EventKind::fixation;
  row.id = id;
  row.camera = 0;
  row.start = at_ms(10 * first);
  row.end = at_ms(10 * last);
  return row;
}

RecordingRequest request_for(const std::filesystem::path& folder) {
  RecordingRequest request;
  request.folder = folder;
  request.name = "known";
  request.participant = "P1";
  request.software_version = "test";
  request.options.reserve_mib = 1;
  request.options.with_video = false;
  request.hooks.free_bytes = [](const std::filesystem::path&) { return std::uintmax_t{1} << 40U; };
  SessionCamera eye;
  eye.name = "eye camera";
  eye.width_px = 96;
  eye.height_px = 80;
  eye.nominal_rate_hz = 100.0;
  request.cameras.push_back(eye);
  return request;
}

void add_frame(SessionRecorder& recorder, int camera, std::int64_t n, CaptureTime at) {
  static const GrayImage image(96, 80);
  FrameToRecord frame;
  frame.camera = camera;
  frame.sequence = static_cast<std::uint64_t>(n);
  frame.captured_at = at;
  frame.gray = image.view();
  recorder.add_frame(frame);
}

/// Frames 0 to 11 without 4 and 5; no pupil in 1; a blink in 10 and 11.
void record_known(const std::filesystem::path& folder) {
  auto request = request_for(folder);
  SessionCamera webcam = request.cameras[0];
  webcam.name = "webcam";
  webcam.view = CameraView::webcam;
  request.cameras.push_back(webcam);
  auto recorder = SessionRecorder::start(std::move(request));
  ASSERT_TRUE(recorder) << recorder.error().to_text();
  for (std::int64_t n = 0; n < 12; ++n) {
    if (n == 4 || n == 5) continue;
    add_frame(**recorder, 0, n, at_ms(10 * n));
    PupilRow row = pupil(n);
    if (n == 1) {
      row.miss = PupilMissReason::low_contrast;
      row.ellipse = {};
    }
    row.in_blink = n >= 10;
    (*recorder)->add(row);
  }
  // Gaze in frame 8 was not found, so only one step counts: from frame 6 to 7.
  (*recorder)->add(pose(6, 0.0, 0.0));
  (*recorder)->add(pose(7, 1.0, 1.0));
  (*recorder)->add(pose(9, 3.0, 0.0));
  (*recorder)->add(pose(11, 20.0, 0.0));
  (*recorder)->add(fixation(0, 6, 9));
  (*recorder)->add(fixation(1, 11, 12));
  for (std::int64_t n = 0; n < 4; ++n) {
    add_frame(**recorder, 1, n, at_ms(33 * n));
    FaceRow row;
    row.camera = 1;
    row.frame = n;
    row.captured_at = at_ms(33 * n);
    if (n == 2) row.miss = FaceMissReason::eyes_closed;
    if (n != 2) row.eyes[static_cast<std::size_t>(n % 2)] = FaceEyeRow{};
    (*recorder)->add(row);
  }
  GapRow gap;
  gap.cause = GapCause::queue_full;
  gap.camera = 0;
  gap.start = at_ms(20);
  gap.end = at_ms(30);
  gap.pictures_lost = 3;
  gap.rows_lost = 4;
  (*recorder)->add(gap);
  const auto finished = (*recorder)->finish();
  ASSERT_TRUE(finished) << finished.error().to_text();
}

Result<SessionQualityReport> measure(const std::filesystem::path& folder,
                                     AnalysisId analysis = live_analysis) {
  const auto session = RecordedSession::open(folder);
  if (!session) return session.error();
  return measure_session(*session, analysis);
}

TEST(MeasureSession, FramesIntervalsAndLossAreThoseCountedByHand) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record_known(folder / "s"));
  const auto report = measure(folder / "s");
  ASSERT_TRUE(report) << report.error().to_text();
  EXPECT_EQ(report->name, "known");
  EXPECT_EQ(report->participant, "P1");
  EXPECT_EQ(report->end, "finished");
  EXPECT_THAT(report->notes, ElementsAre(HasSubstr("Camera 1: saccades not told: 30.3 samples a second")));
  EXPECT_THAT(report->calibrations, IsEmpty());
  ASSERT_EQ(report->cameras.size(), 2U);
  const CameraQuality& eye = report->cameras[0];
  ASSERT_TRUE(eye.pupil_size.has_value());
  const PupilSizeQuality& size = *eye.pupil_size;
  EXPECT_EQ(size.frames, 10);
  EXPECT_GE(size.missing, 6) << "four frames have a pose";
  EXPECT_EQ(size.valid + size.missing + size.in_blink + size.speed_outliers + size.isolated, 10);
  EXPECT_THAT(eye.saccades.saccades, IsEmpty());
  EXPECT_EQ(eye.saccades.miss, "") << "100 Hz are enough";
  EXPECT_FALSE(report->cameras[1].pupil_size.has_value());
  EXPECT_FALSE(eye.is_webcam);
  EXPECT_EQ(eye.frames, 10);
  EXPECT_EQ(eye.frames_lost, 2);
  EXPECT_EQ(eye.looked_at, 10);
  EXPECT_EQ(eye.valid, 7) << "without frame 1, 10 and 11";
  EXPECT_EQ(eye.in_blink, 2);
  EXPECT_NEAR(eye.duration_s, 0.12, exact) << "from 0 to 110 ms and one interval of 10 ms";
  EXPECT_NEAR(eye.frame_rate_hz, 10 / 0.12, 1e-3);
  EXPECT_NEAR(eye.effective_rate_hz, 7 / 0.12, 1e-3);
  EXPECT_NEAR(eye.data_loss_percent, 100.0 * 5 / 12, exact);
  EXPECT_NEAR(eye.median_interval_ms, 10.0, exact);
  EXPECT_NEAR(eye.p95_interval_ms, 30.0, exact);
  EXPECT_NEAR(eye.longest_interval_ms, 30.0, exact);
  EXPECT_NEAR(eye.interval_bin_ms, 0.5, exact);
  ASSERT_EQ(eye.interval_counts.size(), 60U);
  EXPECT_EQ(eye.interval_counts[20], 8);
  EXPECT_EQ(eye.interval_counts[59], 1) << "30 ms is longer than the last bar's beginning";
  std::int64_t counted = 0;
  for (const auto count : eye.interval_counts) counted += count;
  EXPECT_EQ(counted, 9);
  std::vector<double> shares;
  for (const auto& share : eye.valid_shares) {
    if (share) shares.push_back(*share);
  }
  EXPECT_EQ(eye.valid_shares.size(), 60U);
  EXPECT_THAT(shares, ElementsAre(1, 0, 1, 1, 1, 1, 1, 1, 0, 0)) << "2 ms a piece";
}

TEST(MeasureSession, PrecisionIsThatOfTheFixationsWithoutStepsOverLostGaze) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record_known(folder / "s"));
  const auto report = measure(folder / "s");
  ASSERT_TRUE(report) << report.error().to_text();
  const auto& precision = report->cameras.at(0).precision;
  ASSERT_TRUE(precision);
  EXPECT_EQ(precision->fixations, 1) << "the second has one gaze alone";
  EXPECT_NEAR(precision->window_s, 0.04, exact);
  // Azimuth 0, 1, 3 deg and elevation 0, 1, 0 deg: variances 14/9 and 2/9, covariance -1/9.
  EXPECT_NEAR(precision->rms_s2s_deg, std::numbers::sqrt2, exact);
  EXPECT_NEAR(precision->std_deg, 4.0 / 3.0, exact);
  EXPECT_NEAR(precision->bcea_deg2, 2.0 * std::log(1.0 / 0.32) * std::numbers::pi * std::sqrt(1.0 / 3.0),
              exact);
}

TEST(MeasureSession, WebcamsCountEyesAndCausesAreToldApart) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record_known(folder / "s"));
  const auto report = measure(folder / "s");
  ASSERT_TRUE(report) << report.error().to_text();
  const CameraQuality& webcam = report->cameras.at(1);
  EXPECT_TRUE(webcam.is_webcam);
  EXPECT_EQ(webcam.frames, 4);
  EXPECT_EQ(webcam.valid, 3) << "one eye is enough";
  EXPECT_EQ(webcam.in_blink, 1);
  EXPECT_NEAR(webcam.data_loss_percent, 25.0, exact);
  EXPECT_FALSE(webcam.precision);
  ASSERT_EQ(report->losses.size(), 2U);
  EXPECT_EQ(report->losses[0].cause, "queue_full");
  EXPECT_EQ(report->losses[0].pictures_lost, 3);
  EXPECT_EQ(report->losses[0].rows_lost, 4);
  EXPECT_EQ(report->losses[1].cause, "source");
  EXPECT_EQ(report->losses[1].gaps, 1);
  EXPECT_EQ(report->losses[1].frames_lost, 2);
}

TEST(MeasureSession, SaysWhereThereIsNothingToMeasure) {
  const TemporaryFolder folder;
  auto request = request_for(folder / "s");
  request.options.with_results = false;
  auto recorder = SessionRecorder::start(std::move(request));
  ASSERT_TRUE(recorder) << recorder.error().to_text();
  for (std::int64_t n = 0; n < 5; ++n) add_frame(**recorder, 0, n, at_ms(10 * n));
  ASSERT_TRUE((*recorder)->finish());
  const auto report = measure(folder / "s");
  ASSERT_TRUE(report) << report.error().to_text();
  EXPECT_EQ(report->cameras.at(0).data_loss_percent, 100.0);
  EXPECT_FALSE(report->cameras[0].precision);
  EXPECT_THAT(report->notes, ElementsAre(HasSubstr("analyse the session first")));
  const auto other = measure(folder / "s", 7);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::invalid_option);
  EXPECT_THAT(other.error().message, HasSubstr("no analysis 7"));
}

TEST(MeasureSession, AccuracyIsThatOfTheCalibrationAtItsValidation) {
  const TemporaryFolder folder;
  const auto who = testing_support::draw_participant(51);
  SavedCalibration saved;
  saved.name = "Ann";
  saved.setup.screen = who.screen;
  saved.setup.cameras[0] = CalibrationSetup::Camera{"eye camera", 96, 80};
  saved.samples = testing_support::look_at_places(who, 51, testing_support::nine_places(), 6);
  saved.validation = testing_support::look_at_places(who, 52, testing_support::nine_places(), 6);
  saved.options.mapper = "polynomial";
  const auto choice = fit_mappers(saved.samples, who.screen, saved.options);
  ASSERT_TRUE(choice) << choice.error().to_text();
  ASSERT_TRUE(save_calibration(folder / "calibration.json", saved, *choice));
  std::ifstream stream(folder / "calibration.json");
  CalibrationRow row;
  row.name = "Ann";
  row.file_json = {std::istreambuf_iterator<char>(stream), {}};
  auto recorder = SessionRecorder::start(request_for(folder / "s"));
  ASSERT_TRUE(recorder) << recorder.error().to_text();
  for (std::int64_t n = 0; n < 5; ++n) add_frame(**recorder, 0, n, at_ms(10 * n));
  (*recorder)->add(row);
  ASSERT_TRUE((*recorder)->finish());

  const auto report = measure(folder / "s");
  ASSERT_TRUE(report) << report.error().to_text();
  ASSERT_EQ(report->calibrations.size(), 1U) << testing::PrintToString(report->notes);
  const ScreenQuality& screen = report->calibrations[0];
  const QualityReport expected =
      measure_quality(choice->mapper(), saved.validation, choice->eyes_in_screen_mm);
  EXPECT_EQ(screen.name, "Ann");
  EXPECT_EQ(screen.mapper, "polynomial");
  ASSERT_TRUE(screen.both && screen.both->accuracy_deg);
  EXPECT_EQ(screen.both->targets, 9);
  EXPECT_NEAR(*screen.both->accuracy_deg, expected.both.accuracy_deg.value(), 1e-3);
  EXPECT_NEAR(screen.both->window_s, expected.both.window_s, exact);
  EXPECT_NEAR(screen.mean_accuracy_of_eyes_deg.value(), expected.mean_accuracy_of_eyes_deg.value(), 1e-3);
  EXPECT_LT(*screen.both->accuracy_deg, 5.0);
}

}  // namespace
}  // namespace yarbus::measure_session_test
