#include "ui/source_settings.h"

#include <QFileInfo>
#include <QUrl>
#include <array>

namespace yarbus::ui {

namespace {

constexpr std::array<std::pair<SourceRequest::Kind, const char*>, 7> kind_names{{
    {SourceRequest::Kind::automatic, "automatic"},
    {SourceRequest::Kind::camera, "camera"},
    {SourceRequest::Kind::video_file, "video_file"},
    {SourceRequest::Kind::image_folder, "image_folder"},
    {SourceRequest::Kind::mjpeg_stream, "mjpeg_stream"},
    {SourceRequest::Kind::simulated_eye, "simulated_eye"},
    {SourceRequest::Kind::recorded_session, "recorded_session"},
}};

constexpr std::array<std::pair<TrackingMode, const char*>, 3> mode_names{{
    {TrackingMode::automatic, "automatic"},
    {TrackingMode::near_eye, "near_eye"},
    {TrackingMode::webcam, "webcam"},
}};

constexpr const char* closed_group = "sources/closed";
QString group_of(EyeSide eye) { return QString("sources/") + to_string(eye); }

template <class T>
void save_optional(QSettings& settings, const char* key, const std::optional<T>& value) {
  if (value) settings.setValue(key, *value);
}

std::optional<double> load_double(QSettings& settings, const char* key) {
  bool ok = false;
  const double value = settings.value(key).toDouble(&ok);
  return ok ? std::optional(value) : std::nullopt;
}

std::optional<int> load_int(QSettings& settings, const char* key) {
  bool ok = false;
  const int value = settings.value(key).toInt(&ok);
  return ok ? std::optional(value) : std::nullopt;
}

void save_request(QSettings& settings, const QString& group, const SourceRequest& request) {
  settings.remove(group);
  settings.beginGroup(group);
  for (const auto& [kind, name] : kind_names) {
    if (kind == request.kind) settings.setValue("kind", name);
  }
  settings.setValue("location", QString::fromStdString(request.location));
  for (const auto& [mode, name] : mode_names) {
    if (mode == request.mode) settings.setValue("mode", name);
  }
  settings.setValue("rotate_deg", request.rotate_deg);
  settings.setValue("mirror", request.mirror);
  settings.setValue("intrinsics_file", QString::fromStdString(request.intrinsics_file));
  settings.setValue("pixel_format", QString::fromStdString(request.pixel_format));
  if (request.kind == SourceRequest::Kind::simulated_eye)
    settings.setValue("seed", QString::number(request.seed));
  save_optional(settings, "focal_px", request.focal_px);
  save_optional(settings, "width_px", request.width_px);
  save_optional(settings, "height_px", request.height_px);
  save_optional(settings, "rate_hz", request.rate_hz);
  save_optional(settings, "exposure", request.exposure);
  save_optional(settings, "gain", request.gain);
  settings.endGroup();
}

std::optional<SourceRequest> load_request(QSettings& settings, const QString& group) {
  settings.beginGroup(group);
  SourceRequest request;
  bool kind_known = false;
  for (const auto& [kind, name] : kind_names) {
    if (settings.value("kind").toString() == name) {
      request.kind = kind;
      kind_known = true;
    }
  }
  request.location = settings.value("location").toString().toStdString();
  // A camera, file or stream remembered without one is looked at anew; a simulation knows its own.
  if (request.kind != SourceRequest::Kind::simulated_eye) request.mode = TrackingMode::automatic;
  for (const auto& [mode, name] : mode_names) {
    if (settings.value("mode").toString() == name) request.mode = mode;
  }
  request.rotate_deg = settings.value("rotate_deg", 0).toInt();
  request.mirror = settings.value("mirror", false).toBool();
  request.intrinsics_file = settings.value("intrinsics_file").toString().toStdString();
  request.pixel_format = settings.value("pixel_format").toString().toStdString();
  request.focal_px = load_double(settings, "focal_px");
  request.width_px = load_int(settings, "width_px");
  request.height_px = load_int(settings, "height_px");
  request.rate_hz = load_double(settings, "rate_hz");
  request.exposure = load_double(settings, "exposure");
  request.gain = load_double(settings, "gain");
  bool seed_known = true;
  if (request.kind == SourceRequest::Kind::simulated_eye)
    request.seed = settings.value("seed").toString().toULongLong(&seed_known);
  settings.endGroup();
  const int turn = request.rotate_deg;
  if (!kind_known || !seed_known || request.location.empty() ||
      (turn != 0 && turn != 90 && turn != 180 && turn != 270))
    return std::nullopt;
  return request;
}

}  // namespace

void save_source(QSettings& settings, EyeSide eye, const SourceRequest& request) {
  save_request(settings, group_of(eye), request);
}

void forget_source(QSettings& settings, EyeSide eye) { settings.remove(group_of(eye)); }

std::optional<SourceRequest> load_source(QSettings& settings, EyeSide eye) {
  return load_request(settings, group_of(eye));
}

void save_closed_source(QSettings& settings, const SourceRequest& request) {
  save_request(settings, closed_group, request);
}

std::optional<SourceRequest> load_closed_source(QSettings& settings) {
  return load_request(settings, closed_group);
}

QString source_label(const SourceRequest& request) {
  const QString location = QString::fromStdString(request.location);
  switch (request.kind) {
    case SourceRequest::Kind::simulated_eye:
      return "simulation " + location;
    case SourceRequest::Kind::camera:
      return "camera " + location;
    case SourceRequest::Kind::mjpeg_stream:
      return location;
    case SourceRequest::Kind::automatic:
    case SourceRequest::Kind::video_file:
    case SourceRequest::Kind::image_folder:
    case SourceRequest::Kind::recorded_session:
      break;
  }
  const QString name = QFileInfo(location).fileName();
  return name.isEmpty() ? location : name;
}

bool may_still_exist(const SourceRequest& request) {
  const QFileInfo place(QString::fromStdString(request.location));
  switch (request.kind) {
    case SourceRequest::Kind::video_file:
      return place.isFile();
    case SourceRequest::Kind::image_folder:
    case SourceRequest::Kind::recorded_session:
      return place.isDir();
    case SourceRequest::Kind::camera:
      return !place.isAbsolute() || place.exists();
    case SourceRequest::Kind::automatic:
      return !place.isAbsolute() || place.exists();
    case SourceRequest::Kind::mjpeg_stream:
    case SourceRequest::Kind::simulated_eye:
      return true;
  }
  return true;
}

std::optional<SourceRequest> source_from_drop(const QMimeData& data) {
  for (const QUrl& url : data.urls()) {
    SourceRequest request;
    request.mode = TrackingMode::automatic;
    if (url.isLocalFile()) {
      const QFileInfo place(url.toLocalFile());
      if (!place.exists()) continue;
      request.kind = place.isDir() ? SourceRequest::Kind::image_folder : SourceRequest::Kind::video_file;
      request.location = place.absoluteFilePath().toStdString();
      return request;
    }
    if (url.scheme() == "http" || url.scheme() == "https") {
      request.kind = SourceRequest::Kind::mjpeg_stream;
      request.location = url.toString().toStdString();
      return request;
    }
  }
  return std::nullopt;
}

}  // namespace yarbus::ui
