#include "ui/preview/preview_words.h"

#include <algorithm>
#include <cmath>

#include "ui/state_text.h"

namespace yarbus::ui {

namespace {

/// Nearer to the sharpest than this the lens need not be turned.
constexpr int sharp_enough_percent = 93;

QString percent_text(double share) {
  const double percent = 100.0 * share;
  return QString::number(percent, 'f', percent < 9.95 && percent > 0.0 ? 1 : 0) + " %";
}

QString first_large(QString text) {
  if (!text.isEmpty()) text[0] = text.at(0).toUpper();
  return text;
}

}  // namespace

QString preview_state_text(const CameraPreview& preview) {
  switch (preview.state) {
    case CameraPreview::State::opening:
      return "Opening…";
    case CameraPreview::State::running:
      return {};
    case CameraPreview::State::open_as_source:
      return "Open as the " + eye_name(preview.open_as).toLower() + " eye's source";
    case CameraPreview::State::failed: {
      QString text = first_large(QString::fromStdString(preview.text));
      if (!preview.remedy.empty()) text += ". " + QString::fromStdString(preview.remedy);
      return text + '.';
    }
  }
  return {};
}

int focus_percent(const CameraPreview& preview) {
  if (preview.sharpest <= 0.0) return 0;
  return std::clamp(static_cast<int>(std::lround(100.0 * preview.sharpness / preview.sharpest)), 0, 100);
}

QString focus_text(const CameraPreview& preview) {
  if (!preview.picture) return {};
  if (!preview.quality.has_contrast)
    return "Too little contrast to judge the focus: point the camera at an eye or face";
  if (preview.sharpest <= 0.0) return "Measuring…";
  const int percent = focus_percent(preview);
  if (percent >= sharp_enough_percent)
    return "As sharp as it has been. Turn the lens to see if it gets better";
  return QString("%1 % of the sharpest so far: turn the lens back").arg(percent);
}

QString exposure_text(const PictureQuality& quality) {
  switch (quality.exposure) {
    case ExposureVerdict::good:
      return "Good: " + percent_text(quality.white_share) + " white, " + percent_text(quality.black_share) +
             " black";
    case ExposureVerdict::too_dark:
      return "Too dark: add light, or raise exposure or gain";
    case ExposureVerdict::overexposed:
      return "Overexposed: " + percent_text(quality.white_share) +
             " of the pixels are white. Lower exposure, gain or light";
  }
  return {};
}

}  // namespace yarbus::ui
