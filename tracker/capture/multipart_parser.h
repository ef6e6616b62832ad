#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarbus {

/// The boundary of a Content-Type such as `multipart/x-mixed-replace; boundary="frame"`, without leading
/// dashes. nullopt if the type is not multipart or names no boundary.
std::optional<std::string> multipart_boundary(std::string_view content_type);

/// Splits an HTTP multipart body into its parts as bytes arrive. A part is handed on once it is whole: by its
/// Content-Length where the boundary follows it, else up to the next boundary. If the announced boundary
/// never comes but another `--` line opens the body, that one is taken. Half-written parts are dropped and
/// counted. Bounded memory. Threads: one owner. No network here.
class MultipartParser {
 public:
  using PartHandler = std::function<void(std::string_view body)>;

  MultipartParser(std::string boundary, PartHandler on_part);

  /// False once the body cannot be multipart (no boundary within max_header_bytes, or a part beyond
  /// max_part_bytes).
  bool feed(std::string_view bytes);
  /// Parts that began but were not whole.
  [[nodiscard]] std::uint64_t dropped_parts() const { return dropped_parts_; }

  static constexpr std::size_t max_header_bytes = 16 * 1024;
  static constexpr std::size_t max_part_bytes = 32 * 1024 * 1024;

 private:
  enum class Step { boundary, headers, body };
  bool find_first_boundary();
  bool read_headers(bool& advanced);
  bool read_body(bool& advanced);
  [[nodiscard]] std::string delimiter() const { return "--" + boundary_; }

  std::string boundary_;
  PartHandler on_part_;
  std::string buffer_;
  Step step_ = Step::boundary;
  std::optional<std::size_t> content_length_;
  std::uint64_t dropped_parts_ = 0;
};

}  // namespace yarbus
