#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "app/export/session/export_folder.h"

struct gzFile_s;

namespace yarbus {

/// A compressed text file in an ExportFolder (gzip, without name and time: the same text is the same bytes).
class GzipFile {
 public:
  static Result<GzipFile> create(ExportFolder& folder, const std::string& name);
  Result<void> put(const std::string& text);
  Result<void> close();

 private:
  struct Close {
    void operator()(gzFile_s* file) const;
  };
  std::filesystem::path path_;
  std::unique_ptr<gzFile_s, Close> file_;
};

}  // namespace yarbus
