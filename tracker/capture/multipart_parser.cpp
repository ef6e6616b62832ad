#include "tracker/capture/multipart_parser.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace yarbus {
namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

std::optional<std::size_t> content_length_of(std::string_view headers) {
  while (!headers.empty()) {
    const auto end = headers.find('\n');
    const auto line = headers.substr(0, end);
    headers.remove_prefix(end == std::string_view::npos ? headers.size() : end + 1);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos ||
        !equals_ignoring_case(trimmed(line.substr(0, colon)), "content-length"))
      continue;
    const auto text = trimmed(line.substr(colon + 1));
    std::size_t length = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), length);
    if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) return length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  const auto semicolon = content_type.find(';');
  const auto type = trimmed(content_type.substr(0, semicolon));
  if (type.size() < 10 || !equals_ignoring_case(type.substr(0, 10), "multipart/")) return std::nullopt;
  std::string_view rest =
      semicolon == std::string_view::npos ? std::string_view{} : content_type.substr(semicolon + 1);
  while (!rest.empty()) {
    const auto end = rest.find(';');
    const auto parameter = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos ||
        !equals_ignoring_case(trimmed(parameter.substr(0, equals)), "boundary"))
      continue;
    auto value = trimmed(parameter.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    if (value.starts_with("--")) value.remove_prefix(2);  // some cameras announce it with its dashes
    if (value.empty()) return std::nullopt;
    return std::string(value);
  }
  return std::nullopt;
}

MultipartParser::MultipartParser(std::string boundary, PartHandler on_part)
    : boundary_(std::move(boundary)), on_part_(std::move(on_part)) {}

bool MultipartParser::feed(std::string_view bytes) {
  buffer_.append(bytes);
  bool advanced = true;
  while (advanced) {
    advanced = false;
    bool sound = true;
    switch (step_) {
      case Step::first_boundary:
        advanced = find_first_boundary();
        sound = advanced || buffer_.size() <= max_header_bytes;
        break;
      case Step::boundary:
        sound = skip_to_boundary(advanced);
        break;
      case Step::headers:
        sound = read_headers(advanced);
        break;
      case Step::body:
        sound = read_body(advanced);
        break;
    }
    if (!sound) return false;
  }
  return true;
}

std::size_t MultipartParser::find_delimiter() {
  const std::string mark = "--" + boundary_;
  for (auto at = buffer_.find(mark, scanned_); at != std::string::npos; at = buffer_.find(mark, at + 1)) {
    const auto after = std::string_view(buffer_).substr(at + mark.size(), 2);
    if (after.empty() || after == "-") break;  // what follows decides, and has not come
    const bool ends_line = std::isspace(static_cast<unsigned char>(after[0])) != 0 || after == "--";
    if (!ends_line) continue;  // these bytes happen to be in a picture
    scanned_ = at;
    return at;
  }
  const std::size_t undecided = mark.size() + 1;
  scanned_ = std::max(scanned_, buffer_.size() - std::min(buffer_.size(), undecided));
  return std::string::npos;
}

void MultipartParser::consume(std::size_t count, Step step) {
  buffer_.erase(0, count);
  scanned_ = 0;
  step_ = step;
}

bool MultipartParser::find_first_boundary() {
  auto at = find_delimiter();
  if (at == std::string::npos) {
    // A server whose boundary is not the one it announced: the body then opens with a line of its own that
    // starts with dashes.
    const auto line_start = buffer_.find_first_not_of("\r\n");
    const auto line_end = line_start == std::string::npos ? line_start : buffer_.find('\n', line_start);
    if (line_end == std::string::npos || buffer_.compare(line_start, 2, "--") != 0) return false;
    const auto line = trimmed(std::string_view(buffer_).substr(line_start, line_end - line_start));
    if (line.size() < 3) return false;
    boundary_ = std::string(line.substr(2));
    at = line_start;
  }
  const auto end = buffer_.find('\n', at);
  if (end == std::string::npos) return false;
  consume(end + 1, Step::headers);
  return true;
}

bool MultipartParser::skip_to_boundary(bool& advanced) {
  const auto at = find_delimiter();
  const auto skipped = std::string_view(buffer_).substr(0, std::min(at, scanned_));
  if (skipped.find_first_not_of("\r\n-") != std::string_view::npos) lengths_are_trusted_ = false;
  if (at == std::string::npos) {
    skipped_bytes_ += skipped.size();
    consume(skipped.size(), Step::boundary);
    return skipped_bytes_ <= max_part_bytes;
  }
  const auto end = buffer_.find('\n', at);
  if (end == std::string::npos) return buffer_.size() <= max_part_bytes;
  skipped_bytes_ = 0;
  consume(end + 1, Step::headers);
  advanced = true;
  return true;
}

bool MultipartParser::read_headers(bool& advanced) {
  // Headers end at the first empty line, which is the first line of all when a part has none.
  std::size_t end = 0;
  while (true) {
    const auto line_end = buffer_.find('\n', end);
    if (line_end == std::string::npos) return buffer_.size() <= max_header_bytes;
    const bool is_empty = line_end == end || (line_end == end + 1 && buffer_[end] == '\r');
    if (is_empty) break;
    end = line_end + 1;
  }
  content_length_ = content_length_of(std::string_view(buffer_).substr(0, end));
  if (content_length_ && *content_length_ > max_part_bytes) content_length_.reset();  // not believed
  consume(buffer_.find('\n', end) + 1, Step::body);
  advanced = true;
  return true;
}

bool MultipartParser::read_body(bool& advanced) {
  const auto next = find_delimiter();
  const auto length = lengths_are_trusted_ ? content_length_ : std::nullopt;
  if (length && buffer_.size() >= *length && next >= *length) {
    on_part_(std::string_view(buffer_).substr(0, *length));
    short_parts_in_a_row_ = 0;
    consume(*length, Step::boundary);
    advanced = true;
    return true;
  }
  if (next == std::string::npos) return buffer_.size() <= max_part_bytes;
  std::string_view body = std::string_view(buffer_).substr(0, next);
  while (body.ends_with('-')) body.remove_suffix(1);  // a server may put more dashes than it announced
  if (body.ends_with('\n')) body.remove_suffix(1);
  if (body.ends_with('\r')) body.remove_suffix(1);
  if (length && next + counted_line_ends < *length) {
    ++dropped_parts_;  // shorter than it said: half-written
    if (++short_parts_in_a_row_ == half_parts_believed) lengths_are_trusted_ = false;
  } else {
    on_part_(body);
    short_parts_in_a_row_ = 0;
  }
  consume(next, Step::boundary);
  advanced = true;
  return true;
}

}  // namespace yarbus
