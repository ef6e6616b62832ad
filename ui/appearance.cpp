#include "ui/appearance.h"

#include <QApplication>

namespace yarbus::ui {

namespace {

struct Shades {
  QColor window;
  QColor base;
  QColor alternate;
  QColor text;
  QColor muted;
  QColor button;
  QColor highlight;
  QColor highlighted_text;
  QColor link;
};

QPalette palette_of(const Shades& shades) {
  QPalette palette(shades.button, shades.window);
  palette.setColor(QPalette::Window, shades.window);
  palette.setColor(QPalette::WindowText, shades.text);
  palette.setColor(QPalette::Base, shades.base);
  palette.setColor(QPalette::AlternateBase, shades.alternate);
  palette.setColor(QPalette::Text, shades.text);
  palette.setColor(QPalette::PlaceholderText, shades.muted);
  palette.setColor(QPalette::ButtonText, shades.text);
  palette.setColor(QPalette::ToolTipBase, shades.base);
  palette.setColor(QPalette::ToolTipText, shades.text);
  palette.setColor(QPalette::Highlight, shades.highlight);
  palette.setColor(QPalette::HighlightedText, shades.highlighted_text);
  palette.setColor(QPalette::Link, shades.link);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, shades.muted);
  }
  return palette;
}

QPalette light_palette() {
  return palette_of({QColor(243, 244, 246), QColor(255, 255, 255), QColor(247, 248, 250), QColor(28, 31, 38),
                     QColor(140, 145, 155), QColor(236, 238, 241), QColor(20, 100, 200), Qt::white,
                     QColor(11, 99, 196)});
}

QPalette dark_palette() {
  return palette_of({QColor(36, 38, 43), QColor(26, 28, 32), QColor(32, 34, 39), QColor(232, 234, 238),
                     QColor(130, 135, 145), QColor(52, 55, 62), QColor(58, 132, 232), Qt::white,
                     QColor(98, 176, 255)});
}

}  // namespace

QString to_string(Appearance appearance) {
  switch (appearance) {
    case Appearance::system:
      return "system";
    case Appearance::light:
      return "light";
    case Appearance::dark:
      return "dark";
  }
  return "system";
}

Appearance appearance_from_string(const QString& name) {
  if (name == "light") return Appearance::light;
  if (name == "dark") return Appearance::dark;
  return Appearance::system;
}

void apply_appearance(Appearance appearance, const QPalette& desktop_palette) {
  switch (appearance) {
    case Appearance::system:
      QApplication::setPalette(desktop_palette);
      return;
    case Appearance::light:
      QApplication::setPalette(light_palette());
      return;
    case Appearance::dark:
      QApplication::setPalette(dark_palette());
      return;
  }
}

}  // namespace yarbus::ui
