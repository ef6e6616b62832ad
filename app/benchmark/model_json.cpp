#include "app/benchmark/model_json.h"

#include <string>

#include "app/benchmark/json_values.h"

namespace yarbus::benchmark {
namespace {

using nlohmann::json;

json json_of(const CoverageAt& at) {
  return {{"stated", at.stated},
          {"observed", json_number(at.observed)},
          {"standard_error", json_number(at.standard_error)}};
}

json json_of(const Coverage& coverage) {
  json curve = json::array();
  for (const CoverageAt& at : coverage.curve) curve.push_back(json_of(at));
  return {{"subjects", coverage.subjects},
          {"frames", coverage.frames},
          {"without_statement", coverage.without_statement},
          {"region_68", json_of(coverage.at_68)},
          {"region_95", json_of(coverage.at_95)},
          {"median_68_deg", json_number(coverage.median_68_deg)},
          {"curve", std::move(curve)}};
}

json json_of(const SettlingFigure& figure) {
  return {{"limit_deg", figure.limit_deg},
          {"within_s", figure.within_s},
          {"subjects", figure.subjects},
          {"in_time", figure.in_time},
          {"share", json_number(figure.share())},
          {"never", figure.never},
          {"median_s", json_number(figure.median_s)},
          {"ninety_s", json_number(figure.ninety_s)}};
}

json json_of(const Line& line) {
  json y = json::array();
  for (const double value : line.y) y.push_back(json_number(value));
  return {{"x", line.x}, {"y", std::move(y)}};
}

json json_of(const ErrorCourse& course) {
  return {{"median", json_of(course.median)}, {"ninety", json_of(course.ninety)}};
}

json json_of(const CourseFigures& course) {
  json coverage = json::object();
  for (std::size_t i = 0; i < course_phases.size(); ++i)
    coverage[std::string(to_string(course_phases[i]))] = json_of(course.coverage[i]);
  return {{"name", std::string(to_string(course.population))},
          {"subjects", course.subjects},
          {"gaze_error_deg", benchmark::json_of(course.error_deg)},
          {"coverage", std::move(coverage)},
          {"learning", json_of(course.learning)},
          {"recovery_1_deg", json_of(course.recovery_1_deg)},
          {"recovery_half_deg", json_of(course.recovery_half_deg)},
          {"learning_course_deg", json_of(course.learning_course)},
          {"recovery_course_deg", json_of(course.recovery_course)}};
}

json json_of(const LongFigures& figures) {
  json subjects = json::array();
  for (const Endurance& subject : figures.subjects) {
    subjects.push_back({{"mean_deg", json_number(subject.mean_deg)},
                        {"worst_second_deg", json_number(subject.worst_second_deg)},
                        {"frames", subject.frames},
                        {"without_pose", subject.without_pose},
                        {"has_diverged", subject.has_diverged}});
  }
  return {{"length_s", figures.plan.length_s},
          {"slips", figures.plan.slips},
          {"subjects", std::move(subjects)},
          {"mean_deg", benchmark::json_of(figures.mean_deg)},
          {"worst_second_deg", benchmark::json_of(figures.worst_second_deg)},
          {"diverged", figures.diverged},
          {"course_deg", json_of(figures.course)}};
}

json json_of(const ExactnessFigures& figures) {
  return {{"anatomy", std::string(to_string(figures.held))},
          {"true_center_deg", benchmark::json_of(figures.given_deg)},
          {"true_center_max_deg", json_number(figures.given_max_deg)},
          {"fitted_center_deg", benchmark::json_of(figures.fitted_deg)},
          {"fitted_center_max_deg", json_number(figures.fitted_max_deg)},
          {"center_lateral_mm", benchmark::json_of(figures.center_lateral_mm)},
          {"center_depth_mm", benchmark::json_of(figures.center_depth_mm)},
          {"failed_fits", figures.failed_fits}};
}

json json_of(const ModelTimes& times) {
  json fits = json::array();
  for (const JointFitTime& fit : times.joint_fits) {
    fits.push_back({{"frames", fit.frames},
                    {"seconds", json_number(fit.seconds)},
                    {"ms_per_frame", json_number(fit.ms_per_frame)},
                    {"gaze_error_deg", json_number(fit.gaze_error_deg)},
                    {"failure", fit.failure.empty() ? json(nullptr) : json(fit.failure)}});
  }
  return {{"predict_ms", benchmark::json_of(times.predict)},
          {"update_ms", benchmark::json_of(times.update)},
          {"joint_fits", std::move(fits)},
          {"per_frame_ratio", json_number(times.per_frame_ratio)},
          {"allocations_per_predict", benchmark::json_of(times.allocations_per_predict)}};
}

json json_of(const MemoryCourse& course) {
  return {{"resident_bytes", course.bytes},
          {"every_s", course.every_s},
          {"settled_readings", course.settled_readings},
          {"growth_bytes", course.growth_bytes ? json(*course.growth_bytes) : json(nullptr)},
          {"bytes_per_minute", benchmark::json_of(course.bytes_per_minute)}};
}

}  // namespace

json model_json(const ModelResult& result) {
  const SubjectSettings& settings = result.options.settings;
  json courses = json::array();
  for (const CourseFigures& course : result.courses) courses.push_back(json_of(course));
  json exactness = result.exactness ? json::array() : json(nullptr);
  if (result.exactness)
    for (const ExactnessFigures& figures : *result.exactness) exactness.push_back(json_of(figures));
  return {{"kind", "yarbus model"},
          {"version", result.version},
          {"command", result.command},
          {"machine", benchmark::json_of(result.machine)},
          {"subjects", result.options.subjects},
          {"first_seed", settings.first_seed},
          {"rate_hz", settings.rate_hz},
          {"sigma_px", settings.sigma_px},
          {"limbus_points", settings.limbus_points},
          {"populations", std::move(courses)},
          {"long_course", result.long_course ? json_of(*result.long_course) : json(nullptr)},
          {"exactness", std::move(exactness)},
          {"times", result.times ? json_of(*result.times) : json(nullptr)},
          {"memory", result.memory ? json_of(*result.memory) : json(nullptr)}};
}

}  // namespace yarbus::benchmark
