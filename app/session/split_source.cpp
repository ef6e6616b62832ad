#include "app/session/split_source.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace yarbus {
namespace {

/// Parts alive at once: those that wait, those further down the pipeline, and the one being cut.
constexpr std::size_t parts_alive = SplitReader::most_waiting + 24;

std::string text_of(const ImageRegion& region) {
  return std::to_string(region.x_px) + ',' + std::to_string(region.y_px) + ',' +
         std::to_string(region.width_px) + ',' + std::to_string(region.height_px);
}

/// One eye's part of a shared source.
class EyePart final : public FrameSource {
 public:
  EyePart(std::shared_ptr<SplitReader> reader, EyeSide eye, const ImageRegion& region)
      : reader_(std::move(reader)), eye_(eye), info_(reader_->info()) {
    info_.name += std::string(", ") + to_string(eye) + " eye";
    info_.width_px = region.width_px;
    info_.height_px = region.height_px;
    info_.gives_jpeg = false;  // the camera's own picture shows both
  }
  ~EyePart() override { reader_->has_stopped(eye_); }
  const SourceInfo& info() const override { return info_; }
  Result<FramePtr> next(std::stop_token stop) override { return reader_->next(eye_, stop); }
  Result<void> seek(std::uint64_t index) override { return reader_->seek(index); }
  std::uint64_t dropped_frames() const override { return reader_->dropped(eye_); }

 private:
  std::shared_ptr<SplitReader> reader_;
  EyeSide eye_;
  SourceInfo info_;
};

}  // namespace

EyeRegions EyeRegions::halves(int width_px, int height_px) {
  const int half_px = width_px / 2;
  return {{ImageRegion{0, 0, half_px, height_px}, ImageRegion{width_px - half_px, 0, half_px, height_px}}};
}

Result<void> EyeRegions::validate(int width_px, int height_px) const {
  std::string faults;
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
    const ImageRegion& region = of(eye);
    std::string fault;
    if (region.width_px < min_frame_side_px || region.height_px < min_frame_side_px) {
      fault = "is smaller than " + std::to_string(min_frame_side_px) + " px";
    } else if (region.x_px < 0 || region.y_px < 0 || region.x_px > width_px - region.width_px ||
               region.y_px > height_px - region.height_px) {
      fault = "reaches past the image of " + std::to_string(width_px) + 'x' + std::to_string(height_px);
    }
    if (fault.empty()) continue;
    faults += (faults.empty() ? "" : "; ") + std::string("the ") + to_string(eye) + " eye's region " +
              text_of(region) + ' ' + fault;
  }
  if (faults.empty()) return {};
  return Error{ErrorCode::invalid_option, faults, "", "Give regions as x,y,width,height inside the image"};
}

Result<ImageRegion> parse_region(const std::string& text) {
  std::array<int, 4> values{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  bool is_good = true;
  for (std::size_t i = 0; i < values.size() && is_good; ++i) {
    const auto [next, code] = std::from_chars(at, end, values[i]);
    is_good = code == std::errc() && (i + 1 < values.size() ? next != end && *next == ',' : next == end);
    at = is_good && i + 1 < values.size() ? next + 1 : next;
  }
  if (!is_good) {
    return Error{ErrorCode::invalid_option, "a region is four whole numbers, x,y,width,height", text,
                 "Give for instance 0,0,640,480"};
  }
  return ImageRegion{values[0], values[1], values[2], values[3]};
}

Result<std::array<OpenedSource, 2>> split_between_eyes(OpenedSource source, const EyeRegions& regions) {
  const SourceInfo& info = source.frames->info();
  if (auto valid = regions.validate(info.width_px, info.height_px); !valid) {
    Error error = valid.error();
    error.context = info.location;
    return error;
  }
  const CameraIntrinsics whole = source.intrinsics;
  const auto reader = std::make_shared<SplitReader>(std::move(source.frames), regions);
  std::array<OpenedSource, 2> parts;
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
    OpenedSource& part = parts[static_cast<std::size_t>(eye)];
    part.frames = std::make_unique<EyePart>(reader, eye, regions.of(eye));
    part.intrinsics = cropped(whole, regions.of(eye));
  }
  return parts;
}

SplitReader::SplitReader(std::unique_ptr<FrameSource> source, const EyeRegions& regions)
    : source_(std::move(source)), regions_(regions), right_(parts_alive), left_(parts_alive) {}

FramePtr SplitReader::cut(const Frame& frame, EyeSide eye, const std::stop_token& stop) {
  const auto part = side(eye).pool.acquire_waiting(stop);
  if (part == nullptr) return nullptr;
  const ImageRegion& region = regions_.of(eye);
  part->sequence = frame.sequence;
  part->camera_id = frame.camera_id;
  part->eye = eye;
  part->captured_at = frame.captured_at;
  part->truth.reset();  // it would be of another image
  part->gray.resize(region.width_px, region.height_px);
  for (int y = 0; y < region.height_px; ++y) {
    const std::uint8_t* from = frame.gray.view().row(region.y_px + y) + region.x_px;
    std::copy_n(from, region.width_px, part->gray.row(y));
  }
  return part;
}

Result<FramePtr> SplitReader::next(EyeSide eye, const std::stop_token& stop) {
  const EyeSide other_eye = eye == EyeSide::right ? EyeSide::left : EyeSide::right;
  Side& own = side(eye);
  Side& other = side(other_eye);
  std::unique_lock lock(mutex_);
  own.is_read = true;
  // Until a part waits for this side, or this side may read: nobody else does, and the other has room.
  const auto may_go_on = [&] {
    if (!own.waiting.empty() || has_ended_ || error_) return true;
    const bool has_room = other.waiting.size() < most_waiting || !other.is_read || source_->info().is_live;
    return !is_reading_ && has_room;
  };
  if (!room_.wait(lock, stop, may_go_on)) return FramePtr{};
  if (!own.waiting.empty()) {
    FramePtr part = std::move(own.waiting.front());
    own.waiting.pop_front();
    room_.notify_all();
    return part;
  }
  if (error_) return *error_;
  if (has_ended_) return FramePtr{};

  // Ends also where the source throws: the other side must not wait for this one for ever.
  struct Reading {
    SplitReader& reader;
    std::unique_lock<std::mutex>& lock;
    Reading(SplitReader& of, std::unique_lock<std::mutex>& its_lock) : reader(of), lock(its_lock) {
      reader.is_reading_ = true;
      lock.unlock();
    }
    ~Reading() {
      lock.lock();
      reader.is_reading_ = false;
      reader.room_.notify_all();
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
  };
  Result<FramePtr> frame = FramePtr{};
  FramePtr part;
  FramePtr other_part;
  {
    const Reading reading(*this, lock);
    frame = source_->next(stop);
    if (frame && *frame != nullptr) {
      part = cut(**frame, eye, stop);
      other_part = cut(**frame, other_eye, stop);
    }
  }
  if (!frame) {
    error_ = frame.error();
    return frame.error();
  }
  if (*frame == nullptr) {
    has_ended_ = !stop.stop_requested();  // a stop of this side is no end for the other
    return FramePtr{};
  }
  if (other_part != nullptr && other.is_read) {
    if (other.waiting.size() == most_waiting) {
      other.waiting.pop_front();
      ++other.dropped;
    }
    other.waiting.push_back(std::move(other_part));
  }
  return part;
}

Result<void> SplitReader::seek(std::uint64_t index) {
  const std::lock_guard lock(mutex_);
  for (Side* each : {&right_, &left_}) {
    each->waiting.clear();
    each->is_read = true;
  }
  has_ended_ = false;
  error_.reset();
  return source_->seek(index);
}

void SplitReader::has_stopped(EyeSide eye) {
  const std::lock_guard lock(mutex_);
  side(eye).is_read = false;
  side(eye).waiting.clear();
  room_.notify_all();
}

std::uint64_t SplitReader::dropped(EyeSide eye) const {
  const std::lock_guard lock(mutex_);
  return source_->dropped_frames() + (eye == EyeSide::right ? right_ : left_).dropped;
}

}  // namespace yarbus
