#include "app/session/session_source.h"

#include <fstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/recorded_session.h"
#include "app/session/recognise_mode.h"
#include "tests/support/example_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::session_source_test {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

/// Numbers and times (ms) with lost frames and uneven intervals.
struct Shot {
  std::uint64_t number;
  int at_ms;
};
const std::vector<Shot> shots{{0, 0}, {1, 8}, {2, 17}, {5, 41}, {6, 55}, {9, 80}};

CaptureTime at(const Shot& shot) {
  return std::chrono::seconds(1000) + std::chrono::milliseconds(shot.at_ms);
}

/// One camera an eye; the left one's frames come 3 ms later.
void record(const std::filesystem::path& folder, const std::vector<EyeSide>& eyes, bool with_video = true) {
  RecordingRequest request = test::example_request(folder);
  request.cameras.clear();
  request.options.with_video = with_video;
  for (const EyeSide eye : eyes) {
    SessionCamera camera = test::example_camera();
    camera.eye = eye;
    camera.intrinsics = CameraIntrinsics::from_focal_length(eye == EyeSide::right ? 210.0 : 222.0, 160, 120);
    request.cameras.push_back(camera);
  }
  auto recorder = SessionRecorder::start(std::move(request));
  ASSERT_TRUE(recorder) << recorder.error().to_text();
  GrayImage image(160, 120);
  for (const Shot& shot : shots) {
    for (std::size_t camera = 0; camera < eyes.size(); ++camera) {
      test::draw_example_frame(static_cast<std::int64_t>(shot.number + 100 * camera), image);
      FrameToRecord frame;
      frame.camera = static_cast<int>(camera);
      frame.sequence = shot.number;
      frame.captured_at = at(shot) + std::chrono::milliseconds(eyes[camera] == EyeSide::left ? 3 : 0);
      if (with_video) frame.gray = image.view();
      (*recorder)->add_frame(frame);
    }
  }
  const auto finished = (*recorder)->finish();
  ASSERT_TRUE(finished) << finished.error().to_text();
}

SourceRequest request_for(const std::filesystem::path& folder) {
  SourceRequest request;
  request.location = folder.string();
  return request;
}

bool shows(const Frame& frame, std::uint64_t drawn) {
  GrayImage expected(160, 120);
  test::draw_example_frame(static_cast<std::int64_t>(drawn), expected);
  return test::same_image(frame.gray.view(), expected.view());
}

TEST(SessionSource, AFolderWithASessionIsOneAndOtherFoldersAreNot) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record(folder / "s", {EyeSide::right}));
  std::filesystem::create_directory(folder / "images");
  SourceRequest request = request_for(folder / "s");
  EXPECT_TRUE(names_session(request));
  request.kind = SourceRequest::Kind::image_folder;
  EXPECT_TRUE(names_session(request)) << "whoever chooses a folder need not know";
  request.kind = SourceRequest::Kind::video_file;
  EXPECT_FALSE(names_session(request));
  EXPECT_FALSE(names_session(request_for(folder / "images")));
  EXPECT_FALSE(names_session(request_for("")));
}

TEST(SessionSource, GivesNumbersTimesAndIntrinsicsAsRecordedAndSeeksExactly) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record(folder / "s", {EyeSide::right}));
  auto opened = open_source(request_for(folder / "s"), EyeSide::right, {});
  ASSERT_TRUE(opened) << opened.error().to_text();
  EXPECT_TRUE(opened->frames->info().is_seekable);
  EXPECT_FALSE(opened->frames->info().is_live);
  EXPECT_EQ(opened->frames->info().frame_count, shots.size());
  EXPECT_EQ(opened->intrinsics.fx_px, 210.0);
  EXPECT_EQ(opened->intrinsics_origin, IntrinsicsOrigin::file);
  EXPECT_EQ(opened->mode, TrackingMode::near_eye);
  EXPECT_EQ(opened->remark, "");
  const auto expect_from = [&](std::size_t place) {
    for (; place < shots.size(); ++place) {
      const auto frame = opened->frames->next({});
      ASSERT_TRUE(frame && *frame != nullptr);
      EXPECT_EQ((*frame)->sequence, shots[place].number);
      EXPECT_EQ((*frame)->captured_at, at(shots[place]));
      EXPECT_TRUE(shows(**frame, shots[place].number)) << place;
    }
    EXPECT_EQ(*opened->frames->next({}), nullptr);
  };
  ASSERT_NO_FATAL_FAILURE(expect_from(0));
  for (const std::size_t place : {4U, 1U, 5U, 0U, 3U}) {
    ASSERT_TRUE(opened->frames->seek(place));
    ASSERT_NO_FATAL_FAILURE(expect_from(place));
  }
}

TEST(SessionSource, PlacesAndTimesAreFoundFromOneAnother) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record(folder / "s", {EyeSide::right}));
  const auto opened = open_source(request_for(folder / "s"), EyeSide::right, {});
  ASSERT_TRUE(opened);
  ASSERT_NE(opened->places, nullptr);
  const ReplayPlaces& places = *opened->places;
  EXPECT_EQ(places.size(), shots.size());
  for (std::uint64_t place = 0; place < shots.size(); ++place) {
    EXPECT_EQ(places.place_of(shots[place].number), place);
    EXPECT_EQ(places.time_of(place), at(shots[place]));
    EXPECT_EQ(places.place_at(at(shots[place])), place);
    EXPECT_EQ(places.place_from(at(shots[place])), place);
    EXPECT_EQ(places.place_at(at(shots[place]) + CaptureTime(1)), place);
    EXPECT_EQ(places.place_from(at(shots[place]) - CaptureTime(1)), place);
  }
  EXPECT_EQ(places.place_of(3), 3U) << "frame 3 was lost: the next picture's place";
  EXPECT_EQ(places.place_at(CaptureTime(0)), 0U);
  EXPECT_EQ(places.place_from(std::chrono::hours(9)), shots.size() - 1);
}

TEST(SessionSource, EachEyeHasItsOwnCamera) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record(folder / "s", {EyeSide::left, EyeSide::right}));
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
    const auto opened = open_source(request_for(folder / "s"), eye, {});
    ASSERT_TRUE(opened) << opened.error().to_text();
    EXPECT_EQ(opened->intrinsics.fx_px, eye == EyeSide::right ? 210.0 : 222.0);
    const auto frame = opened->frames->next({});
    ASSERT_TRUE(frame && *frame != nullptr);
    EXPECT_EQ((*frame)->eye, eye);
    EXPECT_TRUE(shows(**frame, eye == EyeSide::left ? 0 : 100)) << "the left eye's camera is number 0";
    EXPECT_EQ((*frame)->captured_at, at(shots[0]) + std::chrono::milliseconds(eye == EyeSide::left ? 3 : 0));
  }
  const auto facts = read_replay_facts((folder / "s").string());
  ASSERT_TRUE(facts);
  EXPECT_THAT(facts->eyes, ElementsAre(EyeSide::left, EyeSide::right));
}

TEST(SessionSource, TheOnlyCameraIsOpenedForEitherEyeAndItIsSaid) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record(folder / "s", {EyeSide::left}));
  const auto opened = open_source(request_for(folder / "s"), EyeSide::right, {});
  ASSERT_TRUE(opened) << opened.error().to_text();
  EXPECT_EQ(opened->remark, "The session was recorded of the left eye");
}

TEST(SessionSource, OtherIntrinsicsAreTakenWhenNamedAndOtherSettingsAreRefused) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record(folder / "s", {EyeSide::right}));
  SourceRequest request = request_for(folder / "s");
  request.focal_px = 333.0;
  const auto opened = open_source(request, EyeSide::right, {});
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->intrinsics.fx_px, 333.0);
  request.rotate_deg = 90;
  request.rate_hz = 30.0;
  const auto refused = open_source(request, EyeSide::right, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_option);
  EXPECT_THAT(refused.error().message, HasSubstr("rotate, rate"));
}

TEST(SessionSource, SaysInWordsWhatCannotBeReplayed) {
  const TemporaryFolder folder;
  SourceRequest missing = request_for(folder / "none");
  missing.kind = SourceRequest::Kind::recorded_session;
  EXPECT_EQ(open_source(missing, EyeSide::right, {}).error().code, ErrorCode::input_missing);

  ASSERT_NO_FATAL_FAILURE(record(folder / "blind", {EyeSide::right}, false));
  const auto blind = open_source(request_for(folder / "blind"), EyeSide::right, {});
  ASSERT_FALSE(blind);
  EXPECT_EQ(blind.error().code, ErrorCode::input_missing);
  EXPECT_THAT(blind.error().message, HasSubstr("without pictures"));

  auto recorder = SessionRecorder::start(test::example_request(folder / "now"));
  ASSERT_TRUE(recorder);
  test::add_example_frames(**recorder, 0, 5);
  const auto busy = open_source(request_for(folder / "now"), EyeSide::right, {});
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code, ErrorCode::device_busy);
  EXPECT_THAT(busy.error().message, HasSubstr("being recorded now"));
  ASSERT_TRUE((*recorder)->finish());
  EXPECT_TRUE(open_source(request_for(folder / "now"), EyeSide::right, {}));

  ASSERT_NO_FATAL_FAILURE(record(folder / "torn", {EyeSide::right}));
  std::ofstream(folder / "torn" / "session.db", std::ios::trunc) << "this is no database";
  const auto torn = open_source(request_for(folder / "torn"), EyeSide::right, {});
  ASSERT_TRUE(torn) << "the video is whole: " << torn.error().to_text();
  EXPECT_THAT(torn->remark, HasSubstr("Only the pictures can be read"));
}

TEST(SessionSource, TrimMarksAreKeptWithTheSession) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(record(folder / "s", {EyeSide::right}));
  const std::string place = (folder / "s").string();
  EXPECT_EQ(read_replay_facts(place)->trim, TrimMarks{});
  for (const TrimMarks& marks :
       {TrimMarks{at(shots[1]), at(shots[4])}, TrimMarks{std::nullopt, at(shots[3])}, TrimMarks{}}) {
    ASSERT_TRUE(keep_trim(place, marks));
    EXPECT_EQ(read_replay_facts(place)->trim, marks);
  }
  const auto session = RecordedSession::open(folder / "s");
  ASSERT_TRUE(session);
  EXPECT_EQ(session->settings()->size(), 1U) << "the last one replaces those before";
}

}  // namespace
}  // namespace yarbus::session_source_test
