#include "app/benchmark/detection_tables.h"

#include <functional>
#include <utility>

namespace yarbus::benchmark {
namespace {

using Cells = std::vector<std::string>;

constexpr const char* no_value = "none";

/// A table with one row for each set and way, after the columns "set" and "run"; `cells_of` gives the rest.
Table table_by_way(const DetectionResult& result, const std::string& title, const Cells& columns,
                   const std::function<Cells(const DetectionSummary&, const WaySummary&)>& cells_of,
                   Cells notes) {
  Table table{title, {"set", "run"}, {}, std::move(notes)};
  table.columns.insert(table.columns.end(), columns.begin(), columns.end());
  for (const DetectionSummary* summary : summaries_of(result)) {
    for (std::size_t way = 0; way < way_count; ++way) {
      Cells row{summary->name, std::string(to_string(ways[way]))};
      Cells cells = cells_of(*summary, summary->ways[way]);
      cells.resize(columns.size(), cells.empty() ? no_value : cells.back());
      row.insert(row.end(), cells.begin(), cells.end());
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

std::string percent_text(double share) { return number_text(100.0 * share, 1); }

std::string signed_text(double value) { return std::string(value > 0.0 ? "+" : "") + number_text(value, 3); }

void warn_of_not_finite(std::size_t not_finite, std::string& text) {
  if (not_finite > 0) text += ", " + std::to_string(not_finite) + " not finite";
}

Table found_table(const DetectionResult& result) {
  Cells columns;
  for (const char* what : {"centre", "outline"}) {
    for (const int step : error_steps_px) {
      columns.push_back(std::string(what) + " < " + std::to_string(step) + " px");
    }
  }
  columns.emplace_back("frames");
  return table_by_way(
      result, "Pupils found, % of the frames that count, by how far off they are", columns,
      [](const DetectionSummary&, const WaySummary& way) -> Cells {
        if (!way.center_within) return {not_measurable};
        const std::size_t frames = way.center_within->front().frames;
        if (frames == 0) return {"no such frame"};
        Cells cells;
        for (const auto* rates : {&*way.center_within, &*way.outline_within}) {
          for (const DetectionRate& rate : *rates) cells.push_back(percent_text(rate.share()));
        }
        cells.push_back(std::to_string(frames));
        return cells;
      },
      {"A frame counts when at least half of the pupil is visible, or when the set does not say. Without a "
       "pupil it is not found at any distance. Outline: the Hausdorff distance.",
       "cold: every frame alone, without a prior. tracked: with the prior that the tracker takes from the "
       "frame before."});
}

Table visibility_table(const DetectionResult& result) {
  Cells columns;
  for (int tenth = 0; tenth < visibility_tenths; ++tenth) {
    columns.push_back(number_text(tenth == 0 ? 100.0 * closed_visible_fraction : 10.0 * tenth, 0) + "–" +
                      std::to_string(10 * (tenth + 1)) + " %");
  }
  return table_by_way(
      result, "Pupils found within 5 px, by how much of them is visible", columns,
      [](const DetectionSummary&, const WaySummary& way) -> Cells {
        if (way.by_visibility.empty()) return {not_measurable};
        Cells cells;
        for (const VisibilityBin& bin : way.by_visibility) cells.push_back(count_text(bin.rate));
        return cells;
      },
      {"Of all frames with at least 5 % of the pupil to see, also of those that count nowhere else."});
}

Table false_table(const DetectionResult& result) {
  Table table{"Pupils reported where there is none",
              {"set", "what is seen", "cold", "tracked"},
              {},
              {"Closed eyes: frames of a blink with less than 5 % of the pupil visible. In brackets: the "
               "highest confidence stated."}};
  for (const DetectionSummary* summary : summaries_of(result)) {
    Cells row{summary->name, "closed eyes"};
    for (const WaySummary& way : summary->ways) {
      row.push_back(!way.false_positives               ? not_measurable
                    : way.false_positives->frames == 0 ? "no closed eye"
                                                       : count_text(*way.false_positives));
    }
    table.rows.push_back(std::move(row));
  }
  for (const NoEyeScores& source : result.no_eye) {
    if (!source.note.empty()) table.notes.push_back(source.name + ": " + source.note + '.');
    Cells row{source.name, "no eye"};
    for (const NoEyeScores::OfWay& way : source.ways) {
      row.push_back(count_text({way.reported, source.frames}) +
                    (way.reported > 0 ? " (" + number_text(way.highest_confidence, 2) + ')' : ""));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table outline_table(const DetectionResult& result) {
  return table_by_way(result, "Outline error, px (Hausdorff distance)", {"median", "mean", "p95", "pupils"},
                      [](const DetectionSummary&, const WaySummary& way) -> Cells {
                        if (!way.center_within) return {not_measurable};
                        if (!way.outline_px) return {"no pupil found"};
                        const Statistics& errors = *way.outline_px;
                        std::string count = std::to_string(errors.count);
                        warn_of_not_finite(errors.not_finite, count);
                        return {number_text(errors.median, 2), number_text(errors.mean, 2),
                                number_text(errors.p95, 2), count};
                      },
                      {"Of every pupil reported in a frame that counts, right or wrong."});
}

Table bias_table(const DetectionResult& result) {
  return table_by_way(
      result, "Bias, px (found minus true)", {"mean diameter", "centre x", "centre y", "pupils"},
      [](const DetectionSummary&, const WaySummary& way) -> Cells {
        if (!way.center_within) return {not_measurable};
        if (!way.diameter_px) return {"no pupil found"};
        Cells cells;
        for (const auto* errors : {&*way.diameter_px, &*way.center_x_px, &*way.center_y_px}) {
          cells.push_back(signed_text(errors->mean) + " ± " +
                          number_text(standard_error_of_mean(*errors), 3) + " (" +
                          number_text(errors->sd, 3) + ')');
        }
        std::string count = std::to_string(way.diameter_px->count);
        warn_of_not_finite(way.diameter_px->not_finite, count);
        cells.push_back(std::move(count));
        return cells;
      },
      {"Mean ± its standard error (standard deviation), of the pupils found within 5 px in frames that "
       "count. The frames of a subject have errors in common, so the standard error is a lower bound.",
       "Mean diameter: 2 √(semi-major · semi-minor), that of the circle of the same area."});
}

Table confidence_table(const DetectionResult& result) {
  return table_by_way(
      result, "Stated confidence: probability that the outline is at most 2 px off",
      {"pupils", "mean stated", "observed", "calibration error", "Brier score"},
      [](const DetectionSummary&, const WaySummary& way) -> Cells {
        if (!way.reliability) return {way.center_within ? "no pupil found" : not_measurable};
        const Reliability& reliability = *way.reliability;
        std::string count = std::to_string(reliability.count);
        warn_of_not_finite(reliability.not_finite, count);
        return {count, number_text(reliability.mean_stated, 3), number_text(reliability.observed, 3),
                number_text(reliability.calibration_error, 3), number_text(reliability.brier, 3)};
      },
      {"Of every pupil reported, however little of it is visible; on a closed eye it is wrong. Calibration "
       "error: mean distance between stated and observed over bins of 0.1 (0: as stated). Brier score: mean "
       "of (stated − outcome)² (0: knowing; 0.25: always saying a half)."});
}

/// Bin by bin, over all sets.
Table reliability_table(const DetectionResult& result) {
  const DetectionSummary& summary = *summaries_of(result).back();
  Table table{"Stated confidence bin by bin: " + summary.name, {"stated"}, {}, {}};
  for (const DetectionWay way : ways) {
    for (const char* what : {"pupils", "mean stated", "observed"}) {
      table.columns.push_back(std::string(to_string(way)) + ", " + what);
    }
  }
  for (std::size_t i = 0; i < reliability_bins; ++i) {
    const double from = static_cast<double>(i) / static_cast<double>(reliability_bins);
    const double to = static_cast<double>(i + 1) / static_cast<double>(reliability_bins);
    Cells row{number_text(from, 1) + "–" + number_text(to, 1)};
    for (const WaySummary& way : summary.ways) {
      const auto bin = way.reliability ? way.reliability->bins[i] : Reliability::Bin{};
      row.push_back(std::to_string(bin.count));
      row.push_back(bin.count > 0 ? number_text(bin.mean_stated, 3) : "–");
      row.push_back(bin.count > 0 ? number_text(bin.observed, 3) : "–");
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table miss_table(const DetectionResult& result) {
  Cells columns;
  for (std::size_t i = 0; i < pupil_miss_reason_count; ++i) {
    columns.emplace_back(to_string(static_cast<PupilMissReason>(i)));
  }
  return table_by_way(
      result, "Frames without a pupil, by the reason given", columns,
      [](const DetectionSummary&, const WaySummary& way) {
        Cells cells;
        for (const auto& misses : way.misses) {
          cells.push_back(std::to_string(misses.counted) + " + " + std::to_string(misses.other));
        }
        return cells;
      },
      {"Frames that count + frames whose pupil is less than half visible."});
}

Table lid_table(const DetectionResult& result) {
  return table_by_way(
      result, "Lid closure", {"mean error of the hidden area", "p95", "correlation", "frames"},
      [](const DetectionSummary&, const WaySummary& way) -> Cells {
        if (!way.lid_closure) return {not_measurable};
        const Statistics& error = way.lid_closure->area_error;
        std::string count = std::to_string(error.count);
        warn_of_not_finite(error.not_finite, count);
        return {
            number_text(error.mean, 3), number_text(error.p95, 3),
            way.lid_closure->correlation ? number_text(*way.lid_closure->correlation, 2) : "never changes",
            count};
      },
      {"The truth says how much of the pupil's area is hidden, by lids, lashes or the image's border, not "
       "how "
       "far the lid has come. So the stated closure is turned into the share of the area that a level lid "
       "would hide, and that is compared: the size of the difference, and the correlation.",
       "Of every pupil reported, and of every miss that states a closure."});
}

Cells time_cells(const WaySummary& way) {
  if (!way.detect) return {no_value};
  return {number_text(way.detect->p50_ms, 3),
          number_text(way.detect->p95_ms, 3),
          number_text(way.detect->p99_ms, 3),
          number_text(way.detect->max_ms, 3),
          way.allocations_per_frame ? number_text(*way.allocations_per_frame, 2) : not_measurable,
          std::to_string(way.detect->runs)};
}

Table time_table(const DetectionResult& result) {
  const std::string note =
      "One call of the detector, one thread, on frames held in memory, after a pass over the same frames to "
      "warm up: at most the first " +
      std::to_string(result.max_timed_frames) +
      " frames of each recording. Allocations are calls of C++'s operator new; what libraries take from "
      "malloc "
      "directly is not seen.";
  Table table = table_by_way(
      result, "Time of a detection, ms", {"p50", "p95", "p99", "max", "allocations a frame", "frames"},
      [](const DetectionSummary&, const WaySummary& way) { return time_cells(way); },
      {note, "Peak memory of the whole run, with the frames held: " + memory_text(result.peak_memory_bytes) +
                 ". Machine: " + result.machine.cpu + '.'});
  for (const DetectionSummary& summary : result.by_image_size) {
    for (std::size_t way = 0; way < way_count; ++way) {
      Cells row{summary.name, std::string(to_string(ways[way]))};
      for (std::string& cell : time_cells(summary.ways[way])) row.push_back(std::move(cell));
      row.resize(table.columns.size(), no_value);
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

Table set_table(const DetectionResult& result) {
  Table table{"What was measured on",
              {"set", "recordings", "frames", "image", "frames that count", "closed eyes"},
              {},
              {}};
  for (const DetectionSummary* summary : summaries_of(result)) {
    std::string sizes;
    for (const std::string& size : summary->image_sizes) sizes += (sizes.empty() ? "" : ", ") + size;
    table.rows.push_back({summary->name, std::to_string(summary->subjects), std::to_string(summary->frames),
                          sizes, std::to_string(summary->counted_frames),
                          std::to_string(summary->closed_frames)});
  }
  for (const DetectionSummary& group : result.groups) {
    if (group.labels_without_frame == 0) continue;
    table.notes.push_back(group.name + ": " + std::to_string(group.labels_without_frame) +
                          " rows of gt.csv have no image; they count as frames without a pupil found.");
  }
  return table;
}

}  // namespace

std::vector<Table> detection_tables(const DetectionResult& result) {
  if (result.groups.empty()) return {false_table(result)};
  return {found_table(result), visibility_table(result), false_table(result),       outline_table(result),
          bias_table(result),  confidence_table(result), reliability_table(result), miss_table(result),
          lid_table(result),   time_table(result),       set_table(result)};
}

std::string detection_markdown(const DetectionResult& result) {
  std::string text = report_heading("Pupil detection", result.version, result.command, result.machine) +
                     ". What each figure means: docs/detection-benchmark.md.\n";
  for (const Table& table : detection_tables(result)) text += '\n' + to_markdown(table);
  return text;
}

}  // namespace yarbus::benchmark
