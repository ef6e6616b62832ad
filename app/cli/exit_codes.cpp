#include "app/cli/exit_codes.h"

#include <cstdio>

namespace yarbus::cli {

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::internal:
      return 1;
    case ErrorCode::invalid_option:
      return exit_usage;
    case ErrorCode::input_missing:
      return 3;
    case ErrorCode::input_unreadable:
    case ErrorCode::unsupported_format:
      return 4;
    case ErrorCode::input_empty:
      return 5;
    case ErrorCode::input_truncated:
    case ErrorCode::size_changed:
    case ErrorCode::device_lost:
      return 6;
    case ErrorCode::permission_denied:
      return 7;
    case ErrorCode::device_busy:
      return 8;
    case ErrorCode::connection_failed:
      return 9;
    case ErrorCode::output_unwritable:
      return 10;
    case ErrorCode::interrupted:
      return exit_interrupted;
  }
  return 1;
}

int report_error(const Error& error) {
  std::fprintf(stderr, "yarbus: %s\n", error.to_text().c_str());
  return exit_code_of(error.code);
}

int finish_run(std::span<const Error> errors, const Result<std::vector<std::filesystem::path>>& written,
               bool was_interrupted, std::uint64_t frames) {
  if (written) {
    for (const auto& path : *written) std::printf("wrote       %s\n", path.c_str());
  }
  std::fflush(stdout);
  int exit_code = exit_success;
  for (const Error& error : errors) {
    const int code = report_error(error);
    if (exit_code == exit_success) exit_code = code;
  }
  if (exit_code != exit_success) return exit_code;
  if (!written) return report_error(written.error());
  if (!was_interrupted) return exit_success;
  std::fprintf(stderr,
               "yarbus: stopped by Ctrl-C after %llu frames; the files hold what was done until then\n",
               static_cast<unsigned long long>(frames));
  return exit_interrupted;
}

const char* exit_code_help() {
  return "Exit codes:\n"
         "    0  success\n"
         "    1  a fault inside Yarbus\n"
         "    2  wrong usage or an option out of bounds\n"
         "    3  the input does not exist\n"
         "    4  the input cannot be read, or its frames have a size or format Yarbus does not handle;\n"
         "       views of a board that do not determine a camera\n"
         "    5  the input is empty or has no frames\n"
         "    6  the input ended early, changed its frame size, or the camera was lost\n"
         "    7  no permission (cameras: the `video` group)\n"
         "    8  the camera is used by another program\n"
         "    9  the stream cannot be reached\n"
         "   10  an output file cannot be written\n"
         "   11  a benchmark figure is worse than in the result it was compared with\n"
         "  130  stopped by Ctrl-C: `track` and `simulate` leave whole files of the frames done until then,\n"
         "       `benchmark` leaves none, `analyse` leaves the session at hand as it was\n";
}

}  // namespace yarbus::cli
