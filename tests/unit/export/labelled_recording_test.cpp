#include "app/export/labelled_recording.h"

#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <signal.h>
#include <sys/resource.h>

#include "app/export/csv_text.h"
#include "app/export/label_table.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::labelled_recording_test {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* meta_text =
    R"({"K": {"fx": 300, "fy": 301, "cx": 31.5, "cy": 23.5, "width": 64, "height": 48},
        "distortion": "none", "fps": 25, "made_by": {"another": "renderer"}})";

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

/// A recording as another program might have written it.
std::filesystem::path foreign(const TemporaryFolder& folder, const std::string& table,
                              const std::string& meta = meta_text) {
  const auto recording = folder / "foreign";
  write(recording / "gt.csv", table);
  write(recording / "meta.json", meta);
  write(recording / "frames/0000.png", "not read here");
  write(recording / "frames/0001.png", "not read here");
  return recording;
}

Error error_of(const Result<LabelledRecording>& result) {
  return result ? Error{ErrorCode::internal, "there was no error", "", ""} : result.error();
}

SimulatedTruth truth_of(int frame) {
  SimulatedTruth truth;
  truth.time_s = frame / 60.0;
  truth.eye_center_in_cam_mm = {1.25, -2.5, 40.0 + frame};
  truth.eyeball_radius_mm = 11.9;
  truth.optical_axis_in_cam = Eigen::Vector3d(0.1 * frame, -0.2, -0.9).normalized();
  truth.visual_axis_in_cam = Eigen::Vector3d(0.2, -0.2, -0.9).normalized();
  truth.pupil_in_cam.center_in_cam_mm = {1.0, 2.0, 30.0};
  truth.pupil_in_cam.radius_mm = 1.75;
  truth.pupil_ellipse = {{30.125, 20.25}, 9.5, 7.25, 2.5};
  truth.pupil_ellipse_residual_px = 0.125;
  truth.limbus_ellipse = {{30.0, 20.0}, 29.5, 27.25, 1.5};
  truth.visible_fraction = 0.75;
  truth.closure = 0.25;
  truth.in_blink = frame == 1;
  return truth;
}

GrayImage image_of(int frame) {
  GrayImage image(64, 48);
  for (int y = 0; y < 48; ++y)
    for (int x = 0; x < 64; ++x) image.row(y)[x] = static_cast<std::uint8_t>(3 * x + y + frame);
  return image;
}

CameraIntrinsics camera() {
  auto intrinsics = CameraIntrinsics::from_focal_length(310.25, 64, 48);
  intrinsics.distortion = {0.01, -0.02, 0.003, 0.0004, 0.0};
  intrinsics.leds_in_cam_mm = {{9.0, 5.0, -2.0}, {-9.0, -6.5, -2.0}};
  return intrinsics;
}

void expect_near(const std::optional<Eigen::Vector3d>& read, const std::optional<Eigen::Vector3d>& expected,
                 double tolerance) {
  ASSERT_TRUE(read.has_value() && expected.has_value());
  EXPECT_LT((*read - *expected).norm(), tolerance);
}

TEST(CsvText, SplitsWhatOtherProgramsWrite) {
  EXPECT_THAT(split_csv_line("a, b ,,d\r"), ElementsAre("a", "b", "", "d"));
  EXPECT_THAT(split_csv_line("a,"), ElementsAre("a", ""));
  EXPECT_THAT(split_csv_line(R"("a,b" , "say ""x""","",c)"), ElementsAre("a,b", R"(say "x")", "", "c"));
  EXPECT_THAT(split_csv_line(R"(a,"never closed)"), ElementsAre("a", "never closed"));
}

TEST(CsvText, NumbersHaveOneFormAndAbsentOnesNone) {
  std::string text;
  for (const double value : {-1e-9, 1.5, std::nan(""), -std::numeric_limits<double>::infinity(), -2.0}) {
    put_number(text, value, 2);
    text += '|';
  }
  EXPECT_EQ(text, "0.00|1.50|||-2.00|");
}

TEST(LabelledRecording, WrittenAndReadBackIsTheSame) {
  const TemporaryFolder folder;
  const auto path = folder / "new/recording";
  {
    auto writer = LabelledRecordingWriter::create(path, camera(), 60.0, "three frames of \"nothing\"");
    ASSERT_TRUE(writer) << writer.error().to_text();
    for (int frame = 0; frame < 3; ++frame) ASSERT_TRUE(writer->add(image_of(frame).view(), truth_of(frame)));
    EXPECT_FALSE(std::filesystem::exists(path / "gt.csv"));
    ASSERT_TRUE(writer->close());
  }
  EXPECT_FALSE(std::filesystem::exists(path / "gt.csv.part"));
  const auto recording = read_labelled_recording(path);
  ASSERT_TRUE(recording) << recording.error().to_text();
  EXPECT_EQ(recording->name, "recording");
  EXPECT_EQ(recording->images, path / "frames");
  EXPECT_EQ(recording->rate_hz, 60.0);
  EXPECT_EQ(recording->intrinsics.camera_matrix(), camera().camera_matrix());
  EXPECT_EQ(recording->intrinsics.distortion, camera().distortion);
  EXPECT_EQ(recording->intrinsics.leds_in_cam_mm, camera().leds_in_cam_mm);
  EXPECT_FALSE(recording->intrinsics.is_assumed);
  ASSERT_EQ(recording->labels.size(), 3U);
  for (int frame = 0; frame < 3; ++frame) {
    const FrameLabel& label = recording->labels[static_cast<std::size_t>(frame)];
    const FrameLabel expected = label_from(static_cast<std::uint64_t>(frame), truth_of(frame));
    EXPECT_EQ(label.frame, static_cast<std::uint64_t>(frame));
    EXPECT_NEAR(*label.time_s, *expected.time_s, 1e-6);
    expect_near(label.eye_center_in_cam_mm, expected.eye_center_in_cam_mm, 1e-5);
    expect_near(label.gaze_dir_in_cam, expected.gaze_dir_in_cam, 1e-8);
    expect_near(label.pupil_center_in_cam_mm, expected.pupil_center_in_cam_mm, 1e-5);
    EXPECT_EQ(label.pupil_radius_mm, 1.75);
    ASSERT_TRUE(label.pupil_ellipse);
    EXPECT_EQ(label.pupil_ellipse->center_px, Eigen::Vector2d(30.125, 20.25));
    EXPECT_EQ(label.pupil_ellipse->semi_major_px, 9.5);
    EXPECT_EQ(label.pupil_ellipse->semi_minor_px, 7.25);
    EXPECT_EQ(label.pupil_ellipse->angle_rad, 2.5);
    EXPECT_EQ(label.visible_fraction, 0.75);
    EXPECT_EQ(label.in_blink, frame == 1);

    char name[32];
    std::snprintf(name, sizeof name, "frames/%04d.png", frame);
    const cv::Mat pixels = cv::imread((path / name).string(), cv::IMREAD_UNCHANGED);
    const GrayImage original = image_of(frame);
    ASSERT_EQ(pixels.type(), CV_8UC1);
    ASSERT_EQ(pixels.size(), cv::Size(64, 48));
    EXPECT_EQ(cv::norm(pixels, cv::Mat(48, 64, CV_8UC1, const_cast<std::uint8_t*>(original.data()))), 0.0);
  }
}

TEST(LabelledRecording, TruthBecomesALabel) {
  const FrameLabel label = label_from(7, truth_of(1));
  EXPECT_EQ(label.frame, 7U);
  EXPECT_EQ(label.time_s, truth_of(1).time_s);
  EXPECT_EQ(label.eye_center_in_cam_mm, truth_of(1).eye_center_in_cam_mm);
  expect_near(label.gaze_dir_in_cam, truth_of(1).optical_axis_in_cam, 1e-12);
  EXPECT_EQ(label.pupil_center_in_cam_mm, truth_of(1).pupil_in_cam.center_in_cam_mm);
  EXPECT_EQ(label.in_blink, true);
  SimulatedTruth unseen = truth_of(0);
  unseen.pupil_ellipse = {};
  EXPECT_FALSE(label_from(0, unseen).pupil_ellipse);
}

TEST(LabelledRecording, HeaderNamesEveryColumnOfTheFormat) {
  std::vector<std::string> names;
  for (const LabelColumn& column : label_columns()) names.emplace_back(column.name);
  for (const char* name : {"frame", "t_s", "eye_x", "eye_y", "eye_z", "gaze_x", "gaze_y", "gaze_z", "pupil_x",
                           "pupil_y", "pupil_z", "pupil_r", "ell_cx", "ell_cy", "ell_a", "ell_b",
                           "ell_angle_rad", "visible_fraction", "blink"}) {
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
  }
}

TEST(LabelledRecording, ReadsForeignTables) {
  const TemporaryFolder folder;
  const auto recording =
      read_labelled_recording(foreign(folder,
                                      "\xEF\xBB\xBF"
                                      "note, blink ,frame,gaze_x,gaze_y,gaze_z,ell_cx,ell_cy,ell_a,ell_b,"
                                      "ell_angle_rad,eye_x,eye_y,visible_fraction\r\n"
                                      "\"a, b\",1,5,0,0,-2,10,20,4,6,0.25,1,2,1.0002\r\n"
                                      "\r\n"
                                      "c,False, 3.0 ,nan,NaN,n/a,10,20,6,,-0.25,1,2,\r\n"
                                      "d,,4,,,,10,20,+6,4,-0.25,1,2,1e-1"));
  ASSERT_TRUE(recording) << recording.error().to_text();
  EXPECT_EQ(recording->name, "foreign");
  EXPECT_EQ(recording->rate_hz, 25.0);
  EXPECT_EQ(recording->intrinsics.fy_px, 301.0);
  ASSERT_EQ(recording->labels.size(), 3U);

  const FrameLabel& incomplete = recording->labels[0];  // rows come in the order of their frames
  EXPECT_EQ(incomplete.frame, 3U);
  EXPECT_EQ(incomplete.in_blink, false);
  EXPECT_FALSE(incomplete.gaze_dir_in_cam);
  EXPECT_FALSE(incomplete.pupil_ellipse) << "ell_b is empty";
  EXPECT_FALSE(incomplete.visible_fraction);
  EXPECT_FALSE(incomplete.eye_center_in_cam_mm) << "there is no column eye_z";
  EXPECT_FALSE(incomplete.time_s);
  EXPECT_FALSE(incomplete.pupil_radius_mm);

  EXPECT_FALSE(recording->labels[1].in_blink);
  EXPECT_EQ(recording->labels[1].visible_fraction, 0.1);
  EXPECT_NEAR(recording->labels[1].pupil_ellipse->angle_rad, std::numbers::pi - 0.25, 1e-12);

  const FrameLabel& swapped = recording->labels[2];
  EXPECT_EQ(swapped.frame, 5U);
  EXPECT_EQ(swapped.in_blink, true);
  EXPECT_EQ(swapped.gaze_dir_in_cam, Eigen::Vector3d(0, 0, -1));
  EXPECT_EQ(swapped.visible_fraction, 1.0);
  ASSERT_TRUE(swapped.pupil_ellipse);
  EXPECT_EQ(swapped.pupil_ellipse->semi_major_px, 6.0);
  EXPECT_EQ(swapped.pupil_ellipse->semi_minor_px, 4.0);
  EXPECT_NEAR(swapped.pupil_ellipse->angle_rad, 0.25 + std::numbers::pi / 2.0, 1e-12);
}

TEST(LabelledRecording, NamesWhatIsWrongInATable) {
  struct Fault {
    const char* table;
    ErrorCode code;
    std::vector<const char*> words;
  };
  const std::vector<Fault> faults{
      {"", ErrorCode::input_empty, {"gt.csv"}},
      {"frame,t_s\n", ErrorCode::input_empty, {"gt.csv", "no rows"}},
      {"t_s,eye_x\n1,2\n", ErrorCode::input_unreadable, {"gt.csv", "\"frame\""}},
      {"frame,t_s,frame\n1,2,3\n", ErrorCode::input_unreadable, {"line 1", "frame", "2 times"}},
      {"frame,t_s\n0,0\n1,abc\n", ErrorCode::input_unreadable, {"line 3", "t_s", "\"abc\""}},
      {"frame,t_s\n0,1.5x\n", ErrorCode::input_unreadable, {"line 2", "t_s", "\"1.5x\""}},
      {"frame,t_s\n0,true\n", ErrorCode::input_unreadable, {"line 2", "t_s", "\"true\""}},
      {"frame,t_s\n0,+-1\n", ErrorCode::input_unreadable, {"line 2", "t_s", "\"+-1\""}},
      {"frame,t_s\n0,inf\n", ErrorCode::input_unreadable, {"line 2", "t_s", "finite"}},
      {"frame,t_s\n0\n", ErrorCode::input_unreadable, {"line 2", "1 fields", "2 columns"}},
      {"frame,t_s\n0,1,2\n", ErrorCode::input_unreadable, {"line 2", "3 fields", "2 columns"}},
      {"frame\n-1\n", ErrorCode::input_unreadable, {"line 2", "frame is -1"}},
      {"frame\n1.5\n", ErrorCode::input_unreadable, {"line 2", "frame is 1.5"}},
      {"frame,t_s\n,1\n", ErrorCode::input_unreadable, {"line 2", "frame"}},
      {"frame\n0\n\n1\n0\n", ErrorCode::input_unreadable, {"line 5", "frame holds 0", "line 2"}},
      {"frame,ell_a\n0,-3\n", ErrorCode::input_unreadable, {"line 2", "ell_a is -3"}},
      {"frame,ell_b\n0,0\n", ErrorCode::input_unreadable, {"line 2", "ell_b is 0"}},
      {"frame,pupil_r\n0,-1\n", ErrorCode::input_unreadable, {"line 2", "pupil_r is -1"}},
      {"frame,visible_fraction\n0,1.2\n", ErrorCode::input_unreadable, {"line 2", "visible_fraction is 1.2"}},
      {"frame,blink\n0,0.5\n", ErrorCode::input_unreadable, {"line 2", "blink is 0.5"}},
      {"frame,gaze_x,gaze_y,gaze_z\n0,0,0,0\n", ErrorCode::input_unreadable, {"line 2", "gaze_x"}},
  };
  for (const Fault& fault : faults) {
    const TemporaryFolder folder;
    const Error error = error_of(read_labelled_recording(foreign(folder, fault.table)));
    EXPECT_EQ(error.code, fault.code) << fault.table << error.to_text();
    EXPECT_THAT(error.context, HasSubstr("gt.csv"));
    EXPECT_FALSE(error.remedy.empty());
    for (const char* word : fault.words) EXPECT_THAT(error.to_text(), HasSubstr(word)) << fault.table;
  }
}

TEST(LabelledRecording, NamesWhatIsWrongInMeta) {
  const std::string good = meta_text;
  const auto without = [&](const std::string& part, const std::string& instead) {
    std::string text = good;
    text.replace(text.find(part), part.size(), instead);
    return text;
  };
  const std::vector<std::pair<std::string, std::string>> faults{
      {"{", "meta.json"},
      {without("\"fps\"", "\"fsp\""), "fps"},
      {without("25", "\"fast\""), "fps"},
      {without("25", "0"), "fps is 0"},
      {without("\"fx\": 300", "\"fx\": -300"), "fx is -300"},
      {without("\"fx\"", "\"f\""), "fx"},
      {without("\"none\"", "\"fisheye\""), "fisheye"},
  };
  for (const auto& [meta, word] : faults) {
    const TemporaryFolder folder;
    const Error error = error_of(read_labelled_recording(foreign(folder, "frame\n0\n", meta)));
    EXPECT_EQ(error.code, ErrorCode::input_unreadable) << meta;
    EXPECT_THAT(error.to_text(), HasSubstr(word)) << meta;
  }
}

TEST(LabelledRecording, NamesWhatIsMissing) {
  const TemporaryFolder folder;
  EXPECT_EQ(error_of(read_labelled_recording(folder / "nowhere")).code, ErrorCode::input_missing);
  const auto recording = foreign(folder, "frame\n0\n");
  std::filesystem::rename(recording / "gt.csv", recording / "gt.partial.csv");
  const Error unfinished = error_of(read_labelled_recording(recording));
  EXPECT_EQ(unfinished.code, ErrorCode::input_missing);
  EXPECT_THAT(unfinished.remedy, HasSubstr("gt.partial.csv"));
  std::filesystem::rename(recording / "gt.partial.csv", recording / "gt.csv");
  std::filesystem::remove(recording / "meta.json");
  const Error no_meta = error_of(read_labelled_recording(recording));
  EXPECT_EQ(no_meta.code, ErrorCode::input_missing);
  EXPECT_THAT(no_meta.context, HasSubstr("meta.json"));
}

TEST(LabelledRecording, ImagesAreNumberedFromZeroWithoutGaps) {
  const TemporaryFolder folder;
  const auto recording = foreign(folder, "frame\n0\n");
  ASSERT_TRUE(read_labelled_recording(recording));
  write(recording / "frames/0003.png", "");
  EXPECT_THAT(error_of(read_labelled_recording(recording)).message, HasSubstr("no image of frame 2"));
  write(recording / "frames/2.png", "");
  EXPECT_TRUE(read_labelled_recording(recording));
  write(recording / "frames/0002.jpg", "");
  EXPECT_THAT(error_of(read_labelled_recording(recording)).message, HasSubstr("same frame number"));
  std::filesystem::remove(recording / "frames/0002.jpg");
  write(recording / "frames/cover.png", "");
  EXPECT_THAT(error_of(read_labelled_recording(recording)).to_text(), HasSubstr("cover.png"));
  std::filesystem::remove_all(recording / "frames");
  std::filesystem::create_directory(recording / "frames");
  EXPECT_EQ(error_of(read_labelled_recording(recording)).code, ErrorCode::input_empty);
}

TEST(LabelledRecording, TakesOneVideoInsteadOfImages) {
  const TemporaryFolder folder;
  const auto recording = foreign(folder, "frame\n0\n");
  std::filesystem::remove_all(recording / "frames");
  EXPECT_EQ(error_of(read_labelled_recording(recording)).code, ErrorCode::input_missing);
  write(recording / "eye.MP4", "");
  const auto read_back = read_labelled_recording(recording);
  ASSERT_TRUE(read_back) << read_back.error().to_text();
  EXPECT_EQ(read_back->images, recording / "eye.MP4");
  write(recording / "other.mkv", "");
  EXPECT_THAT(error_of(read_labelled_recording(recording)).message, HasSubstr("2 videos"));
}

TEST(LabelledRecordingWriter, WritesOverNothing) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "empty");
  EXPECT_TRUE(LabelledRecordingWriter::create(folder / "empty", camera(), 30.0, ""));
  write(folder / "full/notes.txt", "mine");
  write(folder / "file", "mine");
  for (const auto& path : {folder / "full", folder / "file", folder / "file/below",
                           std::filesystem::path("/proc/yarbus-recording")}) {
    const auto writer = LabelledRecordingWriter::create(path, camera(), 30.0, "");
    ASSERT_FALSE(writer) << path;
    EXPECT_EQ(writer.error().code, ErrorCode::output_unwritable) << path;
    EXPECT_FALSE(writer.error().remedy.empty());
  }
  EXPECT_EQ(read(folder / "full/notes.txt"), "mine");
  EXPECT_FALSE(std::filesystem::exists(folder / "full/frames"));
}

TEST(LabelledRecordingWriter, AFullDiskLeavesWholeRows) {
  const TemporaryFolder folder;
  const auto path = folder / "full";
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  std::uint64_t whole_frames = 0;
  std::optional<Error> error;
  {
    // A limit on the size of files stands in for the full disk; the images are smaller than it.
    auto writer = LabelledRecordingWriter::create(path, camera(), 30.0, "");
    const rlimit limit{3800, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    for (; writer && !error && whole_frames < 100; ++whole_frames) {
      const auto added = writer->add(image_of(0).view(), truth_of(0));
      if (!added) error = added.error();
    }
    setrlimit(RLIMIT_FSIZE, &before);
  }
  signal(SIGXFSZ, handler);
  ASSERT_TRUE(error);
  --whole_frames;  // the last one failed
  EXPECT_EQ(error->code, ErrorCode::output_unwritable);
  EXPECT_THAT(error->context, HasSubstr("gt.csv"));
  ASSERT_GT(whole_frames, 2U);
  std::filesystem::rename(path / "gt.partial.csv", path / "gt.csv");
  const auto recording = read_labelled_recording(path);
  ASSERT_TRUE(recording) << recording.error().to_text();
  EXPECT_EQ(recording->labels.size(), whole_frames);
}

TEST(LabelledRecording, MetaWithoutACameraSaysWhatItMustHold) {
  const TemporaryFolder folder;
  const Error error = error_of(read_labelled_recording(foreign(folder, "frame\n0\n1\n", R"({"fps": 25})")));
  EXPECT_EQ(error.code, ErrorCode::input_unreadable);
  EXPECT_THAT(error.message, HasSubstr("it has no \"K\""));
  EXPECT_THAT(error.context, HasSubstr("meta.json"));
  EXPECT_THAT(error.remedy, HasSubstr("\"fps\": 60"));
}

TEST(LabelledRecordingWriter, WhatBreaksOffIsKeptAndSaysSo) {
  const TemporaryFolder folder;
  const auto path = folder / "broken";
  {
    auto writer = LabelledRecordingWriter::create(path, camera(), 30.0, "");
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->add(image_of(0).view(), truth_of(0)));
    std::filesystem::remove_all(path / "frames");  // as a disk that goes away
    const auto second = writer->add(image_of(1).view(), truth_of(1));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::output_unwritable);
    EXPECT_THAT(second.error().context, HasSubstr("0001.png"));
  }
  EXPECT_FALSE(std::filesystem::exists(path / "gt.csv"));
  EXPECT_FALSE(std::filesystem::exists(path / "gt.csv.part"));
  const std::string rows = read(path / "gt.partial.csv");
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 2) << "the header and the whole frame";
}

}  // namespace
}  // namespace yarbus::labelled_recording_test
