#include "app/benchmark/compare.h"
#include "app/benchmark/compare_figures.h"
#include "app/benchmark/metrics.h"

namespace yarbus::benchmark {
namespace {

using nlohmann::json;

// On one machine with one build the same seeds give the same figures to the last digit. Another compiler,
// processor or library rounds differently; then a random sample of the detector may win that lost before, a
// frame may cross a threshold, and a fit may keep another frame. How far that can go was seen by giving the
// detector another seed, which changes the random samples of every frame: figures moved mostly by less than
// two standard errors (little for clear pupils, much for recordings with a few wild frames); eye centre and
// pupil size, which all frames of a model share, by up to 0.7 mm and 0.15 mm. The margins are of that size.
// They are not a licence to get worse by little steps: the baseline is recorded anew with every change that
// is meant to move figures.
constexpr Margin gaze_margin{0.05, 0.05, 2.0, false};      // deg
constexpr Margin outline_margin{0.05, 0.05, 2.0, false};   // px
constexpr Margin center_margin{0.10, 0.30, 0.0, false};    // mm
constexpr Margin diameter_margin{0.10, 0.12, 0.0, false};  // mm
constexpr Margin share_margin{0.0, 0.02, 2.0, true};       // of frames found
constexpr Margin count_margin{0.0, 1.0, 0.0, false};       // closed eyes taken for pupils
constexpr Margin fits_margin{0.0, 0.0, 0.0, false};        // fits that failed

std::vector<Figure> figures() {
  std::vector<Figure> list;
  const auto add_errors = [&](const std::string& key, const std::string& what, const std::string& of,
                              const Margin& margin) {
    const json::json_pointer place("/" + key + "/" + of);
    list.push_back({what + ", " + of + ", mean", place / "mean", margin});
    list.push_back({what + ", " + of + ", median", place / "median", margin});
  };
  add_errors("outline_error_px", "outline (px)", "detector", outline_margin);
  for (const FitStage stage : stages) {
    const std::string name(to_string(stage));
    add_errors("gaze_error_deg", "gaze (deg)", name, gaze_margin);
    add_errors("outline_error_px", "outline (px)", name, outline_margin);
    add_errors("eye_center_error_mm", "eye centre (mm)", name, center_margin);
    add_errors("pupil_diameter_error_mm", "pupil diameter (mm)", name, diameter_margin);
    list.push_back(
        {"fits that failed, " + name, json::json_pointer("/fits/" + name + "/failed"), fits_margin, 0});
  }
  list.push_back({"pupils found, share", json::json_pointer("/detection/share"), share_margin, 3});
  list.push_back({"pupils found on closed eyes", json::json_pointer("/false_positives_on_closed_eyes/found"),
                  count_margin, 0});
  return list;
}

}  // namespace

Result<Comparison> compare_accuracy(const nlohmann::json& now, const nlohmann::json& earlier) {
  try {
    Comparison comparison = begin_comparison();
    const auto compared =
        compare_sets(now.at("groups"), earlier.at("groups"), figures(), {"subjects", "frames"}, comparison);
    if (!compared) return compared.error();
    finish_comparison(comparison);
    return comparison;
  } catch (const json::exception& error) {
    return not_comparable("it is not complete (" + std::string(error.what()) + ')');
  }
}

}  // namespace yarbus::benchmark
