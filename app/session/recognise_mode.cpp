#include "app/session/recognise_mode.h"

#include <algorithm>
#include <cmath>

#include "tracker/face/eye_finder.h"
#include "tracker/face/face_finder.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus {
namespace {

constexpr double least_eye_probability = 0.95;
constexpr double least_pupil_confidence = 0.7;
/// A face wider than this share of the image is no face at arm's length.
constexpr double largest_face_share = 0.95;

int percent_of_width(double px, const GrayView& image) {
  return static_cast<int>(std::lround(100.0 * px / image.width_px));
}

}  // namespace

RecognisedMode recognise_mode(std::span<const FramePtr> frames) {
  if (auto finder = FaceFinder::create()) {
    auto eyes = EyeFinder::create(true);
    for (const FramePtr& frame : frames) {
      const GrayView image = frame->gray.view();
      const auto faces = finder->find(image);
      if (faces.empty() || !eyes) continue;
      const FaceBox& face = faces.front();
      if (face.size_px > largest_face_share * std::min(image.width_px, image.height_px)) continue;
      if (!eyes->search(image, face, least_eye_probability).has_any) continue;
      return {TrackingMode::webcam, true,
              "a face is seen, which takes up " + std::to_string(percent_of_width(face.size_px, image)) +
                  " % of the image's width"};
    }
  }
  PupilDetector detector{PupilDetectorOptions{}};
  for (const FramePtr& frame : frames) {
    const PupilOutcome outcome = detector.detect(frame->gray.view());
    if (confidence_of(outcome) < least_pupil_confidence) continue;
    const auto& pupil = std::get<PupilObservation>(outcome);
    return {TrackingMode::near_eye, true,
            "one eye is seen close up, its pupil takes up " +
                std::to_string(percent_of_width(2.0 * pupil.ellipse.semi_major_px, frame->gray.view())) +
                " % of the image's width"};
  }
  return {TrackingMode::near_eye, false, "neither a face nor a pupil was seen in the first images"};
}

}  // namespace yarbus
