#include "ui/help_pages.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QLabel>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "ui/icons.h"

namespace yarbus::ui {

namespace {

QDialog* make_page(const QString& title, const QString& html, QSize size, QWidget* parent) {
  auto* page = new QDialog(parent);
  page->setWindowTitle(title);
  page->setAttribute(Qt::WA_DeleteOnClose);
  auto* text = new QTextBrowser(page);
  text->setOpenExternalLinks(true);
  text->setHtml(html);
  text->setFrameShape(QFrame::NoFrame);
  text->setAccessibleName(title);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, page);
  QObject::connect(buttons, &QDialogButtonBox::rejected, page, &QDialog::reject);
  auto* column = new QVBoxLayout(page);
  column->addWidget(text);
  column->addWidget(buttons);
  page->resize(size);
  return page;
}

/// Lone punctuation is hard to read: its name goes with it.
QString keys_text(const QKeySequence& shortcut) {
  const QString keys = shortcut.toString(QKeySequence::NativeText);
  if (keys == ",") return ",  (comma)";
  if (keys == ".") return ".  (full stop)";
  return keys;
}

}  // namespace

QString shortcuts_html(const WindowActions& actions) {
  QString html;
  const auto row = [](const QString& what, const QString& keys) {
    return QString("<tr><td width=\"330\">%1</td><td><b>%2</b></td></tr>")
        .arg(what.toHtmlEscaped(), keys.toHtmlEscaped());
  };
  for (const WindowActions::Group& group : actions.groups()) {
    html += "<h3>" + group.title + "</h3><table cellspacing=\"0\" cellpadding=\"3\">";
    for (const QAction* action : group.actions) {
      QString what = plain_text(*action);
      if (action == actions.play) what = "Play or pause";
      html += row(what, keys_text(action->shortcut()));
    }
    html += "</table>";
  }
  html += "<h3>On the start page</h3><table cellspacing=\"0\" cellpadding=\"3\">" +
          row("Webcam, eye camera, simulated eye", "1, 2, 3") + "</table>";
  html += "<h3>In the preview of a camera</h3><table cellspacing=\"0\" cellpadding=\"3\">" +
          row("Make the area judged smaller, larger", "− and +") + row("Move it", "Arrow keys") +
          row("The whole picture", "Home, or a click") + "</table>";
  html += "<h3>In the 3-D eye</h3><table cellspacing=\"0\" cellpadding=\"3\">" +
          row("Turn", "Arrow keys, or drag") + row("Zoom", "+ and −, or the wheel") +
          row("Home view", "Home, or double click") + "</table>";
  html += "<h3>On a focused button or slider</h3><table cellspacing=\"0\" cellpadding=\"3\">" +
          row("Press the button", "Space") + row("Move the slider", "Arrow keys, Page Up, Page Down") +
          row("Next, previous control", "Tab, Shift+Tab") + "</table>";
  return html;
}

QString about_html() {
  return QString(
             "<h2>Yarbus %1</h2>"
             "<p>A real-time eye tracker with a 3-D eye model: from camera frames to the pupil, the eye in "
             "space, and where it "
             "looks.</p>"
             "<p>Named after Alfred Yarbus, who recorded how the eye moves over pictures.</p>"
             "<h3>Licence</h3>"
             "<p>The source code of Yarbus is under the <b>MIT licence</b>.</p>"
             "<p>This application as built is under the <b>GNU General Public License, version 3 or "
             "later</b> "
             "(GPL-3.0-or-later), because it contains QCustomPlot, which is under that licence. It comes "
             "with no warranty.</p>"
             "<h3>Built with</h3>"
             "<p>Qt %2 (LGPL-3.0), QCustomPlot (GPL-3.0-or-later), OpenCV (Apache-2.0), Ceres Solver "
             "(BSD-3-Clause), Eigen "
             "(MPL-2.0), FFmpeg libraries (LGPL-2.1 or GPL), libcurl (curl licence), nlohmann-json, spdlog "
             "(MIT).</p>"
             "<p>The eye model follows L. Świrski and N. Dodgson, “A fully-automatic, temporal approach to "
             "single camera, "
             "glint-free 3D eye model fitting”, 2013.</p>")
      .arg(QCoreApplication::applicationVersion().toHtmlEscaped(), qVersion());
}

QDialog* make_shortcuts_page(const WindowActions& actions, QWidget* parent) {
  return make_page("Keyboard shortcuts", shortcuts_html(actions), QSize(560, 640), parent);
}

QString first_steps_html(const WindowActions& actions) {
  const auto keys = [](const QAction* action) {
    return "<b>" + action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped() + "</b>";
  };
  return QString(
             "<h2>From a camera to gaze on the screen</h2>"
             "<h3>1. Choose a door</h3>"
             "<p><b>Webcam</b> (key 1): sit at arm's length, face the screen, light from the front. Nothing "
             "to "
             "wear; expect 1 to 3 degrees.</p>"
             "<p><b>Eye camera</b> (key 2): an infrared camera close to one eye. More exact, and it measures "
             "the "
             "pupil.</p>"
             "<p><b>Simulated eye</b> (key 3): no camera at all. Everything works as with a camera, and the "
             "error against the truth is shown.</p>"
             "<p>%1 shows all cameras with a live picture, and helps with focus and exposure before one is "
             "opened. The choice is remembered for the next start; %2 closes the source and brings the doors "
             "back.</p>"
             "<h3>2. See that it tracks</h3>"
             "<p>The line at the bottom says in words whether the pupil, or both irises, are found, and if "
             "not, "
             "why and what to do. With an eye camera look left, right, up and down until it says that the "
             "eye "
             "model has settled.</p>"
             "<h3>3. Calibrate</h3>"
             "<p>Press the button of the message above the image, or %3. Look at each dot until the next one "
             "comes. At the end a verdict says how far off gaze is, and a dot shows where you look; %4 "
             "switches "
             "it off and on.</p>"
             "<h3>4. If gaze drifts</h3>"
             "<p>%5 shows one point and takes away the offset found there.</p>"
             "<h3>When something is wrong</h3>"
             "<p>Messages above the image say what happened and what to do. <b>Alt+7</b> lists all of them "
             "since "
             "the start; they can be copied from there. All keys: %6.</p>")
      .arg(keys(actions.open_camera), keys(actions.close_source), keys(actions.calibrate),
           keys(actions.gaze_overlay), keys(actions.recentre), keys(actions.shortcuts));
}

QDialog* make_first_steps_page(const WindowActions& actions, QWidget* parent) {
  return make_page("First steps", first_steps_html(actions), QSize(560, 620), parent);
}

QDialog* make_about_page(QWidget* parent) {
  QDialog* page = make_page("About Yarbus", about_html(), QSize(520, 520), parent);
  page->setWindowIcon(app_icon());
  return page;
}

}  // namespace yarbus::ui
