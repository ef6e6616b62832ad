#include "tests/support/bids_rules.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>
#include <zlib.h>

namespace yarbus::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields;
    std::istringstream parts(line);
    for (std::string field; std::getline(parts, field, '\t');) fields.push_back(field);
    rows.push_back(fields);
  }
  return rows;
}

bool is_number(const std::string& field) {
  static const std::regex number(R"(-?\d+(\.\d+)?([eE][-+]?\d+)?)");
  return std::regex_match(field, number);
}

class Checker {
 public:
  explicit Checker(fs::path dataset) : dataset_(std::move(dataset)) {}

  std::vector<std::string> check() {
    const json description = sidecar("dataset_description.json");
    need(description, "dataset_description.json", {"Name", "BIDSVersion"});
    if (!fs::exists(dataset_ / "README.md") && !fs::exists(dataset_ / "README"))
      complain("README", "is missing");
    static const std::regex top(
        "dataset_description.json|participants.(tsv|json)|README(.md)?|CHANGES|LICENSE");
    static const std::regex inner(
        "(sub-[a-zA-Z0-9]+)/beh/\\1_task-[a-zA-Z0-9]+(_events.(tsv|json)|_recording-[a-zA-Z0-9]+_(physio|"
        "physioevents).(tsv.gz|json))");
    for (const auto& entry : fs::recursive_directory_iterator(dataset_)) {
      if (!entry.is_regular_file()) continue;
      const std::string name = entry.path().lexically_relative(dataset_).string();
      if (!std::regex_match(name, top) && !std::regex_match(name, inner)) complain(name, "is no BIDS name");
      if (name.ends_with("_events.json")) check_event_words(name);
      if (name.ends_with("_physio.tsv.gz")) check_samples(name.substr(0, name.size() - 7));
      if (name.ends_with("_physioevents.tsv.gz")) check_events(name.substr(0, name.size() - 7));
      if (name.ends_with(".json") && name.find("_recording-") != std::string::npos &&
          !fs::exists(dataset_ / (name.substr(0, name.size() - 5) + ".tsv.gz")))
        complain(name, "has no data beside it");
    }
    return complaints_;
  }

 private:
  void complain(const std::string& where, const std::string& what) {
    complaints_.push_back(where + ": " + what);
  }

  json sidecar(const std::string& name) {
    std::ifstream stream(dataset_ / name);
    auto content = json::parse(stream, nullptr, false);
    if (!content.is_object()) {
      complain(name, "is missing or no JSON object");
      return json::object();
    }
    return content;
  }

  void need(const json& content, const std::string& name, std::initializer_list<const char*> fields) {
    for (const char* field : fields) {
      if (!content.contains(field)) complain(name, std::string("lacks ") + field);
    }
  }

  void need_one_of(const json& content, const std::string& name, const char* field,
                   const std::set<std::string>& values) {
    const auto value = content.value(field, std::string());
    if (!values.contains(value)) complain(name, std::string(field) + " is '" + value + "'");
  }

  void check_table(const std::string& stem, const json& content,
                   const std::vector<std::string>& first_columns) {
    const auto columns = content.value("Columns", std::vector<std::string>());
    for (std::size_t i = 0; i < first_columns.size(); ++i) {
      if (i >= columns.size() || columns[i] != first_columns[i])
        complain(stem, "column " + std::to_string(i + 1) + " is not " + first_columns[i]);
    }
    if (std::set<std::string>(columns.begin(), columns.end()).size() != columns.size())
      complain(stem, "names a column twice");
    double last = -1e300;
    const auto rows = rows_of(read_gzip(dataset_ / (stem + ".tsv.gz")));
    if (rows.empty()) complain(stem, "has no rows");
    for (const auto& row : rows) {
      if (row.size() != columns.size())
        return complain(stem, "a row has another number of fields than Columns");
      for (std::size_t i = 0; i < row.size(); ++i) {
        const bool is_word = columns[i] == "trial_type" || columns[i] == "message";
        if (row[i].empty()) return complain(stem, "has an empty field");
        if (!is_word && row[i] != "n/a" && !is_number(row[i]))
          return complain(stem, columns[i] + " is '" + row[i] + "'");
      }
      if (!is_number(row[0])) return complain(stem, "has a row without a time");
      if (std::stod(row[0]) < last) return complain(stem, "goes back in time");
      last = std::stod(row[0]);
    }
  }

  /// The published schema knows no plain values there: a key describes a column or is an object of BIDS' own.
  void check_event_words(const std::string& name) {
    const json content = sidecar(name);
    for (const auto& [key, value] : content.items()) {
      if (!value.is_object()) complain(name, key + " is no object");
    }
  }

  void check_samples(const std::string& stem) {
    const std::string name = stem + ".json";
    const json content = sidecar(name);
    need(
        content, name,
        {"SamplingFrequency", "StartTime", "Columns", "PhysioType", "RecordedEye", "SampleCoordinateSystem"});
    need_one_of(content, name, "PhysioType", {"eyetrack"});
    need_one_of(content, name, "RecordedEye", {"left", "right", "cyclopean"});
    need_one_of(content, name, "SampleCoordinateSystem",
                {"gaze-on-screen", "eye-in-head", "gaze-in-world", "custom"});
    if (!(content.value("SamplingFrequency", 0.0) > 0.0)) complain(name, "SamplingFrequency is not positive");
    if (!content.contains("StartTime") || !content["StartTime"].is_number())
      complain(name, "StartTime is no number");
    for (const char* column : {"x_coordinate", "y_coordinate"}) {
      if (!content.contains(column) || !content[column].contains("Units"))
        complain(name, std::string(column) + " has no Units");
    }
    check_table(stem, content, {"timestamp", "x_coordinate", "y_coordinate"});
    if (content.value("SampleCoordinateSystem", "") == "gaze-on-screen") check_screen(stem);
  }

  void check_screen(const std::string& stem) {
    const std::string name = stem.substr(0, stem.find("_recording-")) + "_events.json";
    const json content = sidecar(name);
    const json screen = content.value("StimulusPresentation", json::object());
    need(screen, name, {"ScreenDistance", "ScreenOrigin", "ScreenResolution", "ScreenSize"});
    for (const char* pair : {"ScreenOrigin", "ScreenResolution", "ScreenSize"}) {
      if (screen.contains(pair) && (!screen[pair].is_array() || screen[pair].size() != 2))
        complain(name, std::string(pair) + " is no pair");
    }
  }

  void check_events(const std::string& stem) {
    const json content = sidecar(stem + ".json");
    need(content, stem + ".json", {"Columns", "OnsetSource"});
    check_table(stem, content, {"onset"});
    const auto samples = stem.substr(0, stem.size() - std::string("events").size());
    const auto columns = sidecar(samples + ".json").value("Columns", std::vector<std::string>());
    const auto source = content.value("OnsetSource", std::string());
    if (source != "n/a" && std::find(columns.begin(), columns.end(), source) == columns.end())
      complain(stem, "OnsetSource is no column of the samples");
  }

  fs::path dataset_;
  std::vector<std::string> complaints_;
};

}  // namespace

std::string read_gzip(const fs::path& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot open " + path.string());
  std::string text;
  std::array<char, 65536> block{};
  int count = 0;
  while ((count = gzread(file, block.data(), block.size())) > 0)
    text.append(block.data(), static_cast<std::size_t>(count));
  const bool is_compressed = gzdirect(file) == 0;
  gzclose(file);
  if (count < 0 || !is_compressed) throw std::runtime_error("not a gzip file: " + path.string());
  return text;
}

std::vector<std::string> bids_complaints(const fs::path& dataset) { return Checker(dataset).check(); }

}  // namespace yarbus::test
