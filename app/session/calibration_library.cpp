#include "app/session/calibration_library.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <ctime>
#include <system_error>

#include "app/session/calibration_report.h"

namespace yarbus {
namespace {

namespace fs = std::filesystem;

std::string file_name_of(const std::string& name) {
  std::string file;
  for (const char c : name) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ||
                          (static_cast<unsigned char>(c) & 0x80U) != 0;
    if (is_plain) {
      file += c;
    } else if (!file.empty() && file.back() != '-') {
      file += '-';
    }
  }
  constexpr std::size_t longest = 80;
  if (file.size() > longest) file.resize(longest);
  while (!file.empty() && file.back() == '-') file.pop_back();
  return file.empty() ? "calibration" : file;
}

}  // namespace

Result<fs::path> CalibrationLibrary::path_for(const std::string& name) const {
  std::error_code failure;
  fs::create_directories(folder_, failure);
  if (failure)
    return Error{ErrorCode::output_unwritable,
                 "the folder for calibrations cannot be made: " + failure.message(), folder_.string(),
                 "Make room on the disk, or make the folder writable"};
  const std::string stem = file_name_of(name);
  fs::path path = folder_ / (stem + ".json");
  for (int i = 2; fs::exists(path, failure); ++i) path = folder_ / (stem + "-" + std::to_string(i) + ".json");
  return path;
}

std::vector<CalibrationEntry> CalibrationLibrary::list(const CalibrationSetup& current) const {
  struct Dated {
    fs::file_time_type written;
    CalibrationEntry entry;
  };
  std::vector<Dated> found;
  std::error_code failure;
  for (fs::directory_iterator file(folder_, failure), end; !failure && file != end; file.increment(failure)) {
    if (file->path().extension() != ".json") continue;
    std::error_code ignored;
    Dated dated{file->last_write_time(ignored), {}};
    CalibrationEntry& entry = dated.entry;
    entry.path = file->path().string();
    const auto head = read_calibration_head(file->path());
    if (head) {
      entry.name = head->name;
      entry.made_at = head->record.made_at;
      const ScreenGeometry& screen = head->setup.screen;
      std::array<char, 64> size{};
      std::snprintf(size.data(), size.size(), "screen %.0f x %.0f mm", screen.width_mm, screen.height_mm);
      entry.setup = describe_cameras(head->setup) + "; " + size.data();
      entry.accuracy_deg = head->record.accuracy_deg;
      CalibrationSetup here = current;
      if (!(here.screen.width_mm > 0.0)) here.screen = head->setup.screen;
      if (const auto fits = check_setup(head->setup, here); !fits) entry.why_not = fits.error().message;
    } else {
      entry.name = file->path().stem().string();
      entry.why_not = head.error().message;
    }
    found.push_back(std::move(dated));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Dated& a, const Dated& b) { return a.written > b.written; });
  std::vector<CalibrationEntry> entries;
  for (Dated& dated : found) entries.push_back(std::move(dated.entry));
  return entries;
}

Result<void> CalibrationLibrary::remove(const fs::path& path) const {
  std::error_code failure;
  if (path.parent_path() != folder_ || path.extension() != ".json")
    return Error{ErrorCode::invalid_option, "this file is not of the library of calibrations", path.string(),
                 "Delete it with a file manager"};
  if (!fs::remove(path, failure))
    return Error{ErrorCode::input_missing, "the calibration is not there", path.string(), ""};
  return {};
}

std::string local_time_text() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local);
  return text.data();
}

}  // namespace yarbus
