#pragma once

#include <string_view>

#include "app/stream/datum_packing.h"
#include "app/stream/stream_command.h"

namespace yarbus {

/// The notification that tells everyone what a client asked for by a letter; empty: there is none for it.
std::string_view notice_topic(const StreamCommand& command);
void pack_notice(Packer& out, const StreamCommand& command);

}  // namespace yarbus
