#include "app/session/simulation_pace.h"

#include <algorithm>
#include <cmath>

namespace yarbus {

std::uint64_t SimulationPace::frame_to_render(std::uint64_t next, Time now) const {
  const std::chrono::duration<double> ready_s = now + typical_render_time_ - start_;
  const double reachable = std::ceil(ready_s.count() * rate_hz_);
  return std::max(next, static_cast<std::uint64_t>(std::max(0.0, reachable)));
}

void SimulationPace::rendered(std::chrono::nanoseconds duration) {
  render_times_[rendered_count_++ % remembered] = duration;
  auto times = render_times_;
  const auto end = times.begin() + static_cast<std::ptrdiff_t>(std::min(rendered_count_, remembered));
  const auto middle = times.begin() + (end - times.begin()) / 2;
  std::nth_element(times.begin(), middle, end);
  typical_render_time_ = *middle;
}

SimulationPace::Time SimulationPace::due(std::uint64_t frame) const {
  return start_ + std::chrono::nanoseconds(std::llround(1e9 * static_cast<double>(frame) / rate_hz_));
}

}  // namespace yarbus
