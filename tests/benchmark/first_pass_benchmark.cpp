// How far apart the frames may be that the first pass of an analysis reads: gaze against the truth and time,
// for each interval that is given. Prints; asserts nothing. usage: yarbus_first_pass_benchmark SESSION
// LABELLED [interval_s …] SESSION is a recording of the pictures of LABELLED (`yarbus track LABELLED/frames
// --record SESSION …`); an interval of 0 reads every frame.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <Eigen/Geometry>

#include "app/export/labelled_recording.h"
#include "app/session/track_file.h"

namespace {

using namespace yarbus;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Angles between the optical axes reported and true, of frames whose pupil is at least half visible.
class AgainstTruth final : public TrackSink {
 public:
  explicit AgainstTruth(const std::vector<FrameLabel>& labels) : labels_(labels) {}
  Result<void> begin(const SourceSnapshot&, const CameraIntrinsics&) override { return {}; }
  Result<void> on_sample(const GazeSample& sample, double) override {
    while (next_ < labels_.size() && labels_[next_].frame < sample.frame->sequence) ++next_;
    if (next_ == labels_.size() || labels_[next_].frame != sample.frame->sequence) return {};
    const FrameLabel& label = labels_[next_];
    if (!label.gaze_dir_in_cam || label.visible_fraction.value_or(1.0) < 0.5) return {};
    ++comparable_;
    if (!sample.pose) return {};
    const Eigen::Vector3d found = sample.pose->gaze_dir_in_cam().normalized();
    const Eigen::Vector3d truth = label.gaze_dir_in_cam->normalized();
    errors_deg_.push_back(std::atan2(found.cross(truth).norm(), found.dot(truth)) * 180.0 / M_PI);
    return {};
  }
  Result<void> on_label(const LabelledFrame&) override { return {}; }

  [[nodiscard]] std::size_t comparable() const { return comparable_; }
  [[nodiscard]] std::size_t compared() const { return errors_deg_.size(); }
  double quantile_deg(double share) {
    if (errors_deg_.empty()) return std::nan("");
    std::sort(errors_deg_.begin(), errors_deg_.end());
    return errors_deg_[static_cast<std::size_t>(share * static_cast<double>(errors_deg_.size() - 1))];
  }

 private:
  const std::vector<FrameLabel>& labels_;
  std::size_t next_ = 0;
  std::size_t comparable_ = 0;
  std::vector<double> errors_deg_;
};

int measure(const std::string& session, const LabelledRecording& truth, double interval_s) {
  TrackRequest request;
  request.source.location = session;
  request.source.kind = SourceRequest::Kind::recorded_session;
  request.two_pass = true;
  if (interval_s > 0.0) request.first_pass_interval_s = interval_s;
  AgainstTruth sink(truth.labels);
  const auto start = Clock::now();
  double first_read_s = 0.0;  // when the first pass had read its last frame
  double second_begun_s = 0.0;
  const TrackEnd end = track_file(request, sink,
                                  [&](const TrackProgress& progress) {
                                    if (progress.pass == 1) first_read_s = seconds_since(start);
                                    if (progress.pass == 2 && second_begun_s == 0.0)
                                      second_begun_s = seconds_since(start);
                                  },
                                  {});
  if (end.error) {
    std::fprintf(stderr, "%s\n", end.error->to_text().c_str());
    return 1;
  }
  const double all_s = seconds_since(start);
  const double recorded_s = static_cast<double>(end.summary.frames) / end.summary.source.nominal_rate_hz;
  std::printf("%8.2f %9zu %9zu %8.3f %8.3f %8.3f %8.2f %8.2f %8.2f %8.2f %8.1f\n", interval_s,
              sink.comparable(), sink.compared(), sink.quantile_deg(0.5), sink.quantile_deg(0.9),
              sink.quantile_deg(0.95), first_read_s, second_begun_s - first_read_s, all_s - second_begun_s,
              all_s, recorded_s / all_s);
  std::fflush(stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s SESSION LABELLED [interval_s ...]\n", argv[0]);
    return 2;
  }
  const auto truth = read_labelled_recording(argv[2]);
  if (!truth) {
    std::fprintf(stderr, "%s\n", truth.error().to_text().c_str());
    return 2;
  }
  std::printf(
      "         |      frames       |  gaze error, deg         |  seconds                          | times\n"
      "interval | half seen | posed |   p50      p90      p95 | reading  fitting   second     all | real\n");
  std::vector<double> intervals_s;
  for (int i = 3; i < argc; ++i) intervals_s.push_back(std::atof(argv[i]));
  if (intervals_s.empty()) intervals_s = {0.0, 0.15};
  for (const double interval_s : intervals_s)
    if (const int failed = measure(argv[1], *truth, interval_s); failed != 0) return failed;
  return 0;
}
