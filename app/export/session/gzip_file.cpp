#include "app/export/session/gzip_file.h"

#include <zlib.h>

#include "app/export/output_file.h"

namespace yarbus {

void GzipFile::Close::operator()(gzFile_s* file) const { gzclose(file); }

Result<GzipFile> GzipFile::create(ExportFolder& folder, const std::string& name) {
  auto place = folder.place_for(name);
  if (!place) return place.error();
  GzipFile file;
  file.path_ = *place;
  file.file_.reset(gzopen(place->c_str(), "wb"));
  if (!file.file_) return unwritable(*place, "permission denied or read-only");
  return file;
}

Result<void> GzipFile::put(const std::string& text) {
  const auto size = static_cast<unsigned>(text.size());
  if (size > 0 && gzwrite(file_.get(), text.data(), size) != static_cast<int>(size))
    return unwritable(path_, "the disk is full or the file went away");
  return {};
}

Result<void> GzipFile::close() {
  if (gzclose(file_.release()) != Z_OK) return unwritable(path_, "the disk is full");
  return {};
}

}  // namespace yarbus
