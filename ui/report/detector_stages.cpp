#include "ui/report/detector_stages.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "ui/report/image_marks.h"
#include "ui/report/overlay.h"
#include "ui/report/picture_file.h"
#include "ui/report/plot_style.h"
#include "ui/report/sample_text.h"

namespace yarbus::ui {

namespace {

constexpr int panel_count = 4;
constexpr int least_panel_width_px = 640;
constexpr int greatest_panel_width_px = 1000;
constexpr int gap_px = 12;
constexpr int title_height_px = 48;
constexpr int heading_height_px = 40;
constexpr int key_line_height_px = 32;
constexpr int key_lines = 4;
constexpr int sample_width_px = 52;  // of a line or mark in the key
constexpr int words_px = 21;

const QColor paper(255, 255, 255);
const QColor ink(25, 25, 25);
const QColor key_ground(70, 70, 70);  // under the samples: the colours are made for images
const QColor region_color(255, 196, 70);
const QColor coarse_color(150, 190, 255);
const QColor judged_color(255, 140, 50);

/// Where everything goes. Pixels of the picture.
struct Layout {
  double image_width = 0.0;
  double image_height = 0.0;

  explicit Layout(const QSize& image) {
    const int factor = std::max(1, (least_panel_width_px + image.width() - 1) / image.width());
    image_width = std::min(factor * image.width(), greatest_panel_width_px);
    image_height = std::round(image_width * image.height() / image.width());
  }
  [[nodiscard]] QRectF image(int panel) const {
    return {gap_px + panel * (image_width + gap_px), title_height_px + heading_height_px, image_width,
            image_height};
  }
  [[nodiscard]] QSize size() const {
    return {static_cast<int>(gap_px + panel_count * (image_width + gap_px)),
            static_cast<int>(image(0).bottom()) + key_lines * key_line_height_px + gap_px};
  }
};

QFont words_font(bool is_bold = false) { return plot_font(words_px, is_bold); }

/// One panel being painted: the image, what lies over it, and its key line by line.
class Panel {
 public:
  Panel(QPainter& painter, const QRectF& area, const QImage& image, const QString& heading)
      : painter_(painter), map_(fit_image(area, image.width(), image.height())), width_(line_width(area)) {
    painter_.drawImage(area, image);
    painter_.setFont(words_font(true));
    painter_.setPen(ink);
    painter_.drawText(QRectF(area.left(), area.top() - heading_height_px, area.width(), heading_height_px),
                      Qt::AlignLeft | Qt::AlignVCenter, heading);
    next_key_top_ = area.bottom() + 4.0;
  }

  /// A line of the key: a sample, drawn about the middle of its field, and words.
  template <class DrawSample>
  void add_key(const QString& words, DrawSample draw_sample) {
    const QRectF field(map_.area.left(), next_key_top_ + 3.0, sample_width_px, key_line_height_px - 6.0);
    painter_.setPen(Qt::NoPen);
    painter_.setBrush(key_ground);
    painter_.drawRoundedRect(field, 4.0, 4.0);
    draw_sample(field);
    write(field.right() + 10.0, words);
  }
  void add_words(const QString& words) { write(map_.area.left(), words); }

  void add_line_key(const QString& words, const QPen& pen) {
    add_key(words, [&](const QRectF& field) {
      with_halo(painter_, pen, [&] {
        painter_.drawLine(QPointF(field.left() + 6.0, field.center().y()),
                          QPointF(field.right() - 6.0, field.center().y()));
      });
    });
  }

  /// Words on a dark ground inside the image, about `reach` from `center` where no other label is.
  void label(const QPointF& center, double reach, const QString& words) {
    painter_.setFont(plot_font(words_px - 4, true));
    const QFontMetricsF metrics(painter_.font());
    const QSizeF size(metrics.horizontalAdvance(words) + 8.0, metrics.height());
    const QRectF box = free_place(center, reach, size);
    labels_.push_back(box);
    painter_.setPen(Qt::NoPen);
    painter_.setBrush(QColor(0, 0, 0, 190));
    painter_.drawRoundedRect(box, 4.0, 4.0);
    painter_.setPen(Qt::white);
    painter_.drawText(box, Qt::AlignCenter, words);
  }

  [[nodiscard]] QPainter& painter() { return painter_; }
  [[nodiscard]] const ImageMap& map() const { return map_; }
  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] QRectF area() const { return map_.area; }

 private:
  [[nodiscard]] QRectF free_place(const QPointF& center, double reach, const QSizeF& size) const {
    constexpr int directions = 16;
    constexpr int rings = 4;
    QRectF box(QPointF(), size);
    for (int ring = 0; ring < rings; ++ring) {
      for (int i = 0; i < directions; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / directions;
        const double x =
            (reach + ring * size.height()) * std::cos(angle) + 0.5 * size.width() * std::cos(angle);
        const double y =
            (reach + ring * size.height()) * std::sin(angle) + 0.5 * size.height() * std::sin(angle);
        box.moveCenter(center + QPointF(x, y));
        const bool is_free = map_.area.contains(box) &&
                             std::none_of(labels_.begin(), labels_.end(),
                                          [&](const QRectF& other) { return other.intersects(box); });
        if (is_free) return box;
      }
    }
    box.moveLeft(std::clamp(box.left(), map_.area.left(), map_.area.right() - box.width()));
    box.moveTop(std::clamp(box.top(), map_.area.top(), map_.area.bottom() - box.height()));
    return box;
  }

  void write(double left, const QString& words) {
    painter_.setFont(words_font());
    painter_.setPen(ink);
    const QRectF room(left, next_key_top_, map_.area.right() - left, key_line_height_px);
    painter_.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetricsF(painter_.font()).elidedText(words, Qt::ElideRight, room.width()));
    next_key_top_ += key_line_height_px;
  }

  QPainter& painter_;
  ImageMap map_;
  double width_;
  double next_key_top_ = 0.0;
  std::vector<QRectF> labels_;
};

QPen region_pen(const Panel& panel, bool was_searched) {
  return {region_color, panel.width() * (was_searched ? 1.2 : 1.0),
          was_searched ? Qt::SolidLine : Qt::DotLine};
}

void paint_regions(Panel& panel, const DetectorStagesInput& input) {
  const auto& regions = input.stages.regions;
  QPainter& painter = panel.painter();
  painter.setClipRect(panel.area());
  for (std::size_t rank = regions.size(); rank-- > 0;) {
    const auto& region = regions[rank];
    const double radius = region.radius_px * panel.map().scale;
    const QPointF center = panel.map()(region.center_px);
    with_halo(painter, region_pen(panel, region.was_searched),
              [&] { painter.drawEllipse(center, radius, radius); });
  }
  for (std::size_t rank = 0; rank < regions.size(); ++rank)
    panel.label(panel.map()(regions[rank].center_px), regions[rank].radius_px * panel.map().scale + 2.0,
                QString("%1: %2").arg(rank + 1).arg(std::lround(regions[rank].response_gray)));
  painter.setClipping(false);
  const char* differs = input.is_bright_pupil ? "brighter" : "darker";
  if (regions.empty()) return panel.add_words("none found");
  panel.add_line_key("searched for edges", region_pen(panel, true));
  panel.add_line_key("found, but not needed", region_pen(panel, false));
  panel.add_words(QString("numbers: rank: gray levels %1 than the surround").arg(differs));
}

void paint_cross(QPainter& painter, const QPointF& at, double arm, const QPen& pen) {
  with_halo(painter, pen, [&] {
    painter.drawLine(at - QPointF(arm, 0.0), at + QPointF(arm, 0.0));
    painter.drawLine(at - QPointF(0.0, arm), at + QPointF(0.0, arm));
  });
}

void paint_ray_edges(Panel& panel, const DetectorStagesInput& input) {
  QPainter& painter = panel.painter();
  const QPen cross_pen(region_color, panel.width());
  const auto paint_dot = [&](const QPointF& at) {
    painter.setPen(QPen(halo_color, 1.0));
    painter.setBrush(edge_color);
    painter.drawEllipse(at, 1.3 * panel.width(), 1.3 * panel.width());
  };
  painter.setClipRect(panel.area());
  for (const auto& edge_px : input.stages.ray_edges_px) paint_dot(panel.map()(edge_px));
  std::size_t searched = 0;
  for (std::size_t rank = 0; rank < input.stages.regions.size(); ++rank) {
    const auto& region = input.stages.regions[rank];
    if (!region.was_searched) continue;
    ++searched;
    const QPointF center = panel.map()(region.center_px);
    paint_cross(painter, center, 4.0 * panel.width(), cross_pen);
    panel.label(center, 5.0 * panel.width(), QString::number(rank + 1));
  }
  painter.setClipping(false);
  if (searched == 0) return panel.add_words("no region was searched");
  panel.add_key(
      searched == 1 ? "the region from which rays were walked" : "regions from which rays were walked",
      [&](const QRectF& field) { paint_cross(painter, field.center(), 8.0, cross_pen); });
  panel.add_key(QString("%1 edges on the rays, %2")
                    .arg(input.stages.ray_edges_px.size())
                    .arg(input.is_bright_pupil ? "bright to dark" : "dark to bright"),
                [&](const QRectF& field) {
                  for (const double offset : {-14.0, 0.0, 14.0})
                    paint_dot(field.center() + QPointF(offset, 0.0));
                });
  panel.add_words("lashes, lid and iris give edges too");
}

/// The likelier, the stronger.
QPen outline_pen(const Panel& panel, bool is_full_resolution, double confidence) {
  const double strength = std::clamp(confidence, 0.0, 1.0);
  QColor color = is_full_resolution ? judged_color : coarse_color;
  color.setAlphaF(static_cast<float>(0.4 + 0.6 * strength));
  QPen pen(color, panel.width() * (0.6 + 1.2 * strength));
  if (!is_full_resolution) pen.setDashPattern({4.0, 3.0});
  return pen;
}

void paint_outlines(Panel& panel, const DetectorStagesInput& input) {
  QPainter& painter = panel.painter();
  std::vector<const DetectionStages::Outline*> outlines;
  for (const auto& outline : input.stages.outlines)
    if (outline.ellipse.is_valid()) outlines.push_back(&outline);
  // The strongest of those at full resolution come last, on top.
  std::stable_sort(outlines.begin(), outlines.end(), [](const auto* a, const auto* b) {
    if (a->is_full_resolution != b->is_full_resolution) return b->is_full_resolution;
    return a->confidence < b->confidence;
  });
  painter.setClipRect(panel.area());
  painter.setBrush(Qt::NoBrush);
  for (const auto* outline : outlines) {
    painter.setPen(outline_pen(panel, outline->is_full_resolution, outline->confidence));
    painter.drawPolyline(outline_polygon(panel.map(), outline->ellipse));
  }
  painter.setClipping(false);
  if (outlines.empty()) return panel.add_words("none proposed");
  for (const bool is_full_resolution : {false, true}) {
    std::size_t count = 0;
    double best = 0.0;
    for (const auto* outline : outlines) {
      if (outline->is_full_resolution != is_full_resolution) continue;
      ++count;
      best = std::max(best, outline->confidence);
    }
    const char* words = is_full_resolution ? "%1 judged at full resolution" : "%1 judged in a smaller image";
    QString text = QString(words).arg(count);
    if (count > 0) text += QString(", the best %1").arg(best, 0, 'f', 2);
    panel.add_line_key(text, outline_pen(panel, is_full_resolution, 1.0));
  }
  panel.add_words("the thicker a line, the likelier; numbers: confidence");
}

QString words_of(const PupilOutcome& outcome) {
  const auto* miss = std::get_if<PupilMiss>(&outcome);
  if (miss != nullptr && miss->reason == PupilMissReason::no_candidate)
    return "no pupil: nothing dark and round";
  return outcome_text(outcome);
}

QString lid_words(const PupilOutcome& outcome) {
  const auto closure = lid_closure_of(outcome);
  return closure ? QString("the lid covers %1 % of the pupil's height").arg(std::lround(100.0 * *closure))
                 : QString("nothing tells how far the lid is closed");
}

void paint_outcome(Panel& panel, const DetectorStagesInput& input) {
  QPainter& painter = panel.painter();
  const PupilOutcome& outcome = input.stages.outcome;
  const QPen pen(pupil_color, panel.width());
  if (const auto* observation = std::get_if<PupilObservation>(&outcome)) {
    painter.setClipRect(panel.area());
    paint_ellipse(painter, panel.map(), observation->ellipse, pen);
    paint_edge_points(painter, panel.map(), *observation, panel.width());
    painter.setClipping(false);
    panel.add_line_key(words_of(outcome), pen);
    panel.add_key(
        QString("the %1 edge points it rests on").arg(observation->edge_points.size()),
        [&](const QRectF& field) {
          PupilObservation sample;
          for (const float x : {-14.0F, 0.0F, 14.0F}) sample.edge_points.push_back({{x, 0.0F}, 0.5F});
          const ImageMap centered{QRectF(field.center() - QPointF(0.5, 0.5), QSizeF(1.0, 1.0)), 1.0};
          paint_edge_points(painter, centered, sample, panel.width());
        });
  } else {
    panel.add_words(words_of(outcome));
    panel.add_words(QString("the best outline's confidence was %1")
                        .arg(std::get<PupilMiss>(outcome).best_confidence, 0, 'f', 2));
  }
  panel.add_words(lid_words(outcome));
  if (input.tracked) panel.add_words("as tracked: " + words_of(*input.tracked));
}

}  // namespace

QImage paint_detector_stages(const DetectorStagesInput& input) {
  const QImage frame = wrap_frame(input.frame);
  YARBUS_CHECK(!frame.isNull());
  const Layout layout(frame.size());
  QImage picture(layout.size(), QImage::Format_RGB32);
  picture.fill(paper);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(plot_font(words_px + 3, true));
  painter.setPen(ink);
  painter.drawText(QRectF(gap_px, 0.0, picture.width() - 2.0 * gap_px, title_height_px),
                   Qt::AlignLeft | Qt::AlignVCenter,
                   QString("%1, frame %2: how the pupil is found, without a prior")
                       .arg(input.source_name)
                       .arg(input.frame->sequence));
  const QImage image = frame.convertToFormat(QImage::Format_RGB32);
  const auto panel = [&](int index, const QString& heading) {
    return Panel(painter, layout.image(index), image, QString("%1  %2").arg(index + 1).arg(heading));
  };
  Panel regions = panel(0, input.is_bright_pupil ? "Bright regions" : "Dark regions");
  paint_regions(regions, input);
  Panel edges = panel(1, "Edges on rays");
  paint_ray_edges(edges, input);
  Panel outlines = panel(2, "Outlines");
  paint_outlines(outlines, input);
  Panel outcome = panel(3, "Outcome");
  paint_outcome(outcome, input);
  painter.end();
  return picture;
}

QPointF place_in_detector_stages(const DetectorStagesInput& input, int panel,
                                 const Eigen::Vector2d& point_px) {
  const GrayView view = input.frame->gray.view();
  const Layout layout(QSize(view.width_px, view.height_px));
  return fit_image(layout.image(panel), view.width_px, view.height_px)(point_px);
}

Result<void> write_detector_stages(const DetectorStagesInput& input, const QString& png_path) {
  return write_picture(paint_detector_stages(input), png_path, "the picture", /*is_small=*/true);
}

}  // namespace yarbus::ui
