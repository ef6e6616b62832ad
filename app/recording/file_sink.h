#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "eyemodel/types/result.h"

namespace yarbus {

/// How the disk is asked, and where a test may stand in for it. Called on the recorder's thread.
struct DiskHooks {
  /// Bytes free where that folder is; unset: the file system's own word.
  std::function<std::uintmax_t(const std::filesystem::path& folder)> free_bytes;
  /// Before anything is written; it may take its time.
  std::function<void()> before_write;
};

/// A file that is written, with its own buffers nowhere: what write() took, a killed process leaves behind.
/// A write that fails for want of room is tried once more after `make_room`, if that frees something.
/// Threads: one owner.
class FileSink {
 public:
  /// Errors: output_unwritable (it exists already, or cannot be made).
  static Result<FileSink> create(const std::filesystem::path& file, std::function<void()> before_write,
                                 std::function<bool()> make_room);
  ~FileSink();
  FileSink(FileSink&& other) noexcept;
  FileSink& operator=(FileSink&&) = delete;
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  /// At the position, which moves on. False: error() says why, and for ever after.
  bool write(std::span<const std::uint8_t> bytes);
  void seek(std::int64_t position) { position_ = position; }
  [[nodiscard]] std::int64_t position() const { return position_; }
  [[nodiscard]] std::int64_t size() const { return size_; }
  /// Until all of it is on the disk.
  bool sync();
  /// The system's number of the first failure; 0: none.
  [[nodiscard]] int error_number() const { return error_number_; }
  [[nodiscard]] Error error() const;

 private:
  FileSink(std::filesystem::path path, int descriptor, std::function<void()> before_write,
           std::function<bool()> make_room);

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::function<void()> before_write_;
  std::function<bool()> make_room_;
  std::int64_t position_ = 0;
  std::int64_t size_ = 0;
  int error_number_ = 0;
};

}  // namespace yarbus
