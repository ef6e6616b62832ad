#pragma once

#include <optional>
#include <string>

#include "app/stream/stream_options.h"

namespace CLI {
class App;
}

namespace yarbus::cli {

/// What the window shall stream, as given.
struct StreamArguments {
  std::optional<std::string> network;    ///< ADDRESS:PORT, a part of it, or empty: the default
  std::optional<std::string> osc;        ///< likewise
  std::optional<std::string> opentrack;  ///< likewise
  bool sends_gaze_to_opentrack = false;
  bool sends_lsl = false;

  /// Unset: nothing was asked for. Errors: invalid_option.
  [[nodiscard]] Result<std::optional<StreamOptions>> options() const;
};

void add_stream_options(CLI::App& app, StreamArguments& arguments);

}  // namespace yarbus::cli
