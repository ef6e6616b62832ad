#include "tracker/face/face_finder.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <utility>

#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/opencv/cv_image.h>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

namespace yarbus {
namespace {

constexpr const char* cascade_path = "/usr/share/opencv4/haarcascades/haarcascade_frontalface_alt2.xml";
/// dlib's window is 80 px wide; an image is searched no smaller than this, or a whole face would not fit in
/// it.
constexpr int least_search_width_px = 160;
constexpr int fine_every = 4;
constexpr int least_side_px = 16;
constexpr int cascade_width_px = 320;
constexpr double cascade_step = 1.1;
constexpr int cascade_neighbours = 3;
constexpr int cascade_least_face_px = 24;

FaceBox box_of(double left, double top, double width, double height, double scale, double score) {
  FaceBox box;
  box.center_px = {(left + 0.5 * width) / scale - 0.5, (top + 0.5 * height) / scale - 0.5};
  box.size_px = 0.5 * (width + height) / scale;
  box.score = score;
  return box;
}

}  // namespace

std::span<const OptionField<FaceFinderOptions>> FaceFinderOptions::fields() {
  using O = FaceFinderOptions;
  static constexpr std::array<OptionField<O>, 3> table{{
      {"search_width_px", &O::search_width_px, 160, 1920, "wider images are reduced to this for the search"},
      {"least_score", &O::least_score, -1.0, 5.0, "of a face"},
      {"dark_gray", &O::dark_gray, 0.0, 255.0, "images darker than this are searched by the cascade, too"},
  }};
  return table;
}

Result<void> FaceFinderOptions::validate() const { return validate_options(*this, fields(), "face finder"); }

struct FaceFinder::Engines {
  FaceFinderOptions options;
  dlib::frontal_face_detector gradients = dlib::get_frontal_face_detector();
  cv::CascadeClassifier cascade;
  cv::Mat reduced;
  std::vector<std::pair<double, dlib::rectangle>> found;
  int fruitless = 0;  ///< searches in a row that found none

  /// Reduces (or, for a tiny image, enlarges) to `width_px`; returns the scale.
  double reduce(const cv::Mat& image, int width_px) {
    const double scale = static_cast<double>(width_px) / image.cols;
    const int height_px = std::max(1, static_cast<int>(image.rows * scale + 0.5));
    cv::resize(image, reduced, {width_px, height_px}, 0.0, 0.0,
               scale < 1.0 ? cv::INTER_AREA : cv::INTER_LINEAR);
    return scale;
  }

  void search_gradients(const cv::Mat& image, int width_px, std::vector<FaceBox>& boxes) {
    const double scale = reduce(image, width_px);
    const dlib::cv_image<unsigned char> pixels(reduced);
    found.clear();
    gradients(pixels, found, options.least_score);
    for (const auto& [score, at] : found) {
      boxes.push_back(box_of(static_cast<double>(at.left()), static_cast<double>(at.top()),
                             static_cast<double>(at.width()), static_cast<double>(at.height()), scale,
                             score));
    }
  }

  void search_cascade(const cv::Mat& image, std::vector<FaceBox>& boxes) {
    const double scale = reduce(image, std::min(image.cols, cascade_width_px));
    cv::equalizeHist(reduced, reduced);
    std::vector<cv::Rect> faces;
    std::vector<int> levels;
    std::vector<double> weights;
    cascade.detectMultiScale(reduced, faces, levels, weights, cascade_step, cascade_neighbours, 0,
                             {cascade_least_face_px, cascade_least_face_px}, {}, true);
    for (std::size_t i = 0; i < faces.size(); ++i)
      boxes.push_back(box_of(faces[i].x, faces[i].y, faces[i].width, faces[i].height, scale, weights[i]));
  }
};

FaceFinder::FaceFinder(std::unique_ptr<Engines> engines) : engines_(std::move(engines)) {}
FaceFinder::~FaceFinder() = default;
FaceFinder::FaceFinder(FaceFinder&&) noexcept = default;
FaceFinder& FaceFinder::operator=(FaceFinder&&) noexcept = default;

Result<FaceFinder> FaceFinder::create(const FaceFinderOptions& options) {
  if (const auto valid = options.validate(); !valid) return valid.error();
  auto engines = std::make_unique<Engines>();
  engines->options = options;
  if (!std::filesystem::exists(cascade_path) || !engines->cascade.load(cascade_path))
    return Error{ErrorCode::input_missing, "the cascade of faces is not installed", cascade_path,
                 "Install the package opencv-data"};
  return FaceFinder(std::move(engines));
}

std::vector<FaceBox> FaceFinder::find(const GrayView& view) {
  std::vector<FaceBox> boxes;
  if (view.empty() || view.width_px < least_side_px || view.height_px < least_side_px) return boxes;
  const cv::Mat image(view.height_px, view.width_px, CV_8UC1, const_cast<std::uint8_t*>(view.data),
                      static_cast<std::size_t>(view.stride_bytes));
  const int widest_px = engines_->options.search_width_px;
  engines_->search_gradients(image, std::clamp(image.cols, least_search_width_px, widest_px), boxes);
  // A face far away, or in a tiny image: that takes four times as long, so not every time.
  if (boxes.empty() && engines_->fruitless++ % fine_every == 0)
    engines_->search_gradients(image, std::min(4 * image.cols, 2 * widest_px), boxes);
  if (!boxes.empty()) engines_->fruitless = 0;
  if (boxes.empty() && cv::mean(image)[0] < engines_->options.dark_gray)
    engines_->search_cascade(image, boxes);
  std::sort(boxes.begin(), boxes.end(), [](const FaceBox& a, const FaceBox& b) { return a.score > b.score; });
  return boxes;
}

}  // namespace yarbus
