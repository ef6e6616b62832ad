#include <array>

#include <gtest/gtest.h>

#include "tests/ui/synthetic_face.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/mode_text.h"
#include "ui/report/face_text.h"
#include "ui/report/sample_text.h"
#include "ui/state_text.h"

namespace yarbus::webcam_text_test {
namespace {

using test::running_webcam;
using test::SyntheticFace;

TEST(WebcamText, EachMissSaysWhyAndWhatToDo) {
  constexpr std::array<std::pair<FaceMissReason, const char*>, face_miss_reason_count> words{{
      {FaceMissReason::no_face, "no face: look towards the camera"},
      {FaceMissReason::too_dark, "image too dark: switch a light on"},
      {FaceMissReason::too_small, "face too far away: come nearer"},
      {FaceMissReason::turned_away, "head turned away: face the camera"},
      {FaceMissReason::covered, "eyes hidden by a hand, hair, dark glasses or a reflection: free them"},
      {FaceMissReason::eyes_closed, "eyes closed: open them"},
  }};
  for (const auto& [reason, text] : words) {
    const EyeSnapshot snapshot = running_webcam(SyntheticFace{}.miss(1, reason));
    EXPECT_EQ(ui::tracking_text(snapshot), text);
    EXPECT_EQ(ui::caption_phrases(*snapshot.latest).join("|"), text) << "no word of a pupil or a model";
  }
}

TEST(WebcamText, WhichEyesAreFollowed) {
  SyntheticFace face;
  EXPECT_EQ(ui::tracking_text(running_webcam(face.sample(1))), "both irises followed, confidence 0.93");
  face.has_left = false;
  EXPECT_EQ(ui::tracking_text(running_webcam(face.sample(1))),
            "right iris followed, confidence 0.93; left eye hidden");
  EXPECT_EQ(ui::face_eye_text(*face.sample(1), EyeSide::left), "hidden");
  EXPECT_EQ(ui::face_eye_text(*face.sample(1), EyeSide::right), "iris followed, confidence 0.93, 80 % open");
  face.has_left = true;
  face.has_right = false;
  EXPECT_EQ(ui::tracking_text(running_webcam(face.sample(1))),
            "left iris followed, confidence 0.93; right eye hidden");
  auto blink = face.miss(1, FaceMissReason::eyes_closed);
  blink->in_blink = true;
  EXPECT_EQ(ui::tracking_text(running_webcam(blink)), "eyes closed: blink");
}

TEST(WebcamText, AnUnsureIrisIsNotCalledFollowed) {
  auto sample = SyntheticFace{}.sample(1);
  IrisPair& pair = std::get<IrisPair>(*sample->face);
  pair.eyes[1]->confidence = 0.2;
  EXPECT_EQ(ui::tracking_text(running_webcam(sample)),
            "right iris followed, confidence 0.93; left eye unsure");
  EXPECT_EQ(ui::face_eye_text(*sample, EyeSide::left), "iris unsure, confidence 0.20, 80 % open");
  EXPECT_EQ(ui::webcam_eye_state(running_webcam(sample), EyeSide::left), "unsure");
  pair.eyes[0]->confidence = 0.1;
  EXPECT_EQ(ui::tracking_text(running_webcam(sample)),
            "irises unsure, confidence 0.20: more light, or open the eyes");
}

TEST(WebcamText, TheHeadInPlaceOfTheEyeModel) {
  SyntheticFace face;
  EXPECT_EQ(ui::model_text(running_webcam(face.sample(1))), "head 60 cm away, facing the camera");
  face.head_turn_deg = -14.0;
  face.distance_mm = 712.0;
  EXPECT_EQ(ui::model_text(running_webcam(face.sample(1))), "head 71 cm away, turned 14° left");
  EXPECT_EQ(ui::model_text(running_webcam(face.miss(1, FaceMissReason::no_face))), "");
}

TEST(WebcamText, SeveralFacesAndPhotographsAreSaid) {
  EyeSnapshot snapshot = running_webcam(SyntheticFace{}.sample(1));
  snapshot.faces_seen = 2;
  snapshot.is_lifeless = true;
  EXPECT_EQ(
      ui::model_text(snapshot),
      "2 faces: click to choose; nothing moves in this face: a photograph?; head 60 cm away, facing the "
      "camera");
  snapshot.latest = SyntheticFace{}.miss(2, FaceMissReason::too_small);
  snapshot.is_lifeless = false;
  EXPECT_EQ(ui::model_text(snapshot), "2 faces: click to choose");
}

TEST(WebcamText, BothEyesComeFromOneCamera) {
  const EyeSnapshot webcam = running_webcam(SyntheticFace{}.sample(1));
  EXPECT_EQ(ui::binocular_text(webcam, {}, {}),
            "one webcam for both eyes: both irises followed, confidence 0.93");
  EXPECT_EQ(ui::binocular_text(running_webcam(SyntheticFace{}.miss(1, FaceMissReason::no_face)), {}, {}),
            "one webcam for both eyes: no gaze now");
  EXPECT_EQ(ui::webcam_eye_state(webcam, EyeSide::left), "followed");
  SyntheticFace one;
  one.has_left = false;
  EXPECT_EQ(ui::webcam_eye_state(running_webcam(one.sample(1)), EyeSide::left), "hidden");
  EXPECT_EQ(ui::short_state(running_webcam(one.sample(1))), "followed");
}

TEST(ModeText, SaysModeAndReason) {
  EyeSnapshot snapshot = running_webcam(SyntheticFace{}.sample(1));
  EXPECT_EQ(ui::mode_text(snapshot.source),
            "webcam (face): a face is seen, which takes up 23 % of the image's width");
  EXPECT_TRUE(ui::is_webcam(snapshot));
  snapshot.source.mode = TrackingMode::near_eye;
  snapshot.source.mode_reason = "as asked";
  EXPECT_EQ(ui::mode_text(snapshot.source), "eye camera (pupil): as asked");
  EXPECT_FALSE(ui::is_webcam(snapshot));
  snapshot.source.mode = TrackingMode::webcam;
  snapshot.source.state = PlaybackState::closed;
  EXPECT_EQ(ui::mode_text(snapshot.source), "");
  EXPECT_FALSE(ui::is_webcam(snapshot));
}

TEST(ModeText, AnEyeCameraSpeaksOfItsPupilAsBefore) {
  const test::SyntheticEye eye;
  EXPECT_EQ(ui::tracking_text(test::playing_file("a", eye.sample(1, 0, 0, nullptr))),
            "pupil found, confidence 0.95");
}

}  // namespace
}  // namespace yarbus::webcam_text_test
