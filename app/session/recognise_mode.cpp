#include "app/session/recognise_mode.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "tracker/face/eye_finder.h"
#include "tracker/face/face_finder.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus {
namespace {

constexpr int frames_read = 12;
constexpr int frame_step = 4;
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

Result<RecognisedMode> recognise_mode(FrameSource& source, const std::stop_token& stop) {
  std::vector<FramePtr> frames;
  for (int i = 0; i < frames_read && !stop.stop_requested(); ++i) {
    auto frame = source.next(stop);
    if (!frame) return frame.error();
    if (*frame == nullptr) break;
    if (i == 0 || i % frame_step == frame_step - 1) frames.push_back(std::move(*frame));
  }
  RecognisedMode mode = recognise_mode(frames);
  if (source.info().is_seekable) {
    if (const auto wound_back = source.seek(0); !wound_back) return wound_back.error();
  }
  return mode;
}

}  // namespace yarbus
