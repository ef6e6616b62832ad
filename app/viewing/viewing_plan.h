#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "eyemodel/types/result.h"

namespace yarbus {

/// One question about the picture, and how long the picture is shown for it.
struct ViewingTask {
  std::string text;
  double seconds = 30.0;
  friend bool operator==(const ViewingTask&, const ViewingTask&) = default;
};

enum class TaskOrder : std::uint8_t { as_given, shuffled };
constexpr std::string_view to_string(TaskOrder order) {
  return order == TaskOrder::as_given ? "as_given" : "shuffled";
}

/// A picture that is looked at several times, each time with another task in mind (A. L. Yarbus, Eye
/// Movements and Vision, 1967, chapter VII).
struct ViewingPlan {
  std::string name;
  std::string image;  ///< file
  std::vector<ViewingTask> tasks;
  double instruction_s = 5.0;  ///< how long a task is shown to be read before the picture comes
  bool waits_for_key = false;  ///< the task is shown until a key is pressed instead
  TaskOrder order = TaskOrder::as_given;
  std::uint64_t seed = 1;  ///< of the shuffled order
  friend bool operator==(const ViewingPlan&, const ViewingPlan&) = default;

  /// All that is wrong, each with what is allowed. Errors: invalid_option.
  [[nodiscard]] Result<void> validate() const;
  /// The tasks' indices in the order in which they are shown. The same seed gives the same order everywhere.
  [[nodiscard]] std::vector<int> task_order() const;
  /// Pictures and tasks together, if nobody has to be waited for.
  [[nodiscard]] double length_s() const;
};

namespace viewing_bounds {
inline constexpr double shortest_picture_s = 0.5;
inline constexpr double longest_picture_s = 3600.0;
inline constexpr double longest_instruction_s = 600.0;
inline constexpr std::size_t most_tasks = 50;
inline constexpr std::size_t longest_text = 500;  ///< bytes
}  // namespace viewing_bounds

}  // namespace yarbus
