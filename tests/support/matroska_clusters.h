#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace yarbus::test {

/// One cluster of a Matroska file: its time and those of its blocks, in the file's ticks.
struct MatroskaCluster {
  std::int64_t time = 0;
  std::vector<std::int64_t> block_times;
};

/// Walks a Matroska file's clusters by itself (EBML as in RFC 8794), so that nothing of libav is believed.
class MatroskaClusters {
 public:
  explicit MatroskaClusters(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(stream), {});
  }

  std::vector<MatroskaCluster> read() {
    std::vector<MatroskaCluster> clusters;
    walk(0, bytes_.size(), clusters);
    return clusters;
  }
  [[nodiscard]] bool has_cues() const { return has_cues_; }

 private:
  static constexpr std::uint64_t segment = 0x18538067, cluster = 0x1F43B675, timestamp = 0xE7,
                                 simple_block = 0xA3, block_group = 0xA0, block = 0xA1, cues = 0x1C53BB6B;

  std::optional<std::uint64_t> number(std::size_t& at, bool keep_marker) const {
    if (at >= bytes_.size()) return std::nullopt;
    const auto first = static_cast<std::uint8_t>(bytes_[at]);
    int length = 1;
    while (length <= 8 && (first & (0x80U >> (length - 1))) == 0) ++length;
    if (length > 8 || at + static_cast<std::size_t>(length) > bytes_.size()) return std::nullopt;
    std::uint64_t value = keep_marker ? first : first & (0xFFU >> length);
    bool is_unknown = (first | (0xFFU << (8 - length) & 0xFFU)) == 0xFF && !keep_marker;
    for (int i = 1; i < length; ++i) {
      const auto byte = static_cast<std::uint8_t>(bytes_[at + static_cast<std::size_t>(i)]);
      value = value << 8U | byte;
      is_unknown = is_unknown && byte == 0xFF;
    }
    at += static_cast<std::size_t>(length);
    if (is_unknown) return ~std::uint64_t{0};
    return value;
  }

  void walk(std::size_t at, std::size_t end, std::vector<MatroskaCluster>& clusters) {
    while (at < end) {
      const auto id = number(at, true);
      const auto size = id ? number(at, false) : std::nullopt;
      if (!size) return;
      const std::size_t stop = *size > end - at ? end : at + static_cast<std::size_t>(*size);
      if (*id == segment) {
        walk(at, stop, clusters);
      } else if (*id == cluster) {
        clusters.emplace_back();
        walk(at, stop, clusters);
      } else if (*id == block_group) {
        walk(at, stop, clusters);
      } else if (*id == timestamp && !clusters.empty()) {
        std::int64_t time = 0;
        for (std::size_t i = at; i < stop; ++i) time = time << 8 | static_cast<std::uint8_t>(bytes_[i]);
        clusters.back().time = time;
      } else if ((*id == simple_block || *id == block) && !clusters.empty() && at + 3 < stop) {
        const auto high = static_cast<std::uint8_t>(bytes_[at + 1]);
        const auto low = static_cast<std::uint8_t>(bytes_[at + 2]);
        clusters.back().block_times.push_back(clusters.back().time +
                                              static_cast<std::int16_t>(high << 8U | low));
      } else if (*id == cues) {
        has_cues_ = true;
      }
      at = stop;
    }
  }

  std::string bytes_;
  bool has_cues_ = false;
};

}  // namespace yarbus::test
