#include "ui/viewing/viewing_example.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QStandardPaths>

#include "app/viewing/viewing_plan_file.h"

namespace yarbus::ui {

namespace {

constexpr const char* example_plan_resource = ":/yarbus/viewing/the-homecoming.json";
constexpr const char* example_picture_resource = ":/yarbus/viewing/the-homecoming.svg";
constexpr const char* example_picture_name = "the-homecoming.svg";

QByteArray resource_bytes(const char* name) {
  QFile file(name);
  YARBUS_CHECK(file.open(QIODevice::ReadOnly));
  return file.readAll();
}

}  // namespace

Result<ViewingPlan> example_viewing_plan(const QString& folder) {
  const QString place = folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) +
                                               "/viewing-example"
                                         : folder;
  const QString path = QDir(place).filePath(example_picture_name);
  const QByteArray drawing = resource_bytes(example_picture_resource);
  QFile there(path);
  const bool is_there = there.open(QIODevice::ReadOnly) && there.readAll() == drawing;
  there.close();
  if (!is_there) {
    QSaveFile file(path);
    if (!QDir().mkpath(place) || !file.open(QIODevice::WriteOnly) || file.write(drawing) != drawing.size() ||
        !file.commit())
      return Error{ErrorCode::output_unwritable,
                   "the example's picture cannot be written: " + file.errorString().toStdString(),
                   path.toStdString(), "Make room on the disk, or choose a picture of your own"};
  }
  auto plan = viewing_plan_from_json(resource_bytes(example_plan_resource).toStdString());
  if (plan) plan->image = path.toStdString();
  return plan;
}

}  // namespace yarbus::ui
