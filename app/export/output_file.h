#pragma once

#include <filesystem>

#include "eyemodel/types/result.h"

namespace yarbus {

/// A file that gets its name only when it is whole. While being written it is "<path>.part"; after `commit`
/// it is <path>; after `keep_partial` it is "<stem>.partial<extension>"; if neither was called it is removed.
class OutputFile {
 public:
  /// Checks that the folder exists and can be written, by making the ".part" file. Errors: output_unwritable.
  static Result<OutputFile> create(const std::filesystem::path& path);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Where to write until commit.
  [[nodiscard]] const std::filesystem::path& part_path() const { return part_path_; }
  /// Both return the path the file now has.
  Result<std::filesystem::path> commit();
  Result<std::filesystem::path> keep_partial();

 private:
  explicit OutputFile(std::filesystem::path path);
  Result<std::filesystem::path> rename_to(const std::filesystem::path& target);
  std::filesystem::path path_;
  std::filesystem::path part_path_;  ///< empty once renamed or moved from
};

/// The Error for a file that cannot be written: full disk, missing folder, no permission.
Error unwritable(const std::filesystem::path& path, const std::string& reason);

}  // namespace yarbus
