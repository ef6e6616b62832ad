#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace yarbus {

/// The boundary of a Content-Type such as `multipart/x-mixed-replace; boundary="frame"`, without leading
/// dashes. nullopt if the type is not multipart or names no boundary.
std::optional<std::string> multipart_boundary(std::string_view content_type);

/// Splits an HTTP multipart body into its parts as bytes arrive. A part is handed on once it is whole: as
/// soon as its Content-Length has come, else at the next boundary (a boundary's bytes inside a picture do not
/// count unless a line ends after them). Lengths that the boundaries contradict are no longer believed. If
/// the announced boundary never comes but another `--` line opens the body, that one is taken. Half-written
/// parts are dropped and counted. Bounded memory. Threads: one owner. No network here.
class MultipartParser {
 public:
  using PartHandler = std::function<void(std::string_view body)>;

  MultipartParser(std::string boundary, PartHandler on_part);

  /// False once the body cannot be multipart (no boundary within max_header_bytes, headers beyond them, or a
  /// part beyond max_part_bytes).
  bool feed(std::string_view bytes);
  /// Parts that began but were not whole.
  [[nodiscard]] std::uint64_t dropped_parts() const { return dropped_parts_; }

  static constexpr std::size_t max_header_bytes = 16 * 1024;
  static constexpr std::size_t max_part_bytes = 32 * 1024 * 1024;

 private:
  enum class Step { first_boundary, boundary, headers, body };
  /// Servers that count the line end after a picture into its length are not cutting it.
  static constexpr std::size_t counted_line_ends = 4;
  /// After so many short parts in a row it is the lengths that are wrong.
  static constexpr int half_parts_believed = 3;

  bool find_first_boundary();
  bool skip_to_boundary(bool& advanced);
  bool read_headers(bool& advanced);
  bool read_body(bool& advanced);
  /// Where the next boundary starts, or npos while none is certain.
  std::size_t find_delimiter();
  void consume(std::size_t count, Step step);

  std::string boundary_;
  PartHandler on_part_;
  std::string buffer_;
  std::size_t scanned_ = 0;  ///< no boundary starts before it
  Step step_ = Step::first_boundary;
  std::optional<std::size_t> content_length_;
  bool lengths_are_trusted_ = true;
  int short_parts_in_a_row_ = 0;
  std::size_t skipped_bytes_ = 0;  ///< since the last part, in search of a boundary
  std::uint64_t dropped_parts_ = 0;
};

}  // namespace yarbus
