#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/session/session.h"
#include "eyemodel/types/image.h"

namespace yarbus {

/// A part of a picture, in shares of its width and height; (0,0) is the top left corner.
/// 0 <= left < right <= 1, 0 <= top < bottom <= 1; the whole picture at first.
struct PictureArea {
  double left = 0.0;
  double top = 0.0;
  double right = 1.0;
  double bottom = 1.0;
  friend bool operator==(const PictureArea&, const PictureArea&) = default;
};

enum class ExposureVerdict : std::uint8_t { good, too_dark, overexposed };

/// How well a picture is focused and exposed, within the area asked for.
struct PictureQuality {
  /// False: nearly one gray, so there is nothing to judge the focus by.
  bool has_contrast = false;
  /// Rises with focus, without unit: the variance of the Laplacian over the variance of the gray levels, both
  /// of the lightly smoothed picture. Brightness and contrast cancel; only values of one scene compare. 0
  /// without contrast.
  double sharpness = 0.0;
  static constexpr std::size_t bins = 64;
  std::array<float, bins> histogram{};  ///< shares of the pixels; bin i holds gray levels 4 i .. 4 i + 3
  double black_share = 0.0;             ///< of the pixels, gray 0 .. 11
  double white_share = 0.0;             ///< gray 250 .. 255
  double mean_gray = 0.0;               ///< 0 .. 255
  ExposureVerdict exposure = ExposureVerdict::good;
};

/// A source that is looked at before it is opened, and the area where focus and exposure are judged.
struct PreviewWish {
  SourceRequest source;  ///< a camera, stream or simulated eye or face, turned as it says
  PictureArea area;      ///< of the turned picture
};

/// What is seen of one of them.
struct CameraPreview {
  enum class State : std::uint8_t {
    opening,
    running,
    open_as_source,  ///< the picture is that of the source that is open: it is not opened twice
    failed           ///< tried again by itself
  } state = State::opening;
  SourceRequest source;              ///< as it was wished for
  EyeSide open_as = EyeSide::right;  ///< which eye's source, of `open_as_source`
  std::string text;                  ///< of `failed`: why
  std::string remedy;                ///< of `failed`: what to do
  std::shared_ptr<const GrayImage>
      picture;                 ///< the newest; null before the first. Holds a frame: let it go soon
  std::uint64_t pictures = 0;  ///< so far
  PictureQuality quality;      ///< of `picture`
  double sharpness = 0.0;      ///< the median of the last pictures' that had contrast; 0 before
  double sharpest = 0.0;       ///< the largest of those since the start, or forget_sharpest()
};

/// Looking at cameras before one of them is opened: a few pictures a second of each, judged for focus and
/// exposure. What is opened as a source goes first: its preview lets go of the camera and shows the source's
/// own pictures. Commands return at once. Threads: as Session.
class CameraPreviewControl {
 public:
  virtual ~CameraPreviewControl() = default;

  /// Looks at these and no others from now on; those that were looked at already go on. None: all are closed.
  /// Files, folders and recorded sessions are left out.
  virtual void watch(const std::vector<PreviewWish>& wishes) = 0;
  /// The sharpest so far is sought anew: another lens position, another scene.
  virtual void forget_sharpest() = 0;
  /// In the order of the wishes that are carried out.
  [[nodiscard]] virtual std::vector<CameraPreview> previews() const = 0;
};

}  // namespace yarbus
