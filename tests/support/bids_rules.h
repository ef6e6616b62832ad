#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace yarbus::test {

/// The text of a gzip file. Throws std::runtime_error if it is none.
std::string read_gzip(const std::filesystem::path& path);

/// What a BIDS 1.11 dataset of eye tracking does wrong, by the rules of the published schema: files that must
/// be, names, sidecar fields that are required and their values, columns, headers, and the screen for
/// gaze-on-screen. Empty: nothing.
std::vector<std::string> bids_complaints(const std::filesystem::path& dataset);

}  // namespace yarbus::test
