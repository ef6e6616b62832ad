#pragma once

#include <QString>

#include "app/session/camera_preview_control.h"

namespace yarbus::ui {

/// What a preview says in words. Pure.

/// "Opening…", why it failed and what to do, "Open as the right eye's source"; empty while it simply runs.
QString preview_state_text(const CameraPreview& preview);

/// "As sharp as it has been", "62 % of the sharpest so far: turn the lens back", "too little contrast…".
QString focus_text(const CameraPreview& preview);
/// Sharpness as a share of the sharpest so far, 0 .. 100.
int focus_percent(const CameraPreview& preview);

/// "Good: 0.1 % white, 12 % black", "Too dark: …", "Overexposed: …".
QString exposure_text(const PictureQuality& quality);

}  // namespace yarbus::ui
