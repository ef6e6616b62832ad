#include "app/recording/open_video_input.h"

#include <system_error>

namespace yarbus {

Result<VideoInput> open_video_input(const std::filesystem::path& file) {
  libav::silence();
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  if (failed) {
    return Error{ErrorCode::input_missing, "the video is not there", file.string(),
                 "Put it back where it was recorded; everything else of the session can be read without it"};
  }
  if (size == 0) {
    return Error{ErrorCode::input_empty, "the video is empty", file.string(),
                 "Everything else of the session can be read without it"};
  }
  VideoInput input;
  AVFormatContext* format = nullptr;
  const std::string url = "file:" + file.string();
  if (const int code = avformat_open_input(&format, url.c_str(), nullptr, nullptr); code < 0) {
    return Error{ErrorCode::input_unreadable, "it is no video that can be read: " + libav::text_of(code),
                 file.string(), "Everything else of the session can be read without it"};
  }
  input.format.reset(format);
  const int stream = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  const bool has_size = stream >= 0 && format->streams[stream]->codecpar->width > 0 &&
                        format->streams[stream]->codecpar->height > 0;
  if (!has_size) {
    return Error{ErrorCode::input_unreadable, "the file holds no video", file.string(),
                 "Everything else of the session can be read without it"};
  }
  input.stream = stream;
  return input;
}

}  // namespace yarbus
