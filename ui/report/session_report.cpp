#include "ui/report/session_report.h"

#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QVector>
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "ui/report/custom_plot.h"
#include "ui/report/plot_style.h"

namespace yarbus::ui {
namespace {

constexpr double row_height = 15.0;  // all lengths in points
constexpr double label_width = 190.0;

QString number_text(double value, int decimals) { return QString::number(value, 'f', decimals); }

QString degrees_text(const std::optional<double>& value) {
  return value ? number_text(*value, 2) + QString::fromUtf8("°") : QString("not measured");
}

/// Painted from top to bottom; goes on with the next page where one is full.
class ReportPages {
 public:
  ReportPages(QPdfWriter& writer, QPainter& painter, double scale)
      : writer_(writer),
        painter_(painter),
        width_(writer.width() / scale),
        height_(writer.height() / scale) {}

  void next_page() {
    writer_.newPage();
    y_ = 0.0;
  }
  void title(const QString& text) { line(text, 16, 24.0); }
  /// Not without room for the first of what it heads.
  void heading(const QString& text) {
    make_room(60.0);
    y_ += 8.0;
    line(text, 11, 18.0);
  }
  void text(const QString& words) { y_ += 3.0 + wrapped(0.0, words); }
  void fact(const QString& label, const QString& value) {
    make_room(row_height);
    set_font(9, false);
    painter_.drawText(QRectF(0.0, y_, label_width, row_height), Qt::AlignTop, label);
    y_ += std::max(row_height, 4.0 + wrapped(label_width, value));
  }
  void plot(QCustomPlot& plot, double height) {
    make_room(height);
    constexpr double pixels_a_point = 2.0;
    constexpr double sharpness = 2.0;
    const QPixmap picture = plot.toPixmap(static_cast<int>(width_ * pixels_a_point),
                                          static_cast<int>(height * pixels_a_point), sharpness);
    painter_.drawPixmap(QRectF(0.0, y_, width_, height), picture, QRectF(picture.rect()));
    y_ += height + 6.0;
  }

 private:
  void make_room(double height) {
    if (y_ + height > height_) next_page();
  }
  void set_font(int points, bool is_bold) {
    QFont font("Sans");
    font.setPixelSize(points);
    font.setBold(is_bold);
    painter_.setFont(font);
  }
  /// How high it is.
  double wrapped(double left, const QString& words) {
    set_font(9, false);
    const QRectF room(left, y_, width_ - left, height_);
    const double height = painter_.boundingRect(room, Qt::TextWordWrap, words).height();
    make_room(height);
    painter_.drawText(QRectF(left, y_, width_ - left, height + 1.0), Qt::TextWordWrap, words);
    return height;
  }
  void line(const QString& words, int points, double height) {
    set_font(points, true);
    painter_.drawText(QRectF(0.0, y_, width_, height), Qt::AlignVCenter, words);
    y_ += height;
  }

  QPdfWriter& writer_;
  QPainter& painter_;
  double width_;
  double height_;
  double y_ = 0.0;
};

/// Axes as every plot of the project has them.
void style_report_plot(QCustomPlot& plot, const QString& below, const QString& beside) {
  const QPalette palette = paper_palette();
  plot.setBackground(QBrush(palette.color(QPalette::Window)));
  style_axis_rect(*plot.axisRect(), palette, plot_font(18));
  plot.xAxis->setLabel(below);
  plot.yAxis->setLabel(beside);
}

void paint_intervals(ReportPages& page, const CameraQuality& camera) {
  QCustomPlot plot;
  style_report_plot(plot, "interval between frames (ms); the last bar has all longer ones", "frames");
  auto* bars = new QCPBars(plot.xAxis, plot.yAxis);
  QVector<double> keys;
  QVector<double> counts;
  double most = 1.0;
  for (std::size_t i = 0; i < camera.interval_counts.size(); ++i) {
    keys << (static_cast<double>(i) + 0.5) * camera.interval_bin_ms;
    counts << static_cast<double>(camera.interval_counts[i]);
    most = std::max(most, counts.back());
  }
  bars->setWidth(camera.interval_bin_ms);
  bars->setData(keys, counts, true);
  const QColor color = curve_colors(paper_palette()).azimuth;
  bars->setPen(Qt::NoPen);
  bars->setBrush(color);
  plot.xAxis->setRange(0.0, camera.interval_bin_ms * static_cast<double>(camera.interval_counts.size()));
  plot.yAxis->setRange(0.0, 1.05 * most);
  page.plot(plot, 150.0);
}

void paint_valid_shares(ReportPages& page, const CameraQuality& camera) {
  QCustomPlot plot;
  style_report_plot(plot, "time (s)", "valid frames (%)");
  QCPGraph* graph = plot.addGraph();
  graph->setPen(QPen(curve_colors(paper_palette()).confidence, 2.0));
  graph->setLineStyle(QCPGraph::lsStepCenter);
  const double piece_s = camera.duration_s / static_cast<double>(camera.valid_shares.size());
  for (std::size_t i = 0; i < camera.valid_shares.size(); ++i) {
    if (const auto& share = camera.valid_shares[i])
      graph->addData((static_cast<double>(i) + 0.5) * piece_s, 100.0 * *share);
  }
  plot.xAxis->setRange(0.0, camera.duration_s);
  plot.yAxis->setRange(-2.0, 104.0);
  page.plot(plot, 130.0);
}

void paint_pupil_size(ReportPages& page, const PupilSizeQuality& size) {
  const auto percent = [&](std::int64_t frames) {
    const auto all = static_cast<double>(std::max<std::int64_t>(1, size.frames));
    return number_text(100.0 * static_cast<double>(frames) / all, 1);
  };
  page.fact(
      "pupil size",
      QString("valid in %1 % of frames; %2 % missing, %3 % in blinks, %4 % too fast, %5 % isolated; %6 % are "
              "in gaps short enough to be interpolated")
          .arg(percent(size.valid), percent(size.missing), percent(size.in_blink),
               percent(size.speed_outliers), percent(size.isolated), percent(size.interpolated)));
}

void paint_main_sequence(ReportPages& page, const SaccadeQuality& saccades) {
  QCustomPlot plot;
  style_report_plot(plot, "amplitude of saccades (deg); line: main sequence", "peak velocity (deg/s)");
  const CurveColors colors = curve_colors(paper_palette());
  QCPGraph* dots = plot.addGraph();
  dots->setPen(QPen(colors.azimuth, 1.5));
  dots->setLineStyle(QCPGraph::lsNone);
  dots->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, 7.0));
  double largest_deg = 1.0;
  double fastest_deg_s = 1.0;
  for (const auto& saccade : saccades.saccades) {
    dots->addData(saccade.amplitude_deg, saccade.peak_velocity_deg_s);
    largest_deg = std::max(largest_deg, saccade.amplitude_deg);
    fastest_deg_s = std::max(fastest_deg_s, saccade.peak_velocity_deg_s);
  }
  if (const auto& fitted = saccades.main_sequence) {
    constexpr int pieces = 100;
    QCPGraph* line = plot.addGraph();
    line->setPen(QPen(colors.confidence, 2.5));
    // It says nothing outside the amplitudes it rests on.
    for (int i = 0; i <= pieces; ++i) {
      const double amplitude_deg =
          fitted->smallest_deg + (fitted->largest_deg - fitted->smallest_deg) * i / pieces;
      line->addData(amplitude_deg, fitted->limit_deg_s * (1.0 - std::exp(-amplitude_deg / fitted->bend_deg)));
    }
  }
  plot.xAxis->setRange(0.0, 1.05 * largest_deg);
  plot.yAxis->setRange(0.0, 1.1 * fastest_deg_s);
  page.plot(plot, 150.0);
}

void paint_saccades(ReportPages& page, const SaccadeQuality& saccades) {
  QString words = saccades.miss.empty() ? QString::number(saccades.saccades.size())
                                        : QString::fromStdString(saccades.miss);
  if (const auto& fitted = saccades.main_sequence) {
    words +=
        QString(
            "; main sequence %1 deg/s (1 - exp(-A / %2 deg)) of %3 saccades of %4 to %5 deg, half of them "
            "within %6 %")
            .arg(number_text(fitted->limit_deg_s, 0), number_text(fitted->bend_deg, 1),
                 QString::number(fitted->saccades), number_text(fitted->smallest_deg, 1),
                 number_text(fitted->largest_deg, 1), number_text(100.0 * fitted->spread, 0));
  } else if (saccades.miss.empty()) {
    words += "; no main sequence: " + QString::fromStdString(saccades.main_sequence_miss);
  }
  page.fact("saccades", words);
}

void paint_camera(ReportPages& page, const CameraQuality& camera) {
  page.heading(QString("Camera %1: %2, %3")
                   .arg(camera.camera)
                   .arg(QString::fromStdString(camera.name),
                        camera.is_webcam ? QString("webcam") : QString("%1 eye").arg(to_string(camera.eye))));
  page.fact("frames", QString("%1, %2 lost").arg(camera.frames).arg(camera.frames_lost));
  page.fact("duration", number_text(camera.duration_s, 2) + " s");
  page.fact("frame rate", number_text(camera.frame_rate_hz, 2) + " Hz" +
                              (camera.nominal_rate_hz > 0.0
                                   ? ", nominally " + number_text(camera.nominal_rate_hz, 2) + " Hz"
                                   : QString()));
  page.fact("effective rate (valid frames)", number_text(camera.effective_rate_hz, 2) + " Hz");
  page.fact("data loss", QString("%1 % (%2 frames in blinks)")
                             .arg(number_text(camera.data_loss_percent, 1))
                             .arg(camera.in_blink));
  page.fact("interval between frames",
            QString("%1 ms median, %2 ms 95th percentile, %3 ms longest")
                .arg(number_text(camera.median_interval_ms, 2), number_text(camera.p95_interval_ms, 2),
                     number_text(camera.longest_interval_ms, 2)));
  if (const auto& precision = camera.precision) {
    page.fact("precision in fixations",
              QString("RMS-S2S %1, STD %2, BCEA %3 square degrees (medians; fixations: %4, of %5 s)")
                  .arg(degrees_text(precision->rms_s2s_deg), degrees_text(precision->std_deg),
                       number_text(precision->bcea_deg2, 3), QString::number(precision->fixations),
                       number_text(precision->window_s, 2)));
  } else {
    page.fact("precision in fixations", camera.is_webcam
                                            ? "not measured for webcams"
                                            : "not measured: no fixation with gaze in two frames in a row");
  }
  if (camera.pupil_size) paint_pupil_size(page, *camera.pupil_size);
  paint_saccades(page, camera.saccades);
  if (!camera.interval_counts.empty()) paint_intervals(page, camera);
  if (camera.duration_s > 0.0 && !camera.valid_shares.empty()) paint_valid_shares(page, camera);
  if (!camera.saccades.saccades.empty()) paint_main_sequence(page, camera.saccades);
}

void paint_quality(ReportPages& page, const QString& of, const QualityView& view) {
  page.fact(of, QString("accuracy %1, RMS-S2S %2, STD %3, loss %4 % (%5 targets of %6 s)")
                    .arg(degrees_text(view.accuracy_deg), degrees_text(view.rms_s2s_deg),
                         degrees_text(view.std_deg), number_text(view.data_loss_percent, 1),
                         QString::number(view.targets), number_text(view.window_s, 2)));
}

void paint_calibrations(ReportPages& page, const SessionQualityReport& report) {
  for (const ScreenQuality& screen : report.calibrations) {
    const QString name = QString::fromStdString(screen.name);
    page.heading((name.startsWith("calibration", Qt::CaseInsensitive) ? name : "Calibration " + name) +
                 ", mapper " + QString::fromStdString(screen.mapper));
    if (!screen.both) {
      page.text("It was not validated, so its accuracy was not measured.");
      continue;
    }
    for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
      if (const auto& view = screen.eyes[static_cast<std::size_t>(eye)])
        paint_quality(page, QString("%1 eye").arg(to_string(eye)), *view);
    }
    paint_quality(page, "both eyes", *screen.both);
    page.fact("mean of the eyes' accuracies", degrees_text(screen.mean_accuracy_of_eyes_deg));
  }
  if (report.calibrations.empty())
    page.text("The session has no calibration, so accuracy on a screen was not measured.");
}

void paint_session(ReportPages& page, const SessionQualityReport& report) {
  page.title("Data quality: " + QString::fromStdString(report.name));
  if (!report.participant.empty()) page.fact("participant", QString::fromStdString(report.participant));
  page.fact("results", report.analysis == 0 ? QString("of the recording")
                                            : QString("of analysis %1: %2")
                                                  .arg(report.analysis)
                                                  .arg(QString::fromStdString(report.analysis_name)));
  page.fact("recording",
            QString("%1 s, %2").arg(number_text(report.duration_s, 2), QString::fromStdString(report.end)));
  for (const LossQuality& loss : report.losses)
    page.fact("missing: " + QString::fromStdString(loss.cause),
              QString("%1 places: %2 frames, %3 pictures, %4 results")
                  .arg(loss.gaps)
                  .arg(loss.frames_lost)
                  .arg(loss.pictures_lost)
                  .arg(loss.rows_lost));
  for (const std::string& note : report.notes) page.text(QString::fromStdString(note));
}

}  // namespace

Result<void> write_session_report(const SessionQualityReport& report, const QString& path) {
  QSaveFile file(path);
  const auto failed = [&] {
    return Error{ErrorCode::output_unwritable,
                 "the report cannot be written: " + file.errorString().toStdString(), path.toStdString(),
                 "Choose a folder that you may write to, with room left"};
  };
  if (!file.open(QIODevice::WriteOnly)) return failed();
  {
    QPdfWriter writer(&file);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(15.0, 14.0, 15.0, 12.0), QPageLayout::Millimeter);
    writer.setTitle("Data quality of " + QString::fromStdString(report.name));
    writer.setCreator("Yarbus");
    QPainter painter(&writer);
    if (!painter.isActive()) return failed();
    constexpr double points_per_inch = 72.0;
    const double scale = writer.resolution() / points_per_inch;
    painter.scale(scale, scale);
    ReportPages page(writer, painter, scale);
    paint_session(page, report);
    for (std::size_t i = 0; i < report.cameras.size(); ++i) {
      if (i > 0) page.next_page();
      paint_camera(page, report.cameras[i]);
    }
    paint_calibrations(page, report);
    if (!painter.end()) return failed();
  }
  if (!file.commit()) return failed();
  return {};
}

}  // namespace yarbus::ui
