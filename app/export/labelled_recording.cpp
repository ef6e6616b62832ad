#include "app/export/labelled_recording.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/export/csv_text.h"
#include "app/export/label_table.h"
#include "app/export/labelled_screen.h"

namespace yarbus {
namespace {

namespace fs = std::filesystem;

constexpr const char* format_remedy =
    "docs/simulation.md describes the labelled-recording format; `yarbus simulate` writes an example";

Error unreadable(const fs::path& path, std::string message, std::string remedy = format_remedy) {
  return {ErrorCode::input_unreadable, std::move(message), path.string(), std::move(remedy)};
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// A column of the file at hand that is one of ours.
struct KnownColumn {
  std::size_t position = 0;
  const LabelColumn* column = nullptr;
};

/// The number a field holds; NaN for an empty one. nullopt: it holds something else. A flag may be in words.
std::optional<double> number_in(const std::string& field, bool is_flag) {
  static const std::set<std::string> absent{"", "nan", "-nan", "na", "n/a", "none", "null"};
  const std::string word = lower(field);
  if (absent.contains(word)) return LabelRow::absent;
  if (is_flag && word == "true") return 1.0;
  if (is_flag && word == "false") return 0.0;
  const bool has_plus = field.starts_with('+') && !field.starts_with("+-");
  const char* first = field.data() + (has_plus ? 1 : 0);
  const char* const end = field.data() + field.size();
  double value = 0.0;
  const auto [stopped, fault] = std::from_chars(first, end, value);
  if (fault != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

/// Which of the words a field holds, from 0; NaN for an empty one. nullopt: none of them.
std::optional<double> word_in(const std::string& field, std::span<const std::string_view> words) {
  if (field.empty()) return LabelRow::absent;
  const auto found = std::find(words.begin(), words.end(), lower(field));
  if (found == words.end()) return std::nullopt;
  return static_cast<double>(found - words.begin());
}

std::string joined(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

/// Reads gt.csv.
class LabelReader {
 public:
  explicit LabelReader(fs::path path) : path_(std::move(path)), stream_(path_, std::ios::binary) {}

  Result<std::vector<FrameLabel>> read() {
    if (!stream_) return unreadable(path_, "the table cannot be read", "Change its permissions");
    if (const auto header = read_header(); !header) return header.error();
    std::vector<FrameLabel> labels;
    std::string line;
    while (next_line(line)) {
      auto label = read_row(line);
      if (!label) return label.error();
      labels.push_back(std::move(*label));
    }
    if (stream_.bad()) return unreadable(path_, "the table cannot be read to its end");
    if (labels.empty()) {
      return Error{ErrorCode::input_empty, "the table has a header but no rows", path_.string(),
                   format_remedy};
    }
    std::sort(labels.begin(), labels.end(), [](const auto& a, const auto& b) { return a.frame < b.frame; });
    return labels;
  }

 private:
  /// The next line that is not blank.
  bool next_line(std::string& line) {
    while (std::getline(stream_, line)) {
      ++line_number_;
      if (line.find_first_not_of(" \t\r") != std::string::npos) return true;
    }
    return false;
  }

  Error at_line(const std::string& message) const {
    return unreadable(path_, "line " + std::to_string(line_number_) + ": " + message,
                      "Correct that line or leave it out");
  }

  Result<void> read_header() {
    std::string line;
    if (!next_line(line))
      return Error{ErrorCode::input_empty, "the table is empty", path_.string(), format_remedy};
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (line.starts_with(byte_order_mark)) line.erase(0, byte_order_mark.size());
    const auto names = split_csv_line(line);
    column_count_ = names.size();
    for (const LabelColumn& column : label_columns()) {
      if (column.field == nullptr) continue;
      const auto count = std::count(names.begin(), names.end(), column.name);
      if (count > 1)
        return at_line("the column " + std::string(column.name) + " is there " + std::to_string(count) +
                       " times");
      const auto found = std::find(names.begin(), names.end(), column.name);
      if (found != names.end()) known_.push_back({static_cast<std::size_t>(found - names.begin()), &column});
    }
    const bool has_frame = !known_.empty() && known_.front().column->field == &LabelRow::frame;
    if (!has_frame) return unreadable(path_, "the header names no column \"frame\"");
    return {};
  }

  Result<FrameLabel> read_row(const std::string& line) {
    const auto fields = split_csv_line(line);
    if (fields.size() != column_count_) {
      return at_line("it has " + std::to_string(fields.size()) + " fields, the header names " +
                     std::to_string(column_count_) + " columns");
    }
    LabelRow row;
    for (const KnownColumn& known : known_) {
      const std::string& field = fields[known.position];
      const auto words = words_of(*known.column);
      const auto value =
          words.empty() ? number_in(field, known.column->field == &LabelRow::blink) : word_in(field, words);
      if (!value)
        return at_line("column " + std::string(known.column->name) + " holds \"" + field + "\", which is " +
                       (words.empty() ? std::string("no number") : "none of: " + joined(words)));
      row.*(known.column->field) = *value;
    }
    auto label = label_of(row);
    if (!label) return at_line(label.error().message);
    const auto [seen, is_new] = line_of_frame_.emplace(label->frame, line_number_);
    if (!is_new) {
      return at_line("column frame holds " + std::to_string(label->frame) + ", which line " +
                     std::to_string(seen->second) + " has already");
    }
    return label;
  }

  fs::path path_;
  std::ifstream stream_;
  std::size_t line_number_ = 0;
  std::size_t column_count_ = 0;
  std::vector<KnownColumn> known_;
  std::map<std::uint64_t, std::size_t> line_of_frame_;
};

/// The images must be numbered as the table's frames are: 0, 1, 2, ... without a gap. A frame source counts
/// them, so that one missing image would give every later frame the label of its neighbour.
Result<void> check_numbering(const fs::path& frames) {
  std::map<std::uint64_t, std::string> images;
  std::error_code failed;
  for (fs::directory_iterator entry(frames, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.')) continue;
    const std::string stem = entry->path().stem().string();
    std::uint64_t number = 0;
    const auto [stopped, fault] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
    if (fault != std::errc{} || stopped != stem.data() + stem.size())
      return unreadable(entry->path(), "its name is no frame number");
    if (const auto [other, is_new] = images.emplace(number, name); !is_new)
      return unreadable(entry->path(), "it has the same frame number as " + other->second);
  }
  if (failed) return unreadable(frames, "the folder cannot be read: " + failed.message(), "Check it");
  if (images.empty())
    return Error{ErrorCode::input_empty, "the folder has no images", frames.string(), format_remedy};
  std::uint64_t expected = 0;
  for (const auto& [number, name] : images) {
    if (number != expected) {
      return unreadable(frames, "there is no image of frame " + std::to_string(expected) +
                                    ", though there is " + name + " (frames are numbered from 0, no gaps)");
    }
    ++expected;
  }
  return {};
}

Result<fs::path> find_images(const fs::path& folder) {
  std::error_code failed;
  const fs::path frames = folder / "frames";
  if (fs::is_directory(frames, failed)) {
    if (const auto numbered = check_numbering(frames); !numbered) return numbered.error();
    return frames;
  }
  static const std::set<std::string> video_extensions{".mp4", ".mkv",  ".avi", ".mov",
                                                      ".m4v", ".webm", ".gif"};
  std::vector<fs::path> videos;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (video_extensions.contains(lower(entry->path().extension().string()))) videos.push_back(entry->path());
  }
  if (videos.size() == 1) return videos.front();
  if (videos.empty()) {
    return Error{ErrorCode::input_missing, "it has neither a folder \"frames\" nor a video", folder.string(),
                 format_remedy};
  }
  return unreadable(folder, "it has " + std::to_string(videos.size()) + " videos, there must be one",
                    "Move the others elsewhere");
}

Result<void> read_meta(const fs::path& path, LabelledRecording& recording) {
  auto intrinsics = read_camera_intrinsics(path);
  if (!intrinsics) {
    Error error = intrinsics.error();
    if (error.code == ErrorCode::invalid_option) error.code = ErrorCode::input_unreadable;
    error.remedy =
        R"(meta.json must hold {"K": {"fx": 620, "fy": 620, "cx": 319.5, "cy": 239.5, "width": 640, "height": 480}, "fps": 60} with the recording's own numbers; docs/simulation.md describes it)";
    return error;
  }
  recording.intrinsics = *intrinsics;
  std::ifstream stream(path);
  const auto meta = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
  const auto fps = meta.find("fps");
  if (fps == meta.end() || !fps->is_number()) return unreadable(path, "it has no number \"fps\"");
  recording.rate_hz = fps->get<double>();
  if (!std::isfinite(recording.rate_hz) || recording.rate_hz <= 0.0)
    return unreadable(path, "fps is " + fps->dump() + ", must be above 0");
  auto screen = read_labelled_screen(path, meta);
  if (!screen) return screen.error();
  recording.screen = std::move(*screen);
  return {};
}

}  // namespace

Result<LabelledRecording> read_labelled_recording(const fs::path& folder) {
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) {
    return Error{ErrorCode::input_missing, "there is no such folder", folder.string(),
                 "Give the folder that holds gt.csv and meta.json"};
  }
  const fs::path table = folder / "gt.csv";
  if (!fs::is_regular_file(table, failed)) {
    const bool is_unfinished = fs::exists(folder / "gt.partial.csv", failed);
    return Error{ErrorCode::input_missing, "there is no table gt.csv", folder.string(),
                 is_unfinished
                     ? "gt.partial.csv is of a recording that broke off: rename it to use what there is"
                     : format_remedy};
  }
  LabelledRecording recording;
  const fs::path named = fs::absolute(folder, failed).lexically_normal();
  recording.name = (named.has_filename() ? named.filename() : named.parent_path().filename()).string();
  if (const auto meta = read_meta(folder / "meta.json", recording); !meta) return meta.error();
  auto images = find_images(folder);
  if (!images) return images.error();
  recording.images = std::move(*images);
  auto labels = LabelReader(table).read();
  if (!labels) return labels.error();
  recording.labels = std::move(*labels);
  return recording;
}

}  // namespace yarbus
