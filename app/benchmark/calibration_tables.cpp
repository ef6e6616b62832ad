#include "app/benchmark/calibration_tables.h"

#include <map>

#include "app/benchmark/table.h"

namespace yarbus::benchmark {
namespace {

std::string text_of(const std::optional<MiddleAndWorst>& value, int decimals) {
  if (!value) return "–";
  return number_text(value->median, decimals) + " / " + number_text(value->worst, decimals);
}
std::string text_of(const std::optional<double>& value, int decimals) {
  return value ? number_text(*value, decimals) : "–";
}
std::string percent_text(const std::optional<double>& share) {
  return share ? number_text(100.0 * *share, 1) + " %" : "–";
}
std::string of_text(std::size_t count, std::size_t total) {
  return total > 0 ? std::to_string(count) + "/" + std::to_string(total) : "–";
}

/// What is measured, of both levels.
Table summary_table(const CalibrationSummary& rendered, const CalibrationSummary& outlined) {
  Table table{"Gaze on the screen: median / worst over the subjects",
              {"figure", "rendered", "outlines", "wanted (rendered)"},
              {},
              {}};
  const auto add = [&](const std::string& name, const auto& get, const std::string& wanted = "") {
    table.rows.push_back({name, get(rendered), get(outlined), wanted});
  };
  using S = CalibrationSummary;
  const auto degrees = [](std::optional<MiddleAndWorst> S::*member) {
    return [member](const S& s) { return text_of(s.*member, 2); };
  };
  add(
      "subjects that came to the end", [](const S& s) { return of_text(s.done, s.subjects); }, "all");
  add("accuracy reported by the wizard, deg", degrees(&S::reported_deg), "0.7 / 1.2");
  add("true error at the same frames, deg", degrees(&S::true_deg), "0.7 / 1.2");
  add("reported − true, size, deg", degrees(&S::reported_off_deg), "0.15");
  add("true error at other places, deg", degrees(&S::fresh_deg));
  add("reported − true there, size, deg", degrees(&S::reported_off_fresh_deg));
  add("true error while the gaze wanders, deg", degrees(&S::wander_deg));
  add("optical axis error of the eye models, deg", degrees(&S::axis_error_deg));
  const std::array<const char*, 3> names{"geometric", "polynomial", "gaussian process"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    add(std::string("targets left out, ") + names[i] + ", deg (chosen for)",
        [i](const S& s) { return text_of(s.left_out_deg[i], 2) + " (" + std::to_string(s.chosen[i]) + ")"; });
  }
  add(
      "68 % regions hold the target",
      [](const S& s) {
        if (!s.coverage_68) return std::string("–");
        return percent_text(s.coverage_68) + " ± " + number_text(100.0 * s.coverage_68_se.value_or(0.0), 1);
      },
      "outlines: 63–73 %");
  add("68 % regions hold the true gaze", [](const S& s) { return percent_text(s.truth_coverage_68); });
  add("at the gate, s", [](const S& s) { return text_of(s.gate_s, 1); });
  add(
      "first target to gaze, s", [](const S& s) { return text_of(s.to_gaze_s, 1); }, "60");
  add("with gate and validation, s", [](const S& s) { return text_of(s.length_s, 1); });
  add("samples of the calibration", [](const S& s) { return text_of(s.samples, 0); });
  table.notes.emplace_back(
      "Outlines: no image and no detector; the pupil's outline with noise goes to the live eye model, and "
      "the "
      "procedure, the fit and the score are those of the rendered subjects.");
  table.notes.emplace_back("Rendered: two cameras, 320 px wide images, 30 a second.");
  table.notes.emplace_back(
      "Errors of a place are those of the mean gaze over its frames. Reported: from the target. True: from "
      "where the eyes looked, which people miss the target by.");
  return table;
}

Table after_table(const CalibrationSummary& s) {
  Table table{"After the calibration, rendered", {"what", "median / worst or count", "wanted"}, {}, {}};
  if (s.slips > 0) {
    table.rows.push_back({"slips reported before there was one", of_text(s.slips_imagined, s.slips), "0"});
    table.rows.push_back({"2 mm slip reported within " + number_text(slip_within_s, 0) + " s",
                          of_text(s.slips_in_time, s.slips), "all"});
    table.rows.push_back({"slip to report, s", text_of(s.slip_named_s, 1), "5"});
    table.rows.push_back({"error after the slip, deg", text_of(s.slip_deg, 2), ""});
    table.rows.push_back({"error after a one-point recentre, deg", text_of(s.recentred_deg, 2), "1.0"});
  }
  if (s.head_moves > 0)
    table.rows.push_back(
        {"head moved by 20 mm: named by one check", of_text(s.head_moves_named, s.head_moves), "all"});
  return table;
}

Table time_table(const CalibrationResult& result, const CalibrationSummary& rendered,
                 const CalibrationSummary& outlined) {
  Table table{"Time and memory", {"what", "rendered", "outlines"}, {}, {}};
  const auto fit = [](const CalibrationSummary& s) {
    return s.fit ? number_text(s.fit->p50_ms, 1) + " / " + number_text(s.fit->p95_ms, 1) : std::string("–");
  };
  table.rows.push_back({"fit with cross-validation, ms, p50 / p95", fit(rendered), fit(outlined)});
  table.rows.push_back({"map one frame, us, median / worst subject", text_of(rendered.map_us, 2),
                        text_of(outlined.map_us, 2)});
  table.notes.emplace_back("Largest memory of the process: " + memory_text(result.peak_memory_bytes) + ".");
  return table;
}

Table subject_table(const std::vector<SubjectFigures>& subjects) {
  Table table{"Rendered subjects, degrees and seconds",
              {"seed", "scenario", "end", "mapper", "axis", "reported", "true", "elsewhere", "covers",
               "slip named", "slip", "recentred"},
              {},
              {}};
  for (const SubjectFigures& s : subjects) {
    table.rows.push_back({std::to_string(s.seed), s.scenario, s.end, s.mapper, text_of(s.axis_error_deg, 2),
                          text_of(s.reported_deg, 2), text_of(s.validation.to_truth_deg, 2),
                          text_of(s.fresh.to_truth_deg, 2), percent_text(s.validation.covers_target),
                          text_of(s.slip_named_s, 1), text_of(s.slip_deg, 2), text_of(s.recentred_deg, 2)});
  }
  return table;
}

/// Which findings were named in how many subjects.
Table finding_table(const std::vector<SubjectFigures>& rendered, const std::vector<SubjectFigures>& outlined,
                    ViewerFault fault) {
  Table table{"What the procedure found", {"finding", "rendered", "outlines"}, {}, {}};
  std::map<std::string, std::array<std::size_t, 2>> counts;
  const std::array<const std::vector<SubjectFigures>*, 2> levels{&rendered, &outlined};
  for (std::size_t level = 0; level < 2; ++level) {
    for (const SubjectFigures& s : *levels[level]) {
      std::map<std::string, bool> seen;
      for (const NamedFinding& finding : s.findings) seen[finding.name] = true;
      if (s.head_moved && s.head_moved->cause == DriftCause::head_moved)
        seen["head-moved (by a check)"] = true;
      for (const auto& [name, is_there] : seen) counts[name][level] += is_there ? 1 : 0;
    }
  }
  for (const auto& [name, count] : counts)
    table.rows.push_back({name, of_text(count[0], rendered.size()), of_text(count[1], outlined.size())});
  if (fault != ViewerFault::none) {
    const auto named = [&](const std::vector<SubjectFigures>& subjects) {
      return of_text(summarise(subjects, fault).named, subjects.size());
    };
    table.notes.emplace_back("Fault: " + std::string(to_string(fault)) + ". Wanted: " + expected_name(fault) +
                             ". Named: rendered " + named(rendered) + ", outlines " + named(outlined) + ".");
  }
  return table;
}

}  // namespace

std::string calibration_markdown(const CalibrationResult& result) {
  const CalibrationOptions& options = result.options;
  const ViewerFault fault = options.plan.fault;
  std::string text = report_heading("Gaze calibration", result.version, result.command, result.machine) +
                     ": " + std::to_string(options.subjects) + " rendered and " +
                     std::to_string(options.outline_subjects) + " outlined subjects from seed " +
                     std::to_string(options.first_seed) + ", " + std::string(to_string(options.plan.layout)) +
                     ", screen " + number_text(options.plan.screen.width_mm, 0) + " x " +
                     number_text(options.plan.screen.height_mm, 0) + " mm at about " +
                     number_text(options.plan.screen.viewing_distance_mm, 0) + " mm.\n";
  const CalibrationSummary rendered = summarise(result.rendered, fault);
  const CalibrationSummary outlined = summarise(result.outlined, fault);
  const auto add = [&](const Table& table) {
    if (!table.rows.empty()) text += '\n' + to_markdown(table);
  };
  add(summary_table(rendered, outlined));
  add(after_table(rendered));
  const Table findings = finding_table(result.rendered, result.outlined, fault);
  if (!findings.rows.empty() || fault != ViewerFault::none) text += '\n' + to_markdown(findings);
  add(subject_table(result.rendered));
  add(time_table(result, rendered, outlined));
  return text;
}

}  // namespace yarbus::benchmark
