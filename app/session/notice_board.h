#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "app/session/session.h"

namespace yarbus {

/// The last notices, numbered. Threads: any.
class NoticeBoard {
 public:
  void post(Notice::Severity severity, EyeSide eye, std::string text, std::string remedy) {
    const std::lock_guard lock(mutex_);
    notices_.push_back({severity, ++last_id_, eye, std::move(text), std::move(remedy)});
    if (notices_.size() > kept) notices_.pop_front();
  }
  void post(EyeSide eye, const Error& error) {
    post(Notice::Severity::error, eye,
         error.context.empty() ? error.message : error.context + ": " + error.message, error.remedy);
  }
  [[nodiscard]] std::vector<Notice> after(std::uint64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto first =
        std::find_if(notices_.begin(), notices_.end(), [&](const Notice& notice) { return notice.id > id; });
    return {first, notices_.end()};
  }

 private:
  static constexpr std::size_t kept = 200;
  mutable std::mutex mutex_;
  std::deque<Notice> notices_;
  std::uint64_t last_id_ = 0;
};

}  // namespace yarbus
