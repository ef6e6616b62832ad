#include "app/export/session/pupil_recording.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <regex>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/export/session/csv_tables.h"
#include "app/export/session/gaze_eyes.h"
#include "app/export/session/pupil_conventions.h"
#include "app/export/session/pupil_data_file.h"
#include "app/export/session/pupil_datum.h"

namespace yarbus {
namespace {

namespace labs = pupil_labs;
using nlohmann::json;

std::string date_folder(WallTime started_at) {
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(started_at).count();
  std::tm local{};
  localtime_r(&seconds, &local);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y_%m_%d", &local);
  return text.data();
}

std::string info_json(const ExportRun& run) {
  const SessionInfo& info = run.source.info();
  const json content{
      {"meta_version", "2.3"},
      {"min_player_version", "2.0"},
      {"recording_uuid", uuid_from(info.session_id)},
      {"start_time_system_s", std::chrono::duration<double>(info.started_at_wall).count()},
      {"start_time_synced_s", labs::seconds(info.started_at)},
      {"duration_s", std::chrono::duration<double>(info.duration).count()},
      {"recording_software_name", "Yarbus"},
      {"recording_software_version", info.software_version},
      {"recording_name", info.name},
      {"system_info", "Yarbus " + info.software_version},
  };
  return content.dump(4) + '\n';
}

/// msgpack of {"version": 1, "(W, H)": {...}}.
std::string intrinsics_bytes(const CameraIntrinsics& camera) {
  const bool is_fisheye = camera.distortion_model == DistortionModel::fisheye;
  json coefficients = json::array();
  if (is_fisheye) {
    for (std::size_t i = 0; i < 4; ++i) coefficients.push_back(json::array({camera.distortion[i]}));
  } else {
    coefficients.push_back(camera.distortion);
  }
  const std::string size =
      "(" + std::to_string(camera.width_px) + ", " + std::to_string(camera.height_px) + ")";
  const json content{
      {"version", 1},
      {size,
       {{"camera_matrix",
         {{camera.fx_px, 0.0, camera.cx_px}, {0.0, camera.fy_px, camera.cy_px}, {0.0, 0.0, 1.0}}},
        {"dist_coefs", coefficients},
        {"resolution", {camera.width_px, camera.height_px}},
        {"cam_type", is_fisheye ? "fisheye" : "radial"}}}};
  const auto bytes = json::to_msgpack(content);
  return {bytes.begin(), bytes.end()};
}

/// Byte by byte, so that it can be stopped.
Result<void> copy_file(const ExportRun& run, const std::filesystem::path& from, ExportFolder& folder,
                       const std::string& name) {
  std::ifstream source(from, std::ios::binary);
  if (!source) {
    return Error{ErrorCode::input_unreadable, "the video cannot be opened", from.string(),
                 "Export without videos, or give permission to read it"};
  }
  auto target = ExportFile::create(folder, name);
  if (!target) return target.error();
  std::vector<char> block(std::size_t{4} << 20U);
  while (source) {
    if (auto going = run.check(); !going) return going;
    source.read(block.data(), static_cast<std::streamsize>(block.size()));
    target->stream().write(block.data(), source.gcount());
    if (auto written = target->check(); !written) return written;
  }
  if (!source.eof()) {
    return Error{ErrorCode::input_unreadable, "the video cannot be read to its end", from.string(),
                 "Check the disk it is on, or export without videos"};
  }
  return target->close();
}

/// Capture times of the frames that have a picture, in the video's order.
Result<std::vector<CaptureTime>> picture_times(const ExportRun& run, int camera) {
  std::vector<std::pair<std::int64_t, CaptureTime>> pictures;
  auto read =
      run.source.read_frames({run.options.analysis, std::nullopt, std::nullopt}, [&](const FrameRow& row) {
        if (row.camera == camera && row.video_pts) pictures.emplace_back(*row.video_pts, row.captured_at);
        return !run.stop.stop_requested();
      });
  if (!read) return read.error();
  if (auto going = run.check(); !going) return going.error();
  std::sort(pictures.begin(), pictures.end());
  std::vector<CaptureTime> times;
  times.reserve(pictures.size());
  for (const auto& [pts, time] : pictures) times.push_back(time);
  return times;
}

Result<void> write_eye_video(const ExportRun& run, ExportFolder& folder, const std::string& root,
                             const SessionCamera& camera) {
  const std::string name = root + "eye" + std::to_string(labs::eye_id(camera.eye));
  if (camera.intrinsics) {
    if (auto written = folder.write(name + ".intrinsics", intrinsics_bytes(*camera.intrinsics)); !written)
      return written;
  }
  const auto video = run.options.with_video ? run.source.video_path(camera) : std::nullopt;
  if (!video) {
    if (run.options.with_video)
      run.notes.push_back("Camera " + std::to_string(camera.camera) + " has no video");
    return {};
  }
  const bool is_turned =
      camera.codec == VideoCodec::camera_mjpeg && (camera.rotate_deg != 0 || camera.mirror);
  if (is_turned) {
    run.notes.push_back("The video of camera " + std::to_string(camera.camera) +
                        " is as the camera gave it; the data speak of images turned by " +
                        std::to_string(camera.rotate_deg) + " degrees" +
                        (camera.mirror ? " and mirrored" : ""));
  }
  if (auto copied = copy_file(run, *video, folder, name + video->extension().string()); !copied)
    return copied;
  const auto times = picture_times(run, camera.camera);
  if (!times) return times.error();
  auto file = NumpyFile::create(folder, name + "_timestamps.npy");
  if (!file) return file.error();
  for (const CaptureTime time : *times) file->put(labs::seconds(time));
  return file->close();
}

/// Only what an event spans is read at a time.
class PupilEvents {
 public:
  PupilEvents(const ExportRun& run, ExportFolder& folder, const std::string& root)
      : run_(run), folder_(folder), root_(root) {}

  Result<void> write() {
    const auto events = run_.events();
    if (!events) return events.error();
    if (auto written = write_blinks(*events); !written) return written;
    if (auto written = write_fixations(*events); !written) return written;
    if (without_measure_ > 0)
      run_.notes.push_back(std::to_string(without_measure_) +
                           " blinks and fixations do not say how sure they are (NaN): an older version found "
                           "them. `yarbus analyse` finds them anew");
    return write_annotations();
  }

 private:
  struct BlinkPart {
    const EventRow* event;
    bool is_onset;
    [[nodiscard]] CaptureTime at() const { return is_onset ? event->start : event->end; }
  };

  Result<void> write_blinks(const std::vector<EventRow>& events) {
    std::vector<BlinkPart> parts;
    for (const EventRow& event : events) {
      if (event.kind != EventKind::blink) continue;
      without_measure_ += event.confidence ? 0 : 1;
      parts.push_back({&event, true});
      parts.push_back({&event, false});
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const BlinkPart& a, const BlinkPart& b) { return a.at() < b.at(); });
    auto file = PupilDataFile::create(folder_, root_ + "blinks");
    if (!file) return file.error();
    for (const BlinkPart& part : parts) {
      const auto around = read_chunk(run_, part.at(), part.at() + CaptureTime(1));
      if (!around) return around.error();
      file->put(labs::blink(run_, *part.event, part.is_onset, *around));
      if (auto going = run_.check(); !going) return going;
    }
    return file->close();
  }

  Result<void> write_fixations(const std::vector<EventRow>& events) {
    auto file = PupilDataFile::create(folder_, root_ + "fixations");
    if (!file) return file.error();
    std::size_t all = 0;
    std::size_t without_place = 0;
    for (const EventRow& event : events) {
      if (event.kind != EventKind::fixation) continue;
      ++all;
      const auto during = read_chunk(run_, event.start, event.end + CaptureTime(1));
      if (!during) return during.error();
      const auto datum = labs::fixation(run_, event, *during);
      without_place += datum ? 0 : 1;
      if (datum) {
        without_measure_ += event.confidence && event.dispersion_deg ? 0 : 1;
        file->put(*datum);
      }
      if (auto going = run_.check(); !going) return going;
    }
    if (without_place > 0)
      run_.notes.push_back(
          std::to_string(without_place) + " of " + std::to_string(all) +
          " fixations are left out: where on the screen they were is not known (gaze was not "
          "calibrated then, or the session does not know its screen)");
    return file->close();
  }

  Result<void> write_annotations() {
    const auto annotations = run_.source.annotations();
    if (!annotations) return annotations.error();
    auto file = PupilDataFile::create(folder_, root_ + "annotation");
    if (!file) return file.error();
    for (const AnnotationRow& row : *annotations) file->put(labs::annotation(row));
    return file->close();
  }

  const ExportRun& run_;
  ExportFolder& folder_;
  const std::string& root_;
  std::size_t without_measure_ = 0;
};

std::string recording_readme(const ExportRun& run) {
  return "# " + run.source.info().name + "\n\nExported by Yarbus " + run.source.info().software_version +
         " as a recording of Pupil Capture (format 2.3): open the folder inside the dated one in Pupil "
         "Player.\n" +
         R"(
- Timestamps: seconds of the recording computer's monotonic clock (start_time_synced_s is the session's start).
- Eye 0 is the right eye, 1 the left. There is no scene camera, so there is no world video.
- Pupil: norm_pos with its origin at the image's bottom-left; ellipse in pixels from the top-left, axes full, the minor one
  first, angle of the minor axis in degrees from x towards y; diameter in pixels; diameter_3d, sphere and circle_3d in mm in
  the eye camera's frame (x right, y down, z forward); theta and phi in rad. sphere.radius is the distance from the eye's
  centre to the pupil. Yarbus states how sure its model is as standard deviations: model_confidence repeats confidence.
- Gaze: norm_pos is on the screen, origin bottom-left. Eye centres (mm) and normals are in each eye's own camera's frame;
  gaze_point_3d lies 500 mm along the first eye's normal, because depth is not measured.
- Blinks: two data each, onset and offset, with the pupil of that frame; confidence is how far the confidence of the
  pupil fell. Fixations: duration in ms; dispersion is the largest angle between two gaze directions, in degrees;
  confidence is the mean of the frames'; base_data are topic and timestamp of its gaze. What is not known is NaN.
)";
}

}  // namespace

std::string uuid_from(const std::string& id) {
  static const std::regex uuid("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  if (std::regex_match(id, uuid)) return id;
  // FNV-1a, twice with different beginnings; version 8 is for such makeshift ones.
  const auto hashed = [&id](std::uint64_t hash) {
    for (const char letter : id) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3ULL;
    return hash;
  };
  const std::uint64_t high = hashed(0xCBF29CE484222325ULL);
  const std::uint64_t low = hashed(high ^ 0x9E3779B97F4A7C15ULL);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-8%03x-%04x-%012llx", static_cast<unsigned>(high >> 32U),
                static_cast<unsigned>((high >> 16U) & 0xFFFFU), static_cast<unsigned>(high & 0xFFFU),
                static_cast<unsigned>(((low >> 48U) & 0x3FFFU) | 0x8000U),
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFULL));
  return text.data();
}

Result<void> write_pupil_recording(const ExportRun& run, ExportFolder& folder) {
  const std::string root = date_folder(run.source.info().started_at_wall) + "/000/";
  auto pupil = PupilDataFile::create(folder, root + "pupil");
  if (!pupil) return pupil.error();
  auto gaze = PupilDataFile::create(folder, root + "gaze");
  if (!gaze) return gaze.error();
  bool has_gaze_without_screen = false;
  auto done = for_each_chunk(run, 0.0, 0.6, [&](const SessionChunk& chunk) -> Result<void> {
    for (const PupilRow& row : chunk.pupils) {
      const SessionCamera* camera = run.camera(row.camera);
      if (camera == nullptr) continue;
      pupil->put(labs::pupil_2d(run, row, *camera));
      const PoseRow* pose = chunk.pose_of(row.camera, row.captured_at);
      if (pose != nullptr) pupil->put(labs::pupil_3d(run, row, *pose, *camera));
    }
    for (const GazeRow& row : chunk.gaze) {
      const auto datum = labs::gaze(run, row, eyes_of(run, chunk, row));
      if (datum) gaze->put(*datum);
      has_gaze_without_screen |= !datum.has_value();
    }
    return {};
  });
  if (!done) return done;
  for (PupilDataFile* file : {&*pupil, &*gaze}) {
    if (auto closed = file->close(); !closed) return closed;
  }
  if (has_gaze_without_screen)
    run.notes.push_back("Gaze is left out: the session does not know its screen's size");
  if (auto written = PupilEvents(run, folder, root).write(); !written) return written;
  run.tell(0.65);
  for (const SessionCamera& camera : run.source.cameras()) {
    if (camera.view != CameraView::near_eye) {
      run.notes.push_back("Camera " + std::to_string(camera.camera) + " is a webcam; its video is left out");
      continue;
    }
    if (auto written = write_eye_video(run, folder, root, camera); !written) return written;
  }
  std::string user = "key,value\nname,";
  put_csv_text(user, run.source.info().participant);
  user += "\nnotes,";
  put_csv_text(user, run.source.info().notes);
  user += '\n';
  const std::pair<std::string, std::string> files[]{{root + "info.player.json", info_json(run)},
                                                    {root + "user_info.csv", user},
                                                    {"README.md", recording_readme(run)}};
  for (const auto& [name, text] : files) {
    if (auto written = folder.write(name, text); !written) return written;
  }
  return run.check();
}

}  // namespace yarbus
