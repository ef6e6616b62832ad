#include "app/export/session/numpy_file.h"

#include <array>
#include <bit>

namespace yarbus {
namespace {

/// Magic, version, length, and a dictionary padded with blanks so that the data begin at a multiple of 64.
std::string header(std::uint64_t size) {
  constexpr std::size_t length = 128;
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(length - 10);
  text += '\0';
  text += "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(size) + ",), }";
  text.resize(length - 1, ' ');
  return text + '\n';
}

}  // namespace

Result<NumpyFile> NumpyFile::create(ExportFolder& folder, const std::string& name) {
  auto file = ExportFile::create(folder, name);
  if (!file) return file.error();
  file->put(header(0));
  return NumpyFile(std::move(*file));
}

void NumpyFile::put(double value) {
  static_assert(std::endian::native == std::endian::little);
  const auto bytes = std::bit_cast<std::array<char, sizeof(double)>>(value);
  file_.stream().write(bytes.data(), bytes.size());
  ++size_;
}

Result<void> NumpyFile::close() {
  file_.stream().seekp(0);
  file_.put(header(size_));
  return file_.close();
}

}  // namespace yarbus
