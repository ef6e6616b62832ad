#include "calibration/camera/fit_camera.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <numeric>

#include <ceres/rotation.h>

#include "calibration/camera/fit_lens.h"

namespace yarbus {
namespace {

constexpr const char* views_remedy =
    "Show the board from 15 or more sides: in every corner of the image, near and far, tilted to the left, "
    "right, "
    "up and down by 20 to 40 degrees";

std::string text_of(const char* format, double a, double b = 0.0, double c = 0.0) {
  std::array<char, 200> text{};
  std::snprintf(text.data(), text.size(), format, a, b, c);
  return text.data();
}

Error refusal(std::string why, const char* remedy = views_remedy) {
  return {ErrorCode::unsupported_format, std::move(why), "camera calibration", remedy};
}

double median_of_views(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// A fit of one lens model with what was left out of it.
struct ModelFit {
  LensFit lens;
  std::vector<std::size_t> kept;     ///< indices of the views used
  std::vector<std::string> reasons;  ///< one a view; empty: used
  std::vector<double> all_rms_px;    ///< one a view; of those removed as they were then
};

ViewList chosen(std::span<const BoardView> views, const std::vector<std::size_t>& indices) {
  ViewList list;
  for (const std::size_t index : indices) list.push_back(&views[index]);
  return list;
}

/// Takes out what stands out. Errors: refused when more than a third would go.
Result<bool> remove_outliers(const CameraFitOptions& options, std::size_t view_count, ModelFit& fit) {
  const double median_px = median_of_views(fit.lens.view_rms_px);
  const double limit_px = std::max(options.least_outlier_px, options.outlier_factor * median_px);
  std::vector<std::size_t> kept;
  std::vector<PoseVector> poses;
  for (std::size_t i = 0; i < fit.kept.size(); ++i) {
    const double rms_px = fit.lens.view_rms_px[i];
    fit.all_rms_px[fit.kept[i]] = rms_px;
    if (rms_px <= limit_px) {
      kept.push_back(fit.kept[i]);
      poses.push_back(fit.lens.poses[i]);
    } else {
      fit.reasons[fit.kept[i]] =
          text_of("its points miss by %.2f px, the middle view by %.2f px", rms_px, median_px);
    }
  }
  if (kept.size() == fit.kept.size()) return false;
  const std::size_t removed = view_count - kept.size();
  if (3 * removed > view_count) {
    return refusal(std::to_string(removed) + " of " + std::to_string(view_count) +
                       " views contradict the others: no camera fits them all",
                   "Check that the board is flat and its size is given rightly, and take the views again");
  }
  fit.kept = std::move(kept);
  fit.lens.poses = std::move(poses);
  return true;
}

Result<ModelFit> fit_model(std::span<const BoardView> views, DistortionModel model,
                           const CameraFitOptions& options, const std::stop_token& stop) {
  ModelFit fit;
  fit.kept.resize(views.size());
  std::iota(fit.kept.begin(), fit.kept.end(), 0U);
  fit.reasons.resize(views.size());
  fit.all_rms_px.resize(views.size());
  auto robust = fit_lens_from_scratch(chosen(views, fit.kept), model, stop);
  if (!robust) return refusal(std::string("no ") + to_string(model) + " lens can be fitted to the views");
  fit.lens = std::move(*robust);
  constexpr int rounds = 4;
  for (int round = 0; round < rounds; ++round) {
    const auto removed = remove_outliers(options, views.size(), fit);
    if (!removed) return removed.error();
    if (round > 0 && !*removed) break;
    auto plain = refine_lens(chosen(views, fit.kept), fit.lens, stop);
    if (!plain) return refusal(std::string("no ") + to_string(model) + " lens can be fitted to the views");
    fit.lens = std::move(*plain);
  }
  for (std::size_t i = 0; i < fit.kept.size(); ++i) fit.all_rms_px[fit.kept[i]] = fit.lens.view_rms_px[i];
  return fit;
}

/// Root mean square over views that were left out in turn; unset if a fold has no fit.
std::optional<double> cross_validated_px(std::span<const BoardView> views, const ModelFit& fit,
                                         const std::vector<std::size_t>& judged,
                                         const std::stop_token& stop) {
  const std::size_t folds = std::min<std::size_t>(5, judged.size());
  double squares = 0.0;
  std::size_t count = 0;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    ViewList rest;
    LensFit start = fit.lens;
    start.poses.clear();
    std::vector<std::pair<std::size_t, PoseVector>> left_out;
    for (std::size_t i = 0, j = 0; i < fit.kept.size(); ++i) {
      const bool is_judged = std::find(judged.begin(), judged.end(), fit.kept[i]) != judged.end();
      if (!is_judged) continue;
      if (j++ % folds == fold) {
        left_out.emplace_back(fit.kept[i], fit.lens.poses[i]);
      } else {
        rest.push_back(&views[fit.kept[i]]);
        start.poses.push_back(fit.lens.poses[i]);
      }
    }
    const auto without = refine_lens(rest, start, stop);
    if (!without) return std::nullopt;
    for (const auto& [index, pose] : left_out) {
      const double error_px = left_out_error_px(views[index], *without, pose);
      squares += error_px * error_px * static_cast<double>(views[index].points.size());
      count += views[index].points.size();
    }
  }
  return std::sqrt(squares / static_cast<double>(std::max<std::size_t>(count, 1)));
}

double tilt_deg(const PoseVector& pose) {
  const double facing[3] = {0.0, 0.0, 1.0};
  double normal[3];
  ceres::AngleAxisRotatePoint(pose.data(), facing, normal);
  // Against the camera axis: a board parallel to the image says nothing about the focal length.
  return std::acos(std::clamp(std::abs(normal[2]), 0.0, 1.0)) * 180.0 / std::numbers::pi;
}

/// Errors: refused, with what is missing.
Result<void> check_determined(const CameraFit& fit, const CameraFitOptions& options) {
  const CameraIntrinsics& camera = fit.intrinsics;
  const double side_px = std::max(camera.width_px, camera.height_px);
  const double most_rms_px = options.most_rms_px * std::max(1.0, side_px / 640.0);
  const double focal_sigma = std::max(fit.sigma_px[0] / camera.fx_px, fit.sigma_px[1] / camera.fy_px);
  constexpr double flat_deg = 10.0;
  if (fit.most_tilt_deg < flat_deg) {
    return refusal(
        text_of("the board is tilted by %.0f degrees at most, so its distance and the focal length cannot "
                "be told apart",
                fit.most_tilt_deg));
  }
  if (!(focal_sigma <= options.most_focal_sigma)) {
    const std::string by = std::isfinite(focal_sigma)
                               ? text_of(" is uncertain by %.1f %%", 100.0 * focal_sigma)
                               : " is not determined";
    return refusal("the focal length" + by + " (one standard deviation)");
  }
  if (!(fit.rms_px <= most_rms_px)) {
    return refusal(
        text_of("the points miss by %.2f px, more than %.2f px", fit.rms_px, most_rms_px),
        "Check that the board is flat and its size is given rightly, that the images are not blurred, and "
        "try the other lens model");
  }
  if (const auto valid = camera.validate(); !valid)
    return refusal("the fit is no camera: " + valid.error().message);
  return {};
}

CameraFit finished(std::span<const BoardView> views, const ModelFit& model) {
  CameraFit fit;
  fit.intrinsics = model.lens.intrinsics(views.front().width_px, views.front().height_px);
  fit.rms_px = model.lens.rms_px;
  const CameraVector sigmas = standard_deviations(chosen(views, model.kept), model.lens);
  std::copy_n(sigmas.begin(), 4, fit.sigma_px.begin());
  std::copy_n(sigmas.begin() + 4, 5, fit.distortion_sigma.begin());
  fit.views_used = static_cast<int>(model.kept.size());
  fit.views.resize(views.size());
  for (std::size_t i = 0; i < views.size(); ++i) {
    fit.views[i].rms_px = model.all_rms_px[i];
    fit.views[i].reason = model.reasons[i];
    fit.views[i].is_removed = !model.reasons[i].empty();
  }
  for (std::size_t i = 0; i < model.kept.size(); ++i) {
    fit.views[model.kept[i]].reprojected_px = reprojected_px(views[model.kept[i]], model.lens, i);
    fit.most_tilt_deg = std::max(fit.most_tilt_deg, tilt_deg(model.lens.poses[i]));
  }
  return fit;
}

Result<void> check_views(std::span<const BoardView> views, const CameraFitOptions& options) {
  const int count = static_cast<int>(views.size());
  if (count < options.fewest_views) {
    return refusal("the board was found in " + std::to_string(count) + " views, at least " +
                   std::to_string(options.fewest_views) + " are needed");
  }
  for (const BoardView& view : views) {
    if (view.width_px != views.front().width_px || view.height_px != views.front().height_px)
      return refusal("the views have different sizes", "Give images of one camera at one resolution");
  }
  return {};
}

}  // namespace

Result<CameraFit> fit_camera(std::span<const BoardView> views, const CameraFitOptions& options,
                             const std::stop_token& stop,
                             const std::function<void(const std::string& step, double share)>& on_progress) {
  if (const auto enough = check_views(views, options); !enough) return enough.error();
  const auto progress = [&](const char* step, double share) {
    if (on_progress) on_progress(step, share);
  };
  const auto interrupted = [&] {
    return Error{ErrorCode::interrupted, "the calibration was stopped", "camera calibration", ""};
  };
  progress("fitting the standard lens", 0.0);
  std::optional<Result<ModelFit>> standard;
  std::optional<Result<ModelFit>> fisheye;
  if (options.lens != LensChoice::fisheye)
    standard = fit_model(views, DistortionModel::radial_tangential, options, stop);
  if (stop.stop_requested()) return interrupted();
  progress("fitting the fisheye lens", 0.3);
  if (options.lens != LensChoice::standard)
    fisheye = fit_model(views, DistortionModel::fisheye, options, stop);
  if (stop.stop_requested()) return interrupted();

  // Both models are judged on the views that both kept.
  std::vector<std::size_t> judged;
  for (std::size_t i = 0; i < views.size(); ++i) {
    const auto kept_by = [i](const std::optional<Result<ModelFit>>& fit) {
      return !fit || !*fit || (*fit)->reasons[i].empty();
    };
    if (kept_by(standard) && kept_by(fisheye)) judged.push_back(i);
  }
  LeftOutErrors left_out;
  progress("leaving views out", 0.6);
  if (standard && *standard) left_out.standard_px = cross_validated_px(views, **standard, judged, stop);
  progress("leaving views out", 0.8);
  if (fisheye && *fisheye) left_out.fisheye_px = cross_validated_px(views, **fisheye, judged, stop);
  if (stop.stop_requested()) return interrupted();

  bool is_fisheye = options.lens == LensChoice::fisheye;
  if (options.lens == LensChoice::automatic) {
    if (left_out.standard_px && left_out.fisheye_px) {
      is_fisheye = *left_out.fisheye_px < (1.0 - options.fisheye_must_gain) * *left_out.standard_px;
      left_out.text = text_of("views left out of the fit: standard %.3f px, fisheye %.3f px",
                              *left_out.standard_px, *left_out.fisheye_px) +
                      (is_fisheye ? ": fisheye" : ": standard");
    } else {
      is_fisheye = !(standard && *standard) && fisheye && *fisheye;
      left_out.text = is_fisheye ? "only the fisheye lens fits" : "only the standard lens fits";
    }
  } else {
    const auto& error_px = is_fisheye ? left_out.fisheye_px : left_out.standard_px;
    left_out.text = std::string(to_string(options.lens)) + " as asked" +
                    (error_px ? text_of(", views left out of the fit: %.3f px", *error_px) : "");
  }
  const Result<ModelFit>& model = is_fisheye ? *fisheye : *standard;
  if (!model) return model.error();
  CameraFit fit = finished(views, *model);
  fit.left_out = std::move(left_out);
  progress("done", 1.0);
  if (fit.views_used < options.fewest_views)
    return refusal("only " + std::to_string(fit.views_used) + " views agree, at least " +
                   std::to_string(options.fewest_views) + " are needed");
  if (const auto determined = check_determined(fit, options); !determined) return determined.error();
  return fit;
}

}  // namespace yarbus
