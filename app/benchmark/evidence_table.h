#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/export/labelled_recording.h"
#include "app/export/output_file.h"
#include "eyemodel/types/image.h"
#include "tracker/pupil/pupil_detection_trace.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::benchmark {

/// Writes what the detector saw of every outline it considered, and how far that is from the true pupil: what
/// tracker/pupil/training/fit_confidence.py reads. One row for each outline of each frame, searched without a
/// prior; columns set, frame, height (of the image, px), visible (share; nan: not known), closed, refined
/// (judged at full resolution), center_px, hausdorff_px, then the pieces of evidence. *Closed* is a frame of
/// a blink, or with less than 5 % of the pupil visible: both distances are then 99, as no outline there is
/// right. Threads: one owner.
class EvidenceTable {
 public:
  /// Errors: output_unwritable.
  static Result<EvidenceTable> create(const std::filesystem::path& path, const PupilDetectorOptions& options);

  /// A frame of the recording `set`. Without a truth for an open eye it gives no rows.
  void add(const std::string& set, GrayView image, const FrameLabel& label);
  /// A frame that shows no pupil.
  void add_without_pupil(const std::string& set, GrayView image, std::uint64_t frame);

  /// Ends the file; an incomplete one gets a name that says so. Returns its path. Errors: output_unwritable.
  Result<std::filesystem::path> close(bool is_complete);

 private:
  EvidenceTable(OutputFile file, const PupilDetectorOptions& options);
  /// `truth` is null where every outline is wrong.
  void add_rows(const std::string& set, GrayView image, std::uint64_t frame, double visible,
                const Ellipse* truth);

  OutputFile file_;
  std::ofstream stream_;
  PupilDetector detector_;
  PupilDetectionTrace trace_;
  std::string row_;
};

}  // namespace yarbus::benchmark
