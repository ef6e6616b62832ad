#include "tracker/capture/container_facts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace yarbus {
namespace {

/// Random access to the big- and little-endian numbers of a file; nullopt past its end.
class Bytes {
 public:
  explicit Bytes(const std::filesystem::path& path) : file_(path, std::ios::binary) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(path, failed);
    size_ = failed ? 0 : size;
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }

  std::optional<std::string> text(std::uint64_t at, std::size_t count) {
    if (at > size_ || count > size_ - at) return std::nullopt;
    std::string bytes(count, '\0');
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(at));
    if (!file_.read(bytes.data(), static_cast<std::streamsize>(count))) return std::nullopt;
    return bytes;
  }
  std::optional<std::uint64_t> big_endian(std::uint64_t at, std::size_t count) {
    const auto bytes = text(at, count);
    if (!bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (const char byte : *bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
  }
  std::optional<std::uint64_t> little_endian_32(std::uint64_t at) {
    auto bytes = text(at, 4);
    if (!bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (auto byte = bytes->rbegin(); byte != bytes->rend(); ++byte)
      value = value << 8 | static_cast<std::uint8_t>(*byte);
    return value;
  }

 private:
  std::ifstream file_;
  std::uint64_t size_ = 0;
};

/// A box of an ISO file: its payload lies in [start, end); `end` may lie beyond the file.
struct Box {
  std::string type;
  std::uint64_t start = 0;
  std::uint64_t end = 0;
};

/// More boxes on one level than this are not a recording (fragments beyond it are not looked at).
constexpr int max_boxes_per_level = 4096;

void for_each_box(Bytes& bytes, std::uint64_t start, std::uint64_t end,
                  const std::function<void(const Box&)>& visit) {
  for (int i = 0; i < max_boxes_per_level && start < end; ++i) {
    const auto short_size = bytes.big_endian(start, 4);
    auto type = bytes.text(start + 4, 4);
    if (!short_size || !type) return;
    std::uint64_t header = 8;
    std::uint64_t size = *short_size;
    if (size == 1) {
      size = bytes.big_endian(start + 8, 8).value_or(0);
      header = 16;
    } else if (size == 0) {
      size = end - start;  // to the end
    }
    if (size < header || size > UINT64_MAX - start) return;
    visit({std::move(*type), start + header, start + size});
    start += size;
  }
}

/// Ticks a second of a box that starts with version, flags, two times, timescale (mvhd, mdhd).
std::optional<double> timescale_of(Bytes& bytes, const Box& box) {
  const bool is_long = bytes.big_endian(box.start, 1).value_or(0) == 1;
  const auto scale = bytes.big_endian(box.start + (is_long ? 20 : 12), 4);
  if (!scale || *scale == 0) return std::nullopt;
  return static_cast<double>(*scale);
}

struct Track {
  bool is_video = false;
  bool has_constant_rate = false;
  double media_s = 0.0;
  std::uint64_t shown = 0;  ///< by the edit list, in the movie's timescale
};

/// True if `stts` gives one duration to all frames; the last one may differ.
bool has_one_duration(Bytes& bytes, const Box& stts) {
  constexpr std::uint64_t entry_bytes = 8;  // number of frames, duration
  const auto entries = bytes.big_endian(stts.start + 4, 4).value_or(0);
  if (entries == 1) return true;
  return entries == 2 && bytes.big_endian(stts.start + 8 + entry_bytes, 4) == 1U;
}

/// The payload boxes of type `type` directly in `parent`.
void for_each_of(Bytes& bytes, const Box& parent, std::string_view type,
                 const std::function<void(const Box&)>& visit) {
  for_each_box(bytes, parent.start, parent.end, [&](const Box& box) {
    if (box.type == type) visit(box);
  });
}

Track read_track(Bytes& bytes, const Box& trak) {
  Track track;
  for_each_box(bytes, trak.start, trak.end, [&](const Box& child) {
    if (child.type == "edts") {
      for_each_of(bytes, child, "elst", [&](const Box& list) {
        const bool is_long = bytes.big_endian(list.start, 1).value_or(0) == 1;
        const std::size_t width = is_long ? 8 : 4;
        const auto entries =
            std::min<std::uint64_t>(bytes.big_endian(list.start + 4, 4).value_or(0), max_boxes_per_level);
        for (std::uint64_t i = 0; i < entries; ++i) {
          const std::uint64_t at = list.start + 8 + i * (2 * width + 4);
          const auto duration = bytes.big_endian(at, width);
          const auto media_time = bytes.big_endian(at + width, width);
          if (!duration || !media_time) return;
          const bool is_pause = *media_time == (is_long ? UINT64_MAX : UINT32_MAX);
          if (!is_pause) track.shown += *duration;
        }
      });
    }
    if (child.type != "mdia") return;
    for_each_box(bytes, child.start, child.end, [&](const Box& media) {
      if (media.type == "hdlr") track.is_video = bytes.text(media.start + 8, 4) == "vide";
      if (media.type == "minf") {
        for_each_of(bytes, media, "stbl", [&](const Box& table) {
          for_each_of(bytes, table, "stts",
                      [&](const Box& stts) { track.has_constant_rate = has_one_duration(bytes, stts); });
        });
      }
      if (media.type != "mdhd") return;
      const bool is_long = bytes.big_endian(media.start, 1).value_or(0) == 1;
      const auto duration = bytes.big_endian(media.start + (is_long ? 24 : 16), is_long ? 8 : 4);
      const auto scale = timescale_of(bytes, media);
      if (duration && scale) track.media_s = static_cast<double>(*duration) / *scale;
    });
  });
  return track;
}

ContainerFacts read_iso(Bytes& bytes) {
  ContainerFacts facts;
  facts.declares_frame_count = true;
  for_each_box(bytes, 0, bytes.size(), [&](const Box& box) {
    if (box.end > bytes.size() && box.type == "mdat") facts.is_cut_short = true;
    if (box.type == "moof") facts.declares_frame_count = facts.has_constant_rate = false;
    if (box.type != "moov") return;
    double movie_scale = 0.0;
    for_each_box(bytes, box.start, box.end, [&](const Box& child) {
      if (child.type == "mvhd") movie_scale = timescale_of(bytes, child).value_or(0.0);
      if (child.type != "trak" || movie_scale <= 0.0) return;
      const Track track = read_track(bytes, child);
      if (!track.is_video) return;
      facts.has_constant_rate = track.has_constant_rate;
      if (track.media_s <= 0.0 || track.shown == 0) return;
      const double shown_s = static_cast<double>(track.shown) / movie_scale;
      facts.shown_fraction = std::min(1.0, shown_s / track.media_s);
    });
  });
  return facts;
}

ContainerFacts read_riff(Bytes& bytes) {
  ContainerFacts facts;
  facts.has_constant_rate = true;
  const auto size = bytes.little_endian_32(4);
  facts.is_cut_short = size && *size > 0 && *size + 8 > bytes.size();  // 0: never closed
  return facts;
}

struct EbmlNumber {
  std::uint64_t value = 0;
  std::size_t width = 0;
  bool is_unknown = false;  ///< all ones: a size not known when it was written
};

std::optional<EbmlNumber> ebml_number(Bytes& bytes, std::uint64_t at) {
  const auto first = bytes.big_endian(at, 1);
  if (!first || *first == 0) return std::nullopt;
  std::size_t width = 1;
  while ((*first & (0x80U >> (width - 1))) == 0) ++width;
  const auto raw = bytes.big_endian(at, width);
  if (!raw) return std::nullopt;
  const std::uint64_t mask = (std::uint64_t{1} << (7 * width)) - 1;
  return EbmlNumber{*raw & mask, width, (*raw & mask) == mask};
}

ContainerFacts read_matroska(Bytes& bytes) {
  constexpr std::uint64_t id_bytes = 4;  // of the EBML header and of the Segment
  ContainerFacts facts;
  const auto header = ebml_number(bytes, id_bytes);
  if (!header || header->is_unknown) return facts;
  const std::uint64_t segment = id_bytes + header->width + header->value;
  if (bytes.text(segment, id_bytes) != "\x18\x53\x80\x67") return facts;
  const auto size = ebml_number(bytes, segment + id_bytes);
  if (!size || size->is_unknown) return facts;
  facts.is_cut_short = segment + id_bytes + size->width + size->value > bytes.size();
  return facts;
}

}  // namespace

ContainerFacts read_container_facts(const std::filesystem::path& path) {
  Bytes bytes(path);
  const auto start = bytes.text(0, 12);
  if (!start) return {};
  const std::string_view head = *start;
  constexpr std::array<std::string_view, 6> iso_boxes{"ftyp", "moov", "mdat", "free", "skip", "wide"};
  if (std::find(iso_boxes.begin(), iso_boxes.end(), head.substr(4, 4)) != iso_boxes.end())
    return read_iso(bytes);
  if (head.starts_with("RIFF") && head.substr(8, 4) == "AVI ") return read_riff(bytes);
  if (head.starts_with("\x1A\x45\xDF\xA3")) return read_matroska(bytes);
  return {};
}

}  // namespace yarbus
