#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "eyemodel/types/result.h"

namespace yarbus::cli {

/// The process's exit code for an error; listed in `yarbus --help`.
int exit_code_of(ErrorCode code);

/// Tells it on standard error; its exit code.
int report_error(const Error& error);

/// The end of a run over a recording: says which files were written, then what went wrong or that it was
/// stopped. Its exit code, of the first error.
int finish_run(std::span<const Error> errors, const Result<std::vector<std::filesystem::path>>& written,
               bool was_interrupted, std::uint64_t frames);

constexpr int exit_success = 0;
constexpr int exit_usage = 2;
/// A benchmark figure is worse than the earlier result by more than its margin.
constexpr int exit_worse = 11;
constexpr int exit_interrupted = 130;

/// The table of exit codes for --help.
const char* exit_code_help();

}  // namespace yarbus::cli
