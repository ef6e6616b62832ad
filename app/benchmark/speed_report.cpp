#include <cmath>

#include "app/benchmark/compare.h"
#include "app/benchmark/compare_figures.h"
#include "app/benchmark/json_values.h"
#include "app/benchmark/speed.h"

namespace yarbus::benchmark {
namespace {

using nlohmann::json;

/// One allocation more in every frame is a step back, however small; less is what an odd frame may need.
constexpr double allocation_margin = 0.5;

Table timing_table(const SpeedResult& result) {
  Table table{"Time, ms", {"stage", "p50", "p95", "p99", "runs"}, {}, {}};
  for (const Timing& timing : result.timings) {
    table.rows.push_back({timing.name, number_text(timing.times.p50_ms, 3),
                          number_text(timing.times.p95_ms, 3), number_text(timing.times.p99_ms, 3),
                          std::to_string(timing.times.runs)});
    if (!timing.failure.empty()) {
      table.notes.push_back(timing.name + " gave no model (" + timing.failure +
                            "): its time is that of the attempt, and there is no prediction to time.");
    }
  }
  table.notes.emplace_back("Predictions: of frames with a pupil. Fits: of " +
                           std::to_string(result.frames_kept) +
                           " kept frames, each stage with those before it.");
  return table;
}

Table total_table(const SpeedResult& result) {
  Table table{"Throughput and memory", {"figure", "value"}, {}, {}};
  table.rows.push_back({"frames a second, one thread", number_text(result.frames_per_s, 1)});
  table.rows.push_back({"heap allocations a frame", result.allocations_per_frame
                                                        ? number_text(*result.allocations_per_frame, 2)
                                                        : std::string(not_measurable)});
  table.rows.push_back({"peak memory", memory_text(result.peak_memory_bytes)});
  table.notes.emplace_back(
      "In the steady state: all buffers have their size, the model is fixed and no frame is kept for a fit. "
      "Allocations are calls of C++'s operator new by any part of the process; what libraries take from "
      "malloc "
      "directly (OpenCV's images, Eigen's large matrices) is not seen. Peak memory holds the frames read "
      "ahead.");
  return table;
}

const json* timing_in(const json& result, const std::string& name) {
  for (const json& timing : result.at("timings")) {
    if (timing.at("name") == name) return &timing;
  }
  return nullptr;
}

std::string ratio_text(double now, double earlier) {
  return earlier > 0.0 ? number_text(now / earlier, 2) + "×" : std::string("–");
}

}  // namespace

std::string speed_markdown(const SpeedResult& result) {
  return report_heading("Speed", result.version, result.command, result.machine) + ": " + result.dataset +
         ", " + std::to_string(result.frames) + " frames of " + std::to_string(result.width_px) + "×" +
         std::to_string(result.height_px) + ".\n\n" + to_markdown(timing_table(result)) + '\n' +
         to_markdown(total_table(result));
}

nlohmann::json speed_json(const SpeedResult& result) {
  json timings = json::array();
  for (const Timing& timing : result.timings) {
    timings.push_back({{"name", timing.name},
                       {"runs", timing.times.runs},
                       {"p50_ms", timing.times.p50_ms},
                       {"p95_ms", timing.times.p95_ms},
                       {"p99_ms", timing.times.p99_ms},
                       {"failure", timing.failure.empty() ? json(nullptr) : json(timing.failure)}});
  }
  return {{"kind", "yarbus speed"},
          {"version", result.version},
          {"command", result.command},
          {"machine", json_of(result.machine)},
          {"dataset", result.dataset},
          {"frames", result.frames},
          {"width_px", result.width_px},
          {"height_px", result.height_px},
          {"frames_kept", result.frames_kept},
          {"timings", timings},
          {"frames_per_s", result.frames_per_s},
          {"allocations_per_frame", json_of(result.allocations_per_frame)},
          {"peak_memory_bytes", json_of(result.peak_memory_bytes)}};
}

Result<Comparison> compare_speed(const nlohmann::json& now, const nlohmann::json& earlier) {
  try {
    for (const char* key : {"dataset", "frames", "width_px", "height_px"}) {
      if (now.at(key) != earlier.at(key)) {
        return not_comparable("its " + std::string(key) + " was " + earlier.at(key).dump() + ", now " +
                              now.at(key).dump());
      }
    }
    Comparison comparison;
    comparison.table = {"Against the earlier result", {"figure", "was", "is", "ratio"}, {}, {}};
    const auto add = [&](const std::string& name, double was, double is, int decimals) {
      comparison.table.rows.push_back(
          {name, number_text(was, decimals), number_text(is, decimals), ratio_text(is, was)});
    };
    for (const json& was : earlier.at("timings")) {
      const std::string name = was.at("name");
      const json* is = timing_in(now, name);
      if (is == nullptr) continue;
      for (const char* key : {"p50_ms", "p95_ms"}) {
        add(name + ", " + std::string(key).substr(0, 3) + " (ms)", was.at(key), is->at(key), 3);
      }
    }
    add("frames a second", earlier.at("frames_per_s"), now.at("frames_per_s"), 1);
    for (const char* key : {"allocations_per_frame", "peak_memory_bytes"}) {
      if (!earlier.at(key).is_number() || !now.at(key).is_number()) continue;
      const bool is_memory = std::string(key) == "peak_memory_bytes";
      const double unit = is_memory ? 1024.0 * 1024.0 : 1.0;
      add(is_memory ? "peak memory (MiB)" : "allocations a frame", earlier.at(key).get<double>() / unit,
          now.at(key).get<double>() / unit, is_memory ? 0 : 2);
    }
    const json& allocations_before = earlier.at("allocations_per_frame");
    const json& allocations = now.at("allocations_per_frame");
    if (allocations_before.is_number()) {
      const double allowed = allocations_before.get<double>() + allocation_margin;
      if (!allocations.is_number() || !(allocations.get<double>() <= allowed)) {
        comparison.regressions.push_back("allocations a frame: " + allocations.dump() + ", were " +
                                         allocations_before.dump() + ", allowed " + number_text(allowed, 2));
      }
    }
    if (earlier.at("machine") != now.at("machine")) {
      comparison.table.notes.push_back("The earlier result is of another machine (" +
                                       earlier.at("machine").at("cpu").get<std::string>() +
                                       "): ratios of times compare the machines too.");
    }
    comparison.table.notes.emplace_back(
        "Times are not judged: they are the machine's as much as the program's. Allocations a frame are.");
    return comparison;
  } catch (const json::exception& error) {
    return not_comparable("it is not complete (" + std::string(error.what()) + ')');
  }
}

}  // namespace yarbus::benchmark
