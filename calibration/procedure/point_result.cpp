#include "calibration/procedure/point_result.h"

#include <algorithm>

namespace yarbus {

std::string_view to_text(PointReason reason) {
  switch (reason) {
    case PointReason::none:
      return "";
    case PointReason::not_shown:
      return "not shown yet";
    case PointReason::skipped:
      return "skipped";
    case PointReason::no_frames:
      return "no camera frames arrived";
    case PointReason::no_eye:
      return "pupil lost";
    case PointReason::eye_closed:
      return "eye closed";
    case PointReason::invalid_numbers:
      return "the eye's ray was not a number";
    case PointReason::never_still:
      return "the gaze was never still";
    case PointReason::few_samples:
      return "few samples";
    case PointReason::wide_spread:
      return "the samples are widely spread";
    case PointReason::data_loss:
      return "many frames without the pupil";
    case PointReason::did_not_follow:
      return "the eye did not turn to the target";
    case PointReason::looked_elsewhere:
      return "the eye looked somewhere else";
    case PointReason::eye_moved:
      return "the camera slipped after this point";
    case PointReason::face_lost:
      return "the face or both eyes were not seen most of the time";
    case PointReason::head_unmoved:
      return "the head hardly turned";
  }
  return "unknown";
}

std::string_view remedy_for(PointReason reason) {
  switch (reason) {
    case PointReason::none:
    case PointReason::not_shown:
      return "";
    case PointReason::skipped:
      return "show this point again when you are ready";
    case PointReason::no_frames:
      return "check the camera's cable, then show this point again";
    case PointReason::no_eye:
    case PointReason::data_loss:
      return "move the camera until the pupil is seen while you look at this point, then show it again";
    case PointReason::eye_closed:
      return "keep the eye open while the target shrinks, then show this point again";
    case PointReason::invalid_numbers:
      return "start the eye model anew, then show this point again";
    case PointReason::never_still:
    case PointReason::few_samples:
    case PointReason::wide_spread:
      return "look at the dot in the target's middle until it goes on, then show this point again";
    case PointReason::did_not_follow:
    case PointReason::looked_elsewhere:
      return "follow the target with the eyes, then show this point again";
    case PointReason::eye_moved:
      return "fix the camera and show this point again";
    case PointReason::face_lost:
      return "turn the head less far, so that the camera keeps seeing both eyes, then show it again";
    case PointReason::head_unmoved:
      return "keep looking at the point and turn the head slowly by some 10° each to the left, right, up and "
             "down, then show it again";
  }
  return "";
}

std::span<const CalibrationSample> PointAttempt::fixation() const {
  if (samples.empty()) return {};
  const auto earlier = [](const CalibrationSample& sample, CaptureTime at) {
    return sample.rays.captured_at < at;
  };
  const auto later = [](CaptureTime at, const CalibrationSample& sample) {
    return at < sample.rays.captured_at;
  };
  const auto first = std::lower_bound(raw.begin(), raw.end(), samples.front().rays.captured_at, earlier);
  const auto last = std::upper_bound(first, raw.end(), samples.back().rays.captured_at, later);
  return {first, last};
}

}  // namespace yarbus
