#include "app/recording/session_store.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>
#include <utility>

#include "app/recording/session_thumbnail.h"

namespace yarbus {
namespace {

constexpr std::size_t most_pending_rows = 4096;
constexpr double mib = 1024.0 * 1024.0;

/// A random (version 4) UUID.
std::string new_session_id() {
  std::random_device random;
  std::array<unsigned, 4> words{random(), random(), random(), random()};
  words[1] = (words[1] & 0xFFFF0FFFU) | 0x4000U;
  words[2] = (words[2] & 0x3FFFFFFFU) | 0x80000000U;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%04x%08x", words[0], words[1] >> 16U,
                words[1] & 0xFFFFU, words[2] >> 16U, words[2] & 0xFFFFU, words[3]);
  return text.data();
}

WallTime wall_clock() {
  return std::chrono::duration_cast<WallTime>(std::chrono::system_clock::now().time_since_epoch());
}

template <class Duration>
std::chrono::steady_clock::duration steady(Duration duration) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration);
}

}  // namespace

SessionStore::SessionStore(const RecordingRequest& request, SessionWriter writer)
    : folder_(request.folder),
      options_(request.options),
      hooks_(request.hooks),
      writer_(std::move(writer)),
      reserve_(request.folder, static_cast<std::int64_t>(request.options.reserve_mib * mib)),
      disk_(request.folder, request.options, request.hooks.free_bytes, std::chrono::steady_clock::now()) {
  info_.session_id = new_session_id();
  info_.name = request.name;
  info_.participant = request.participant;
  info_.notes = request.notes;
  info_.software_version = request.software_version;
  info_.screen = request.screen;
  info_.started_at_wall = wall_clock();
  pending_.reserve(most_pending_rows + 256);
  next_commit_ =
      std::chrono::steady_clock::now() + steady(std::chrono::duration<double>(options_.commit_interval_s));
}

Result<std::unique_ptr<SessionStore>> SessionStore::create(const RecordingRequest& request,
                                                           std::vector<std::string> codec_reasons) {
  auto writer = SessionWriter::create(request.folder / session_file::database);
  if (!writer) return writer.error();
  std::unique_ptr<SessionStore> store(new SessionStore(request, std::move(*writer)));
  SqlDatabase& database = store->writer_.database();
  if (const auto written = write_session_info(database, store->info_); !written) return written.error();
  AnalysisInfo live;
  live.name = "live";
  live.made_at_wall = store->info_.started_at_wall;
  live.software_version = request.software_version;
  live.settings_json = "{}";
  if (const auto written = write_analysis(database, live); !written) return written.error();
  for (std::size_t i = 0; i < request.cameras.size(); ++i) {
    Camera& camera = store->cameras_.emplace_back(request.cameras[i]);
    camera.figures.camera = camera.facts.camera;
    camera.figures.codec = camera.facts.codec;
    camera.figures.codec_reason = codec_reasons[i];
    if (const auto written = write_camera(database, camera.facts, {}); !written) return written.error();
  }
  return store;
}

void SessionStore::put(QueuedRow& queued) {
  if (auto* frame = std::get_if<FrameRow>(&queued.row)) {
    put_frame(*frame, queued.picture);
  } else {
    put_result(std::move(queued.row));
  }
}

void SessionStore::put_frame(FrameRow row, PictureBuffer* picture) {
  if (!knows(row.camera)) return;
  Camera& camera = cameras_[static_cast<std::size_t>(row.camera)];
  const auto settled = camera.clock.settle(row.frame, row.captured_at);
  row.frame = settled.frame;
  row.captured_at = settled.captured_at;
  row.reported_at = settled.reported_at;
  row.lost_before = settled.lost_before;
  if (!std::exchange(has_started_, true)) {
    info_.started_at = row.captured_at;
    info_.started_at_wall = wall_clock();
  }
  last_time_ = std::max(last_time_, row.captured_at);
  if (settled.reported_at) ++camera.figures.times_repaired;
  if (!settled.note.empty()) {
    GapRow gap;
    gap.cause = GapCause::clock_set_back;
    gap.camera = row.camera;
    gap.first_frame = gap.last_frame = row.frame;
    gap.start = gap.end = row.captured_at;
    gap.note = settled.note;
    add_gap(std::move(gap));
  }
  const std::int64_t known = std::min(row.lost_before, camera.lost_in_queue);
  camera.lost_in_queue -= known;
  if (const std::int64_t lost = row.lost_before - known; lost > 0) {
    GapRow gap;
    gap.camera = row.camera;
    gap.first_frame = row.frame - row.lost_before;
    gap.last_frame = row.frame - 1;
    gap.start = gap.end = row.captured_at;
    gap.frames_lost = lost;
    gap.note = "lost before they reached the recorder";
    camera.figures.frames_lost += lost;
    add_gap(std::move(gap));
  }
  if (picture != nullptr && camera.facts.codec) {
    row.video_pts = write_picture(camera, *picture, row.captured_at);
    if (row.video_pts) {
      ++camera.figures.pictures;
      end_without_pictures(camera);
    } else {
      note_without_picture(camera, row, GapCause::write_failed,
                           is_disk_full_             ? "the disk was full"
                           : camera.has_video_failed ? "the video could not be written any more"
                                                     : "these pictures could not be used");
    }
  }
  ++camera.figures.frames;
  pending_.emplace_back(row);
}

std::optional<std::int64_t> SessionStore::write_picture(Camera& camera, const PictureBuffer& picture,
                                                        CaptureTime at) {
  if (camera.has_video_failed || is_disk_full_) return std::nullopt;  // the reserve is for the ending
  if (!camera.video) {
    VideoTrack::Surroundings surroundings;
    surroundings.before_write = hooks_.before_write;
    surroundings.make_room = [this] {
      is_disk_full_ = true;
      fail(SessionEnd::disk_full, "the disk was full");
      return reserve_.release();
    };
    surroundings.started_at = info_.started_at;
    auto track = VideoTrack::create(folder_, camera.facts, surroundings);
    if (!track) {
      camera.has_video_failed = true;
      fail(SessionEnd::write_failed, track.error().to_text());
      return std::nullopt;
    }
    camera.video.emplace(std::move(*track));
  }
  const auto since_start = at - info_.started_at;
  const bool is_packet = camera.facts.codec == VideoCodec::camera_mjpeg;
  auto written = is_packet ? camera.video->write_jpeg(picture.jpeg, since_start)
                           : camera.video->write(picture.gray.view(), since_start);
  camera.bytes = static_cast<std::uintmax_t>(camera.video->bytes());
  if (written) return *written;
  if (written.error().code == ErrorCode::output_unwritable || written.error().code == ErrorCode::internal) {
    camera.has_video_failed = true;
    fail(SessionEnd::write_failed, written.error().to_text());
  } else {
    picture_warning_ = written.error().to_text();
  }
  return std::nullopt;
}

void SessionStore::note_without_picture(Camera& camera, const FrameRow& row, GapCause cause,
                                        const std::string& why) {
  ++camera.figures.pictures_lost;
  auto& gap = camera.without_pictures;
  if (gap && (gap->cause != cause || gap->note != why)) end_without_pictures(camera);
  if (!gap) {
    gap.emplace();
    gap->cause = cause;
    gap->camera = row.camera;
    gap->first_frame = row.frame;
    gap->start = row.captured_at;
    gap->note = why;
  }
  gap->last_frame = row.frame;
  gap->end = row.captured_at;
  ++gap->pictures_lost;
}

void SessionStore::end_without_pictures(Camera& camera) {
  if (auto gap = std::exchange(camera.without_pictures, std::nullopt)) add_gap(std::move(*gap));
}

void SessionStore::put_losses(const QueueLosses& losses) {
  for (const auto& lost : losses.cameras) {
    if (!knows(lost.camera)) continue;
    Camera& camera = cameras_[static_cast<std::size_t>(lost.camera)];
    camera.lost_in_queue += lost.frames;
    camera.figures.frames_lost += lost.frames;
    camera.figures.pictures_lost += lost.pictures;
    GapRow gap;
    gap.cause = GapCause::queue_full;
    gap.camera = lost.camera;
    gap.first_frame = lost.first_frame.value_or(0) + camera.clock.shift();
    gap.last_frame = lost.last_frame + camera.clock.shift();
    gap.start = camera.clock.repaired(lost.start);
    gap.end = camera.clock.repaired(lost.end);
    gap.frames_lost = lost.frames;
    gap.pictures_lost = lost.pictures;
    gap.note = "the disk did not keep up";
    add_gap(std::move(gap));
  }
  if (losses.rows > 0) {
    rows_lost_ += losses.rows;
    GapRow gap;
    gap.cause = GapCause::queue_full;
    gap.start = gap.end = last_time_;
    gap.rows_lost = losses.rows;
    gap.note = "the disk did not keep up";
    add_gap(std::move(gap));
  }
}

template <class Row>
void SessionStore::place(Row& row) {
  if (!knows(row.camera)) return;
  const CameraClock& clock = cameras_[static_cast<std::size_t>(row.camera)].clock;
  const auto found = clock.find(row.frame, row.captured_at);
  row.frame = found.frame;
  row.captured_at = found.captured_at;
}

void SessionStore::put_result(SessionRow row) {
  const auto repaired = [&](const std::optional<int>& camera, CaptureTime at) {
    const int of = camera.value_or(0);
    return knows(of) ? cameras_[static_cast<std::size_t>(of)].clock.repaired(at) : at;
  };
  std::visit(
      [&](auto& value) {
        using Value = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, FrameDone>) {
          if (knows(value.camera)) {
            value.frame = cameras_[static_cast<std::size_t>(value.camera)].clock.find(value.frame, {}).frame;
          }
        } else if constexpr (std::is_same_v<Value, GapRow>) {
          value.start = repaired(value.camera, value.start);
          value.end = repaired(value.camera, value.end);
        } else if constexpr (std::is_same_v<Value, std::shared_ptr<const EventRow>>) {
          EventRow event = *value;
          if (event.camera && knows(*event.camera)) {
            const CameraClock& clock = cameras_[static_cast<std::size_t>(*event.camera)].clock;
            if (event.first_frame) event.first_frame = clock.find(*event.first_frame, {}).frame;
            if (event.last_frame) event.last_frame = clock.find(*event.last_frame, {}).frame;
          }
          event.start = repaired(event.camera, event.start);
          event.end = repaired(event.camera, event.end);
          value = std::make_shared<const EventRow>(std::move(event));
        } else if constexpr (requires {
                               value.frame;
                               value.analysis;
                             }) {
          place(value);
        }
        if constexpr (!std::is_same_v<Value, FrameDone> && !std::is_same_v<Value, GapRow>) ++rows_;
      },
      row);
  pending_.push_back(std::move(row));
}

void SessionStore::add_gap(GapRow gap) { pending_.emplace_back(std::move(gap)); }

bool SessionStore::wants_commit(std::chrono::steady_clock::time_point now) const {
  return now >= next_commit_ || pending_.size() >= most_pending_rows || disk_.wants_look(video_bytes());
}

std::uintmax_t SessionStore::video_bytes() const {
  std::uintmax_t bytes = 0;
  for (const Camera& camera : cameras_) bytes += camera.bytes;
  return bytes;
}

void SessionStore::commit(std::chrono::steady_clock::time_point now) {
  next_commit_ = now + steady(std::chrono::duration<double>(options_.commit_interval_s));
  flush_videos();
  write_pending(false);
  if (const std::string full = disk_.look(now, video_bytes()); !full.empty())
    fail(SessionEnd::disk_full, full);
}

void SessionStore::flush_videos() {
  for (Camera& camera : cameras_) {
    if (!camera.video || camera.has_video_failed) continue;
    if (const auto flushed = camera.video->flush(true); !flushed) {
      camera.has_video_failed = true;
      fail(SessionEnd::write_failed, flushed.error().to_text());
    }
  }
}

void SessionStore::write_pending(bool is_last) {
  if (has_database_failed_ && !is_last) return;
  if (hooks_.before_write && !pending_.empty()) hooks_.before_write();
  if (has_started_ && !is_start_written_)
    is_start_written_ = write_session_info(writer_.database(), info_).has_value();
  auto written = writer_.insert_all(pending_);
  if (!written && reserve_.release()) {
    is_disk_full_ = true;
    fail(SessionEnd::disk_full, "the disk was full");
    written = writer_.insert_all(pending_);
  }
  // Once its content is in the database, the write-ahead log begins anew in the room that it has.
  if (!written && writer_.checkpoint()) written = writer_.insert_all(pending_);
  if (!written) {
    fail(SessionEnd::write_failed, written.error().to_text());
    has_database_failed_ = true;
    if (!is_last) return;
    write_what_fits();
  }
  pending_.clear();
}

void SessionStore::write_what_fits() {
  constexpr std::ptrdiff_t at_once = 32;
  auto row = pending_.begin();
  while (row != pending_.end()) {
    const auto end = row + std::min(at_once, pending_.end() - row);
    if (!writer_.insert_all({row, end})) break;
    row = end;
  }
  GapRow gap;
  gap.cause = GapCause::write_failed;
  gap.start = gap.end = last_time_;
  gap.note = "the database could not be written any more";
  for (; row != pending_.end(); ++row) {
    if (const auto* frame = std::get_if<FrameRow>(&*row)) {
      CameraFigures& figures = cameras_[static_cast<std::size_t>(frame->camera)].figures;
      --figures.frames;
      ++figures.frames_lost;
      ++gap.frames_lost;
      gap.start = std::min(gap.start, frame->captured_at);
    } else if (!std::holds_alternative<GapRow>(*row) && !std::holds_alternative<FrameDone>(*row)) {
      --rows_;
      ++rows_lost_;
      ++gap.rows_lost;
    }
  }
  static_cast<void>(writer_.insert_one(gap));  // if even that finds no room, the figures still tell
}

void SessionStore::fail(SessionEnd end, const std::string& why) {
  if (wanted_end_ != SessionEnd::finished) return;
  wanted_end_ = end;
  end_note_ = why;
}

void SessionStore::finish_videos() {
  for (Camera& camera : cameras_) {
    end_without_pictures(camera);
    if (!camera.video) continue;
    if (const auto finished = camera.video->finish(); !finished && !camera.has_video_failed) {
      camera.has_video_failed = true;
      fail(SessionEnd::write_failed, finished.error().to_text());
    }
    camera.bytes = static_cast<std::uintmax_t>(camera.video->bytes());
    camera.video.reset();
  }
}

Result<void> SessionStore::finish() {
  if (wanted_end_ != SessionEnd::finished) reserve_.release();  // for the ending
  finish_videos();
  write_pending(true);
  info_.duration = has_started_ ? last_time_ - info_.started_at : std::chrono::nanoseconds{};
  info_.end = wanted_end_;
  info_.end_note = end_note_;
  const auto quality = count_quality(writer_.database());
  if (quality) info_.quality = *quality;
  make_session_thumbnail(folder_, writer_.database());
  if (const auto written = write_session_info(writer_.database(), info_); !written) {
    if (!reserve_.release()) return written.error();
    if (const auto again = write_session_info(writer_.database(), info_); !again) return again.error();
  }
  static_cast<void>(writer_.checkpoint());  // without it the write-ahead log keeps what the database lacks
  reserve_.release();
  return {};
}

void SessionStore::fill(RecorderSnapshot& snapshot) const {
  snapshot.cameras.clear();
  snapshot.bytes = 0;
  for (const Camera& camera : cameras_) {
    snapshot.cameras.push_back(camera.figures);
    snapshot.bytes += camera.bytes;
  }
  snapshot.rows = rows_;
  snapshot.rows_lost = rows_lost_;
  snapshot.free_bytes = disk_.free_bytes();
  snapshot.is_disk_low = end_note_.empty() && !disk_.warning().empty();
  snapshot.warning = !end_note_.empty()     ? end_note_
                     : snapshot.is_disk_low ? disk_.warning()
                                            : picture_warning_;
}

}  // namespace yarbus
