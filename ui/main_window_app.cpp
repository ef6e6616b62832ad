#include "ui/main_window_app.h"

#include <QApplication>
#include <QSettings>

#include "ui/icons.h"
#include "ui/main_window.h"

namespace yarbus::ui {

int run_window(int& argc, char** argv, std::unique_ptr<Session> session, const WindowOptions& options) {
  QApplication application(argc, argv);
  QApplication::setOrganizationName("Yarbus");
  QApplication::setApplicationName("yarbus");
  QApplication::setApplicationDisplayName("Yarbus");
  QApplication::setApplicationVersion(YARBUS_VERSION);
  QApplication::setDesktopFileName("yarbus");
  QApplication::setWindowIcon(app_icon());
  QSettings settings;
  MainWindow window(*session, settings);
  window.show();
  window.begin(options);
  return QApplication::exec();
}

}  // namespace yarbus::ui
