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
      case Step::boundary:
        advanced = find_first_boundary();
        sound = advanced || buffer_.size() <= max_header_bytes;
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

bool MultipartParser::find_first_boundary() {
  auto at = buffer_.find(delimiter());
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
  buffer_.erase(0, end + 1);
  step_ = Step::headers;
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
  buffer_.erase(0, buffer_.find('\n', end) + 1);
  if (content_length_ && *content_length_ > max_part_bytes) content_length_.reset();  // not believed
  step_ = Step::body;
  advanced = true;
  return true;
}

bool MultipartParser::read_body(bool& advanced) {
  const std::string mark = delimiter();
  const auto next = buffer_.find(mark);
  if (content_length_ && buffer_.size() >= *content_length_ &&
      (next == std::string::npos || next >= *content_length_)) {
    on_part_(std::string_view(buffer_).substr(0, *content_length_));
    buffer_.erase(0, *content_length_);
    step_ = Step::boundary;
    advanced = true;
    return true;
  }
  if (next == std::string::npos) return buffer_.size() <= max_part_bytes;
  std::string_view body = std::string_view(buffer_).substr(0, next);
  if (body.ends_with("\r\n")) {
    body.remove_suffix(2);
  } else if (body.ends_with('\n')) {
    body.remove_suffix(1);
  }
  if (content_length_) {
    ++dropped_parts_;  // shorter than it said: half-written
  } else {
    on_part_(body);
  }
  buffer_.erase(0, next);
  step_ = Step::boundary;
  advanced = true;
  return true;
}

}  // namespace yarbus
