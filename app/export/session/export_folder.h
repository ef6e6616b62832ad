#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "eyemodel/types/result.h"

namespace yarbus {

/// A folder that gets its name only when it is whole: until commit() it is "<path>.part", and goes away with
/// the object.
class ExportFolder {
 public:
  /// Errors: output_unwritable. A folder that exists must be empty; what an earlier export left as ".part" is
  /// removed.
  static Result<ExportFolder> create(const std::filesystem::path& path);
  ~ExportFolder();
  ExportFolder(ExportFolder&& other) noexcept;
  ExportFolder& operator=(ExportFolder&&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Where the file of that name is now; makes the folders above it. Names use '/'. Errors:
  /// output_unwritable.
  Result<std::filesystem::path> place_for(const std::string& name);
  /// Writes a whole file. Errors: output_unwritable.
  Result<void> write(const std::string& name, const std::string& text);
  /// Gives the folder its name. Returns the files in it, relative, sorted. Errors: output_unwritable.
  Result<std::vector<std::filesystem::path>> commit();

 private:
  explicit ExportFolder(std::filesystem::path path);
  std::filesystem::path path_;
  std::filesystem::path part_path_;  ///< empty once renamed or moved from
};

/// A file of lines in an ExportFolder. Errors: output_unwritable.
class ExportFile {
 public:
  static Result<ExportFile> create(ExportFolder& folder, const std::string& name);
  void put(const std::string& text) { stream_.write(text.data(), static_cast<std::streamsize>(text.size())); }
  [[nodiscard]] std::ofstream& stream() { return stream_; }
  /// Whether all was written so far.
  Result<void> check();
  Result<void> close();

 private:
  std::filesystem::path path_;
  std::ofstream stream_;
};

}  // namespace yarbus
