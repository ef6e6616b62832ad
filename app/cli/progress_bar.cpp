#include "app/cli/progress_bar.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <unistd.h>

namespace yarbus::cli {

std::string progress_text(std::uint64_t done, std::optional<std::uint64_t> total, double elapsed_s) {
  const double rate_hz = elapsed_s > 0.0 ? static_cast<double>(done) / elapsed_s : 0.0;
  std::array<char, 128> text{};
  if (!total || *total == 0) {
    std::snprintf(text.data(), text.size(), "%llu frames  %.0f frames/s",
                  static_cast<unsigned long long>(done), rate_hz);
    return text.data();
  }
  constexpr std::size_t bar_width = 30;
  const double fraction = std::min(1.0, static_cast<double>(done) / static_cast<double>(*total));
  const auto filled = static_cast<std::size_t>(fraction * bar_width);
  const std::string bar = std::string(filled, '#') + std::string(bar_width - filled, '.');
  const double left_s = rate_hz > 0.0 ? static_cast<double>(*total - std::min(done, *total)) / rate_hz : 0.0;
  std::snprintf(text.data(), text.size(), "[%s] %3.0f%%  %llu/%llu  %.0f frames/s  %.0f s left", bar.c_str(),
                fraction * 100.0, static_cast<unsigned long long>(done),
                static_cast<unsigned long long>(*total), rate_hz, left_s);
  return text.data();
}

ProgressBar::ProgressBar() : is_terminal_(isatty(STDERR_FILENO) == 1), started_(Clock::now()) {}

void ProgressBar::update(const std::string& label, std::uint64_t done, std::optional<std::uint64_t> total) {
  if (!is_terminal_) return;
  const auto now = Clock::now();
  if (label != label_) {
    label_ = label;
    started_ = now;
  } else if (is_drawn_ && now - drawn_at_ < std::chrono::milliseconds(100)) {
    return;
  }
  drawn_at_ = now;
  is_drawn_ = true;
  const double elapsed_s = std::chrono::duration<double>(now - started_).count();
  std::fprintf(stderr, "\r\033[K%s  %s", label.c_str(), progress_text(done, total, elapsed_s).c_str());
  std::fflush(stderr);
}

void ProgressBar::note(const std::string& text) {
  if (!is_terminal_) return;
  label_.clear();
  is_drawn_ = true;
  std::fprintf(stderr, "\r\033[K%s ...", text.c_str());
  std::fflush(stderr);
}

void ProgressBar::finish() {
  if (is_drawn_) std::fputs("\r\033[K", stderr);
  is_drawn_ = false;
}

}  // namespace yarbus::cli
