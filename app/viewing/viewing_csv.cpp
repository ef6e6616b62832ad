#include "app/viewing/viewing_csv.h"

#include <array>
#include <cstdio>
#include <span>

namespace yarbus {
namespace {

std::string decimal(double value, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

/// A column has its name and its value in one place, so that they cannot part.
template <class Row>
struct TableColumn {
  const char* name;
  std::string (*value)(const TaskResult&, const Row&);
};

template <class Row>
void put_header(std::string& out, std::span<const TableColumn<Row>> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out += ',';
    out += columns[i].name;
  }
  out += '\n';
}
template <class Row>
void put_row(std::string& out, std::span<const TableColumn<Row>> columns, const TaskResult& task,
             const Row& row) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out += ',';
    out += columns[i].value(task, row);
  }
  out += '\n';
}

std::string task_number(const TaskResult& task) { return std::to_string(task.task + 1); }

using TaskColumn = TableColumn<TaskResult>;
constexpr std::array task_columns{
    TaskColumn{"task", [](const TaskResult& t, const TaskResult&) { return task_number(t); }},
    TaskColumn{"position",
               [](const TaskResult& t, const TaskResult&) {
                 return t.how ? std::to_string(t.position + 1) : std::string();
               }},
    TaskColumn{"text", [](const TaskResult& t, const TaskResult&) { return quoted(t.text); }},
    TaskColumn{"end",
               [](const TaskResult& t, const TaskResult&) {
                 return t.how ? std::string(to_string(*t.how)) : std::string("not_shown");
               }},
    TaskColumn{"shown_s", [](const TaskResult& t, const TaskResult&) { return decimal(t.shown_s, 3); }},
    TaskColumn{"fixations",
               [](const TaskResult& t, const TaskResult&) { return std::to_string(t.fixation_count); }},
    TaskColumn{"dwell_s", [](const TaskResult& t, const TaskResult&) { return decimal(t.dwell_s, 3); }},
    TaskColumn{"mean_fixation_s",
               [](const TaskResult& t, const TaskResult&) {
                 return t.mean_fixation_s ? decimal(*t.mean_fixation_s, 4) : std::string();
               }},
    TaskColumn{"scanpath_px",
               [](const TaskResult& t, const TaskResult&) { return decimal(t.scanpath_px, 1); }},
    TaskColumn{"scanpath_deg",
               [](const TaskResult& t, const TaskResult&) { return decimal(t.scanpath_deg, 3); }},
    TaskColumn{"mean_saccade_deg",
               [](const TaskResult& t, const TaskResult&) {
                 return t.mean_saccade_deg ? decimal(*t.mean_saccade_deg, 3) : std::string();
               }},
    TaskColumn{"off_picture_fixations",
               [](const TaskResult& t, const TaskResult&) { return std::to_string(t.off_picture_count); }},
    TaskColumn{"gaze_rows",
               [](const TaskResult& t, const TaskResult&) { return std::to_string(t.gaze.size()); }},
};

using FixationColumn = TableColumn<PictureFixation>;
constexpr std::array fixation_columns{
    FixationColumn{"task", [](const TaskResult& t, const PictureFixation&) { return task_number(t); }},
    FixationColumn{"fixation",
                   [](const TaskResult&, const PictureFixation& f) { return std::to_string(f.number); }},
    FixationColumn{"start_s",
                   [](const TaskResult&, const PictureFixation& f) { return decimal(f.start_s, 4); }},
    FixationColumn{"duration_s",
                   [](const TaskResult&, const PictureFixation& f) { return decimal(f.duration_s, 4); }},
    FixationColumn{
        "x_px", [](const TaskResult&, const PictureFixation& f) { return decimal(f.in_picture_px.x(), 2); }},
    FixationColumn{
        "y_px", [](const TaskResult&, const PictureFixation& f) { return decimal(f.in_picture_px.y(), 2); }},
    FixationColumn{
        "x_mm", [](const TaskResult&, const PictureFixation& f) { return decimal(f.in_screen_mm.x(), 3); }},
    FixationColumn{
        "y_mm", [](const TaskResult&, const PictureFixation& f) { return decimal(f.in_screen_mm.y(), 3); }},
    FixationColumn{"on_picture",
                   [](const TaskResult&, const PictureFixation& f) {
                     return std::string(f.is_on_picture ? "true" : "false");
                   }},
};

using GazeColumn = TableColumn<PictureGaze>;
constexpr std::array gaze_columns{
    GazeColumn{"task", [](const TaskResult& t, const PictureGaze&) { return task_number(t); }},
    GazeColumn{"time_s", [](const TaskResult&, const PictureGaze& g) { return decimal(g.at_s, 4); }},
    GazeColumn{"x_px",
               [](const TaskResult&, const PictureGaze& g) { return decimal(g.in_picture_px.x(), 2); }},
    GazeColumn{"y_px",
               [](const TaskResult&, const PictureGaze& g) { return decimal(g.in_picture_px.y(), 2); }},
    GazeColumn{"x_mm",
               [](const TaskResult&, const PictureGaze& g) { return decimal(g.in_screen_mm.x(), 3); }},
    GazeColumn{"y_mm",
               [](const TaskResult&, const PictureGaze& g) { return decimal(g.in_screen_mm.y(), 3); }},
};

}  // namespace

std::string viewing_tasks_csv(const ViewingResults& results) {
  const std::span<const TaskColumn> columns(task_columns);
  std::string out;
  put_header(out, columns);
  for (const TaskResult& task : results.tasks) put_row(out, columns, task, task);
  return out;
}

std::string viewing_fixations_csv(const ViewingResults& results) {
  const std::span<const FixationColumn> columns(fixation_columns);
  std::string out;
  put_header(out, columns);
  for (const TaskResult& task : results.tasks) {
    for (const PictureFixation& fixation : task.fixations) put_row(out, columns, task, fixation);
  }
  return out;
}

std::string viewing_gaze_csv(const ViewingResults& results) {
  const std::span<const GazeColumn> columns(gaze_columns);
  std::string out;
  put_header(out, columns);
  for (const TaskResult& task : results.tasks) {
    for (const PictureGaze& gaze : task.gaze) put_row(out, columns, task, gaze);
  }
  return out;
}

}  // namespace yarbus
