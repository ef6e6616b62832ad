#include "app/viewing/json_lines.h"

#include <algorithm>
#include <cctype>

namespace yarbus {
namespace {

/// Walks through a text that is known to be valid JSON.
class LineWalk {
 public:
  explicit LineWalk(std::string_view text) : text_(text) {}

  JsonLines run() {
    skip_space();
    walk_value("");
    return std::move(lines_);
  }

 private:
  [[nodiscard]] bool is_at(char wanted) const { return at_ < text_.size() && text_[at_] == wanted; }
  void step() {
    if (at_ >= text_.size()) return;
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }
  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) step();
  }
  /// The text between the quotes, escapes as they are.
  std::string take_string() {
    step();
    std::string taken;
    while (at_ < text_.size() && !is_at('"')) {
      if (is_at('\\')) {
        taken += text_[at_];
        step();
      }
      if (at_ < text_.size()) taken += text_[at_];
      step();
    }
    step();
    return taken;
  }
  void walk_value(const std::string& name) {
    lines_.line_of.emplace(name, line_);
    if (is_at('{')) {
      walk_object(name);
    } else if (is_at('[')) {
      walk_list(name);
    } else if (is_at('"')) {
      take_string();
    } else {
      while (at_ < text_.size() && text_.substr(at_, 1).find_first_of(",]} \t\r\n") == std::string_view::npos)
        step();
    }
    skip_space();
  }
  void walk_object(const std::string& name) {
    step();
    skip_space();
    while (at_ < text_.size() && !is_at('}')) {
      const int line = line_;
      const std::string child = name + '/' + take_string();
      if (!lines_.line_of.emplace(child, line).second) lines_.repeated.push_back(child);
      skip_space();
      step();  // the colon
      skip_space();
      walk_value(child);
      if (is_at(',')) step();
      skip_space();
    }
    step();
  }
  void walk_list(const std::string& name) {
    step();
    skip_space();
    for (int index = 0; at_ < text_.size() && !is_at(']'); ++index) {
      walk_value(name + '/' + std::to_string(index));
      if (is_at(',')) step();
      skip_space();
    }
    step();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  JsonLines lines_;
};

}  // namespace

JsonLines find_json_lines(std::string_view text) { return LineWalk(text).run(); }

int line_at(std::string_view text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  return 1 + static_cast<int>(std::count(text.begin(), end, '\n'));
}

}  // namespace yarbus
