#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "eyemodel/types/result.h"

namespace yarbus::cli {

/// What closing a run's files gives: the paths written, or the first error. Files of a run that is not
/// complete get names that say so.
class ClosedOutputs {
 public:
  explicit ClosedOutputs(bool is_complete) : is_complete_(is_complete) {}

  /// Closes a writer of a file, if there is one.
  template <class Writer>
  void close(std::optional<Writer>& writer) {
    if (writer) note(writer->close(is_complete_));
  }
  /// Has `paint` write a picture under a temporary name; not after an error.
  void add_picture(const std::string& path,
                   const std::function<Result<void>(const std::filesystem::path&)>& paint);
  /// Something that is closed already.
  void add(const std::filesystem::path& path) { written_.push_back(path); }
  void fail(const Error& error);
  [[nodiscard]] Result<std::vector<std::filesystem::path>> result() const;

 private:
  void note(const Result<std::filesystem::path>& closed);

  bool is_complete_;
  std::vector<std::filesystem::path> written_;
  std::optional<Error> error_;
};

}  // namespace yarbus::cli
