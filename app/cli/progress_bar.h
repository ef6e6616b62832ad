#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace yarbus::cli {

/// A progress line with the time left on standard error, redrawn at most ten times a second; silent when that
/// is no terminal.
class ProgressBar {
 public:
  ProgressBar();
  void update(const std::string& label, std::uint64_t done, std::optional<std::uint64_t> total);
  /// Shows words alone, for work that cannot say how far it is.
  void note(const std::string& text);
  /// Ends the line.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  bool is_terminal_;
  bool is_drawn_ = false;
  std::string label_;
  Clock::time_point started_;
  Clock::time_point drawn_at_;
};

/// "[#####.....]  45%  500/1112  231 frames/s  3 s left"; without a total only the count and rate.
std::string progress_text(std::uint64_t done, std::optional<std::uint64_t> total, double elapsed_s);

}  // namespace yarbus::cli
