#include "tracker/face/face_tracker.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

#include "eyemodel/types/angle.h"
#include "eyemodel/types/check.h"
#include "tracker/face/eye_finder.h"
#include "tracker/face/face_sight_maker.h"
#include "tracker/face/head_shape.h"
#include "tracker/face/head_tracker.h"

namespace yarbus {
namespace {

/// A head that is lost while it is turned by more than this turned away.
constexpr double turning_deg = 20.0;
/// A search finds faces up to here; beyond, that it finds none says nothing.
constexpr double found_up_to_deg = 15.0;
constexpr int searches_until_gone = 3;
/// A face that was found belongs to the head that is followed if it is that near, of its size.
constexpr double same_face_share = 0.6;
/// Somebody who was followed among others is waited for that long, within so many face's sizes.
constexpr std::chrono::seconds patience{3};
constexpr std::chrono::seconds turned_patience{4};
constexpr double own_face_share = 1.0;
constexpr int mean_step = 8;

constexpr std::chrono::milliseconds longest_blink{500};
constexpr double fast_share = 0.1;  ///< of the face's size, from one frame to the next

double mean_gray(const GrayView& image) {
  double sum = 0.0;
  int count = 0;
  for (int y = 0; y < image.height_px; y += mean_step) {
    for (int x = 0; x < image.width_px; x += mean_step, ++count) sum += image.at(x, y);
  }
  return count > 0 ? sum / count : 0.0;
}

/// Between where the face looks and the way to the camera.
double turn_deg(const RigidTransform& cam_from_head) {
  const Eigen::Vector3d facing = -cam_from_head.rotation.col(2);
  const Eigen::Vector3d to_camera = -cam_from_head.translation_mm.normalized();
  return std::acos(std::clamp(facing.dot(to_camera), -1.0, 1.0)) * deg_per_rad;
}

}  // namespace

std::span<const OptionField<FaceTrackerOptions>> FaceTrackerOptions::fields() {
  using O = FaceTrackerOptions;
  static constexpr std::array<OptionField<O>, 8> table{{
      {"search_interval_s", &O::search_interval_s, 0.1, 60.0,
       "between looks whether the face is still there"},
      {"least_iris_radius_px", &O::least_iris_radius_px, 1.0, 50.0, "a smaller iris is too far away"},
      {"largest_turn_deg", &O::largest_turn_deg, 10.0, 80.0, "of the head, away from the camera"},
      {"least_eye_probability", &O::least_eye_probability, 0.05, 0.9999, "that what is seen is an eye"},
      {"largest_iris_sigma", &O::largest_iris_sigma, 0.05, 2.0,
       "of an iris' place, as a share of its radius"},
      {"closed_openness", &O::closed_openness, 0.0, 0.9, "an eye more closed shows no gaze"},
      {"dark_gray", &O::dark_gray, 0.0, 255.0, "a darker image is too dark to find a face in"},
      {"uses_network", &O::uses_network, 0.0, 1.0, "false: irises are found by voting"},
  }};
  return table;
}

Result<void> FaceTrackerOptions::validate() const {
  return validate_options(*this, fields(), "face tracker");
}

struct FaceTracker::State {
  State(const CameraIntrinsics& camera, const FaceTrackerOptions& wanted, EyeFinder finder)
      : intrinsics(camera), options(wanted), eyes(std::move(finder)), head(camera), sights(camera) {}

  CameraIntrinsics intrinsics;
  FaceTrackerOptions options;
  EyeFinder eyes;
  HeadTracker head;
  FaceSightMaker sights;
  int known_head = 0;  ///< the number that `sights` has learned about

  std::optional<FaceBox> last_face;
  CaptureTime last_face_at{};
  bool are_several = false;  ///< others have been seen while this face was followed
  std::optional<Eigen::Vector2d> chosen_px;
  std::optional<CaptureTime> last_search;
  CaptureTime now{};
  int faces_seen = 0;
  int searches_without = 0;
  bool sees_eyes = false;                   ///< in the last frame
  std::optional<CaptureTime> eyes_seen_at;  ///< of the head that is followed
  double last_turn_deg = 0.0;
  FaceMiss miss_without_head;  ///< of frames without a head
  double last_mean_gray = 255.0;

  FaceOutcome miss(FaceMissReason reason, const std::optional<FaceBox>& face = std::nullopt) {
    sees_eyes = false;
    return FaceMiss{reason, face};
  }

  FaceOutcome without_head(const GrayView& image) {
    if (miss_without_head.reason == FaceMissReason::no_face && mean_gray(image) < options.dark_gray)
      return miss(FaceMissReason::too_dark);
    sees_eyes = false;
    eyes_seen_at.reset();
    if (miss_without_head.reason == FaceMissReason::turned_away && !may_be_turned()) miss_without_head = {};
    return miss_without_head;
  }

  FaceOutcome track(CaptureTime at, const GrayView& image) {
    now = at;
    if (!head.is_tracking()) return without_head(image);
    auto pose = head.track(at, image);
    if (!pose && last_face && last_turn_deg < turning_deg) {  // a jump: its eyes may still be there
      start(image, *last_face, true);
      pose = head.track(at, image);
    }
    if (!pose) {
      miss_without_head = {
          last_turn_deg > turning_deg ? FaceMissReason::turned_away : FaceMissReason::no_face, std::nullopt};
      return without_head(image);
    }
    const FaceBox face = sights.face_of(*pose);
    // Eyes that vanish while the head moves fast are lost to the movement.
    if (last_face && (face.center_px - last_face->center_px).norm() > fast_share * face.size_px)
      eyes_seen_at.reset();
    last_face = face;
    last_face_at = at;
    last_turn_deg = turn_deg(pose->cam_from_head);
    if (last_turn_deg > options.largest_turn_deg) return miss(FaceMissReason::turned_away, face);

    IrisPair pair;
    pair.face = face;
    sights.begin(*pose);
    int closed = 0;
    bool is_too_small = false;
    for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
      const auto landmarks = eyes.find(image, {sights.eye_frame(side), side});
      if (landmarks.eye_probability < options.least_eye_probability) continue;
      if (landmarks.openness < options.closed_openness) {
        ++closed;
        continue;
      }
      if (landmarks.iris_sigma_px.norm() > options.largest_iris_sigma * landmarks.iris_radius_px) continue;
      if (landmarks.iris_radius_px < options.least_iris_radius_px) {
        is_too_small = true;
        continue;
      }
      pair.eyes[static_cast<std::size_t>(side)] = sights.observe(image, side, landmarks);
    }
    if (!pair.eyes[0] && !pair.eyes[1]) {
      // Shut lids show little of an eye: what hides both at once, for a moment, is a blink.
      const bool is_blink = eyes_seen_at && at - *eyes_seen_at <= longest_blink && !is_too_small;
      if (closed > 0 || is_blink) return miss(FaceMissReason::eyes_closed, face);
      return miss(is_too_small ? FaceMissReason::too_small : FaceMissReason::covered, face);
    }
    pair.sight = sights.finish();
    sees_eyes = true;
    eyes_seen_at = at;
    searches_without = 0;
    return pair;
  }

  [[nodiscard]] const FaceBox& choose_from(std::span<const FaceBox> faces) const {
    const auto better = [this](const FaceBox& a, const FaceBox& b) {
      if (chosen_px) return (a.center_px - *chosen_px).norm() < (b.center_px - *chosen_px).norm();
      if (last_face) {
        return (a.center_px - last_face->center_px).norm() < (b.center_px - last_face->center_px).norm();
      }
      return a.size_px > b.size_px;
    };
    return *std::min_element(faces.begin(), faces.end(), better);
  }

  void found(const GrayView& image, CaptureTime at, std::span<const FaceBox> faces) {
    last_search = at;
    faces_seen = static_cast<int>(faces.size());
    if (head.is_tracking() && !chosen_px) {
      confirm(faces);
      if (head.is_tracking()) return;
    }
    are_several |= faces.size() > 1;
    const bool waits_for_own = are_several && last_face && !chosen_px && at - last_face_at < patience;
    if (waits_for_own && std::none_of(faces.begin(), faces.end(), [this](const FaceBox& face) {
          return (face.center_px - last_face->center_px).norm() < own_face_share * last_face->size_px;
        }))
      return;  // the others are no substitute
    if (faces.empty()) {
      if (!may_be_turned()) miss_without_head = {};
      last_face.reset();
      are_several = false;
      return;
    }
    const FaceBox face = choose_from(faces);
    const bool is_chosen = std::exchange(chosen_px, std::nullopt).has_value();
    start(image, face, is_chosen || !may_be_turned());
  }

  /// Whether what is followed still is a face.
  void confirm(std::span<const FaceBox> faces) {
    const bool is_there = std::any_of(faces.begin(), faces.end(), [this](const FaceBox& face) {
      return last_face &&
             (face.center_px - last_face->center_px).norm() < same_face_share * last_face->size_px;
    });
    if (is_there || sees_eyes || last_turn_deg > found_up_to_deg) {
      searches_without = 0;
    } else if (++searches_without >= searches_until_gone) {
      searches_without = 0;
      head.lose();
      miss_without_head = {};
    }
  }

  /// Whether a head that was last seen turning away may still be turned; later nothing is known of it.
  [[nodiscard]] bool may_be_turned() const {
    return miss_without_head.reason == FaceMissReason::turned_away && now - last_face_at < turned_patience;
  }

  void start(const GrayView& image, const FaceBox& face, bool takes_one_eye) {
    const FoundEyes there = eyes.search(image, face, options.least_eye_probability);
    if (!there.has_any) {
      miss_without_head = {FaceMissReason::covered, face};
      return;
    }
    // One that turned away shows one eye before the other; with one it would be taken for a face that looks
    // here.
    const bool has_both = there.eyes[0] && there.eyes[1];
    if (!takes_one_eye && !has_both) return;
    if (there.iris_radius_px < options.least_iris_radius_px) {
      miss_without_head = {FaceMissReason::too_small, face};
      return;
    }
    if (!head.start(image, there.middles_px)) {
      miss_without_head = {FaceMissReason::covered, face};
      return;
    }
    if (std::exchange(known_head, head.head_number()) != known_head) sights.forget();
    miss_without_head = {};
    eyes_seen_at.reset();
    last_face = face;
    last_face_at = now;
    searches_without = 0;
  }
};

Result<FaceTracker> FaceTracker::create(const CameraIntrinsics& intrinsics,
                                        const FaceTrackerOptions& options) {
  if (const auto valid = options.validate(); !valid) return valid.error();
  if (const auto valid = intrinsics.validate(); !valid) return valid.error();
  auto eyes = EyeFinder::create(options.uses_network);
  if (!eyes) return eyes.error();
  return FaceTracker(std::make_unique<State>(intrinsics, options, std::move(*eyes)));
}

FaceTracker::FaceTracker(std::unique_ptr<State> state) : state_(std::move(state)) {}
FaceTracker::~FaceTracker() = default;
FaceTracker::FaceTracker(FaceTracker&&) noexcept = default;
FaceTracker& FaceTracker::operator=(FaceTracker&&) noexcept = default;

FaceOutcome FaceTracker::track(CaptureTime at, const GrayView& image) { return state_->track(at, image); }

bool FaceTracker::wants_search() const {
  const State& state = *state_;
  if (!state.head.is_tracking() || state.chosen_px || !state.last_search) return true;
  return std::chrono::duration<double>(state.now - *state.last_search).count() >=
         state.options.search_interval_s;
}

void FaceTracker::found(const GrayView& image, CaptureTime at, std::span<const FaceBox> faces) {
  state_->found(image, at, faces);
}
void FaceTracker::choose(const Eigen::Vector2d& place_px) { state_->chosen_px = place_px; }
int FaceTracker::faces_seen() const { return state_->faces_seen; }
int FaceTracker::head_number() const { return state_->head.head_number(); }
void FaceTracker::restart_time() {
  state_->last_search.reset();
  state_->eyes_seen_at.reset();
  state_->head.lose();
}
const CameraIntrinsics& FaceTracker::intrinsics() const { return state_->intrinsics; }

}  // namespace yarbus
