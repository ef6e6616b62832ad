#include "ui/certainty_text.h"

#include <algorithm>
#include <array>
#include <numbers>

#include "eyemodel/types/model_certainty.h"
#include "ui/scene_shapes.h"

namespace yarbus::ui {

namespace {

QString number(double value, int decimals) { return QString::number(value, 'f', decimals).replace('-', "−"); }

QString with_sigma(double value, double sigma, int decimals) {
  return number(value, decimals) + " ± " + number(sigma, decimals);
}

}  // namespace

std::optional<double> gaze_sigma_deg(const EyePose& pose) {
  if (!pose.uncertainty) return std::nullopt;
  return pose.uncertainty->gaze_cone_rad(one_sigma_share) * 180.0 / std::numbers::pi;
}

std::optional<double> gaze_sigma_deg(const EyeSnapshot& snapshot) {
  const EyeModelPtr& model = snapshot.model.model;
  if (!model || model->stage != FitStage::refraction) return std::nullopt;
  if (snapshot.latest && snapshot.latest->pose) {
    if (const auto sigma_deg = gaze_sigma_deg(*snapshot.latest->pose)) return sigma_deg;
  }
  return model->report.gaze_sigma_deg > 0.0 ? std::optional(model->report.gaze_sigma_deg) : std::nullopt;
}

QString angle_sigma_text(double sigma_deg) {
  constexpr double whole_from_deg = 1.95;
  return "±" + number(sigma_deg, sigma_deg < whole_from_deg ? 1 : 0) + "°";
}

QString certainty_text(const EyeSnapshot& snapshot) {
  const auto shown_deg = gaze_sigma_deg(snapshot);
  if (!shown_deg) return "learning: look around";
  const double typical_deg = snapshot.model.model->report.gaze_sigma_deg;
  const bool is_settled = (typical_deg > 0.0 ? typical_deg : *shown_deg) < settled_gaze_sigma_deg;
  const QString number = angle_sigma_text(*shown_deg);
  return is_settled ? "settled, " + number : "learning, " + number + ": look around";
}

QString slips_text(int slips) {
  if (slips <= 0) return {};
  return slips == 1 ? QString("headset slipped once, followed")
                    : QString("headset slipped %1 times, followed").arg(slips);
}

QString eye_center_text(const EyeModel& model) {
  const Eigen::Vector3d& center = model.eye_center_in_cam_mm;
  const auto& sigmas = model.report.shape_sigmas_mm;
  return "x " + with_sigma(center.x(), sigmas[0], 2) + ", y " + with_sigma(center.y(), sigmas[1], 2) +
         ", z " + with_sigma(center.z(), sigmas[2], 1) + " mm";
}

QString anatomy_text(const EyeModel& model, AnatomyLength length) {
  constexpr std::array<const char*, 3> names{"pupil plane", "corneal centre", "corneal radius"};
  const auto index = static_cast<std::size_t>(length);
  const auto& priors = model.report.from_priors;
  const std::string name = names[index];
  const bool is_alone = std::find(priors.begin(), priors.end(), name) != priors.end();
  const bool is_among = std::any_of(priors.begin(), priors.end(), [&](const std::string& direction) {
    return direction.find(name) != std::string::npos;
  });
  const auto at = static_cast<Eigen::Index>(index);
  return with_sigma(model.anatomy.vector()[at], model.report.shape_sigmas_mm[3 + at], 2) + " mm, " +
         (is_alone   ? "from the population"
          : is_among ? "partly from the population"
                     : "from the frames");
}

}  // namespace yarbus::ui
