#include "app/export/output_file.h"

#include <fstream>
#include <system_error>
#include <utility>

namespace yarbus {

Error unwritable(const std::filesystem::path& path, const std::string& reason) {
  return {ErrorCode::output_unwritable, "cannot be written: " + reason, path.string(),
          "Choose a folder that exists, that you may write to and that has room"};
}

OutputFile::OutputFile(std::filesystem::path path)
    : path_(std::move(path)), part_path_(path_.string() + ".part") {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)), part_path_(std::exchange(other.part_path_, {})) {}

OutputFile::~OutputFile() {
  std::error_code ignored;
  if (!part_path_.empty()) std::filesystem::remove(part_path_, ignored);
}

Result<OutputFile> OutputFile::create(const std::filesystem::path& path) {
  std::error_code failed;
  if (path.filename().empty() || std::filesystem::is_directory(path, failed)) {
    return unwritable(path, "it is a folder");
  }
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (!std::filesystem::is_directory(folder, failed)) return unwritable(path, "its folder does not exist");
  OutputFile file(path);
  if (!std::ofstream(file.part_path_, std::ios::binary | std::ios::trunc)) {
    file.part_path_.clear();
    return unwritable(path, "permission denied or read-only");
  }
  return file;
}

Result<std::filesystem::path> OutputFile::rename_to(const std::filesystem::path& target) {
  std::error_code failed;
  std::filesystem::rename(part_path_, target, failed);
  if (failed) return unwritable(target, failed.message());
  part_path_.clear();
  return target;
}

Result<std::filesystem::path> OutputFile::commit() { return rename_to(path_); }

Result<std::filesystem::path> OutputFile::keep_partial() {
  auto target = path_;
  target.replace_extension();
  target += ".partial" + path_.extension().string();
  return rename_to(target);
}

}  // namespace yarbus
