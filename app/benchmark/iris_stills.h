#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/machine.h"
#include "app/benchmark/times.h"
#include "eyemodel/types/result.h"

namespace yarbus::benchmark {

/// How near one way of finding irises came to what people marked. Errors are those of the worse eye, as a
/// share of the distance between the eyes (Jesorsky, Kirchberg & Frischholz 2001).
struct IrisWay {
  std::string name;
  std::vector<double> worse_eye;  ///< of each image in which both were found, ascending
  std::size_t without = 0;        ///< faces with an eye that was not found
  std::optional<Times> time;      ///< both eyes

  /// Of all faces.
  [[nodiscard]] double share_within(double error) const;
};

/// Still images of faces with both eyes' middles marked by hand.
struct IrisStillsResult {
  std::string version;
  std::string command;
  Machine machine;
  std::string folder;
  std::size_t images = 0;
  std::size_t unreadable = 0;
  std::size_t without_face = 0;
  std::vector<IrisWay> ways;
  bool was_interrupted = false;

  [[nodiscard]] std::size_t faces() const { return images - unreadable - without_face; }
};

/// Goes through a folder in the BioID face database's format: NAME.pgm with NAME.eye, whose second line is
/// the x and y of the person's left eye and of the right one, px. The face is found first, as in the program;
/// where several are, the surest counts. Errors: input_missing, input_empty.
Result<IrisStillsResult> run_iris_stills(const std::filesystem::path& folder,
                                         const std::function<void(std::uint64_t, std::uint64_t)>& on_image,
                                         const std::stop_token& stop);

std::string iris_stills_markdown(const IrisStillsResult& result);

}  // namespace yarbus::benchmark
