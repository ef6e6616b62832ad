#include "app/cli/two_eye_options.h"

#include <array>
#include <string_view>

#include "app/cli/number_checks.h"

namespace yarbus::cli {
namespace {

constexpr std::string_view simulation_prefix = "sim:";

ImageRegion region_of(const char* option, const std::string& text) {
  const auto region = parse_region(text);
  if (!region) throw CLI::ValidationError(option, region.error().to_text());
  return *region;
}

}  // namespace

bool name_if_simulated(SourceRequest& source) {
  if (!source.location.starts_with(simulation_prefix)) return false;
  source.kind = SourceRequest::Kind::simulated_eye;
  source.location.erase(0, simulation_prefix.size());
  if (source.location.empty())
    throw CLI::ValidationError("source", "name a scenario, as in sim:easy (`yarbus simulate --list`)");
  return true;
}

TwoEyeOptions::TwoEyeOptions(CLI::App& track_app) : app_(track_app) {
  auto* group = app_.add_option_group(
      "Two eyes", "the input is the right eye's; the table has rows of both (docs/two-eyes.md)");
  group->add_option("--left", left_,
                    "the left eye's video, folder, camera, stream or sim:SCENARIO; its camera is set as the "
                    "right's unless the options below say otherwise");
  group->add_option("--left-camera", left_camera_, "the left camera's intrinsics as JSON");
  group->add_option("--left-focal-px", left_focal_px_, "the left camera's focal length in pixels")
      ->check(number_above_zero("PX"));
  group->add_option("--left-rotate", left_rotate_deg_, "turn the left image clockwise, degrees")
      ->check(CLI::IsMember({0, 90, 180, 270}));
  group->add_option("--left-mirror", left_mirror_, "mirror the left image left-right")
      ->check(CLI::IsMember({"yes", "no"}));
  group->add_option("--left-offset-ms", left_offset_ms_,
                    "how much later than the right file's the left file's first frame was taken");
  group->add_option("--right-from-left", right_from_left_,
                    "JSON: where the left camera is, seen from the right; gives the vergence point");
  group->add_flag("--both", both_, "the one input shows both eyes side by side, the right eye at image left");
  group->add_option("--right-region", right_region_,
                    "with --both: the right eye's part of the image, x,y,w,h in px (default: the left half)");
  group->add_option("--left-region", left_region_,
                    "with --both: the left eye's part of the image (default: the right half)");
}

void TwoEyeOptions::refuse_bad_combinations(const TrackArguments& track) const {
  const bool has_left = !left_.empty();
  const auto refuse = [](const char* option, const char* why) { throw CLI::ValidationError(option, why); };
  if (has_left && both_) refuse("--both", "is for one input that shows both eyes; leave out --left");
  for (const char* option : {"--left-camera", "--left-focal-px", "--left-rotate", "--left-mirror",
                             "--left-offset-ms", "--right-from-left"}) {
    if (app_.count(option) > 0 && !has_left)
      refuse(option, both_ ? "is for two cameras: with --both one camera sees both eyes" : "needs --left");
  }
  for (const char* option : {"--right-region", "--left-region"}) {
    if (app_.count(option) > 0 && !both_) refuse(option, "needs --both");
  }
  if (right_region_.empty() != left_region_.empty())
    refuse(right_region_.empty() ? "--left-region" : "--right-region", "needs the other eye's region too");
  if (!left_camera_.empty() && left_focal_px_)
    refuse("--left-camera", "and --left-focal-px exclude each other");
  if (!has_left && !both_) return;
  if (app_.count("--eye") > 0) refuse("--eye", "is for one eye; of two, the first input is the right eye's");
  if (!track.stages_path.empty()) refuse("--stages", "shows one eye; track that eye alone");
  if (both_ && track.request.source.kind == SourceRequest::Kind::simulated_eye)
    refuse("--both", "a simulated camera sees one eye; give --left sim:SCENARIO");
}

SourceRequest TwoEyeOptions::left_source(const SourceRequest& right) const {
  SourceRequest left = right;
  left.kind = SourceRequest::Kind::automatic;
  left.location = left_;
  const bool is_simulated = name_if_simulated(left);
  const bool right_is_simulated = right.kind == SourceRequest::Kind::simulated_eye;
  // A simulated camera is known, and a real one is not turned because it is.
  if (is_simulated != right_is_simulated) {
    left.rotate_deg = 0;
    left.mirror = false;
    left.intrinsics_file.clear();
    left.focal_px.reset();
  }
  if (!left_camera_.empty() || left_focal_px_) {
    left.intrinsics_file = left_camera_;
    left.focal_px = left_focal_px_;
  }
  if (left_rotate_deg_) left.rotate_deg = *left_rotate_deg_;
  if (!left_mirror_.empty()) left.mirror = left_mirror_ == "yes";
  return left;
}

void TwoEyeOptions::apply(TrackArguments& track) const {
  refuse_bad_combinations(track);
  if (left_.empty() && !both_) return;
  TwoEyeArguments& two = track.two_eyes.emplace();
  two.is_one_camera = both_;
  two.right_from_left_file = right_from_left_;
  two.left_offset_ms = left_offset_ms_;
  if (!right_region_.empty()) {
    two.regions =
        EyeRegions{{region_of("--right-region", right_region_), region_of("--left-region", left_region_)}};
  }
  if (!both_) two.left = left_source(track.request.source);
}

}  // namespace yarbus::cli
