#pragma once

#include <functional>
#include <memory>
#include <span>

#include <opencv2/core.hpp>

#include "tracker/capture/back_off.h"
#include "tracker/capture/frame_maker.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// A connection to a camera or stream that gives images until it breaks.
class LiveConnection {
 public:
  virtual ~LiveConnection() = default;
  /// The next image and when it came. nullptr after a stop; an Error when the connection is gone.
  virtual Result<const cv::Mat*> next(std::stop_token stop, CaptureTime& captured_at) = 0;
  /// The JPEG that the last image was decoded from, as it came, until the next call of next(); empty: there
  /// is none.
  [[nodiscard]] virtual std::span<const std::uint8_t> jpeg() const { return {}; }
  /// Images lost inside the connection since it was made.
  [[nodiscard]] virtual std::uint64_t lost_images() const = 0;
};

/// Opens a connection; called again after each loss.
using ConnectionOpener = std::function<Result<std::unique_ptr<LiveConnection>>(std::stop_token)>;

/// The one mechanism by which cameras and streams come back: on a loss it tells the listener, waits with
/// back-off, opens again, and goes on with the next sequence number. An image known to be lost takes a
/// number, too. Gives up with the last error after max_reconnect_attempts. A changed frame size ends it.
class ReconnectingSource final : public FrameSource {
 public:
  ReconnectingSource(const SourceOptions& options, SourceInfo info, ConnectionOpener open,
                     BackOff back_off = BackOff());

  /// Makes the first connection and reads one image for the size. The first failure is final: the user is
  /// waiting for an answer.
  Result<void> connect(std::stop_token stop = {});

  const SourceInfo& info() const override { return info_; }
  Result<FramePtr> next(std::stop_token stop) override;
  Result<void> seek(std::uint64_t) override;
  std::uint64_t dropped_frames() const override;
  void set_status_listener(std::function<void(const SourceStatus&)> listener) override {
    listener_ = std::move(listener);
  }

 private:
  /// Opens until it succeeds; false after a stop or the last attempt. An opening that then gives no image
  /// counts as an attempt that failed.
  bool reconnect(const std::stop_token& stop);
  /// Gives each image that the connection lost meanwhile its number.
  void number_lost_images();

  SourceOptions options_;
  SourceInfo info_;
  ConnectionOpener open_;
  BackOff back_off_;
  FrameMaker maker_;
  std::unique_ptr<LiveConnection> connection_;  ///< nullptr while it is lost
  Error loss_;                                  ///< why it was lost, or did not come back
  std::function<void(const SourceStatus&)> listener_;
  std::uint64_t next_sequence_ = 0;
  std::uint64_t numbered_losses_ = 0;  ///< of this connection: already in next_sequence_
  std::uint64_t dropped_ = 0;          ///< by the pool, and by connections that are gone
};

}  // namespace yarbus
