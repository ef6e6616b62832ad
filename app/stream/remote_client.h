#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "eyemodel/types/result.h"

namespace yarbus {

/// Steers a running Yarbus (or whatever speaks Pupil's network API) from another program. Threads: one owner.
/// Errors of all requests: connection_failed, if no answer comes within the time, or another than expected.
/// After one, connect again.
class RemoteClient {
 public:
  /// `address`: "tcp://127.0.0.1:50020". Whether somebody listens there only a request tells. Errors:
  /// invalid_option.
  static Result<RemoteClient> connect(const std::string& address, std::chrono::milliseconds timeout);
  ~RemoteClient();
  RemoteClient(RemoteClient&&) noexcept;
  RemoteClient& operator=(RemoteClient&&) noexcept;

  /// Empty name: date and time.
  Result<void> start_recording(const std::string& name);
  Result<void> stop_recording();
  Result<void> start_calibration();
  /// The person looks at the middle of the screen now.
  Result<void> recentre();
  /// Marks this moment.
  Result<void> annotate(const std::string& label);

 private:
  class Impl;
  explicit RemoteClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
