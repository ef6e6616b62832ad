#include "app/cli/closed_outputs.h"

#include "app/export/output_file.h"

namespace yarbus::cli {

void ClosedOutputs::add_picture(const std::string& path,
                                const std::function<Result<void>(const std::filesystem::path&)>& paint) {
  if (error_) return;
  auto file = OutputFile::create(path);
  if (!file) return fail(file.error());
  if (!paint(file->part_path())) return fail(unwritable(path, "the disk is full or the format is not PNG"));
  note(is_complete_ ? file->commit() : file->keep_partial());
}

void ClosedOutputs::fail(const Error& error) {
  if (!error_) error_ = error;
}

Result<std::vector<std::filesystem::path>> ClosedOutputs::result() const {
  if (error_) return *error_;
  return written_;
}

void ClosedOutputs::note(const Result<std::filesystem::path>& closed) {
  if (closed) {
    written_.push_back(*closed);
  } else {
    fail(closed.error());
  }
}

}  // namespace yarbus::cli
