#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "app/session/open_source.h"
#include "app/session/session.h"

namespace yarbus {

/// What opens a session's sources, on the capture thread of each. Same words and errors as open_source().
using SourceOpener = std::function<Result<OpenedSource>(
    const SourceRequest& request, EyeSide eye, const SimulationUse& simulation, std::size_t frames_held)>;

/// make_session(), with sources that `open` gives: for a camera that Yarbus itself cannot open, such as one
/// that plays pictures from memory at its own pace.
std::unique_ptr<Session> make_session(const SessionOptions& options, SourceOpener open);

}  // namespace yarbus
