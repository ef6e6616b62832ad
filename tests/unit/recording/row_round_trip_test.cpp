#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "app/recording/recorded_session.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_writer.h"
#include "tests/support/example_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::row_round_trip_test {
namespace {

using namespace std::chrono_literals;
using test::rows_of;
using test::TemporaryFolder;

/// A database with the given rows, read back.
class RowRoundTrip : public testing::Test {
 protected:
  RowRoundTrip() : writer_(make_writer(folder_ / session_file::database)) {}

  static SessionWriter make_writer(const std::filesystem::path& file) {
    auto writer = SessionWriter::create(file);
    if (!writer) throw std::runtime_error(writer.error().to_text());
    SessionInfo info;
    info.end = SessionEnd::finished;
    if (!write_session_info(writer->database(), info)) throw std::runtime_error("no session row");
    return std::move(*writer);
  }
  RecordedSession reopened() {
    auto session = RecordedSession::open(folder_.path());
    if (!session) throw std::runtime_error(session.error().to_text());
    return std::move(*session);
  }

  TemporaryFolder folder_;
  SessionWriter writer_;
};

TEST_F(RowRoundTrip, Frames) {
  FrameRow row{1, 42, 5s, 4s, 6s, 7s, 3, 99};
  FrameRow bare{0, 7, 2s, {}, {}, {}, 0, {}};
  ASSERT_TRUE(writer_.insert(row));
  ASSERT_TRUE(writer_.insert(bare));
  ASSERT_TRUE(writer_.insert(FrameDone{0, 7, 9s}));
  const auto read = test::frames_of(reopened());
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].frame, 7);
  EXPECT_FALSE(read[0].reported_at || read[0].arrived_at || read[0].video_pts);
  EXPECT_EQ(read[0].processed_at, CaptureTime(9s));
  EXPECT_EQ(read[1].camera, 1);
  EXPECT_EQ(read[1].frame, 42);
  EXPECT_EQ(read[1].captured_at, CaptureTime(5s));
  EXPECT_EQ(read[1].reported_at, CaptureTime(4s));
  EXPECT_EQ(read[1].arrived_at, CaptureTime(6s));
  EXPECT_EQ(read[1].processed_at, CaptureTime(7s));
  EXPECT_EQ(read[1].lost_before, 3);
  EXPECT_EQ(read[1].video_pts, 99);
}

TEST_F(RowRoundTrip, PupilsFoundAndMissed) {
  PupilRow found = test::example_pupil(1, 5, 2s);
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j) found.covariance_px2(i, j) = 0.25 * (i + 1) * (j + 1);
  found.lid_closure = 0.125;
  found.in_blink = true;
  PupilRow missed;
  missed.frame = 6;
  missed.captured_at = 3s;
  missed.miss = PupilMissReason::occluded;
  missed.confidence = 0.25;
  PupilRow odd = test::example_pupil(0, 7, 4s);
  odd.confidence = std::numeric_limits<double>::quiet_NaN();
  for (const auto& row : {found, missed, odd}) ASSERT_TRUE(writer_.insert(row));
  const auto read = test::pupils_of(reopened());
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0].camera, 1);
  EXPECT_EQ(read[0].frame, 5);
  EXPECT_FALSE(read[0].miss.has_value());
  EXPECT_EQ(read[0].ellipse.center_px, found.ellipse.center_px);
  EXPECT_EQ(read[0].ellipse.semi_major_px, 30.25);
  EXPECT_EQ(read[0].ellipse.semi_minor_px, 25.125);
  EXPECT_EQ(read[0].ellipse.angle_rad, 0.5);
  EXPECT_EQ(read[0].covariance_px2, found.covariance_px2);
  EXPECT_EQ(read[0].confidence, 0.875);
  EXPECT_EQ(read[0].lid_closure, 0.125);
  EXPECT_TRUE(read[0].in_blink);
  EXPECT_EQ(read[1].miss, PupilMissReason::occluded);
  EXPECT_EQ(read[1].ellipse.semi_major_px, 0.0);
  EXPECT_EQ(read[1].confidence, 0.25);
  EXPECT_FALSE(read[1].lid_closure.has_value());
  EXPECT_TRUE(std::isnan(read[2].confidence)) << "what is not a number stays so";
}

TEST_F(RowRoundTrip, Poses) {
  PoseRow row;
  row.camera = 1;
  row.frame = 8;
  row.captured_at = 2s;
  row.model_version = 17;
  row.pose.eye_center_in_cam_mm = {1, 2, 30};
  row.pose.eyeball_radius_mm = 10.25;
  row.pose.pupil_in_cam = {{4, 5, 20}, {0.6, 0.0, -0.8}, 1.75};
  row.pose.reprojected_ellipse = {{50, 60}, 20, 15, 0.25};
  row.pose.reprojection_error_px = 0.375;
  PoseRow sure = row;
  sure.frame = 9;
  sure.captured_at = 3s;
  sure.pose.uncertainty.emplace();
  sure.pose.uncertainty->gaze_covariance_in_cam << 1, 2, 3, 2, 4, 5, 3, 5, 6;
  sure.pose.uncertainty->pupil_diameter_mm = 0.0625;
  ASSERT_TRUE(writer_.insert(row));
  ASSERT_TRUE(writer_.insert(sure));
  const auto session = reopened();
  const auto read =
      rows_of<PoseRow>([&](const RowVisitor<PoseRow>& visit) { return session.read_poses({}, visit); });
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].model_version, 17U);
  EXPECT_EQ(read[0].pose.eye_center_in_cam_mm, row.pose.eye_center_in_cam_mm);
  EXPECT_EQ(read[0].pose.eyeball_radius_mm, 10.25);
  EXPECT_EQ(read[0].pose.pupil_in_cam.center_in_cam_mm, row.pose.pupil_in_cam.center_in_cam_mm);
  EXPECT_EQ(read[0].pose.gaze_dir_in_cam(), row.pose.gaze_dir_in_cam());
  EXPECT_EQ(read[0].pose.pupil_diameter_mm(), 3.5);
  EXPECT_EQ(read[0].pose.reprojected_ellipse.angle_rad, 0.25);
  EXPECT_EQ(read[0].pose.reprojection_error_px, 0.375);
  EXPECT_FALSE(read[0].pose.uncertainty.has_value());
  ASSERT_TRUE(read[1].pose.uncertainty.has_value());
  EXPECT_EQ(read[1].pose.uncertainty->gaze_covariance_in_cam, sure.pose.uncertainty->gaze_covariance_in_cam);
  EXPECT_EQ(read[1].pose.uncertainty->pupil_diameter_mm, 0.0625);
}

TEST_F(RowRoundTrip, FacesWithOneEyeAndNone) {
  FaceRow row;
  row.frame = 3;
  row.captured_at = 2s;
  row.box = FaceBox{{320, 240}, 150, 0.75};
  HeadPose head;
  head.at = 2s;
  head.cam_from_head.rotation << 0, -1, 0, 1, 0, 0, 0, 0, 1;
  head.cam_from_head.translation_mm = {1, 2, 600};
  head.covariance = PoseCovariance::Identity() * 0.5;
  head.covariance(0, 5) = head.covariance(5, 0) = 0.25;
  head.rms_px = 0.5;
  head.features = 40;
  row.head = head;
  FaceEyeRow eye;
  eye.limbus = {{300, 230}, 8, 7, 0.5};
  eye.iris_dir_in_cam = {0.1, 0.2, 0.9};
  eye.eye_center_in_head_mm = {-31, 1, 2};
  eye.limbus_radius_rad = 0.01;
  eye.openness = 0.75;
  eye.confidence = 0.5;
  row.eyes[1] = eye;
  FaceRow missed;
  missed.frame = 4;
  missed.captured_at = 3s;
  missed.miss = FaceMissReason::turned_away;
  ASSERT_TRUE(writer_.insert(row));
  ASSERT_TRUE(writer_.insert(missed));
  const auto session = reopened();
  const auto read =
      rows_of<FaceRow>([&](const RowVisitor<FaceRow>& visit) { return session.read_faces({}, visit); });
  ASSERT_EQ(read.size(), 2U);
  ASSERT_TRUE(read[0].box && read[0].head && read[0].eyes[1]);
  EXPECT_FALSE(read[0].eyes[0].has_value());
  EXPECT_EQ(read[0].box->size_px, 150);
  EXPECT_EQ(read[0].box->score, 0.75);
  EXPECT_EQ(read[0].head->at, CaptureTime(2s));
  EXPECT_EQ(read[0].head->cam_from_head.rotation, head.cam_from_head.rotation);
  EXPECT_EQ(read[0].head->cam_from_head.translation_mm, head.cam_from_head.translation_mm);
  EXPECT_EQ(read[0].head->covariance, head.covariance);
  EXPECT_EQ(read[0].head->features, 40);
  EXPECT_EQ(read[0].eyes[1]->limbus.center_px, eye.limbus.center_px);
  EXPECT_EQ(read[0].eyes[1]->iris_dir_in_cam, eye.iris_dir_in_cam);
  EXPECT_EQ(read[0].eyes[1]->eye_center_in_head_mm, eye.eye_center_in_head_mm);
  EXPECT_EQ(read[0].eyes[1]->openness, 0.75);
  EXPECT_EQ(read[0].eyes[1]->confidence, 0.5);
  EXPECT_EQ(read[1].miss, FaceMissReason::turned_away);
  EXPECT_FALSE(read[1].box || read[1].head || read[1].eyes[0] || read[1].eyes[1]);
}

TEST_F(RowRoundTrip, Gaze) {
  GazeRow row;
  row.captured_at = 2s;
  row.camera = 1;
  row.frame = 12;
  row.calibration = 3;
  row.gaze.point_in_screen_mm = {120.5, 80.25};
  row.gaze.covariance_mm2 << 4, 1, 1, 9;
  row.gaze.eyes = {false, true};
  row.confidence = 0.5;
  ASSERT_TRUE(writer_.insert(row));
  const auto session = reopened();
  const auto read =
      rows_of<GazeRow>([&](const RowVisitor<GazeRow>& visit) { return session.read_gaze({}, visit); });
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].frame, 12);
  EXPECT_EQ(read[0].calibration, 3);
  EXPECT_EQ(read[0].gaze.point_in_screen_mm, row.gaze.point_in_screen_mm);
  EXPECT_EQ(read[0].gaze.covariance_mm2, row.gaze.covariance_mm2);
  EXPECT_EQ(read[0].gaze.eyes, row.gaze.eyes);
  EXPECT_EQ(read[0].confidence, 0.5);
}

TEST_F(RowRoundTrip, ModelsToTheLastBit) {
  auto row = std::make_shared<ModelRow>();
  row->camera = 1;
  row->made_at = 4s;
  EyeModel& model = row->model;
  model.version = 6;
  model.stage = FitStage::refraction;
  model.intrinsics = CameraIntrinsics::from_focal_length(621.3, 640, 480);
  model.intrinsics.distortion = {0.1, -0.2, 0.003, 0.0, 1e-7};
  model.intrinsics.leds_in_cam_mm = {{10, 0, 0}, {-10, 1, 2}};
  model.intrinsics.is_assumed = true;
  model.eye_center_in_cam_mm = {1.0 / 3.0, -2.0 / 7.0, 38.123456789};
  model.eyeball_radius_mm = 10.1;
  model.anatomy = OpticalAnatomy::from({10.1, 5.4, 7.7, 5.9});
  model.covariance_mm2 = ModelCovariance::Identity() / 3.0;
  model.placements = {{1s, {1, 2, 3}}, {2s, {4, 5, 6}}};
  model.report.was_run = true;
  model.report.failure = FitFailure::diverged;
  model.report.rms_px = 0.1 + 0.2;
  model.report.condition = std::numeric_limits<double>::quiet_NaN();
  model.report.gauge = "depth: \"population\"";
  model.report.from_priors = {"depth", "kappa"};
  model.report.wall_time = 5ms;
  ASSERT_TRUE(writer_.insert(SessionRow(std::shared_ptr<const ModelRow>(row))));
  const auto session = reopened();
  const auto read =
      rows_of<ModelRow>([&](const RowVisitor<ModelRow>& visit) { return session.read_models({}, visit); });
  ASSERT_EQ(read.size(), 1U);
  const EyeModel& back = read[0].model;
  EXPECT_EQ(read[0].made_at, CaptureTime(4s));
  EXPECT_EQ(back.version, 6U);
  EXPECT_EQ(back.stage, FitStage::refraction);
  EXPECT_EQ(back.intrinsics.fx_px, model.intrinsics.fx_px);
  EXPECT_EQ(back.intrinsics.distortion, model.intrinsics.distortion);
  EXPECT_EQ(back.intrinsics.leds_in_cam_mm, model.intrinsics.leds_in_cam_mm);
  EXPECT_TRUE(back.intrinsics.is_assumed);
  EXPECT_EQ(back.eye_center_in_cam_mm, model.eye_center_in_cam_mm);
  EXPECT_EQ(back.anatomy.vector(), model.anatomy.vector());
  EXPECT_EQ(back.covariance_mm2, model.covariance_mm2);
  ASSERT_EQ(back.placements.size(), 2U);
  EXPECT_EQ(back.placements[1].at, CaptureTime(2s));
  EXPECT_EQ(back.placements[1].eye_center_in_cam_mm, model.placements[1].eye_center_in_cam_mm);
  EXPECT_EQ(back.report.failure, FitFailure::diverged);
  EXPECT_EQ(back.report.rms_px, model.report.rms_px);
  EXPECT_TRUE(std::isnan(back.report.condition));
  EXPECT_EQ(back.report.gauge, model.report.gauge);
  EXPECT_EQ(back.report.from_priors, model.report.from_priors);
  EXPECT_EQ(back.report.wall_time, model.report.wall_time);
}

TEST_F(RowRoundTrip, Events) {
  EventRow saccade;
  saccade.kind = EventKind::saccade;
  saccade.id = 4;
  saccade.start = 2s;
  saccade.end = 2s + 40ms;
  saccade.start_in_screen_mm = Eigen::Vector2d(1, 2);
  saccade.end_in_screen_mm = Eigen::Vector2d(3, 4);
  saccade.amplitude_deg = 8.5;
  saccade.peak_velocity_deg_s = 350;
  saccade.details_json = R"({"word":"äé"})";
  EventRow blink;
  blink.id = 1;
  blink.eye = EyeSide::left;
  blink.camera = 1;
  blink.first_frame = 10;
  blink.last_frame = 20;
  blink.start = 1s;
  blink.end = 1s + 150ms;
  blink.max_closure = 0.5;
  blink.confidence = 0.75;
  EventRow fixation;
  fixation.kind = EventKind::fixation;
  fixation.start = 3s;
  fixation.end = 4s;
  fixation.mean_direction = Eigen::Vector3d(0, 0.6, -0.8);
  fixation.dispersion_deg = 0.5;
  for (const auto& row : {saccade, blink, fixation})
    ASSERT_TRUE(writer_.insert(SessionRow(std::make_shared<const EventRow>(row))));
  const auto session = reopened();
  const auto read =
      rows_of<EventRow>([&](const RowVisitor<EventRow>& visit) { return session.read_events({}, visit); });
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0].kind, EventKind::blink);
  EXPECT_EQ(read[0].eye, EyeSide::left);
  EXPECT_EQ(read[0].camera, 1);
  EXPECT_EQ(read[0].first_frame, 10);
  EXPECT_EQ(read[0].last_frame, 20);
  EXPECT_EQ(read[0].max_closure, 0.5);
  EXPECT_EQ(read[0].confidence, 0.75);
  EXPECT_FALSE(read[0].start_in_screen_mm || read[0].mean_direction || read[0].amplitude_deg);
  EXPECT_EQ(read[1].id, 4);
  EXPECT_FALSE(read[1].eye.has_value());
  EXPECT_EQ(read[1].end, CaptureTime(2s + 40ms));
  EXPECT_EQ(*read[1].end_in_screen_mm, Eigen::Vector2d(3, 4));
  EXPECT_EQ(read[1].peak_velocity_deg_s, 350);
  EXPECT_EQ(read[1].details_json, saccade.details_json);
  EXPECT_EQ(*read[2].mean_direction, *fixation.mean_direction);
  EXPECT_EQ(read[2].dispersion_deg, 0.5);
}

TEST_F(RowRoundTrip, GapsCalibrationsAnnotationsSettings) {
  GapRow gap;
  gap.cause = GapCause::write_failed;
  gap.camera = 1;
  gap.first_frame = 5;
  gap.last_frame = 9;
  gap.start = 1s;
  gap.end = 2s;
  gap.frames_lost = 5;
  gap.pictures_lost = 6;
  gap.rows_lost = 7;
  gap.note = "no room";
  ASSERT_TRUE(writer_.insert(gap));
  ASSERT_TRUE(writer_.insert(SessionRow(
      std::make_shared<const CalibrationRow>(CalibrationRow{4, 1s, "nine", 0.5, R"({"format":"x"})"}))));
  ASSERT_TRUE(writer_.insert(
      SessionRow(std::make_shared<const AnnotationRow>(AnnotationRow{0, 2s, 1s, "stimulus on", ""}))));
  ASSERT_TRUE(
      writer_.insert(SessionRow(std::make_shared<const SettingRow>(SettingRow{0, 3s, "stage", "\"edge\""}))));
  const auto session = reopened();
  const auto gaps = session.gaps();
  ASSERT_TRUE(gaps);
  ASSERT_EQ(gaps->size(), 1U);
  EXPECT_EQ(gaps->front().cause, GapCause::write_failed);
  EXPECT_EQ(gaps->front().camera, 1);
  EXPECT_EQ(gaps->front().first_frame, 5);
  EXPECT_EQ(gaps->front().frames_lost, 5);
  EXPECT_EQ(gaps->front().pictures_lost, 6);
  EXPECT_EQ(gaps->front().rows_lost, 7);
  EXPECT_EQ(gaps->front().note, "no room");
  const auto calibrations = session.calibrations();
  ASSERT_TRUE(calibrations);
  ASSERT_EQ(calibrations->size(), 1U);
  EXPECT_EQ(calibrations->front().id, 4);
  EXPECT_EQ(calibrations->front().accuracy_deg, 0.5);
  EXPECT_EQ(calibrations->front().file_json, R"({"format":"x"})");
  const auto annotations = session.annotations();
  ASSERT_TRUE(annotations);
  ASSERT_EQ(annotations->size(), 1U);
  EXPECT_EQ(annotations->front().id, 1) << "the database numbers it";
  EXPECT_EQ(annotations->front().duration, std::chrono::nanoseconds(1s));
  const auto settings = session.settings();
  ASSERT_TRUE(settings);
  ASSERT_EQ(settings->size(), 1U);
  EXPECT_EQ(settings->front().value_json, "\"edge\"");
}

TEST_F(RowRoundTrip, SelectionsByAnalysisCameraAndTime) {
  for (int i = 0; i < 20; ++i) {
    PupilRow row = test::example_pupil(i % 2, i, std::chrono::seconds(i));
    row.analysis = i / 10;
    ASSERT_TRUE(writer_.insert(row));
  }
  const auto session = reopened();
  const auto count = [&](const RowSelection& selection) {
    return rows_of<PupilRow>(
               [&](const RowVisitor<PupilRow>& visit) { return session.read_pupils(selection, visit); })
        .size();
  };
  EXPECT_EQ(count({}), 10U);
  EXPECT_EQ(count({.analysis = 1}), 10U);
  EXPECT_EQ(count({.analysis = 2}), 0U);
  EXPECT_EQ(count({.camera = 1}), 5U);
  EXPECT_EQ(count({.start = 3s, .end = 6s}), 3U);
  int visited = 0;
  ASSERT_TRUE(session.read_pupils({}, [&](const PupilRow&) { return ++visited < 4; }));
  EXPECT_EQ(visited, 4) << "reading stops when it is told to";
}

TEST_F(RowRoundTrip, AnUnknownWordIsAnErrorAndNotARow) {
  ASSERT_TRUE(writer_.insert(test::example_pupil(0, 1, 1s)));
  ASSERT_TRUE(writer_.database().execute("UPDATE pupils SET miss = 'sleepy'"));
  const auto session = reopened();
  const auto read = session.read_pupils({}, [](const PupilRow&) { return true; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::input_unreadable);
  EXPECT_NE(read.error().message.find("pupils"), std::string::npos);
}

}  // namespace
}  // namespace yarbus::row_round_trip_test
