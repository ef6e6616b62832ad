#include "app/benchmark/dataset.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>
#include <utility>

#include "eyemodel/simulation/face/face_setup.h"
#include "eyemodel/simulation/face/simulated_face.h"
#include "eyemodel/simulation/scenario.h"
#include "eyemodel/simulation/simulated_eye.h"
#include "tracker/capture/frame_source.h"

namespace yarbus::benchmark {
namespace {

constexpr const char* paper = "paper";
constexpr const char* paper_without_cornea = "paper-no-cornea";

/// Subjects a scenario, by default: enough of them where the table is about people, a pair elsewhere.
constexpr int paper_subjects = 5;
constexpr int other_subjects = 2;
constexpr int quick_paper_subjects = 2;
constexpr int quick_other_subjects = 1;
constexpr std::uint64_t quick_frames = 60;

}  // namespace

class Dataset::Origin {
 public:
  virtual ~Origin() = default;
  virtual Result<LabelledImage> next(std::stop_token stop) = 0;

  std::string name;
  std::string group;
  CameraIntrinsics intrinsics;
  double rate_hz = 30.0;
  std::optional<ScreenGeometry> screen;
  std::optional<std::uint64_t> frame_count;
  std::vector<FrameLabel> waiting;  ///< ascending frame
};

namespace {

class RecordingOrigin final : public Dataset::Origin {
 public:
  RecordingOrigin(LabelledRecording recording, std::unique_ptr<FrameSource> source,
                  std::optional<std::uint64_t> max_frames)
      : source_(std::move(source)), max_frames_(max_frames) {
    name = recording.name;
    group = recording.name;
    intrinsics = recording.intrinsics;
    rate_hz = recording.rate_hz;
    if (recording.screen) screen = recording.screen->geometry;
    frame_count = source_->info().frame_count;
    if (max_frames && (!frame_count || *max_frames < *frame_count)) frame_count = max_frames;
    waiting = std::move(recording.labels);
    if (max_frames)
      std::erase_if(waiting, [&](const FrameLabel& label) { return label.frame >= *max_frames; });
  }

  Result<LabelledImage> next(std::stop_token stop) override {
    if (max_frames_ && given_ >= *max_frames_) return LabelledImage{};
    auto frame = source_->next(std::move(stop));
    if (!frame) return frame.error();
    if (*frame == nullptr) return LabelledImage{};
    ++given_;
    LabelledImage image;
    image.frame = std::move(*frame);
    const auto found = std::find_if(waiting.begin(), waiting.end(), [&](const FrameLabel& label) {
      return label.frame == image.frame->sequence;
    });
    if (found != waiting.end()) {
      image.label.emplace(std::move(*found));
      waiting.erase(found);
    }
    return image;
  }

 private:
  std::unique_ptr<FrameSource> source_;
  std::optional<std::uint64_t> max_frames_;
  std::uint64_t given_ = 0;
};

class ScenarioOrigin final : public Dataset::Origin {
 public:
  ScenarioOrigin(const std::string& scenario, std::uint64_t seed, std::uint64_t frames,
                 simulation::SimulatedEye eye)
      : eye_(std::move(eye)) {
    name = scenario + ", seed " + std::to_string(seed);
    group = scenario;
    intrinsics = eye_.camera();
    rate_hz = eye_.rate_hz();
    frame_count = frames;
  }

  Result<LabelledImage> next(std::stop_token stop) override {
    if (index_ >= *frame_count || stop.stop_requested()) return LabelledImage{};
    auto frame = std::make_shared<Frame>();
    SimulatedTruth truth;
    eye_.render(index_, frame->gray, truth);
    frame->sequence = index_;
    frame->captured_at = std::chrono::nanoseconds(std::llround(static_cast<double>(index_) / rate_hz * 1e9));
    Result<LabelledImage> image(LabelledImage{std::move(frame), std::nullopt});
    image->label = label_from(index_, truth);
    ++index_;
    return image;
  }

 private:
  simulation::SimulatedEye eye_;
  std::uint64_t index_ = 0;
};

class FaceOrigin final : public Dataset::Origin {
 public:
  FaceOrigin(const simulation::FaceSimulationOptions& options, std::uint64_t frames,
             simulation::SimulatedFace face)
      : face_(std::move(face)) {
    name = options.scenario + ", seed " + std::to_string(options.seed);
    group = options.scenario;
    intrinsics = face_.camera();
    rate_hz = face_.rate_hz();
    screen = face_.screen();
    frame_count = frames;
  }

  Result<LabelledImage> next(std::stop_token stop) override {
    if (index_ >= *frame_count || stop.stop_requested()) return LabelledImage{};
    auto frame = std::make_shared<Frame>();
    face_.render(index_, frame->gray, frame->face_truth.emplace());
    frame->sequence = index_;
    frame->captured_at = std::chrono::nanoseconds(std::llround(static_cast<double>(index_) / rate_hz * 1e9));
    const FrameLabel label = label_from(index_, *frame->face_truth, *screen);
    ++index_;
    return LabelledImage{std::move(frame), label};
  }

 private:
  simulation::SimulatedFace face_;
  std::uint64_t index_ = 0;
};

bool is_paper(std::string_view scenario) { return scenario == paper || scenario == paper_without_cornea; }

int default_subjects(const std::string& scenario, bool is_quick) {
  if (is_quick) return is_paper(scenario) ? quick_paper_subjects : quick_other_subjects;
  return is_paper(scenario) ? paper_subjects : other_subjects;
}

std::uint64_t default_frames(const std::string& scenario, bool is_quick) {
  if (is_quick) return quick_frames;
  const auto* face = simulation::find_face_scenario(scenario);
  const auto* info = face != nullptr ? face : simulation::find_scenario(scenario);
  return info != nullptr ? static_cast<std::uint64_t>(info->default_frames) : 100;
}

}  // namespace

Dataset::Dataset(std::unique_ptr<Origin> origin) : origin_(std::move(origin)) {}
Dataset::~Dataset() = default;
Dataset::Dataset(Dataset&&) noexcept = default;
Dataset& Dataset::operator=(Dataset&&) noexcept = default;

Result<Dataset> Dataset::open_recording(const std::filesystem::path& folder,
                                        std::optional<std::uint64_t> max_frames) {
  auto recording = read_labelled_recording(folder);
  if (!recording) return recording.error();
  SourceOptions options;
  options.location = recording->images.string();
  options.folder_rate_hz = recording->rate_hz;
  auto source = open_frame_source(options);
  if (!source) return source.error();
  const SourceInfo& info = (*source)->info();
  const CameraIntrinsics& camera = recording->intrinsics;
  if (info.width_px != camera.width_px || info.height_px != camera.height_px) {
    return Error{ErrorCode::invalid_option,
                 "meta.json is for " + std::to_string(camera.width_px) + 'x' +
                     std::to_string(camera.height_px) + " images, but they have " +
                     std::to_string(info.width_px) + 'x' + std::to_string(info.height_px),
                 folder.string(), "Correct width and height (and fx, fy, cx, cy) under K"};
  }
  return Dataset(std::make_unique<RecordingOrigin>(std::move(*recording), std::move(*source), max_frames));
}

Result<Dataset> Dataset::open_scenario(const std::string& scenario, std::uint64_t seed, std::uint64_t frames,
                                       const std::optional<std::pair<int, int>>& face_size_px) {
  if (simulation::names_face(scenario)) {
    simulation::FaceSimulationOptions options;
    options.scenario = scenario;
    options.seed = seed;
    if (face_size_px) std::tie(options.width_px, options.height_px) = *face_size_px;
    auto face = simulation::SimulatedFace::create(options);
    if (!face) return face.error();
    return Dataset(std::make_unique<FaceOrigin>(options, frames, std::move(*face)));
  }
  auto eye = simulation::SimulatedEye::create(scenario, seed);
  if (!eye) return eye.error();
  return Dataset(std::make_unique<ScenarioOrigin>(scenario, seed, frames, std::move(*eye)));
}

const std::string& Dataset::name() const { return origin_->name; }
const std::string& Dataset::group() const { return origin_->group; }
const CameraIntrinsics& Dataset::intrinsics() const { return origin_->intrinsics; }
void Dataset::forget_lights() { origin_->intrinsics.leds_in_cam_mm.clear(); }
double Dataset::rate_hz() const { return origin_->rate_hz; }
std::optional<ScreenGeometry> Dataset::screen() const { return origin_->screen; }
std::optional<std::uint64_t> Dataset::frame_count() const { return origin_->frame_count; }
std::vector<FrameLabel> Dataset::labels_without_frame() const { return origin_->waiting; }
Result<LabelledImage> Dataset::next(std::stop_token stop) { return origin_->next(std::move(stop)); }

std::optional<Error> missing_frames(const Dataset& dataset, std::uint64_t frames, std::size_t labels) {
  if (frames > 0 && labels > dataset.labels_without_frame().size()) return std::nullopt;
  return Error{ErrorCode::input_empty,
               frames == 0 ? "the recording has no frames" : "no frame has a row in gt.csv", dataset.name(),
               "Check that gt.csv's frame numbers are those of the images, counted from 0"};
}

std::vector<std::string> scenarios_of_people() {
  std::vector<std::string> names;
  for (const auto& info : simulation::scenarios()) {
    if (!is_paper(info.name)) names.emplace_back(info.name);
  }
  return names;
}

std::vector<std::string> expanded_scenarios(std::span<const std::string> names) {
  std::vector<std::string> expanded;
  const auto add = [&](const std::string& name) {
    if (std::find(expanded.begin(), expanded.end(), name) == expanded.end()) expanded.push_back(name);
  };
  for (const std::string& name : names) {
    if (name == paper) add(paper_without_cornea);
    add(name);
  }
  return expanded;
}

Result<std::vector<Dataset>> open_datasets(const DatasetChoice& choice) {
  std::vector<Dataset> datasets;
  for (const std::string& folder : choice.folders) {
    auto frames = choice.frames;
    if (choice.is_quick && !frames) frames = quick_frames;
    auto dataset = Dataset::open_recording(folder, frames);
    if (!dataset) return dataset.error();
    const bool is_taken = std::any_of(datasets.begin(), datasets.end(),
                                      [&](const Dataset& other) { return other.name() == dataset->name(); });
    if (is_taken) {
      return Error{ErrorCode::invalid_option, "two recordings have the name \"" + dataset->name() + '"',
                   folder,
                   "Give each recording once, and rename a folder if two different ones share a name"};
    }
    datasets.push_back(std::move(*dataset));
  }
  std::vector<std::string> scenarios = choice.scenarios;
  if (scenarios.empty() && choice.folders.empty()) {
    for (const auto& info : simulation::scenarios()) scenarios.emplace_back(info.name);
  }
  for (const std::string& scenario : expanded_scenarios(scenarios)) {
    const int subjects = choice.subjects.value_or(default_subjects(scenario, choice.is_quick));
    const std::uint64_t frames = choice.frames.value_or(default_frames(scenario, choice.is_quick));
    for (int i = 0; i < subjects; ++i) {
      auto dataset = Dataset::open_scenario(scenario, choice.first_seed + static_cast<std::uint64_t>(i),
                                            frames, choice.face_size_px);
      if (!dataset) return dataset.error();
      datasets.push_back(std::move(*dataset));
    }
  }
  if (!choice.knows_lights) {
    for (Dataset& dataset : datasets) dataset.forget_lights();
  }
  return datasets;
}

}  // namespace yarbus::benchmark
