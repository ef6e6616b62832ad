#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/exactness.h"
#include "app/benchmark/machine.h"
#include "app/benchmark/model_courses.h"
#include "app/benchmark/model_memory.h"
#include "app/benchmark/model_times.h"

namespace yarbus::benchmark {

/// How much of everything. The defaults are the full size.
struct ModelOptions {
  SubjectSettings settings;
  std::size_t subjects = 400;  ///< of each population, in the short course
  CoursePlan course;
  std::size_t long_subjects = 20;
  LongPlan long_course;
  std::size_t exact_subjects = 10;
  int exact_frames = 60;
  ModelTimesPlan times;
  MemoryPlan memory;
  unsigned threads = 1;  ///< for the courses; what is timed runs alone

  /// The size that the tests run.
  void make_quick();
};

/// Everything a run of `yarbus benchmark model` found. A part is absent when the run was stopped before it
/// was done.
struct ModelResult {
  std::string version;
  std::string command;
  Machine machine;
  ModelOptions options;
  std::optional<ModelTimes> times;
  std::optional<std::vector<ExactnessFigures>> exactness;
  std::vector<CourseFigures> courses;  ///< by population
  std::optional<LongFigures> long_course;
  std::optional<MemoryCourse> memory;
  std::size_t parts_done = 0;
  std::size_t parts_asked = 0;
};

/// One part of the run and how far it is.
struct ModelProgress {
  std::string part;
  std::uint64_t done = 0;  ///< 0: nothing to count yet
  std::uint64_t total = 0;
};

/// Times first, while the process is small; then exactness, the courses and memory.
ModelResult run_model(const ModelOptions& options,
                      const std::function<void(const ModelProgress&)>& on_progress,
                      const std::stop_token& stop);

}  // namespace yarbus::benchmark
