#pragma once

#include "eyemodel/types/detection_stages.h"
#include "eyemodel/types/image.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus {

/// Runs the pupil detector over one image without a prior and notes what it looked at.
DetectionStages detection_stages(GrayView image, const PupilDetectorOptions& options);

}  // namespace yarbus
