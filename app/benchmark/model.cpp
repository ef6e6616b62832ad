#include "app/benchmark/model.h"

#include <memory>
#include <utility>

#include "app/benchmark/live_follower.h"

namespace yarbus::benchmark {
namespace {

std::unique_ptr<EyeFollower> make_live(const simulation::SimulatedOutlines& outlines) {
  return std::make_unique<LiveFollower>(OnlineModelOptions{}, outlines.camera());
}

}  // namespace

void ModelOptions::make_quick() {
  subjects = 4;
  course.length_s = 6.0;
  course.slip_at_s = 3.0;
  long_subjects = 1;
  long_course.length_s = 20.0;
  long_course.slips = 1;
  exact_subjects = 1;
  exact_frames = 20;
  times.course_s = 3.0;
  times.fit_frames = {50, 100};
  times.fit_runs = 1;
  memory.readings = 3;
  memory.every_s = 5.0;
  memory.settled_readings = 1;
}

ModelResult run_model(const ModelOptions& options,
                      const std::function<void(const ModelProgress&)>& on_progress,
                      const std::stop_token& stop) {
  ModelResult result;
  result.machine = this_machine();
  result.options = options;
  const SubjectSettings& settings = options.settings;
  const auto keep = [&](auto& part, auto&& found) {
    part = std::move(found);
    result.parts_done += part ? 1 : 0;
  };
  const auto counted = [&](const std::string& part, std::size_t total) {
    return [&on_progress, part, total](std::size_t done) { on_progress({part, done, total}); };
  };
  constexpr std::array populations{simulation::Population::simulated, simulation::Population::normal};
  result.parts_asked = 4 + populations.size();

  keep(result.times, run_model_times(
                         settings, options.times,
                         [&](const std::string& step) {
                           on_progress({step, 0, 0});
                         },
                         stop));
  on_progress({"exactness", 0, 0});
  keep(result.exactness, run_exactness(settings, options.exact_subjects, options.exact_frames,
                                       counted("exactness, subjects", options.exact_subjects), stop));
  RunCourses run{make_live, options.threads};
  for (const auto population : populations) {
    const std::string part =
        "coverage, learning and slips, subjects (" + std::string(to_string(population)) + ")";
    on_progress({part, 0, 0});
    run.on_done = counted(part, options.subjects);
    auto figures = run_short_courses(settings, options.course, population, options.subjects, run, stop);
    if (!figures) break;
    result.courses.push_back(std::move(*figures));
    ++result.parts_done;
  }
  on_progress({"long course", 0, 0});
  run.on_done = counted("long course, subjects", options.long_subjects);
  keep(result.long_course, run_long_courses(settings, options.long_course, options.long_subjects, run, stop));
  MemoryPlan memory = options.memory;
  if (!memory.resident_bytes) memory.resident_bytes = resident_memory_bytes;
  keep(result.memory, run_memory_course(
                          settings, memory, make_live,
                          [&](int readings) {
                            on_progress({"memory, readings", static_cast<std::uint64_t>(readings),
                                         static_cast<std::uint64_t>(memory.readings)});
                          },
                          stop));
  return result;
}

}  // namespace yarbus::benchmark
