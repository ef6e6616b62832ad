#include "app/recording/file_sink.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace yarbus {

FileSink::FileSink(std::filesystem::path path, int descriptor, std::function<void()> before_write,
                   std::function<bool()> make_room)
    : path_(std::move(path)),
      descriptor_(descriptor),
      before_write_(std::move(before_write)),
      make_room_(std::move(make_room)) {}

FileSink::FileSink(FileSink&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      before_write_(std::move(other.before_write_)),
      make_room_(std::move(other.make_room_)),
      position_(other.position_),
      size_(other.size_),
      error_number_(other.error_number_) {}

FileSink::~FileSink() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<FileSink> FileSink::create(const std::filesystem::path& file, std::function<void()> before_write,
                                  std::function<bool()> make_room) {
  const int descriptor = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return Error{ErrorCode::output_unwritable,
                 "cannot be made: " + std::generic_category().message(errno), file.string(),
                 "Choose a folder that you may write to and that holds no such file yet"};
  }
  return FileSink(file, descriptor, std::move(before_write), std::move(make_room));
}

bool FileSink::write(std::span<const std::uint8_t> bytes) {
  if (error_number_ != 0) return false;
  if (before_write_) before_write_();
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), position_);
    if (written < 0) {
      if (errno == EINTR) continue;
      const int failed = errno;
      if ((failed == ENOSPC || failed == EDQUOT) && make_room_ && make_room_()) continue;
      error_number_ = failed;
      return false;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    position_ += written;
    size_ = std::max(size_, position_);
  }
  return true;
}

bool FileSink::sync() {
  if (error_number_ != 0) return false;
  if (::fdatasync(descriptor_) == 0) return true;
  error_number_ = errno;
  return false;
}

Error FileSink::error() const {
  return {ErrorCode::output_unwritable,
          "cannot be written any more: " + std::generic_category().message(error_number_), path_.string(),
          "Make room on the disk, or record to another one"};
}

}  // namespace yarbus
