#include "tracker/capture/image_folder_source.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <utility>

#include <opencv2/imgcodecs.hpp>

#include "tracker/capture/frame_maker.h"

namespace yarbus {
namespace {

namespace fs = std::filesystem;

bool is_image(const fs::path& path) {
  static const std::set<std::string> extensions{".png", ".jpg",  ".jpeg", ".bmp",
                                                ".tif", ".tiff", ".pgm",  ".webp"};
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return extensions.contains(extension);
}

Result<std::vector<fs::path>> list_images(const fs::path& folder) {
  std::vector<fs::path> images;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code unresolved;  // a link in a circle is no file
    if (entry->is_regular_file(unresolved) && is_image(entry->path())) images.push_back(entry->path());
  }
  if (failed == std::errc::no_such_file_or_directory || failed == std::errc::not_a_directory)
    return Error{ErrorCode::input_missing, "there is no such folder", folder.string(), "Check the name"};
  if (failed) {
    return Error{ErrorCode::permission_denied, "the folder cannot be read: " + failed.message(),
                 folder.string(), "Change its permissions"};
  }
  if (images.empty() && fs::is_directory(folder / "frames", failed)) return list_images(folder / "frames");
  std::sort(images.begin(), images.end(), [](const fs::path& a, const fs::path& b) {
    return natural_less(a.filename().string(), b.filename().string());
  });
  return images;
}

class ImageFolderSource final : public FrameSource {
 public:
  explicit ImageFolderSource(const SourceOptions& options) : options_(options), maker_(options) {}

  Result<void> open() {
    auto images = list_images(options_.location);
    if (!images) return images.error();
    images_ = std::move(*images);
    if (images_.empty()) {
      return Error{ErrorCode::input_empty, "the folder has no images", options_.location,
                   "Put PNG, JPEG, BMP, TIFF, PGM or WebP files in it"};
    }
    const auto read = read_image(0);
    if (!read) return read.error();
    info_.kind = SourceKind::image_folder;
    const fs::path path = fs::path(options_.location).lexically_normal();
    info_.name = (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
    info_.location = options_.location;
    info_.nominal_rate_hz = options_.folder_rate_hz;
    info_.frame_count = images_.size();
    info_.is_seekable = true;
    return maker_.fix_size(image_, images_[0].string(), info_);
  }

  const SourceInfo& info() const override { return info_; }

  Result<FramePtr> next(std::stop_token stop) override {
    if (next_index_ >= images_.size()) return FramePtr{};
    if (const auto read = read_image(next_index_); !read) return read.error();
    if (const auto same = maker_.same_size(image_, images_[next_index_].string()); !same) return same.error();
    const auto time =
        CaptureTime(std::llround(1e9 * static_cast<double>(next_index_) / options_.folder_rate_hz));
    FramePtr frame = maker_.make_waiting(image_, next_index_, time, stop);
    if (frame != nullptr) ++next_index_;
    return frame;
  }

  Result<void> seek(std::uint64_t index) override {
    next_index_ = std::min<std::uint64_t>(index, images_.size() - 1);
    return {};
  }

 private:
  Result<void> read_image(std::size_t index) {
    const std::string path = images_[index].string();
    try {
      image_ = cv::imread(path, cv::IMREAD_UNCHANGED);
    } catch (const cv::Exception&) {  // OpenCV throws for images beyond its own limits
      image_.release();
    }
    const bool is_known_depth = image_.depth() == CV_8U || image_.depth() == CV_16U;
    const bool is_known_layout = image_.channels() == 1 || image_.channels() == 3 || image_.channels() == 4;
    if (image_.empty()) {
      return Error{ErrorCode::input_unreadable, "the image cannot be read", path,
                   "Remove it from the folder or save it again"};
    }
    if (!is_known_depth || !is_known_layout) {
      return Error{ErrorCode::unsupported_format, "the image is neither 8- nor 16-bit gray or colour", path,
                   "Save it as 8-bit PNG"};
    }
    return {};
  }

  SourceOptions options_;
  FrameMaker maker_;
  SourceInfo info_;
  std::vector<fs::path> images_;
  std::size_t next_index_ = 0;
  cv::Mat image_;
};

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (!is_digit(a[i]) || !is_digit(b[j])) {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
      continue;
    }
    const auto number = [&](std::string_view text, std::size_t& at) {
      while (at + 1 < text.size() && text[at] == '0' && is_digit(text[at + 1])) ++at;
      const std::size_t start = at;
      while (at < text.size() && is_digit(text[at])) ++at;
      return text.substr(start, at - start);
    };
    const auto left = number(a, i);
    const auto right = number(b, j);
    if (left.size() != right.size()) return left.size() < right.size();
    if (left != right) return left < right;
  }
  if (a.size() - i != b.size() - j) return a.size() - i < b.size() - j;
  return a < b;  // equal but for leading zeros
}

Result<std::unique_ptr<FrameSource>> open_image_folder(const SourceOptions& options) {
  auto source = std::make_unique<ImageFolderSource>(options);
  if (const auto opened = source->open(); !opened) return opened.error();
  return std::unique_ptr<FrameSource>(std::move(source));
}

}  // namespace yarbus
