#include "app/benchmark/accuracy_tables.h"

#include <cmath>

#include "app/benchmark/published.h"

namespace yarbus::benchmark {
namespace {

constexpr const char* no_value = "none";
constexpr const char* contrast_note =
    "The published contrast figure is of the paper's own stage; the contrast stage here is a modified one "
    "(docs/eye-model.md, section 3).";

std::string stage_name(std::size_t stage) { return std::string(to_string(stages[stage])); }

/// "1.68 ± 0.34 (1.60, 2.31)", and what is wrong with it.
std::string error_text(const Statistics& errors) {
  std::string text = number_text(errors.mean, 2) + " ± " + number_text(errors.sd, 2) + " (" +
                     number_text(errors.median, 2) + ", " + number_text(errors.p95, 2) + ')';
  if (errors.not_finite > 0) text += ", " + std::to_string(errors.not_finite) + " not finite";
  return text;
}

std::string published_text(const PublishedError& error) {
  return number_text(error.mean, 2) + " ± " + number_text(error.sd, 2);
}

std::string detector_cell(const GroupSummary& group, const std::optional<Statistics>& errors) {
  if (!group.measurable.outline) return not_measurable;
  return errors ? error_text(*errors) : "no pupil found";
}

/// A cell of one stage: numbers, or why there are none.
std::string stage_cell(const GroupSummary& group, std::size_t stage, bool is_measurable,
                       const std::optional<Statistics>& errors) {
  if (!is_measurable) return not_measurable;
  const auto& fits = group.fits[stage];
  if (errors) {
    if (fits.failures.empty()) return error_text(*errors);
    return error_text(*errors) + ", no fit in " + std::to_string(fits.failures.size()) + " of " +
           std::to_string(group.by_subject.size());
  }
  return fits.failures.empty() ? no_value : "no fit: " + fits.failures.front().reason;
}

std::vector<std::string> columns_with_stages(std::vector<std::string> columns) {
  for (std::size_t stage = 0; stage < stage_count; ++stage) columns.push_back(stage_name(stage));
  return columns;
}

Table set_table(const AccuracyResult& result) {
  Table table{"What was measured on",
              {"set", "subjects", "frames", "image", "frames that count", "closed eyes"},
              {},
              {"A frame counts when at least half of the pupil is visible, or when the set does not say."}};
  for (const GroupSummary& group : result.groups) {
    table.rows.push_back({group.name, std::to_string(group.by_subject.size()), std::to_string(group.frames),
                          std::to_string(group.width_px) + "×" + std::to_string(group.height_px),
                          std::to_string(group.counted_frames), std::to_string(group.closed_frames)});
    if (group.labels_without_frame > 0) {
      table.notes.push_back(group.name + ": " + std::to_string(group.labels_without_frame) +
                            " rows of gt.csv have no image; they count as frames without a pupil found.");
    }
  }
  return table;
}

Table gaze_table(const AccuracyResult& result) {
  Table table{"Gaze error, degrees", columns_with_stages({"set"}), {}, {}};
  std::vector<std::string> published{std::string(published_source)};
  for (const auto& error : published_gaze_deg) published.push_back(published_text(error));
  published.emplace_back(no_value);
  table.rows.push_back(std::move(published));
  bool has_failures = false;
  for (const GroupSummary& group : result.groups) {
    std::vector<std::string> row{group.name};
    for (std::size_t stage = 0; stage < stage_count; ++stage) {
      row.push_back(stage_cell(group, stage, group.measurable.gaze, group.gaze_deg[stage]));
      has_failures |= !group.fits[stage].failures.empty();
    }
    table.rows.push_back(std::move(row));
  }
  table.notes.emplace_back(
      "Mean ± standard deviation (median, 95th percentile) over the frames that count and have a pose, all "
      "subjects together: the angle between the estimated and the true optical axis.");
  table.notes.emplace_back(
      "The first four stages take the pupil to be seen directly. Through a cornea its outline is refracted; "
      "the "
      "model fits that outline well and comes out with angles too small, by 15 to 20 %. Better pupils do not "
      "mend it; the refraction stage does. In paper-no-cornea, which has none, it is the refraction stage "
      "that "
      "is wrong.");
  table.notes.emplace_back(contrast_note);
  if (has_failures) {
    for (const GroupSummary& group : result.groups) {
      for (std::size_t stage = 0; stage < stage_count; ++stage) {
        for (const auto& failure : group.fits[stage].failures) {
          table.notes.push_back(failure.subject + ": no " + stage_name(stage) + " model, because " +
                                failure.reason + ".");
        }
      }
    }
  }
  return table;
}

Table outline_table(const AccuracyResult& result) {
  Table table{
      "Pupil outline error, px (Hausdorff distance)",
      {"set", "detector alone", "unoptimised", "contrast", "edge", "refraction"},
      {},
      {"Between the true and the found outline, mean ± standard deviation (median, 95th percentile) over "
       "the frames that count. Stages: the pupil that the stage's model predicts for the frame, as the "
       "camera would see it.",
       contrast_note}};
  std::vector<std::string> published{std::string(published_source),
                                     published_text(published_detector_outline_px)};
  for (const auto& error : published_outline_px) published.push_back(published_text(error));
  published.emplace_back(no_value);
  table.rows.push_back(std::move(published));
  for (const GroupSummary& group : result.groups) {
    std::vector<std::string> row{group.name, detector_cell(group, group.detector_outline_px)};
    for (std::size_t stage = 1; stage < stage_count; ++stage) {
      row.push_back(stage_cell(group, stage, group.measurable.outline, group.outline_px[stage]));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table subject_table(const GroupSummary& group) {
  Table table{"By subject: " + group.name,
              {"subject", "found within 5 px", "detector (px)", "unprojection (deg)", "unoptimised (deg)",
               "contrast (deg)", "edge (deg)", "refraction (deg)", "refraction outline (px)"},
              {},
              {"Mean ± standard deviation."}};
  const auto cell = [](const std::optional<Statistics>& errors) {
    return errors ? published_text({errors->mean, errors->sd}) : std::string(no_value);
  };
  for (const auto& subject : group.by_subject) {
    std::vector<std::string> row{subject.name,
                                 subject.detection ? share_text(*subject.detection) : not_measurable,
                                 cell(subject.detector_outline_px)};
    for (const auto& gaze : subject.gaze_deg) row.push_back(cell(gaze));
    row.push_back(cell(subject.outline_px.back()));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table detection_table(const AccuracyResult& result) {
  Table table{
      "Pupils found within 5 px, by how much of them is visible", {"set", "frames that count"}, {}, {}};
  std::vector<VisibilityBin> bins;
  for (const GroupSummary& group : result.groups) {
    if (!group.detection_by_visibility.empty()) bins = group.detection_by_visibility;
  }
  for (const VisibilityBin& bin : bins) {
    table.columns.push_back(number_text(100.0 * bin.from, 0) + "–" + number_text(100.0 * bin.to, 0) + " %");
  }
  table.columns.emplace_back("false on closed eyes");
  for (const GroupSummary& group : result.groups) {
    std::vector<std::string> row{group.name, group.detection ? share_text(*group.detection) : not_measurable};
    for (std::size_t i = 0; i < bins.size(); ++i) {
      if (group.detection_by_visibility.empty()) {
        row.emplace_back(not_measurable);
      } else {
        row.push_back(count_text(group.detection_by_visibility[i].rate));
      }
    }
    row.push_back(!group.false_positives              ? not_measurable
                  : group.false_positives->frames > 0 ? count_text(*group.false_positives)
                                                      : "no closed eye");
    table.rows.push_back(std::move(row));
  }
  table.notes.emplace_back(
      "Found: the detected centre is less than 5 px from the true one. Closed eyes: frames of a blink with "
      "less "
      "than 5 % of the pupil visible; any pupil reported there is false.");
  return table;
}

/// A table of lengths after fixing the gauge, by stage.
Table length_table(const AccuracyResult& result, const std::string& title,
                   PerStage<std::optional<Statistics>> GroupSummary::*errors, bool Measurable::*measurable) {
  Table table{title, columns_with_stages({"set"}), {}, {}};
  for (const GroupSummary& group : result.groups) {
    std::vector<std::string> row{group.name};
    for (std::size_t stage = 0; stage < stage_count; ++stage) {
      row.push_back(stage_cell(group, stage, group.measurable.*measurable, (group.*errors)[stage]));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table eye_center_table(const AccuracyResult& result) {
  Table table =
      length_table(result, "Eye centre error, mm", &GroupSummary::eye_center_mm, &Measurable::eye_center);
  table.notes.emplace_back(
      "After fixing the gauge: one camera cannot tell size from distance, so the estimate is first scaled "
      "until "
      "the model's eyeball radius equals the true distance from eye centre to pupil centre. Stage refraction "
      "has "
      "its size from the population's anatomy and is judged as it is.");
  return table;
}

Table diameter_table(const AccuracyResult& result) {
  Table table = length_table(result, "Pupil diameter error, mm", &GroupSummary::pupil_diameter_mm,
                             &Measurable::pupil_diameter);
  table.notes.emplace_back(
      "Size of the error with the same gauge (refraction: none), against the pupil itself (not its image, "
      "which a cornea "
      "magnifies).");
  for (const GroupSummary& group : result.groups) {
    std::string text;
    for (std::size_t stage = 0; stage < stage_count; ++stage) {
      if (const auto bias = group.pupil_diameter_bias_mm[stage]) {
        text += (text.empty() ? "" : ", ") + stage_name(stage) + ' ' + (*bias > 0.0 ? "+" : "") +
                number_text(*bias, 2);
      }
    }
    if (!text.empty())
      table.notes.push_back("Mean of estimated minus true, " + group.name + ": " + text + '.');
  }
  return table;
}

/// What stage `refraction` alone has: a size of its own, and a stated uncertainty.
Table refraction_table(const AccuracyResult& result) {
  Table table{
      "Stage refraction: eye centre, pupil and stated regions",
      {"set", "eye centre across the line of sight, mm", "along it, mm", "pupil diameter, mm",
       "gaze inside the 68 % region", "inside the 95 % region"},
      {},
      {"No gauge is fixed: size comes from the population's anatomy. Regions: two-dimensional, of the stated "
       "covariance; share of the frames that count."}};
  constexpr std::size_t stage = stage_count - 1;
  for (const GroupSummary& group : result.groups) {
    const auto share = [](const std::optional<DetectionRate>& rate) {
      return rate ? share_text(*rate) : std::string(not_measurable);
    };
    table.rows.push_back(
        {group.name, stage_cell(group, stage, group.measurable.eye_center, group.eye_center_across_mm[stage]),
         stage_cell(group, stage, group.measurable.eye_center, group.eye_center_depth_mm[stage]),
         stage_cell(group, stage, group.measurable.pupil_diameter, group.pupil_diameter_mm[stage]),
         share(group.inside_68), share(group.inside_95)});
  }
  return table;
}

Table learning_table(const AccuracyResult& result) {
  Table table{
      "Frames until the gaze error stays under 1°",
      columns_with_stages({"set"}),
      {},
      {"Kept frames (spread over the image, docs/eye-model.md) from which on a model fitted to the first "
       "of them has a mean gaze error under 1° over all frames; tried at 10 frames and in steps of a "
       "third. Median over the subjects that get there."}};
  for (const GroupSummary& group : result.groups) {
    std::vector<std::string> row{group.name};
    for (const auto& fits : group.fits) {
      if (!group.measurable.gaze) {
        row.emplace_back(not_measurable);
      } else if (!fits.frames_to_good) {
        row.emplace_back("not reached");
      } else {
        std::string text = number_text(fits.frames_to_good->median, 0);
        const std::size_t subjects = group.by_subject.size();
        if (fits.reached_good < subjects) {
          text += ", not reached in " + std::to_string(subjects - fits.reached_good) + " of " +
                  std::to_string(subjects);
        }
        row.push_back(std::move(text));
      }
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table time_table(const AccuracyResult& result) {
  Table table{"Time", {"set", "detect, ms a frame"}, {}, {}};
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    table.columns.push_back(stage_name(stage) + ", ms a frame");
    table.columns.push_back(stage_name(stage) + ", s a fit");
  }
  const auto times = [](const std::optional<Times>& t, int decimals) {
    return t ? number_text(t->p50_ms, decimals) + " (" + number_text(t->p95_ms, decimals) + ')' : no_value;
  };
  for (const GroupSummary& group : result.groups) {
    std::vector<std::string> row{group.name, times(group.detect, 2)};
    for (std::size_t stage = 0; stage < stage_count; ++stage) {
      row.push_back(times(group.predict[stage], 3));
      const auto& seconds = group.fits[stage].seconds;
      row.push_back(seconds ? number_text(seconds->median, 2) : no_value);
    }
    table.rows.push_back(std::move(row));
  }
  table.notes.emplace_back(
      "Median (95th percentile) of one frame's detection and of its prediction under a model of that stage; "
      "median of the subjects' fits, each stage with those before it. Rendering and decoding are not in it.");
  table.notes.push_back("Peak memory of the whole run: " + memory_text(result.peak_memory_bytes) + '.');
  return table;
}

}  // namespace

std::vector<Table> accuracy_tables(const AccuracyResult& result) {
  std::vector<Table> tables{gaze_table(result), outline_table(result)};
  for (const GroupSummary& group : result.groups) {
    if (group.by_subject.size() > 1) tables.push_back(subject_table(group));
  }
  tables.push_back(detection_table(result));
  tables.push_back(eye_center_table(result));
  tables.push_back(diameter_table(result));
  tables.push_back(refraction_table(result));
  tables.push_back(learning_table(result));
  tables.push_back(time_table(result));
  tables.push_back(set_table(result));
  return tables;
}

std::string accuracy_markdown(const AccuracyResult& result) {
  std::string text = report_heading("Accuracy", result.version, result.command, result.machine) +
                     ". What each figure means: docs/accuracy.md.\n";
  for (const Table& table : accuracy_tables(result)) text += '\n' + to_markdown(table);
  return text;
}

}  // namespace yarbus::benchmark
