#include "app/stream/gaze_datum.h"

#include <algorithm>

namespace yarbus {
namespace {

constexpr std::array<std::string_view, 2> eye_keys{"0", "1"};

/// The place among gaze_topics.
std::size_t topic_index(bool uses_right, bool uses_left, bool is_solid) {
  const std::size_t which = uses_right && uses_left ? 2 : uses_right ? 0 : 1;
  return which + (is_solid ? 3 : 0);
}

/// The datum of an eye that gaze rests on, if the sample shows it.
std::optional<PupilDatum> base_of(const StreamEyes& eyes, EyeSide side, const StreamClock& clock) {
  const GazeSamplePtr& newest = eyes.pair.newest_sample();
  if (newest->face) return iris_datum(*newest, side, clock.at_s(newest->frame->captured_at));
  const GazeSamplePtr& sample = eyes.pair.of(side);
  if (sample == nullptr) return std::nullopt;
  return best_pupil_datum(*sample, clock.at_s(sample->frame->captured_at));
}

SolidGazeDatum solid_gaze(const StreamEyes& eyes, const GazeDatum& datum, double viewing_distance_mm) {
  SolidGazeDatum solid;
  for (const PupilDatum& base : datum.base_data) {
    EyeLineDatum line{base.solid->sphere_center_mm, base.solid->circle.normal_in_cam};
    if (base.eye == 1 && datum.base_data.size() == 2 && eyes.right_cam_from_left_cam != nullptr) {
      line.center_mm = eyes.right_cam_from_left_cam->point(line.center_mm);
      line.normal = eyes.right_cam_from_left_cam->direction(line.normal);
    }
    solid.eyes[static_cast<std::size_t>(base.eye)] = line;
  }
  const VergencePoint* vergence = eyes.pair.vergence_point();
  if (datum.base_data.size() == 2 && vergence != nullptr) {
    solid.point_mm = vergence->point_in_right_cam_mm;
  } else {
    const EyeLineDatum& line = solid.eyes[0] ? *solid.eyes[0] : *solid.eyes[1];
    solid.point_mm = line.center_mm + viewing_distance_mm * line.normal;
  }
  return solid;
}

constexpr std::array flat_fields{
    DatumField<GazeDatum>{"topic", [](Packer& out, const GazeDatum& d) { pack_value(out, d.topic); }},
    DatumField<GazeDatum>{"norm_pos", [](Packer& out, const GazeDatum& d) { pack_value(out, d.norm_pos); }},
    DatumField<GazeDatum>{"confidence",
                          [](Packer& out, const GazeDatum& d) { pack_value(out, d.confidence); }},
    DatumField<GazeDatum>{"timestamp",
                          [](Packer& out, const GazeDatum& d) { pack_value(out, d.timestamp_s); }},
    DatumField<GazeDatum>{"base_data",
                          [](Packer& out, const GazeDatum& d) {
                            out.pack_array(static_cast<std::uint32_t>(d.base_data.size()));
                            for (const PupilDatum& base : d.base_data) pack_value(out, base);
                          }},
};

/// The one eye of a monocular datum.
const EyeLineDatum& only_eye(const GazeDatum& d) {
  return d.solid->eyes[0] ? *d.solid->eyes[0] : *d.solid->eyes[1];
}

template <class Get>
void pack_both(Packer& out, const GazeDatum& datum, Get get) {
  out.pack_map(2);
  for (std::size_t i = 0; i < 2; ++i) {
    pack_value(out, eye_keys[i]);
    pack_value(out, get(*datum.solid->eyes[i]));
  }
}

constexpr DatumField<GazeDatum> point_field{
    "gaze_point_3d", [](Packer& out, const GazeDatum& d) { pack_value(out, d.solid->point_mm); }};

constexpr std::array monocular_fields{
    point_field,
    DatumField<GazeDatum>{"eye_center_3d",
                          [](Packer& out, const GazeDatum& d) { pack_value(out, only_eye(d).center_mm); }},
    DatumField<GazeDatum>{"gaze_normal_3d",
                          [](Packer& out, const GazeDatum& d) { pack_value(out, only_eye(d).normal); }},
};

constexpr std::array binocular_fields{
    point_field,
    DatumField<GazeDatum>{"eye_centers_3d",
                          [](Packer& out, const GazeDatum& d) {
                            pack_both(out, d, [](const EyeLineDatum& e) { return e.center_mm; });
                          }},
    DatumField<GazeDatum>{"gaze_normals_3d",
                          [](Packer& out, const GazeDatum& d) {
                            pack_both(out, d, [](const EyeLineDatum& e) { return e.normal; });
                          }},
};

}  // namespace

Eigen::Vector2d screen_norm_pos(const Eigen::Vector2d& point_in_screen_mm, const ScreenGeometry& screen) {
  return {point_in_screen_mm.x() / screen.width_mm, 1.0 - point_in_screen_mm.y() / screen.height_mm};
}

std::optional<GazeDatum> gaze_datum(const StreamEyes& eyes, const StreamClock& clock) {
  if (!eyes.gaze || eyes.pair.newest_sample() == nullptr) return std::nullopt;
  const StreamGaze& gaze = *eyes.gaze;
  if (!(gaze.screen.width_mm > 0.0) || !(gaze.screen.height_mm > 0.0)) return std::nullopt;
  GazeDatum datum;
  double confidence = 0.0;
  bool is_solid = true;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    if (!gaze.eyes[static_cast<std::size_t>(side)]) continue;
    const auto base = base_of(eyes, side, clock);
    if (!base) continue;
    confidence += base->confidence;
    datum.timestamp_s += base->timestamp_s;
    is_solid = is_solid && base->solid;
    datum.base_data.push_back(*base);
  }
  if (datum.base_data.empty()) return std::nullopt;
  const auto count = static_cast<double>(datum.base_data.size());
  datum.timestamp_s /= count;
  datum.confidence = gaze.confidence.value_or(confidence / count);
  datum.norm_pos = screen_norm_pos(gaze.point_in_screen_mm, gaze.screen);
  const bool uses_both = datum.base_data.size() == 2;
  const bool uses_right = datum.base_data[0].eye == 0;
  datum.topic = gaze_topics[topic_index(uses_right, uses_both || !uses_right, is_solid)];
  if (is_solid) datum.solid = solid_gaze(eyes, datum, gaze.screen.viewing_distance_mm);
  return datum;
}

void pack_value(Packer& out, const GazeDatum& datum) {
  if (!datum.solid)
    pack_map(out, datum, flat_fields);
  else if (datum.base_data.size() == 2)
    pack_map(out, datum, flat_fields, binocular_fields);
  else
    pack_map(out, datum, flat_fields, monocular_fields);
}

void pack_own_gaze(Packer& out, const StreamGaze& gaze, double timestamp_s) {
  struct Timed {
    const StreamGaze& gaze;
    double timestamp_s;
  };
  using Field = DatumField<Timed>;
  static constexpr std::array fields{
      Field{"topic", [](Packer& p, const Timed&) { pack_value(p, own_gaze_topic); }},
      Field{"timestamp", [](Packer& p, const Timed& t) { pack_value(p, t.timestamp_s); }},
      Field{"point_mm", [](Packer& p, const Timed& t) { pack_value(p, t.gaze.point_in_screen_mm); }},
      Field{"covariance_mm2",
            [](Packer& p, const Timed& t) {
              const auto& c = t.gaze.covariance_mm2;
              pack_value(p, Eigen::Vector3d(c(0, 0), c(0, 1), c(1, 1)));
            }},
      Field{"sigma_mm", [](Packer& p, const Timed& t) { pack_value(p, t.gaze.sigma_mm); }},
      Field{"eyes",
            [](Packer& p, const Timed& t) {
              const auto& eyes = t.gaze.eyes;
              p.pack_array(static_cast<std::uint32_t>(std::count(eyes.begin(), eyes.end(), true)));
              for (int eye = 0; eye < 2; ++eye) {
                if (eyes[static_cast<std::size_t>(eye)]) pack_value(p, eye);
              }
            }},
      Field{"screen_mm",
            [](Packer& p, const Timed& t) {
              pack_value(p, Eigen::Vector2d(t.gaze.screen.width_mm, t.gaze.screen.height_mm));
            }},
      Field{"viewing_distance_mm",
            [](Packer& p, const Timed& t) { pack_value(p, t.gaze.screen.viewing_distance_mm); }},
  };
  pack_map(out, Timed{gaze, timestamp_s}, fields);
}

}  // namespace yarbus
