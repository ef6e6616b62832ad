#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "app/stream/pupil_datum.h"
#include "app/stream/stream_clock.h"
#include "app/stream/stream_item.h"
#include "eyemodel/types/fixed_vector.h"

namespace yarbus {

/// One eye's line of sight. Frames & units: cam, mm.
struct EyeLineDatum {
  Eigen::Vector3d center_mm = Eigen::Vector3d::Zero();
  Eigen::Vector3d normal = Eigen::Vector3d::UnitZ();
};

/// What the eye models add to gaze. Frames & units: cam of the eye, mm; of two eyes the right one's, as far
/// as it is known where the cameras are to each other.
struct SolidGazeDatum {
  Eigen::Vector3d point_mm = Eigen::Vector3d::Zero();
  std::array<std::optional<EyeLineDatum>, 2> eyes;  ///< by EyeSide; those that gaze rests on
};

/// Where somebody looks, as Pupil's programs name it.
struct GazeDatum {
  std::string_view topic;  ///< with its trailing dot
  Eigen::Vector2d norm_pos{0.0,
                           0.0};  ///< on the screen, (0, 0) its lower left corner, (1, 1) its upper right
  double confidence = 0.0;        ///< mean over the eyes, unless gaze has its own
  double timestamp_s = 0.0;       ///< mean over the eyes
  FixedVector<PupilDatum, 2> base_data;
  std::optional<SolidGazeDatum> solid;  ///< every eye it rests on has a pose
};

/// The topics gaze comes under, in this order: 2d right, left, both; 3d right, left, both.
constexpr std::array<std::string_view, 6> gaze_topics{"gaze.2d.0.", "gaze.2d.1.", "gaze.2d.01.",
                                                      "gaze.3d.0.", "gaze.3d.1.", "gaze.3d.01."};

constexpr std::string_view own_gaze_topic = "yarbus.gaze";

/// (0, 0) is the screen's lower left corner.
Eigen::Vector2d screen_norm_pos(const Eigen::Vector2d& point_in_screen_mm, const ScreenGeometry& screen);

/// nullopt where there is no gaze on the screen, the screen has no size, or no eye it rests on is in the
/// sample. Threads: concurrent-safe. No heap.
std::optional<GazeDatum> gaze_datum(const StreamEyes& eyes, const StreamClock& clock);

void pack_value(Packer& out, const GazeDatum& datum);

/// Gaze with its uncertainty, which Pupil's layout has no place for: own_gaze_topic's payload.
void pack_own_gaze(Packer& out, const StreamGaze& gaze, double timestamp_s);

}  // namespace yarbus
