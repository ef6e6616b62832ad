#include "app/viewing/viewing_plan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <random>
#include <utility>

namespace yarbus {
namespace {

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

}  // namespace

Result<void> ViewingPlan::validate() const {
  using namespace viewing_bounds;
  std::vector<std::string> faults;
  if (is_blank(image)) faults.emplace_back("no picture is named");
  if (tasks.empty()) faults.emplace_back("there is no task");
  if (tasks.size() > most_tasks)
    faults.push_back(std::to_string(tasks.size()) + " tasks, " + std::to_string(most_tasks) + " at most");
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const std::string which = "task " + std::to_string(i + 1);
    if (is_blank(tasks[i].text)) faults.push_back(which + " has no text");
    if (tasks[i].text.size() > longest_text)
      faults.push_back(which + " is longer than " + std::to_string(longest_text) + " bytes");
    if (!(tasks[i].seconds >= shortest_picture_s && tasks[i].seconds <= longest_picture_s))
      faults.push_back(which + " lasts " + short_number(tasks[i].seconds) + " s, must be " +
                       short_number(shortest_picture_s) + " to " + short_number(longest_picture_s) + " s");
  }
  if (!(instruction_s >= 0.0 && instruction_s <= longest_instruction_s))
    faults.push_back("the task is shown for " + short_number(instruction_s) + " s, must be 0 to " +
                     short_number(longest_instruction_s) + " s");
  if (faults.empty()) return {};
  std::string message = faults.front();
  for (std::size_t i = 1; i < faults.size(); ++i) message += "; " + faults[i];
  return Error{ErrorCode::invalid_option, message, "viewing plan", "Correct the plan and try again"};
}

std::vector<int> ViewingPlan::task_order() const {
  std::vector<int> places(tasks.size());
  std::iota(places.begin(), places.end(), 0);
  if (order == TaskOrder::as_given) return places;
  // Fisher and Yates, by hand: std::shuffle's order is another one in each standard library.
  std::mt19937_64 random(seed);
  for (std::size_t left = places.size(); left > 1; --left)
    std::swap(places[left - 1], places[random() % left]);
  return places;
}

double ViewingPlan::length_s() const {
  const double each_s = waits_for_key ? 0.0 : instruction_s;
  return std::accumulate(tasks.begin(), tasks.end(), 0.0,
                         [&](double sum, const ViewingTask& task) { return sum + each_s + task.seconds; });
}

}  // namespace yarbus
