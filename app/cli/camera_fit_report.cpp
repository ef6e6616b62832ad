#include "app/cli/camera_fit_report.h"

#include <QString>
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "ui/report/calibration_overlay.h"
#include "ui/report/picture_file.h"

namespace yarbus::cli {

void print_views(const BoardViews& views, const CameraFit* fit) {
  std::size_t longest = 4;
  for (const LookedAt& look : views.looked_at) longest = std::max(longest, look.label.size());
  const int width = static_cast<int>(longest);
  std::printf("%-*s  points   error\n", width, "view");
  std::size_t index = 0;
  for (const LookedAt& look : views.looked_at) {
    if (!look.view) {
      std::printf("%-*s       -       -   %s\n", width, look.label.c_str(), look.why_not.c_str());
      continue;
    }
    std::printf("%-*s  %6zu", width, look.label.c_str(), look.view->points.size());
    if (fit != nullptr) {
      const ViewError& error = fit->views[index];
      std::printf("  %6.3f px%s%s", error.rms_px, error.is_removed ? "   removed: " : "",
                  error.reason.c_str());
    }
    std::printf("\n");
    ++index;
  }
  if (!views.remarks.empty()) std::printf("%s\n", views.remarks.c_str());
  std::printf("\n");
}

void print_camera_fit(const CameraFit& fit) {
  const CameraIntrinsics& camera = fit.intrinsics;
  const bool is_fisheye = camera.distortion_model == DistortionModel::fisheye;
  std::printf("camera      %dx%d px, %s lens\n", camera.width_px, camera.height_px,
              is_fisheye ? "fisheye" : "standard");
  std::printf("focal       %.2f +- %.2f px across, %.2f +- %.2f px down\n", camera.fx_px, fit.sigma_px[0],
              camera.fy_px, fit.sigma_px[1]);
  std::printf("centre      %.2f +- %.2f, %.2f +- %.2f px\n", camera.cx_px, fit.sigma_px[2], camera.cy_px,
              fit.sigma_px[3]);
  static constexpr const char* standard_names[] = {"k1", "k2", "p1", "p2", "k3"};
  static constexpr const char* fisheye_names[] = {"k1", "k2", "k3", "k4"};
  std::printf("lens       ");
  for (std::size_t i = 0; i < (is_fisheye ? 4U : 5U); ++i) {
    std::printf(" %s %.4f +- %.4f%s", is_fisheye ? fisheye_names[i] : standard_names[i], camera.distortion[i],
                fit.distortion_sigma[i], i + 1 < (is_fisheye ? 4U : 5U) ? "," : "\n");
  }
  std::printf("error       %.3f px over %d views (root mean square); board tilted up to %.0f deg\n",
              fit.rms_px, fit.views_used, fit.most_tilt_deg);
  std::printf("model       %s\n", fit.left_out.text.c_str());
}

Result<void> write_overlays(const std::string& folder, const BoardViews& views, const CameraFit* fit) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  std::size_t index = 0;
  for (const LookedAt& look : views.looked_at) {
    if (!look.view) continue;
    ui::CalibrationOverlay overlay;
    overlay.image = look.image.view();
    for (const BoardPoint& point : look.view->points) overlay.found_px.push_back(point.in_image_px);
    overlay.caption = look.label;
    if (fit != nullptr) {
      const ViewError& error = fit->views[index];
      overlay.fitted_px = error.reprojected_px;
      char text[64];
      std::snprintf(text, sizeof text, ": %.3f px", error.rms_px);
      overlay.caption += text;
      if (error.is_removed) overlay.caption += ", removed: " + error.reason;
    }
    ++index;
    std::string name = std::filesystem::path(look.label).stem().string();
    std::replace(name.begin(), name.end(), ' ', '_');
    const std::string path = (std::filesystem::path(folder) / (name + ".png")).string();
    if (const auto written =
            ui::write_picture(ui::paint_calibration(overlay), QString::fromStdString(path), "the overlay");
        !written)
      return written.error();
  }
  return {};
}

}  // namespace yarbus::cli
