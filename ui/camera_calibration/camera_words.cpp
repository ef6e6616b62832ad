#include "ui/camera_calibration/camera_words.h"

#include <QStringList>
#include <algorithm>
#include <array>
#include <cmath>

namespace yarbus::ui {

namespace {

/// Of the longer image side for which limits on errors are stated.
constexpr double reference_side_px = 640.0;

QString row(const QString& name, const QString& value) {
  return "<tr><td style=\"padding-right:14px\">" + name + "</td><td>" + value.toHtmlEscaped() + "</td></tr>";
}

QString mm(double value) {
  QString text = QString::number(value, 'f', value < 100.0 ? 2 : 1);
  while (text.endsWith('0')) text.chop(1);
  if (text.endsWith('.')) text.chop(1);
  return text;
}

QString percent(double share) {
  const double value = 100.0 * share;
  return QString::number(value, 'f', value < 0.1 ? 3 : 2) + " %";
}

}  // namespace

QString board_kind_name(BoardKind kind) {
  switch (kind) {
    case BoardKind::chessboard:
      return "Chessboard";
    case BoardKind::circles:
      return "Circles in a grid";
    case BoardKind::asymmetric_circles:
      return "Circles, every second row shifted";
    case BoardKind::charuco:
      return "ChArUco: a chessboard with markers";
  }
  return {};
}

QString counted_name(BoardKind kind) {
  const bool has_corners = kind == BoardKind::chessboard || kind == BoardKind::charuco;
  return has_corners ? "inner corners" : "circles";
}

QString lens_name(DistortionModel lens) { return lens == DistortionModel::fisheye ? "fisheye" : "standard"; }

QString with_sigma(double value, double sigma) {
  if (!std::isfinite(sigma) || sigma <= 0.0) return QString::number(value, 'f', 3);
  const int decimals = std::clamp(1 - static_cast<int>(std::floor(std::log10(sigma))), 0, 6);
  return QString("%1 ± %2").arg(value, 0, 'f', decimals).arg(sigma, 0, 'f', decimals);
}

QString error_text(double error_px) {
  return std::isfinite(error_px) ? QString("%1 px").arg(error_px, 0, 'f', error_px < 1.0 ? 3 : 2) : "–";
}

QString paper_name(double width_mm, double height_mm) {
  struct Paper {
    const char* name;
    double width_mm, height_mm;
  };
  constexpr double printers_margin_mm = 5.0;
  constexpr std::array<Paper, 4> papers{
      {{"A4", 210, 297}, {"A3", 297, 420}, {"A2", 420, 594}, {"A1", 594, 841}}};
  for (const Paper& paper : papers) {
    const double w = paper.width_mm - 2.0 * printers_margin_mm;
    const double h = paper.height_mm - 2.0 * printers_margin_mm;
    if (width_mm <= w && height_mm <= h) return paper.name;
    if (width_mm <= h && height_mm <= w) return QString(paper.name) + " lying";
  }
  return {};
}

QString size_check_words(const CalibrationBoard& board, const BoardDrawing& drawing) {
  const Eigen::Vector2d pattern = pattern_size_mm(board);
  const QString paper = paper_name(drawing.width_mm, drawing.height_mm);
  const bool has_corners = board.kind == BoardKind::chessboard || board.kind == BoardKind::charuco;
  return QString("The pattern is %1 × %2 mm, %3. With its white border it takes %4 × %5 mm of paper%6.")
             .arg(mm(pattern.x()), mm(pattern.y()),
                  has_corners ? "from the outer edges of the outer squares"
                              : "from the outer edges of the outer circles",
                  mm(drawing.width_mm), mm(drawing.height_mm),
                  paper.isEmpty() ? QString(" and fits no paper up to A1: choose fewer or smaller squares")
                                  : ": it fits " + paper) +
         " Print it at 100 %, not “fit to page”, and measure it with a ruler: a board of another size makes "
         "every distance wrong by as much.";
}

CameraVerdict camera_verdict(const CameraCalibrationResult& result) {
  const CameraIntrinsics& camera = result.intrinsics;
  const double share = std::max(result.sigma_px[0] / camera.fx_px, result.sigma_px[1] / camera.fy_px);
  const double error_px = result.rms_px * reference_side_px / std::max(camera.width_px, camera.height_px);
  constexpr double good_share = 0.002;
  constexpr double fair_share = 0.005;
  constexpr double good_error_px = 0.35;
  constexpr double fair_error_px = 0.6;
  constexpr double little_tilt_deg = 20.0;
  CameraVerdict verdict;
  // Written so that what is not a number is poor.
  const bool is_good = share <= good_share && error_px <= good_error_px;
  const bool is_fair = share <= fair_share && error_px <= fair_error_px;
  verdict.grade = is_good   ? CameraVerdict::Grade::good
                  : is_fair ? CameraVerdict::Grade::fair
                            : CameraVerdict::Grade::poor;
  const QString known = std::isfinite(share)
                            ? "the focal length is known to " + percent(share) + ", and distances to as much"
                            : QString("the focal length is not determined");
  const QString error = "; points are off by " + error_text(result.rms_px);
  verdict.words = (is_good ? "Good: " : is_fair ? "Fair: " : "Poor: ") + known + error + '.';
  QStringList remedies;
  if (!(share <= good_share)) {
    remedies << (result.most_tilt_deg < little_tilt_deg
                     ? QString("Tilt the board further: at most %1° so far, 20 to 40° tell the focal length.")
                           .arg(result.most_tilt_deg, 0, 'f', 0)
                     : QString("Add views: near ones that fill the image, tilted to every side."));
  }
  if (!(error_px <= good_error_px))
    remedies << "Is the board flat, sharp and held still? Remove the views with the largest error, or add "
                "better ones.";
  verdict.remedy = remedies.join(' ');
  return verdict;
}

QString result_html(const CameraCalibrationResult& result) {
  const CameraIntrinsics& camera = result.intrinsics;
  const bool is_fisheye = camera.distortion_model == DistortionModel::fisheye;
  QString html = "<table>";
  html += row("Image", QString("%1 × %2 px, %3 lens")
                           .arg(camera.width_px)
                           .arg(camera.height_px)
                           .arg(lens_name(camera.distortion_model)));
  html += row("Focal length across", with_sigma(camera.fx_px, result.sigma_px[0]) + " px");
  html += row("Focal length down", with_sigma(camera.fy_px, result.sigma_px[1]) + " px");
  html += row("Principal point x", with_sigma(camera.cx_px, result.sigma_px[2]) + " px");
  html += row("Principal point y", with_sigma(camera.cy_px, result.sigma_px[3]) + " px");
  constexpr std::array<const char*, 5> standard{"k1", "k2", "p1", "p2", "k3"};
  constexpr std::array<const char*, 4> fisheye{"k1", "k2", "k3", "k4"};
  for (std::size_t i = 0; i < (is_fisheye ? fisheye.size() : standard.size()); ++i)
    html += row(QString("Distortion ") + (is_fisheye ? fisheye[i] : standard[i]),
                with_sigma(camera.distortion[i], result.distortion_sigma[i]));
  html += row("Error left", error_text(result.rms_px) + " (root mean square)");
  html += row("Views used",
              QString("%1, tilted up to %2°").arg(result.views_used).arg(result.most_tilt_deg, 0, 'f', 0));
  return html + "</table>";
}

QString left_out_words(const CameraCalibrationResult& result) {
  QStringList parts;
  if (result.standard_left_out_px) parts << "standard " + error_text(*result.standard_left_out_px);
  if (result.fisheye_left_out_px) parts << "fisheye " + error_text(*result.fisheye_left_out_px);
  return parts.isEmpty() ? QString() : "Error on views left out of the fit: " + parts.join(", ") + '.';
}

bool is_result_old(const CameraCalibrationSnapshot& now) {
  if (!now.result) return false;
  const auto used = std::count_if(now.views.begin(), now.views.end(), [](const CameraCalibrationView& view) {
    return std::isfinite(view.error_px) && !view.is_removed;
  });
  return used != now.result->views_used;
}

QString since_result_words(const CameraCalibrationSnapshot& now) {
  if (!now.result) return {};
  if (is_result_old(now)) return "Views were removed since: compute again.";
  const auto came = std::count_if(now.views.begin(), now.views.end(), [](const CameraCalibrationView& view) {
    return !std::isfinite(view.error_px);
  });
  if (came == 0) return {};
  return came == 1 ? QString("1 view came since: compute again to use it.")
                   : QString("%1 views came since: compute again to use them.").arg(came);
}

QString guide_words(const CameraCalibrationSnapshot& now, bool has_source) {
  if (now.is_busy)
    return with_capital(QString::fromStdString(now.busy_text.empty() ? "computing" : now.busy_text)) + "…";
  if (now.result && !is_result_old(now)) {
    return now.saved_as.empty() ? QString("Done: look at the result and save it")
                                : "Saved as " + QString::fromStdString(now.saved_as);
  }
  if (!has_source && now.views.empty()) return "Open the eye’s camera, or load pictures of the board";
  return with_capital(QString::fromStdString(now.guide_text));
}

QString view_count_words(const CameraCalibrationSnapshot& now) {
  const auto removed = std::count_if(now.views.begin(), now.views.end(),
                                     [](const CameraCalibrationView& view) { return view.is_removed; });
  QString text = now.views.size() == 1 ? QString("1 view") : QString("%1 views").arg(now.views.size());
  if (removed > 0) text += QString(", %1 of them taken out").arg(removed);
  return text;
}

QString with_capital(QString text) {
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

}  // namespace yarbus::ui
