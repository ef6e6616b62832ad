#include "app/cli/benchmark_report.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>

#include "app/cli/exit_codes.h"
#include "app/export/output_file.h"

namespace yarbus::cli {
namespace {

bool is_single_file(const std::filesystem::path& out) {
  return out.extension() == ".json" || out.extension() == ".md";
}

Result<void> write_files(const BenchmarkReport& report, const std::filesystem::path& out) {
  const std::array<std::pair<std::string, std::string>, 2> texts{
      {{".md", report.markdown}, {".json", report.json.dump(1) + '\n'}}};
  std::vector<std::filesystem::path> written;
  for (const auto& [extension, text] : texts) {
    if (is_single_file(out) && out.extension() != extension) continue;
    const auto path = write_text(is_single_file(out) ? out : out / (report.name + extension), text);
    if (!path) return path.error();
    written.push_back(*path);
  }
  if (!is_single_file(out)) {
    const auto plots = report.write_plots(out);
    if (!plots) return plots.error();
    written.insert(written.end(), plots->begin(), plots->end());
  }
  for (const auto& path : written) std::printf("wrote %s\n", path.c_str());
  return {};
}

}  // namespace

Result<nlohmann::json> read_against(const std::string& path, const std::string& kind) {
  if (path.empty()) return nlohmann::json();
  return benchmark::read_earlier_result(path, kind);
}

Result<void> check_out(const std::filesystem::path& out, const std::string& name) {
  if (out.empty()) return {};
  if (!is_single_file(out)) {
    std::error_code failure;
    std::filesystem::create_directories(out, failure);
    if (failure) return unwritable(out, failure.message());
  }
  const auto file = OutputFile::create(is_single_file(out) ? out : out / (name + ".json"));
  return file ? Result<void>() : file.error();
}

benchmark::OnDatasetProgress show_progress_on(ProgressBar& bar) {
  return [&bar](const benchmark::DatasetProgress& progress) {
    const std::string label = std::to_string(progress.index + 1) + '/' + std::to_string(progress.count) +
                              ' ' + progress.dataset + ", " + progress.step.step;
    if (progress.step.frames_done > 0) {
      bar.update(label, progress.step.frames_done, progress.step.frames_total);
    } else {
      bar.note(label);
    }
  };
}

Result<std::filesystem::path> write_text(const std::filesystem::path& path, const std::string& text) {
  auto file = OutputFile::create(path);
  if (!file) return file.error();
  std::ofstream stream(file->part_path());
  stream << text;
  stream.close();
  if (!stream) return unwritable(path, "the disk is full");
  return file->commit();
}

int report_comparison(const Result<benchmark::Comparison>& comparison) {
  if (!comparison) return report_error(comparison.error());
  std::printf("\n%s", benchmark::to_markdown(comparison->table).c_str());
  std::fflush(stdout);
  for (const std::string& regression : comparison->regressions) {
    std::fprintf(stderr, "yarbus: worse than before: %s\n", regression.c_str());
  }
  return comparison->is_fine() ? exit_success : exit_worse;
}

int finish_report(const BenchmarkReport& report, const std::filesystem::path& out,
                  const nlohmann::json& earlier) {
  if (report.inputs_done > 0) std::printf("%s", report.markdown.c_str());
  std::fflush(stdout);
  if (report.inputs_done < report.inputs_asked) {
    std::fprintf(stderr, "yarbus: stopped by Ctrl-C after %zu of %zu %s; no file was written\n",
                 report.inputs_done, report.inputs_asked, report.inputs_noun.c_str());
    return exit_interrupted;
  }
  if (!out.empty()) {
    if (const auto written = write_files(report, out); !written) return report_error(written.error());
  }
  return earlier.is_null() ? exit_success : report_comparison(report.compare(report.json, earlier));
}

}  // namespace yarbus::cli
