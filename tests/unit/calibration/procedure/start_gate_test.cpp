#include "calibration/procedure/start_gate.h"

#include <array>
#include <cmath>
#include <functional>
#include <set>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus::start_gate_test {
namespace {

struct EyeFrame {
  EyeStatus status;
  std::optional<EyeRay> ray;
};

EyeFrame good_eye(double yaw_deg = 0.0, double pitch_up_deg = 0.0) {
  EyeFrame eye;
  eye.status = {true, true, true, std::nullopt, 0.9, 100.0, false};
  eye.ray.emplace();
  eye.ray->optical_axis_in_cam =
      Eigen::Vector3d(std::tan(radians_of(yaw_deg)), -std::tan(radians_of(pitch_up_deg)), -1.0).normalized();
  eye.ray->confidence = 0.9;
  return eye;
}

EyeFrame lost_eye(PupilMissReason reason) {
  EyeFrame eye = good_eye();
  eye.ray.reset();
  eye.status.pupil_miss = reason;
  eye.status.confidence = 0.0;
  return eye;
}

class GateTest : public testing::Test {
 protected:
  void feed(
      double seconds, const std::function<EyeFrame(double)>& right,
      const std::function<EyeFrame(double)>& left = [](double) { return EyeFrame{}; }) {
    for (int i = 0; i < static_cast<int>(seconds * 100.0); ++i) {
      t_s_ += 0.01;
      ProcedureFrame frame;
      frame.rays.captured_at = time_from_seconds(t_s_);
      const EyeFrame eyes[]{right(t_s_), left(t_s_)};
      for (std::size_t eye = 0; eye < 2; ++eye) {
        frame.status[eye] = eyes[eye].status;
        frame.rays.eyes[eye] = eyes[eye].ray;
      }
      gate_.push(frame);
    }
  }
  void feed(double seconds, const EyeFrame& right) {
    feed(seconds, [&](double) { return right; });
  }
  StartGate gate_{ProcedureOptions{}};
  double t_s_ = 0.0;
};

TEST_F(GateTest, OpensForOneGoodEyeAndSaysSo) {
  EXPECT_FALSE(gate_.is_open());
  EXPECT_THAT(gate_.to_text(), testing::HasSubstr("No eye is tracked"));
  feed(
      2.0, [](double) { return good_eye(); }, [](double) { return lost_eye(PupilMissReason::no_candidate); });
  EXPECT_TRUE(gate_.is_open());
  EXPECT_THAT(gate_.to_text(), testing::HasSubstr("right eye ready; left eye: no pupil found"));
  EXPECT_THAT(gate_.to_text(), testing::HasSubstr("One eye is enough"));
}

TEST_F(GateTest, NamesEachReason) {
  EyeFrame dark = lost_eye(PupilMissReason::low_contrast);
  dark.status.mean_gray = 8.0;
  EyeFrame bright = lost_eye(PupilMissReason::no_candidate);
  bright.status.mean_gray = 250.0;
  EyeFrame unsettled = good_eye();
  unsettled.status.is_model_settled = false;
  EyeFrame no_model = good_eye();
  no_model.status.has_model = false;
  no_model.ray.reset();
  EyeFrame unsure = good_eye();
  unsure.status.confidence = 0.3;
  EyeFrame invalid = good_eye();
  invalid.ray->optical_axis_in_cam.y() = std::nan("");
  EyeFrame closed = lost_eye(PupilMissReason::blink);
  const std::vector<std::pair<EyeFrame, GateReason>> cases{
      {dark, GateReason::too_dark},
      {bright, GateReason::too_bright},
      {unsettled, GateReason::not_settled},
      {no_model, GateReason::no_model},
      {unsure, GateReason::low_confidence},
      {invalid, GateReason::invalid_numbers},
      {closed, GateReason::eye_closed},
      {lost_eye(PupilMissReason::out_of_frame), GateReason::out_of_frame},
      {lost_eye(PupilMissReason::occluded), GateReason::occluded},
      {lost_eye(PupilMissReason::low_contrast), GateReason::low_contrast},
      {lost_eye(PupilMissReason::no_candidate), GateReason::no_pupil}};
  std::set<std::string> texts;
  for (const auto& [eye, reason] : cases) {
    gate_.clear();
    feed(2.0, eye);
    EXPECT_FALSE(gate_.is_open());
    EXPECT_EQ(gate_.eye(EyeSide::right).reason, reason) << to_text(reason, GateView::pupil);
    EXPECT_FALSE(remedy_for(reason, GateView::pupil).empty());
    texts.insert(gate_.to_text());
  }
  EXPECT_EQ(texts.size(), cases.size());
}

TEST_F(GateTest, ACameraThatIsTooSlowIsNoReadyEye) {
  const auto feed_at = [this](double rate_hz) {
    for (int i = 0; i < static_cast<int>(4.0 * rate_hz); ++i) {
      t_s_ += 1.0 / rate_hz;
      ProcedureFrame frame;
      frame.rays.captured_at = time_from_seconds(t_s_);
      const EyeFrame eye = good_eye();
      frame.status[0] = eye.status;
      frame.rays.eyes[0] = eye.ray;
      gate_.push(frame);
    }
  };
  feed_at(10.0);
  EXPECT_FALSE(gate_.is_open());
  EXPECT_EQ(gate_.eye(EyeSide::right).reason, GateReason::too_slow);
  feed_at(25.0);
  EXPECT_TRUE(gate_.is_open());
}

TEST(GateOfAWebcam, TakesWhatItsLongerWindowCanStillSee) {
  const auto reason_at = [](double rate_hz) {
    StartGate gate(ProcedureOptions::for_webcam());
    for (int i = 1; i < static_cast<int>(5.0 * rate_hz); ++i) {
      ProcedureFrame frame;
      frame.rays.captured_at = time_from_seconds(i / rate_hz);
      const EyeFrame eye = good_eye();
      frame.status[0] = eye.status;
      frame.rays.eyes[0] = eye.ray;
      gate.push(frame);
    }
    return gate.eye(EyeSide::right).reason;
  };
  EXPECT_EQ(reason_at(12.0), GateReason::ready) << "as many as its remedy names";
  EXPECT_EQ(reason_at(11.0), GateReason::too_slow);
  EXPECT_EQ(reason_at(5.0), GateReason::too_slow);
  EXPECT_THAT(std::string(remedy_for(GateReason::too_slow, GateView::face)), testing::HasSubstr("12 frames"));
}

TEST(GateOfAWebcam, NamesWhatKeepsAFaceFromBeingUsed) {
  const std::array<std::pair<FaceMissReason, GateReason>, face_miss_reason_count> expected{
      {{FaceMissReason::no_face, GateReason::no_face},
       {FaceMissReason::too_dark, GateReason::too_dark},
       {FaceMissReason::too_small, GateReason::face_too_small},
       {FaceMissReason::turned_away, GateReason::face_turned},
       {FaceMissReason::covered, GateReason::occluded},
       {FaceMissReason::eyes_closed, GateReason::eye_closed}}};
  for (const auto& [miss, reason] : expected) {
    StartGate gate(ProcedureOptions::for_webcam());
    for (int i = 1; i < 90; ++i) {
      ProcedureFrame frame;
      frame.rays.captured_at = time_from_seconds(i / 30.0);
      for (EyeStatus& status : frame.status) {
        status.is_tracked = status.has_model = status.is_model_settled = true;
        status.mean_gray = 100.0;
        status.face_miss = miss;
      }
      gate.push(frame);
    }
    EXPECT_EQ(gate.eye(EyeSide::left).reason, reason) << to_string(miss);
    EXPECT_FALSE(remedy_for(reason, GateView::face).empty()) << to_string(miss);
  }
}

TEST_F(GateTest, HoldsThroughBlinksAndShortLosses) {
  feed(2.0, good_eye());
  feed(0.3, lost_eye(PupilMissReason::blink));
  EXPECT_TRUE(gate_.is_open());
  feed(0.2, lost_eye(PupilMissReason::no_candidate));
  EXPECT_TRUE(gate_.is_open());
  feed(0.5, lost_eye(PupilMissReason::no_candidate));
  EXPECT_FALSE(gate_.is_open());
}

TEST_F(GateTest, CountsForHowLongItHasHeld) {
  feed(1.5, good_eye());
  const double held_s = gate_.held_s();
  EXPECT_GT(held_s, 0.5);
  EXPECT_LT(held_s, 1.0);
  feed(0.2, lost_eye(PupilMissReason::blink));
  EXPECT_EQ(gate_.held_s(), held_s);
  feed(0.1, lost_eye(PupilMissReason::no_candidate));
  EXPECT_NEAR(gate_.held_s(), held_s - 0.2, 1e-6);
  feed(1.0, lost_eye(PupilMissReason::no_candidate));
  EXPECT_EQ(gate_.held_s(), 0.0);
}

TEST_F(GateTest, DoesNotFlicker) {
  int changes = 0;
  bool was_open = false;
  for (int i = 0; i < 400; ++i) {
    feed(0.01, i % 10 < 7 ? good_eye() : lost_eye(PupilMissReason::no_candidate));
    changes += gate_.is_open() != was_open ? 1 : 0;
    was_open = gate_.is_open();
  }
  EXPECT_LE(changes, 1);
}

TEST_F(GateTest, SeesThatAnEyeIsLostInOneDirection) {
  const auto looks_and_loses = [](double yaw_deg, double pitch_deg) {
    return [=](double t_s) {
      const double phase = std::fmod(t_s, 2.0);
      if (phase < 1.2) return good_eye();
      if (phase < 1.4) return good_eye(0.5 * yaw_deg, 0.5 * pitch_deg);
      return lost_eye(PupilMissReason::occluded);
    };
  };
  feed(8.0, looks_and_loses(0.0, -25.0));
  EXPECT_EQ(gate_.eye(EyeSide::right).advice, GateReason::lost_looking_down);
  EXPECT_EQ(gate_.held_s(), 0.0);
  EXPECT_THAT(gate_.to_text(), testing::HasSubstr("pupil lost when you look down: tilt the camera"));
  gate_.clear();
  feed(8.0, looks_and_loses(0.0, 25.0));
  EXPECT_EQ(gate_.eye(EyeSide::right).advice, GateReason::lost_looking_up);
  gate_.clear();
  feed(8.0, looks_and_loses(25.0, 0.0));
  EXPECT_EQ(gate_.eye(EyeSide::right).advice, GateReason::lost_looking_aside);
  gate_.clear();
  feed(8.0, good_eye());
  EXPECT_EQ(gate_.eye(EyeSide::right).advice, GateReason::ready);
}

TEST(GateWords, AFaceIsNotSpokenOfAsAPupil) {
  std::set<std::string_view> texts;
  for (std::size_t i = 0; i < gate_reason_count; ++i) {
    const auto reason = static_cast<GateReason>(i);
    const auto text = to_text(reason, GateView::face);
    EXPECT_FALSE(text.empty()) << i;
    EXPECT_TRUE(texts.insert(text).second) << text << ": two reasons say the same";
    EXPECT_EQ(text.find("pupil"), std::string_view::npos) << text;
    EXPECT_EQ(remedy_for(reason, GateView::face).find("pupil"), std::string_view::npos) << text;
  }
  EXPECT_EQ(to_text(GateReason::no_pupil, GateView::pupil), "no pupil found");
  // The gate of a webcam's procedure speaks so by itself.
  StartGate gate(ProcedureOptions::for_webcam());
  EXPECT_EQ(gate.eye(EyeSide::left).view, GateView::face);
  EXPECT_EQ(StartGate(ProcedureOptions()).eye(EyeSide::left).view, GateView::pupil);
}

}  // namespace
}  // namespace yarbus::start_gate_test
