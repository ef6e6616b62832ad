#include "app/export/session/pupil_data_file.h"

#include <cstdint>
#include <vector>

#include "eyemodel/types/check.h"

namespace yarbus {

Result<PupilDataFile> PupilDataFile::create(ExportFolder& folder, const std::string& prefix) {
  auto data = ExportFile::create(folder, prefix + ".pldata");
  if (!data) return data.error();
  auto times = NumpyFile::create(folder, prefix + "_timestamps.npy");
  if (!times) return times.error();
  return PupilDataFile(std::move(*data), std::move(*times));
}

void PupilDataFile::put(const nlohmann::json& datum) {
  YARBUS_CHECK(datum.contains("topic") && datum.contains("timestamp"));
  const auto pair =
      nlohmann::json::array({datum["topic"], nlohmann::json::binary(nlohmann::json::to_msgpack(datum))});
  const std::vector<std::uint8_t> bytes = nlohmann::json::to_msgpack(pair);
  data_.stream().write(reinterpret_cast<const char*>(bytes.data()),
                       static_cast<std::streamsize>(bytes.size()));
  times_.put(datum["timestamp"].get<double>());
}

Result<void> PupilDataFile::close() {
  if (auto closed = data_.close(); !closed) return closed;
  return times_.close();
}

}  // namespace yarbus
