#include "app/benchmark/compare.h"
#include "app/benchmark/compare_figures.h"
#include "app/benchmark/detection_summary.h"

namespace yarbus::benchmark {
namespace {

using nlohmann::json;

// Why they are of this size: see compare_accuracy.cpp. Times are not here: they are the machine's as much as
// the program's.
constexpr Margin detected_share_margin{0.0, 0.02, 2.0, true};         // of frames found
constexpr Margin detected_outline_margin{0.05, 0.05, 2.0, false};     // px
constexpr Margin bias_margin{0.0, 0.03, 2.0, false};         // px
constexpr Margin calibration_margin{0.0, 0.03, 0.0, false};  // of a probability
constexpr Margin brier_margin{0.0, 0.02, 0.0, false};        // of a probability, squared
constexpr Margin lid_margin{0.0, 0.03, 2.0, false};          // of the pupil's area
constexpr Margin detected_count_margin{0.0, 1.0, 0.0, false};         // pupils reported where there is none
/// One allocation more in every frame is a step back, however small; less is what an odd frame may need.
constexpr Margin allocation_margin{0.0, 0.5, 0.0, false};

std::vector<Figure> detection_figures() {
  std::vector<Figure> list;
  for (const DetectionWay way : ways) {
    const std::string name(to_string(way));
    const auto add = [&](const std::string& what, const std::string& place, const Margin& margin,
                         int decimals) {
      list.push_back({what + ", " + name, json::json_pointer("/" + name + place), margin, decimals});
    };
    add("pupils found within 5 px, share", "/center_within_px/5/share", detected_share_margin, 3);
    add("pupils found within 2 px, share", "/center_within_px/2/share", detected_share_margin, 3);
    add("outlines within 2 px, share", "/outline_within_px/2/share", detected_share_margin, 3);
    add("outline (px), median", "/outline_error_px/median", detected_outline_margin, 2);
    add("outline (px), mean", "/outline_error_px/mean", detected_outline_margin, 2);
    add("size of the diameter's bias (px)", "/bias_px/mean_diameter/size", bias_margin, 3);
    add("size of the centre's bias in x (px)", "/bias_px/center_x/size", bias_margin, 3);
    add("size of the centre's bias in y (px)", "/bias_px/center_y/size", bias_margin, 3);
    add("calibration error", "/confidence/calibration_error", calibration_margin, 3);
    add("Brier score", "/confidence/brier", brier_margin, 3);
    add("lid closure, error of the hidden area", "/lid_closure/area_error/mean", lid_margin, 3);
    add("pupils found on closed eyes", "/false_positives_on_closed_eyes/found", detected_count_margin, 0);
    add("allocations a frame", "/allocations_per_frame", allocation_margin, 2);
  }
  return list;
}

std::vector<Figure> no_eye_figures() {
  std::vector<Figure> list;
  for (const DetectionWay way : ways) {
    const std::string name(to_string(way));
    list.push_back({"pupils found without an eye, " + name, json::json_pointer("/" + name + "/reported"),
                    detected_count_margin, 0});
  }
  return list;
}

}  // namespace

Result<Comparison> compare_detection(const nlohmann::json& now, const nlohmann::json& earlier) {
  try {
    Comparison comparison = begin_comparison();
    auto compared =
        compare_sets(now.at("groups"), earlier.at("groups"), detection_figures(), {"subjects", "frames"}, comparison);
    if (compared) {
      compared =
          compare_sets(now.at("no_eye"), earlier.at("no_eye"), no_eye_figures(), {"frames"}, comparison);
    }
    if (!compared) return compared.error();
    finish_comparison(comparison);
    return comparison;
  } catch (const json::exception& error) {
    return not_comparable("it is not complete (" + std::string(error.what()) + ')');
  }
}

}  // namespace yarbus::benchmark
