#include "ui/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>

#include "eyemodel/types/check.h"

// Resources of a static library must be asked for by name, outside every namespace.
static void make_resources_known() { Q_INIT_RESOURCE(yarbus); }

namespace yarbus::ui {

namespace {

/// Draws a one-colour SVG in the palette's colour of the moment.
class PaletteIconEngine : public QIconEngine {
 public:
  explicit PaletteIconEngine(QByteArray svg) : svg_(std::move(svg)) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State /*state*/) override {
    const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
    const auto role = mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::ButtonText;
    const QColor color = QGuiApplication::palette().color(group, role);
    QByteArray colored = svg_;
    colored.replace("#000", color.name().toLatin1());
    QSvgRenderer renderer(colored);
    renderer.render(painter, QRectF(rect));
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(0, 0), size), mode, state);
    return pixmap;
  }

  [[nodiscard]] QIconEngine* clone() const override { return new PaletteIconEngine(svg_); }

 private:
  QByteArray svg_;
};

}  // namespace

QIcon tool_icon(const QString& name) {
  make_resources_known();
  QFile file(":/yarbus/icons/tools/" + name + ".svg");
  const bool opened = file.open(QIODevice::ReadOnly);
  YARBUS_CHECK(opened);
  return QIcon(new PaletteIconEngine(file.readAll()));
}

QIcon app_icon() {
  make_resources_known();
  return QIcon(":/yarbus/icons/yarbus.svg");
}

}  // namespace yarbus::ui
