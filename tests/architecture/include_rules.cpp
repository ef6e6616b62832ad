#include "tests/architecture/include_rules.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <regex>
#include <sstream>
#include <string_view>
#include <utility>

namespace yarbus::architecture {
namespace {

/// A part of the product: the folder, which other parts it may include, and which third-party libraries.
struct Part {
  std::string_view folder;
  std::vector<std::string_view> may_include;  ///< folders or single headers
  std::vector<std::string_view> libraries;
};

/// The allowed-edge table. The first matching folder counts.
const std::vector<Part>& parts() {
  static const std::vector<Part> table{
      {"eyemodel/types", {}, {"Eigen", "nlohmann", "spdlog"}},
      {"eyemodel/geometry", {"eyemodel/types"}, {"Eigen"}},
      {"eyemodel/fit", {"eyemodel/types", "eyemodel/geometry"}, {"Eigen", "ceres", "spdlog"}},
      {"eyemodel/online", {"eyemodel/types", "eyemodel/geometry", "eyemodel/fit"}, {"Eigen", "spdlog"}},
      {"eyemodel/simulation", {"eyemodel/types"}, {"Eigen", "opencv2"}},
      {"tracker/capture", {"eyemodel/types"}, {"Eigen", "opencv2", "curl", "linux", "sys", "spdlog"}},
      {"tracker/pupil", {"eyemodel/types", "eyemodel/geometry"}, {"Eigen", "opencv2"}},
      {"tracker/face", {"eyemodel/types", "eyemodel/geometry"}, {"Eigen", "opencv2", "dlib"}},
      {"tracker/events", {"eyemodel/types", "eyemodel/geometry"}, {"Eigen"}},
      {"calibration",
       {"eyemodel/types", "eyemodel/geometry"},
       {"Eigen", "ceres", "opencv2", "nlohmann", "spdlog"}},
      {"app/session",
       {"eyemodel/types", "eyemodel/geometry", "eyemodel/fit", "eyemodel/online", "eyemodel/simulation",
        "tracker/capture", "tracker/pupil", "tracker/face", "tracker/events", "calibration", "app/recording",
        "app/stream", "app/export/session", "app/viewing"},
       {"Eigen", "spdlog", "nlohmann"}},
      {"app/viewing", {"eyemodel/types"}, {"Eigen", "nlohmann"}},
      {"app/export/session",
       {"eyemodel/types", "app/recording/session_info.h", "app/recording/session_rows.h",
        "app/recording/recorded_session.h", "app/recording/recorded_video.h", "app/export",
        "tracker/events/pupil_series.h"},
       {"Eigen", "nlohmann"}},
      {"app/export",
       {"eyemodel/types"},
       {"Eigen", "libavcodec", "libavformat", "libavutil", "libswscale", "nlohmann", "opencv2"}},
      {"app/recording",
       {"eyemodel/types"},
       {"Eigen", "libavcodec", "libavformat", "libavutil", "nlohmann", "opencv2", "sys"}},
      {"app/stream", {"eyemodel/types"}, {"Eigen", "msgpack.hpp", "lo", "sys", "arpa", "netinet"}},
      {"app/benchmark",
       {"eyemodel/types", "eyemodel/geometry", "eyemodel/fit", "eyemodel/online", "eyemodel/simulation",
        "tracker/capture", "tracker/pupil", "tracker/face", "tracker/events", "calibration", "app/session",
        "app/export"},
       {"Eigen", "nlohmann"}},
      {"ui",
       {"eyemodel/types", "app/session/session.h", "app/session/calibration_control.h",
        "app/session/calibration_view.h", "app/session/camera_calibration_control.h",
        "app/session/camera_preview_control.h", "app/session/recording_control.h",
        "app/session/replay_control.h", "app/session/session_outputs.h", "app/session/session_quality.h",
        "app/session/viewing_control.h", "app/viewing"},
       {"Eigen", "Qt"}},
      {"app/cli",
       {"eyemodel/types", "eyemodel/simulation", "app/session", "app/export", "app/recording", "app/stream",
        "app/benchmark", "app/viewing", "ui", "tracker/events", "calibration"},
       {"Eigen", "CLI", "Qt", "nlohmann"}},
      {"app", {"app/cli", "app/session", "ui"}, {"Qt"}},
  };
  return table;
}

bool starts_with_folder(std::string_view path, std::string_view folder) {
  return path == folder ||
         (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/');
}

const Part* part_of(std::string_view file) {
  for (const Part& part : parts()) {
    if (starts_with_folder(file, part.folder)) return &part;
  }
  return nullptr;
}

/// The third-party library a header belongs to; nullopt for the C and C++ standard libraries and POSIX.
std::optional<std::string> library_of(std::string_view included) {
  const auto slash = included.find('/');
  if (slash != std::string_view::npos) {
    const auto folder = included.substr(0, slash);
    if (folder.starts_with("Qt")) return "Qt";
    return std::string(folder);
  }
  if (included.starts_with("Q") || included.starts_with("qcustomplot")) return "Qt";
  if (included.ends_with(".hpp")) return std::string(included);
  return std::nullopt;
}

bool is_product_header(std::string_view included) {
  return std::any_of(parts().begin(), parts().end(),
                     [&](const Part& part) { return starts_with_folder(included, part.folder); });
}

}  // namespace

std::vector<Violation> check_includes(const std::string& file, const std::string& text,
                                      const std::string& own_header) {
  static const std::regex include_line(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Violation> violations;
  const Part* part = part_of(file);
  std::istringstream lines(text);
  std::string line;
  bool is_first = true;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::smatch match;
    if (!std::regex_search(line, match, include_line)) continue;
    const std::string included = match[1];
    if (std::exchange(is_first, false) && !own_header.empty() && included != own_header) {
      violations.push_back({file, number, included,
                            "the file's own header must come first, so that it is compiled by itself"});
    }
    const auto forbid = [&](const std::string& reason) {
      violations.push_back({file, number, included, reason});
    };
    if (part == nullptr) {
      forbid("the file is in no part of the architecture");
    } else if (is_product_header(included)) {
      const bool allowed =
          part_of(included) == part ||
          std::any_of(part->may_include.begin(), part->may_include.end(),
                      [&](std::string_view edge) { return starts_with_folder(included, edge); });
      if (!allowed) forbid(std::string(part->folder) + " may not use " + included);
    } else if (included.starts_with("tests/")) {
      forbid("the product may not use its tests");
    } else if (const auto library = library_of(included)) {
      const bool allowed =
          std::find(part->libraries.begin(), part->libraries.end(), *library) != part->libraries.end();
      if (!allowed) forbid(std::string(part->folder) + " may not use the library " + *library);
    }
  }
  return violations;
}

std::vector<Violation> check_project(const std::filesystem::path& project) {
  std::vector<Violation> violations;
  for (const char* top : {"app", "tracker", "eyemodel", "calibration", "ui"}) {
    if (!std::filesystem::is_directory(project / top)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(project / top)) {
      const auto extension = entry.path().extension();
      if (extension != ".h" && extension != ".cpp") continue;
      std::ifstream stream(entry.path());
      std::ostringstream text;
      text << stream.rdbuf();
      std::string own_header;
      if (auto header = entry.path(); extension == ".cpp" && exists(header.replace_extension(".h"))) {
        own_header = std::filesystem::relative(header, project).string();
      }
      const auto found =
          check_includes(std::filesystem::relative(entry.path(), project).string(), text.str(), own_header);
      violations.insert(violations.end(), found.begin(), found.end());
    }
  }
  return violations;
}

}  // namespace yarbus::architecture
