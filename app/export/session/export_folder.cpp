#include "app/export/session/export_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "app/export/output_file.h"

namespace yarbus {
namespace fs = std::filesystem;

ExportFolder::ExportFolder(fs::path path) : path_(std::move(path)), part_path_(path_.string() + ".part") {}

ExportFolder::ExportFolder(ExportFolder&& other) noexcept
    : path_(std::move(other.path_)), part_path_(std::exchange(other.part_path_, {})) {}

ExportFolder::~ExportFolder() {
  std::error_code ignored;
  if (!part_path_.empty()) fs::remove_all(part_path_, ignored);
}

Result<ExportFolder> ExportFolder::create(const fs::path& path) {
  auto named = path.lexically_normal();
  if (!named.has_filename()) named = named.parent_path();
  std::error_code failed;
  if (named.empty() || named.filename() == "." || named.filename() == "..")
    return unwritable(path, "it is not the name of a new folder");
  if (fs::exists(named, failed)) {
    if (!fs::is_directory(named, failed)) return unwritable(named, "a file of that name exists");
    if (!fs::is_empty(named, failed)) return unwritable(named, "the folder exists and is not empty");
  }
  ExportFolder folder(std::move(named));
  fs::remove_all(folder.part_path_, failed);
  failed.clear();
  fs::create_directories(folder.part_path_, failed);
  if (failed) {
    auto error = unwritable(folder.path_, failed.message());
    folder.part_path_.clear();
    return error;
  }
  return folder;
}

Result<fs::path> ExportFolder::place_for(const std::string& name) {
  auto place = part_path_ / name;
  std::error_code failed;
  fs::create_directories(place.parent_path(), failed);
  if (failed) return unwritable(place, failed.message());
  return place;
}

Result<void> ExportFolder::write(const std::string& name, const std::string& text) {
  auto file = ExportFile::create(*this, name);
  if (!file) return file.error();
  file->put(text);
  return file->close();
}

Result<std::vector<fs::path>> ExportFolder::commit() {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(part_path_, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (entry->is_regular_file()) files.push_back(entry->path().lexically_relative(part_path_));
  }
  if (failed) return unwritable(path_, failed.message());
  std::sort(files.begin(), files.end());
  fs::rename(part_path_, path_, failed);  // takes the place of an empty folder
  if (failed) return unwritable(path_, failed.message());
  part_path_.clear();
  return files;
}

Result<ExportFile> ExportFile::create(ExportFolder& folder, const std::string& name) {
  auto place = folder.place_for(name);
  if (!place) return place.error();
  ExportFile file;
  file.path_ = *place;
  file.stream_.open(*place, std::ios::binary | std::ios::trunc);
  if (!file.stream_) return unwritable(*place, "permission denied or read-only");
  return file;
}

Result<void> ExportFile::check() {
  if (!stream_) return unwritable(path_, "the disk is full or the file went away");
  return {};
}

Result<void> ExportFile::close() {
  stream_.close();
  return check();
}

}  // namespace yarbus
