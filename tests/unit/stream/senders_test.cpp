#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <numbers>

#include <Eigen/Geometry>
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/stream/gaze_angles.h"
#include "app/stream/lsl_outlet.h"
#include "app/stream/opentrack_sender.h"
#include "app/stream/osc_sender.h"
#include "tests/support/streamed_eye.h"
#include "tests/support/udp_receiver.h"

namespace yarbus::senders_test {
namespace {

using test::make_streamed_face;
using test::make_streamed_gaze;
using test::make_streamed_pair;
using test::make_streamed_sample;
using test::UdpReceiver;

constexpr double deg = std::numbers::pi / 180.0;

TEST(GazeAngles, SignsAreTheViewers) {
  const ScreenGeometry screen{600.0, 300.0, 1920, 960, 500.0};
  const auto middle = direction_to({300.0, 150.0}, screen);
  ASSERT_TRUE(middle.has_value());
  EXPECT_EQ(yaw_rad(*middle), 0.0);
  EXPECT_EQ(pitch_down_rad(*middle), 0.0);
  const auto lower_right = direction_to({600.0, 300.0}, screen);
  ASSERT_TRUE(lower_right.has_value());
  EXPECT_NEAR(yaw_rad(*lower_right), std::atan2(300.0, 500.0), 1e-12) << "to the right";
  EXPECT_NEAR(pitch_down_rad(*lower_right), std::atan2(150.0, std::hypot(300.0, 500.0)), 1e-12) << "down";
  EXPECT_LT(lower_right->y(), 0.0) << "y is up";
  EXPECT_FALSE(direction_to({std::nan(""), 0.0}, screen));
  EXPECT_FALSE(direction_to({0.0, 0.0}, ScreenGeometry{}));
}

TEST(MeanClosure, OfPupilsAndIrises) {
  EXPECT_EQ(mean_closure(make_streamed_pair()), 0.25);
  test::StreamedEye lost;
  lost.has_pupil = false;
  auto sample = make_streamed_sample(lost);
  EXPECT_FALSE(mean_closure(StreamEyes::of(sample)).has_value()) << "nothing tells";
  sample->in_blink = true;
  EXPECT_EQ(mean_closure(StreamEyes::of(sample)), 1.0);
  auto face = make_streamed_face(Eigen::Matrix3d::Identity(), {0.0, 0.0, 600.0});
  EXPECT_EQ(mean_closure(StreamEyes::of(face)), 0.5);
  std::get<IrisPair>(*face->face).eyes[0].reset();
  EXPECT_EQ(mean_closure(StreamEyes::of(face)), 0.75)
      << "an eye that is not seen beside one that is, is shut";
  face->face = FaceMiss{FaceMissReason::eyes_closed, std::nullopt};
  EXPECT_EQ(mean_closure(StreamEyes::of(face)), 1.0);
  face->face = FaceMiss{FaceMissReason::no_face, std::nullopt};
  EXPECT_FALSE(mean_closure(StreamEyes::of(face)).has_value());
}

/// The head turned in the person's own terms: first tilted to the right, then raised, then turned to the
/// right.
Eigen::Matrix3d turned_head(double yaw_deg, double pitch_deg, double roll_deg) {
  // In the camera the person's right is -x, up is -y, forward is -z.
  return (Eigen::AngleAxisd(yaw_deg * deg, Eigen::Vector3d::UnitY()) *
          Eigen::AngleAxisd(-pitch_deg * deg, Eigen::Vector3d::UnitX()) *
          Eigen::AngleAxisd(-roll_deg * deg, Eigen::Vector3d::UnitZ()))
      .toRotationMatrix();
}

TEST(HeadTurn, IsThePersonsOwn) {
  const auto head = [](const Eigen::Matrix3d& rotation) {
    return *head_turn(StreamEyes::of(make_streamed_face(rotation, {10.0, -20.0, 600.0})));
  };
  HeadTurn turn = head(Eigen::Matrix3d::Identity());
  EXPECT_EQ(turn.position_mm, Eigen::Vector3d(-10.0, 20.0, 600.0))
      << "image left is the person's right, up is up";
  EXPECT_EQ(turn.yaw_rad, 0.0);
  EXPECT_EQ(turn.pitch_rad, 0.0);
  EXPECT_EQ(turn.roll_rad, 0.0);

  // Each alone, by what the camera sees: the face looks along -z of the head.
  const Eigen::Matrix3d to_right = turned_head(20.0, 0.0, 0.0);
  EXPECT_LT((to_right * -Eigen::Vector3d::UnitZ()).x(), -0.3) << "it faces image left";
  EXPECT_NEAR(head(to_right).yaw_rad, 20.0 * deg, 1e-12);
  const Eigen::Matrix3d raised = turned_head(0.0, 20.0, 0.0);
  EXPECT_LT((raised * -Eigen::Vector3d::UnitZ()).y(), -0.3) << "it faces up";
  EXPECT_NEAR(head(raised).pitch_rad, 20.0 * deg, 1e-12);
  const Eigen::Matrix3d tilted = turned_head(0.0, 0.0, 20.0);
  EXPECT_LT((tilted * -Eigen::Vector3d::UnitY()).x(), -0.3) << "its top goes to image left";
  EXPECT_NEAR(head(tilted).roll_rad, 20.0 * deg, 1e-12);

  turn = head(turned_head(25.0, -10.0, 15.0));
  EXPECT_NEAR(turn.yaw_rad, 25.0 * deg, 1e-12);
  EXPECT_NEAR(turn.pitch_rad, -10.0 * deg, 1e-12);
  EXPECT_NEAR(turn.roll_rad, 15.0 * deg, 1e-12);
  EXPECT_FALSE(head_turn(make_streamed_pair()).has_value());
}

std::array<double, 6> values_of(const std::string& packet) {
  std::array<double, 6> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint64_t bits = 0;
    for (std::size_t byte = 8; byte-- > 0;)
      bits = (bits << 8) | static_cast<unsigned char>(packet[8 * i + byte]);
    values[i] = std::bit_cast<double>(bits);
  }
  return values;
}

TEST(Opentrack, SendsTheHeadAsSixDoubles) {
  const UdpReceiver receiver;
  auto sender = OpentrackSender::open("127.0.0.1", receiver.port(), OpentrackSource::head);
  ASSERT_TRUE(sender);
  (*sender)->send(make_streamed_pair());  // no head in it: nothing is sent
  (*sender)->send(StreamEyes::of(make_streamed_face(turned_head(25.0, -10.0, 15.0), {10.0, -20.0, 600.0})));
  const auto packet = receiver.receive();
  ASSERT_TRUE(packet.has_value());
  ASSERT_EQ(packet->size(), 48U);
  const auto values = values_of(*packet);
  EXPECT_THAT(values,
              testing::ElementsAre(testing::DoubleEq(-1.0), testing::DoubleEq(2.0), testing::DoubleEq(60.0),
                                   testing::DoubleNear(25.0, 1e-9), testing::DoubleNear(-10.0, 1e-9),
                                   testing::DoubleNear(15.0, 1e-9)));
  EXPECT_EQ((*sender)->tally().packets, 1U);
}

TEST(Opentrack, SendsGazeAndNeverNaN) {
  const auto packet = opentrack_packet(make_streamed_pair(), OpentrackSource::gaze);
  ASSERT_TRUE(packet.has_value());
  const auto values = values_of(std::string(reinterpret_cast<const char*>(packet->data()), packet->size()));
  EXPECT_EQ(values[0], 0.0);
  EXPECT_NEAR(values[3], -std::atan2(150.0, 500.0) / deg, 1e-9) << "to the left";
  EXPECT_NEAR(values[4], std::atan2(75.0, std::hypot(150.0, 500.0)) / deg, 1e-9) << "up";
  StreamEyes eyes = make_streamed_pair();
  eyes.gaze->point_in_screen_mm.x() = std::nan("");
  EXPECT_FALSE(opentrack_packet(eyes, OpentrackSource::gaze));
  EXPECT_FALSE(opentrack_packet(
      StreamEyes::of(make_streamed_face(Eigen::Matrix3d::Constant(std::nan("")), {0.0, 0.0, 600.0})),
      OpentrackSource::head));
}

TEST(Opentrack, NeedsNobodyToListen) {
  auto sender = OpentrackSender::open("127.0.0.1", test::unused_udp_port(), OpentrackSource::gaze);
  ASSERT_TRUE(sender);
  for (int i = 0; i < 1000; ++i) (*sender)->send(make_streamed_pair());
  EXPECT_EQ((*sender)->tally().packets + (*sender)->tally().failures, 1000U);
  const auto refused = OpentrackSender::open("not an address", 4242, OpentrackSource::gaze);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::connection_failed);
}

/// An OSC message with floats: path, type tags and big-endian values, each padded to four bytes.
struct OscMessage {
  std::string path;
  std::vector<float> values;
};

OscMessage read_osc(const std::string& bytes) {
  OscMessage message;
  message.path = bytes.c_str();
  std::size_t at = (message.path.size() / 4 + 1) * 4;
  const std::string tags = bytes.c_str() + at;
  EXPECT_TRUE(tags.starts_with(','));
  at += (tags.size() / 4 + 1) * 4;
  for (std::size_t i = 1; i < tags.size(); ++i, at += 4) {
    EXPECT_EQ(tags[i], 'f');
    std::uint32_t bits = 0;
    for (std::size_t byte = 0; byte < 4; ++byte)
      bits = (bits << 8) | static_cast<unsigned char>(bytes[at + byte]);
    message.values.push_back(std::bit_cast<float>(bits));
  }
  EXPECT_EQ(at, bytes.size());
  return message;
}

TEST(Osc, SendsWhereEyesLookAndHowFarTheyAreClosed) {
  const UdpReceiver receiver;
  auto sender = OscSender::open("127.0.0.1", receiver.port());
  ASSERT_TRUE(sender);
  StreamEyes eyes = make_streamed_pair();
  eyes.gaze->point_in_screen_mm = {400.0, 200.0};
  (*sender)->send(eyes);
  auto message = read_osc(receiver.receive().value_or(std::string(8, '\0')));
  EXPECT_EQ(message.path, "/tracking/eye/CenterPitchYaw");
  ASSERT_EQ(message.values.size(), 2U);
  EXPECT_NEAR(message.values[0], std::atan2(50.0, std::hypot(100.0, 500.0)) / deg, 1e-4) << "pitch, down";
  EXPECT_NEAR(message.values[1], std::atan2(100.0, 500.0) / deg, 1e-4) << "yaw, to the right";
  message = read_osc(receiver.receive().value_or(std::string(8, '\0')));
  EXPECT_EQ(message.path, "/tracking/eye/EyesClosedAmount");
  EXPECT_THAT(message.values, testing::ElementsAre(0.25F));

  eyes.gaze->eyes_in_screen_mm = {Eigen::Vector2d(250.0, 100.0), Eigen::Vector2d(350.0, 200.0)};
  (*sender)->send(eyes);
  message = read_osc(receiver.receive().value_or(std::string(8, '\0')));
  EXPECT_EQ(message.path, "/tracking/eye/LeftRightVec");
  EXPECT_THAT(message.values, testing::ElementsAre(0.1F, -0.1F, 1.0F, -0.1F, 0.1F, 1.0F))
      << "left first; y is up";
  EXPECT_EQ((*sender)->tally().packets, 4U - 0U);
}

TEST(Osc, NeedsNobodyToListen) {
  auto sender = OscSender::open("127.0.0.1", test::unused_udp_port());
  ASSERT_TRUE(sender);
  for (int i = 0; i < 1000; ++i) (*sender)->send(make_streamed_pair());
  EXPECT_EQ((*sender)->tally().packets + (*sender)->tally().failures, 2000U);
}

class Lsl : public testing::Test {
 protected:
  void SetUp() override {
    library_ = dlopen(YARBUS_FAKE_LSL, RTLD_NOW);
    ASSERT_NE(library_, nullptr) << dlerror();
  }
  void TearDown() override {
    if (library_ != nullptr) dlclose(library_);
  }
  template <class Result>
  Result ask(const char* name) {
    return reinterpret_cast<Result (*)()>(dlsym(library_, name))();
  }
  void* library_ = nullptr;
};

TEST_F(Lsl, OffersTheStreamWithItsMetadata) {
  auto outlet = LslOutlet::open(YARBUS_FAKE_LSL);
  ASSERT_TRUE(outlet) << outlet.error().to_text();
  EXPECT_STREQ(ask<const char*>("fake_lsl_stream"), "Yarbus,Gaze,22,0.000000,2,yarbus-gaze");
  const std::string metadata = ask<const char*>("fake_lsl_metadata");
  EXPECT_THAT(metadata,
              testing::StartsWith("manufacturer=Yarbus;channels{channel{label=confidence;eye=both;"));
  EXPECT_THAT(metadata, testing::HasSubstr("channel{label=diameter1_3d;eye=left;type=Diameter;unit=mm;"));
  EXPECT_THAT(metadata, testing::HasSubstr("label=eye_center1_3d_z;"));
  EXPECT_EQ(ask<int>("fake_lsl_open"), 1) << "the description is given back, the outlet kept";
  outlet->reset();
  EXPECT_EQ(ask<int>("fake_lsl_open"), 0);
}

TEST_F(Lsl, PushesAllChannelsAtTheTimeOfCapture) {
  auto outlet = LslOutlet::open(YARBUS_FAKE_LSL);
  ASSERT_TRUE(outlet);
  const StreamClock clock;
  const auto gaze = gaze_datum(make_streamed_pair(), clock);
  ASSERT_TRUE(gaze.has_value());
  (*outlet)->push(lsl_sample(*gaze), std::chrono::milliseconds(250));
  EXPECT_EQ((*outlet)->pushed(), 1U);
  EXPECT_EQ(ask<int>("fake_lsl_pushed"), 1);
  EXPECT_DOUBLE_EQ(ask<double>("fake_lsl_last_time"), 4999.75);
  const auto* values = ask<const double*>("fake_lsl_values");
  const StreamEyes eyes = make_streamed_pair();
  const auto& right = eyes.pair.right->pose->gaze_dir_in_cam();
  const auto& left = eyes.pair.left->pose->gaze_dir_in_cam();
  const std::vector<double> expected{
      0.75, 0.25,      0.75,      5.0,       -30.0,    -400.0,   1.0,      2.0,  50.0, -1.0, 2.0,
      55.0, right.x(), right.y(), right.z(), left.x(), left.y(), left.z(), 20.0, 20.0, 3.5,  3.5};
  EXPECT_EQ(std::vector<double>(values, values + 22), expected);
}

TEST(LslSample, IsNotANumberWhereAnEyeIsMissing) {
  const StreamClock clock;
  const auto gaze = gaze_datum(StreamEyes::of(make_streamed_sample(), make_streamed_gaze()), clock);
  ASSERT_TRUE(gaze.has_value());
  const LslSample sample = lsl_sample(*gaze);
  EXPECT_EQ(lsl_channels().size(), 22U);
  for (std::size_t i = 0; i < sample.size(); ++i) {
    EXPECT_EQ(std::isnan(sample[i]), lsl_channels()[i].eye == "left") << lsl_channels()[i].label;
  }
}

TEST(LslWithoutItsLibrary, SaysSo) {
  const auto outlet = LslOutlet::open("libnothing-of-the-kind.so.7");
  ASSERT_FALSE(outlet);
  EXPECT_EQ(outlet.error().code, ErrorCode::input_missing);
  const auto other = LslOutlet::open("libm.so.6");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::unsupported_format);
  EXPECT_THAT(other.error().message, testing::HasSubstr("lsl_create_streaminfo"));
}

}  // namespace
}  // namespace yarbus::senders_test
