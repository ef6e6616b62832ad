#include "app/session/model_fitter.h"

#include "eyemodel/online/smooth_recording.h"
#include "eyemodel/types/check.h"

namespace yarbus {

FitOutcome ModelFitter::run(const FitJob& job, const std::stop_token& stop) {
  FitOutcome outcome;
  switch (job.kind) {
    case FitJob::Kind::fit:
      outcome = fit_eye_model(job.frames, job.intrinsics, job.options, stop);
      break;
    case FitJob::Kind::smooth:
      YARBUS_CHECK(!job.options.refraction_by_contrast);  // it would be ignored
      outcome =
          smooth_recording(job.frames, job.intrinsics, job.options, job.online_options, job.known, stop);
      break;
    case FitJob::Kind::assimilate:
      if (!online_ || online_model_ != job.online_model) {
        online_.emplace(job.online_options, job.intrinsics);
        online_model_ = job.online_model;
        if (job.known.model) online_->begin_with(*job.known.model, job.known.uses_place);
      }
      outcome = online_->assimilate(job.frames);
      break;
  }
  outcome.base_version = job.base_version;
  return outcome;
}

}  // namespace yarbus
