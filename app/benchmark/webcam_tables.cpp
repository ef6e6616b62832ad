#include <algorithm>
#include <string>

#include "app/benchmark/table.h"
#include "app/benchmark/webcam.h"

namespace yarbus::benchmark {
namespace {

std::string text_of(const std::optional<double>& value, int decimals) {
  return value ? number_text(*value, decimals) : "–";
}
std::string percent_text(const std::optional<double>& share) {
  return share ? number_text(100.0 * *share, 0) + " %" : "–";
}
std::string times_text(const std::optional<Times>& times) {
  return times ? number_text(times->p50_ms, 1) + " / " + number_text(times->p95_ms, 1) : "–";
}

Table summary_table(const std::vector<WebcamSummaryRow>& rows) {
  Table table{"Gaze errors over the subjects, deg",
              {"recordings", "mapper", "subjects", "frames: median", "worst subject", "targets: median",
               "68 % regions hold"},
              {},
              {}};
  for (const WebcamSummaryRow& row : rows) {
    table.rows.push_back({row.group, row.mapper, std::to_string(row.subjects), number_text(row.median_deg, 2),
                          number_text(row.worst_deg, 2), number_text(row.target_deg, 2),
                          percent_text(row.coverage_68)});
  }
  table.notes.emplace_back(
      "The median over subjects of each one's median. Frames: each by itself, unfiltered. Targets: the mean "
      "gaze over a target's frames. \"chosen\" is what cross-validation picks.");
  table.notes.emplace_back(
      "ridge: ridge regression on 10 x 6 eye patches. mean target: always the middle of the calibration's "
      "targets, what knowing nothing gives.");
  return table;
}

Table subject_table(const WebcamFigures& subject) {
  Table table{subject.name + ", " + std::to_string(subject.width_px) + " x " +
                  std::to_string(subject.height_px) + ": errors, deg",
              {"mapper", "targets left out", "frames: median", "mean", "p95", "across", "down",
               "targets: median", "68 % regions hold", "frames", "map, us"},
              {},
              {}};
  for (const WebcamMapperFigures& mapper : subject.mappers) {
    if (!mapper.frame_deg) {
      table.notes.push_back(mapper.name + ": " + mapper.why_not + ".");
      continue;
    }
    table.rows.push_back({mapper.name + (mapper.is_chosen ? " (chosen)" : ""),
                          text_of(mapper.left_out_deg, 2), number_text(mapper.frame_deg->median, 2),
                          number_text(mapper.frame_deg->mean, 2), number_text(mapper.frame_deg->p95, 2),
                          text_of(mapper.across_deg, 2), text_of(mapper.down_deg, 2),
                          number_text(mapper.target_deg->median, 2), percent_text(mapper.coverage_68),
                          std::to_string(mapper.frames), text_of(mapper.map_us, 0)});
  }
  if (!subject.failure.empty()) table.notes.push_back("No calibration: " + subject.failure + ".");
  std::string misses;
  for (std::size_t i = 0; i < face_miss_reason_count; ++i) {
    if (subject.misses[i] == 0) continue;
    misses += (misses.empty() ? "; without: " : ", ") +
              std::string(to_string(static_cast<FaceMissReason>(i))) + ' ' +
              std::to_string(subject.misses[i]);
  }
  table.notes.push_back(
      "Calibration: " + std::to_string(subject.calibration_targets) + " targets, " +
      std::to_string(subject.calibration_samples) + " frames, " + number_text(subject.calibration_s, 1) +
      " s. Test: " + std::to_string(subject.test_targets) + " targets, " +
      std::to_string(subject.test_frames) + " frames. Irises in " + std::to_string(subject.with_irises) +
      " of " + std::to_string(subject.frames) + " frames" + misses + ".");
  return table;
}

Table sample_table(const WebcamFigures& subject) {
  Table table{subject.name + ": fewer calibration samples, median error per frame, deg",
              {"targets", "frames"},
              {},
              {}};
  for (const SampleFigures& figures : subject.samples) {
    for (const auto& [name, median] : figures.median_deg) {
      if (std::find(table.columns.begin() + 2, table.columns.end(), name) == table.columns.end())
        table.columns.push_back(name);
    }
  }
  for (const SampleFigures& figures : subject.samples) {
    std::vector<std::string> row{std::to_string(figures.targets), std::to_string(figures.samples)};
    for (std::size_t i = 2; i < table.columns.size(); ++i) {
      std::string cell = "–";
      for (const auto& [name, median] : figures.median_deg) {
        if (name == table.columns[i]) cell = number_text(median, 2);
      }
      row.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table time_table(const WebcamResult& result) {
  Table table{"Time and memory",
              {"recording", "head and eyes, ms, p50 / p95", "search for faces, ms, p50 / p95",
               "fit of all mappers, ms"},
              {},
              {}};
  for (const WebcamFigures& subject : result.subjects)
    table.rows.push_back({subject.name, times_text(subject.track), times_text(subject.search),
                          number_text(subject.fit_ms, 0)});
  table.notes.push_back("Peak memory: " + memory_text(result.peak_memory_bytes) +
                        ". The search runs beside the tracking, once a second.");
  return table;
}

}  // namespace

std::string webcam_markdown(const WebcamResult& result) {
  std::string text =
      report_heading("Gaze from a webcam", result.version, result.command, result.machine) + ".\n\n";
  text += to_markdown(summary_table(summarise(result.subjects)));
  for (const WebcamFigures& subject : result.subjects) {
    text += '\n' + to_markdown(subject_table(subject));
    if (!subject.samples.empty()) text += '\n' + to_markdown(sample_table(subject));
  }
  return text + '\n' + to_markdown(time_table(result));
}

}  // namespace yarbus::benchmark
