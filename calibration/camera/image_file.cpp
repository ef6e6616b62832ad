#include "calibration/camera/image_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include <opencv2/imgcodecs.hpp>

namespace yarbus {

namespace fs = std::filesystem;

bool is_picture_name(const fs::path& path) {
  constexpr std::array<const char*, 8> endings{".png", ".jpg",  ".jpeg", ".bmp",
                                               ".tif", ".tiff", ".pgm",  ".webp"};
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

Result<GrayImage> read_gray_image(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    return Error{ErrorCode::input_missing, "the picture does not exist", path.string(), "Check the name"};
  cv::Mat pixels;
  try {
    pixels = cv::imread(path.string(), cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION);
  } catch (const cv::Exception&) {  // a picture of impossible size
    pixels.release();
  }
  if (pixels.empty())
    return Error{ErrorCode::input_unreadable, "the picture cannot be read", path.string(),
                 "Give PNG, JPEG, BMP, TIFF, PGM or WebP files"};
  constexpr int largest_px = 16384;
  if (std::min(pixels.cols, pixels.rows) < 32 || std::max(pixels.cols, pixels.rows) > largest_px)
    return Error{ErrorCode::unsupported_format,
                 "the picture has " + std::to_string(pixels.cols) + "x" + std::to_string(pixels.rows) + " px",
                 path.string(), "Give pictures of 32 to 16384 px"};
  GrayImage image(pixels.cols, pixels.rows);
  for (int y = 0; y < pixels.rows; ++y) std::copy_n(pixels.ptr(y), pixels.cols, image.row(y));
  return image;
}

Result<std::vector<fs::path>> pictures_in(const fs::path& folder) {
  std::vector<fs::path> pictures;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code unresolved;
    if (entry->is_regular_file(unresolved) && is_picture_name(entry->path()))
      pictures.push_back(entry->path());
  }
  if (failed == std::errc::no_such_file_or_directory)
    return Error{ErrorCode::input_missing, "there is no such folder", folder.string(), "Check the name"};
  if (failed)
    return Error{ErrorCode::permission_denied, "the folder cannot be read: " + failed.message(),
                 folder.string(), "Change its permissions"};
  if (pictures.empty())
    return Error{ErrorCode::input_empty, "the folder has no pictures", folder.string(),
                 "Put PNG, JPEG, BMP, TIFF, PGM or WebP files in it"};
  std::sort(pictures.begin(), pictures.end());
  return pictures;
}

}  // namespace yarbus
