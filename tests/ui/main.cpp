#include <QApplication>
#include <QStandardPaths>
#include <QString>

#include <gtest/gtest.h>

/// The tests need no screen, and none of them may touch the settings of the person who runs them.
int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  testing::InitGoogleTest(&argc, argv);
  QApplication application(argc, argv);
  QStandardPaths::setTestModeEnabled(true);
  QApplication::setApplicationVersion("0.0.0");
  return RUN_ALL_TESTS();
}
