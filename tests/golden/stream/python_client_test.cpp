#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/stream/publisher.h"
#include "tests/support/documented_example.h"
#include "tests/support/packed_json.h"
#include "tests/support/run_command.h"
#include "tests/support/stream_client.h"
#include "tests/support/streamed_eye.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::python_client_test {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr auto sample_interval = 5ms;  // of each eye: 200 Hz

CaptureTime steady_now() {
  return std::chrono::duration_cast<CaptureTime>(std::chrono::steady_clock::now().time_since_epoch());
}

/// Both eyes at 200 Hz, the left one 2 ms after the right one, with blinks and fixations; capture times are
/// exact.
class Feeder {
 public:
  explicit Feeder(Publisher& publisher) : publisher_(publisher) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

 private:
  GazeSamplePtr sample_of(EyeSide side, CaptureTime at, std::uint64_t sequence) const {
    test::StreamedEye eye;
    eye.side = side;
    eye.captured_at = at;
    eye.sequence = sequence;
    if (side == EyeSide::left) {
      eye.confidence = 0.625;
      eye.eye_center_in_cam_mm = {-1.0, 2.0, 55.0};
      eye.gaze_dir_in_cam = Eigen::Vector3d(-0.2, -0.1, -1.0).normalized();
    }
    return test::make_streamed_sample(eye);
  }

  void run(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    GazeSamplePtr right;
    GazeSamplePtr left;
    const CaptureTime start = steady_now();
    for (std::uint64_t i = 0; !stop.stop_requested(); ++i) {
      const CaptureTime at = start + i * sample_interval;
      {
        std::unique_lock lock(mutex);
        stopped.wait_for(lock, stop, at - steady_now(), [] { return false; });
      }
      right = sample_of(EyeSide::right, at, i);
      if (left != nullptr) publish_pair(EyeSide::right, at, right, left);
      left = sample_of(EyeSide::left, at + 2ms, i);
      publish_pair(EyeSide::left, at + 2ms, right, left);
      if (i % 40 == 20) publish_events(at, i, right);
    }
  }

  void publish_pair(EyeSide newest, CaptureTime at, const GazeSamplePtr& right, const GazeSamplePtr& left) {
    StreamEyes eyes;
    eyes.pair = {newest, at,  right,
                 left,   2ms, VergencePoint{{5.0, -30.0, -400.0}, 1.0, 450.0, 0.1, std::nullopt}};
    eyes.gaze = test::make_streamed_gaze(at, true, true);
    publisher_.publish(eyes);
  }

  void publish_events(CaptureTime at, std::uint64_t number, const GazeSamplePtr& sample) {
    publisher_.publish(StreamEvent(StreamBlink{number % 80 == 20, at, 0.5, sample}));
    StreamFixation fixation;
    fixation.id = static_cast<int>(number / 40);
    fixation.start = at - 200ms;
    fixation.end = at;
    fixation.point_in_screen_mm = {300.0, 150.0};
    fixation.screen = {600.0, 300.0, 1920, 960, 500.0};
    fixation.dispersion_deg = 0.5;
    fixation.confidence = 0.75;
    if (number > 100) publisher_.publish(StreamEvent(fixation));
  }

  Publisher& publisher_;
  std::jthread thread_;
};

/// Stands for the application: carries out what clients ask for and tells everyone.
class Application {
 public:
  Application() : commands_(64, [this] { wake(); }) {}
  StreamCommands& commands() { return commands_; }
  void serve(Publisher& publisher) {
    thread_ = std::jthread([this, &publisher](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        {
          std::unique_lock lock(mutex_);
          woken_.wait_for(lock, stop, 100ms, [this] { return is_woken_; });
          is_woken_ = false;
        }
        for (const StreamCommand& command : commands_.take_all()) obey(publisher, command);
      }
    });
  }
  void stop() { thread_ = {}; }

 private:
  void wake() {
    {
      const std::lock_guard lock(mutex_);
      is_woken_ = true;
    }
    woken_.notify_all();
  }
  void obey(Publisher& publisher, const StreamCommand& command) {
    const auto tell = [&](StreamNews news, const std::string& text) {
      publisher.publish(StreamEvent(StreamNotification{news, text}));
    };
    if (const auto* start = std::get_if<StartRecording>(&command)) {
      folder_ = "/recordings/" + start->session_name;
      tell(StreamNews::recording_started, folder_);
    } else if (std::holds_alternative<StopRecording>(command)) {
      tell(StreamNews::recording_stopped, folder_);
    } else if (std::holds_alternative<StartCalibration>(command)) {
      tell(StreamNews::calibration_started, "");
    } else if (std::holds_alternative<StopCalibration>(command)) {
      tell(StreamNews::calibration_stopped, "");
      tell(StreamNews::calibration_failed, "stopped by a client");
    }
  }

  StreamCommandQueue commands_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_woken_ = false;
  std::string folder_;
  std::jthread thread_;
};

/// What a client must get, derived by hand from the samples and the format's description.
json expected_data() {
  const double length = std::sqrt(0.2 * 0.2 + 0.1 * 0.1 + 1.0);
  const auto pupil = [&](int eye, double confidence, bool is_solid) {
    const double side = eye == 0 ? 1.0 : -1.0;
    json datum{{"id", eye},
               {"topic", "pupil." + std::to_string(eye) + (is_solid ? ".3d" : ".2d")},
               {"method", is_solid ? "3d yarbus refraction" : "2d yarbus"},
               {"norm_pos", {0.5, 0.75}},
               {"diameter", 20.0},
               {"confidence", confidence},
               {"ellipse", {{"center", {32.0, 12.0}}, {"axes", {12.0, 20.0}}, {"angle", 120.0}}}};
    if (!is_solid) return datum;
    const double nx = side * 0.2 / length;
    const double ny = -0.1 / length;
    const double nz = -1.0 / length;
    const double z = eye == 0 ? 50.0 : 55.0;
    datum["location"] = {32.0, 12.0};
    datum["sphere"] = {{"center", {side, 2.0, z}}, {"radius", 10.0}};
    datum["circle_3d"] = {{"center", {side + 10.0 * nx, 2.0 + 10.0 * ny, z + 10.0 * nz}},
                          {"normal", {nx, ny, nz}},
                          {"radius", 1.75}};
    datum["diameter_3d"] = 3.5;
    datum["model_confidence"] = 1.0 - std::exp(-8.0);
    datum["theta"] = std::acos(ny);
    datum["phi"] = std::atan2(nz, nx);
    // The outline of a sphere near the axis: its two ends on the line through the principal point.
    const double tilt = std::atan2(std::hypot(side, 2.0), z);
    const double half = std::asin(10.0 / std::sqrt(5.0 + z * z));
    const double near_end = 80.0 * std::tan(tilt - half);
    const double far_end = 80.0 * std::tan(tilt + half);
    const double middle = 0.5 * (near_end + far_end);
    const double major = far_end - near_end;
    const double eccentricity = std::sin(tilt) / std::cos(half);
    const double out_x = side / std::sqrt(5.0);
    const double out_y = 2.0 / std::sqrt(5.0);
    double angle = std::atan2(out_y, out_x) * 180.0 / 3.14159265358979323846 + 90.0;
    if (angle >= 180.0) angle -= 180.0;
    datum["projected_sphere"] = {{"center", {31.5 + middle * out_x, 23.5 + middle * out_y}},
                                 {"axes", {major * std::sqrt(1.0 - eccentricity * eccentricity), major}},
                                 {"angle", angle}};
    return datum;
  };
  json data;
  for (const int eye : {0, 1}) {
    data["pupil." + std::to_string(eye) + ".2d"] = pupil(eye, eye == 0 ? 0.875 : 0.625, false);
    data["pupil." + std::to_string(eye) + ".3d"] = pupil(eye, eye == 0 ? 0.875 : 0.625, true);
  }
  data["gaze.3d.01."] = {{"topic", "gaze.3d.01."},
                         {"norm_pos", {0.25, 0.75}},
                         {"confidence", 0.75},
                         {"base_data", json::array({data["pupil.0.3d"], data["pupil.1.3d"]})},
                         {"gaze_point_3d", {5.0, -30.0, -400.0}},
                         {"eye_centers_3d", {{"0", {1.0, 2.0, 50.0}}, {"1", {-1.0, 2.0, 55.0}}}},
                         {"gaze_normals_3d",
                          {{"0", {0.2 / length, -0.1 / length, -1.0 / length}},
                           {"1", {-0.2 / length, -0.1 / length, -1.0 / length}}}}};
  return {{"topics",
           {{"pupil.0.2d", 100},
            {"pupil.0.3d", 100},
            {"pupil.1.2d", 100},
            {"pupil.1.3d", 100},
            {"gaze.3d.01.", 200},
            {"frame.eye.0", 100},
            {"frame.eye.1", 100},
            {"blinks", 4},
            {"fixations", 3}}},
          {"rates_hz", {{"pupil.0.3d", 200.0}, {"pupil.1.3d", 200.0}, {"frame.eye.0", 200.0}}},
          {"frame", {{"width", 64}, {"height", 48}}},
          {"data", data}};
}

class PythonClient : public testing::Test {
 protected:
  void SetUp() override {
    auto options = test::free_ports();
    auto started = Publisher::start(options, application.commands());
    ASSERT_TRUE(started) << started.error().to_text();
    publisher = std::move(*started);
    application.serve(*publisher);
    feeder.emplace(*publisher);
  }
  void TearDown() override {
    feeder.reset();
    application.stop();
    publisher.reset();
  }
  test::CommandOutcome run(const std::string& script, const std::vector<std::string>& arguments = {}) {
    std::vector<std::string> command{YARBUS_PYTHON, script, std::to_string(publisher->health().request_port)};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return test::run_command(command);
  }
  test::CommandOutcome check_against(const json& expected) {
    const auto path = folder / "expected.json";
    std::ofstream(path) << expected;
    return run(std::string(YARBUS_SOURCE_DIR) + "/tests/golden/stream/check_stream.py", {path.string()});
  }
  Application application;
  std::unique_ptr<Publisher> publisher;
  std::optional<Feeder> feeder;
  test::TemporaryFolder folder;
};

TEST_F(PythonClient, FindsEverythingAsExpected) {
  const auto outcome = check_against(expected_data());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.standard_output << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, testing::HasSubstr("ALL AS EXPECTED"));
  std::cout << outcome.standard_output;
}

TEST_F(PythonClient, WouldNoticeAWrongValueAndAWrongType) {
  json expected = expected_data();
  expected["data"]["pupil.1.3d"]["theta"] = expected["data"]["pupil.1.3d"]["theta"].get<double>() + 1e-6;
  auto outcome = check_against(expected);
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.standard_error, testing::HasSubstr("pupil.1.3d.theta is"));
  expected = expected_data();
  expected["data"]["gaze.3d.01."]["confidence"] = 1;
  outcome = check_against(expected);
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.standard_error, testing::HasSubstr("gaze.3d.01..confidence is a float not a int"));
  expected = expected_data();
  expected["rates_hz"]["pupil.0.3d"] = 198.0;
  outcome = check_against(expected);
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.standard_error, testing::HasSubstr("pupil.0.3d comes every"));
}

/// The most memory this process has had, MiB.
double peak_resident_mib() {
  std::ifstream stream("/proc/self/status");
  for (std::string word; stream >> word;) {
    double kib = 0.0;
    if (word == "VmHWM:" && stream >> kib) return kib / 1024.0;
  }
  return 0.0;
}

TEST_F(PythonClient, OfAHundredMegabytesIsCutOff) {
  const double before_mib = peak_resident_mib();
  const auto outcome = run(std::string(YARBUS_SOURCE_DIR) + "/tests/golden/stream/flood_stream.py");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.standard_output << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, testing::HasSubstr("STILL SERVED"));
  EXPECT_THAT(outcome.standard_output, testing::ContainsRegex("RECEIVED [0-9]+ LOST 0\n"))
      << "what a client that behaves is sent, meanwhile";
  EXPECT_LT(peak_resident_mib() - before_mib, 40.0);
  EXPECT_FALSE(publisher->health().failure.has_value());
}

TEST_F(PythonClient, ExampleOfTheDocumentationRuns) {
  const std::string program = test::documented_example("streaming.md");
  ASSERT_THAT(program, testing::HasSubstr("import zmq"));
  const auto path = folder / "example.py";
  std::ofstream(path) << program;
  const auto outcome = run(path.string());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, testing::HasSubstr("recording in /recordings/example"));
  EXPECT_THAT(outcome.standard_output, testing::HasSubstr("looks at 0.25, 0.75"));
  EXPECT_THAT(outcome.standard_output, testing::HasSubstr("pupil 3.50 mm"));
}

}  // namespace
}  // namespace yarbus::python_client_test
