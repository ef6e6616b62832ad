#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "app/benchmark/coverage.h"
#include "app/benchmark/endurance.h"
#include "app/benchmark/model_follow.h"
#include "app/benchmark/settling.h"
#include "app/benchmark/statistics.h"

namespace yarbus::benchmark {

/// The short course that every subject goes through: look around, one slip of the headset, look around.
struct CoursePlan {
  double length_s = 18.0;
  double slip_at_s = 10.0;
  double slip_mm = 2.0;
  double slip_deg = 1.5;
};

/// When a frame of the short course comes.
enum class CoursePhase : std::uint8_t { all, first_second, before_slip, after_slip, later };
inline constexpr std::array course_phases{CoursePhase::all, CoursePhase::first_second,
                                          CoursePhase::before_slip, CoursePhase::after_slip,
                                          CoursePhase::later};
/// So long after a slip's start it is "after the slip".
constexpr double after_slip_s = 2.0;

constexpr std::string_view to_string(CoursePhase phase) {
  switch (phase) {
    case CoursePhase::all:
      return "all frames";
    case CoursePhase::first_second:
      return "first second";
    case CoursePhase::before_slip:
      return "then, to the slip";
    case CoursePhase::after_slip:
      return "2 s after the slip";
    case CoursePhase::later:
      return "later";
  }
  return "unknown";
}

/// What the short course of many subjects gave.
struct CourseFigures {
  simulation::Population population = simulation::Population::simulated;
  std::size_t subjects = 0;
  std::array<Coverage, course_phases.size()> coverage;  ///< by phase
  std::optional<Statistics> error_deg;                  ///< of all frames
  SettlingFigure learning;                              ///< below 1 degree until the slip
  SettlingFigure recovery_1_deg;                        ///< times since the slip's start
  SettlingFigure recovery_half_deg;
  ErrorCourse learning_course;
  ErrorCourse recovery_course;
};

/// What all subjects have in common.
struct SubjectSettings {
  std::uint64_t first_seed = 1;
  double rate_hz = 60.0;
  double sigma_px = 0.2;
  int limbus_points = 0;
};
simulation::SimulatedOutlineOptions subject_options(const SubjectSettings& settings, std::size_t index,
                                                    simulation::Population population);

/// How the courses are run.
struct RunCourses {
  MakeFollower make_follower;
  unsigned threads = 1;
  std::function<void(std::size_t subjects_done)> on_done = [](std::size_t) {};
};

/// The figures of subjects already followed: a function of the frames alone.
CourseFigures course_figures(const std::vector<std::vector<FollowedFrame>>& subjects, const CoursePlan& plan,
                             simulation::Population population);

/// nullopt after a stop.
std::optional<CourseFigures> run_short_courses(const SubjectSettings& settings, const CoursePlan& plan,
                                               simulation::Population population, std::size_t subjects,
                                               const RunCourses& run, const std::stop_token& stop);

/// The long course: slips at even distances.
struct LongPlan {
  double length_s = 300.0;
  int slips = 5;
  double slip_mm = 2.0;
  double slip_deg = 1.5;
  [[nodiscard]] std::vector<double> slips_s() const;
};
struct LongFigures {
  LongPlan plan;
  std::vector<Endurance> subjects;
  std::optional<Statistics> mean_deg;          ///< over subjects
  std::optional<Statistics> worst_second_deg;  ///< over subjects
  std::size_t diverged = 0;
  ErrorCourse course;
};
LongFigures long_figures(const std::vector<std::vector<FollowedFrame>>& subjects, const LongPlan& plan);

std::optional<LongFigures> run_long_courses(const SubjectSettings& settings, const LongPlan& plan,
                                            std::size_t subjects, const RunCourses& run,
                                            const std::stop_token& stop);

}  // namespace yarbus::benchmark
