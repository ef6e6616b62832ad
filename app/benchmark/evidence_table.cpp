#include "app/benchmark/evidence_table.h"

#include <array>
#include <cstdio>
#include <limits>
#include <optional>
#include <utility>

#include "app/benchmark/frame_kind.h"

namespace yarbus::benchmark {
namespace {

constexpr double wrong_px = 99.0;  // both distances where there is no pupil to find

std::string in_quotes(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void put(std::string& row, double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), ",%.5g", value);
  row += text.data();
}

bool is_closed(const FrameLabel& label) {
  return label.in_blink.value_or(false) || label.visible_fraction.value_or(1.0) < closed_visible_fraction;
}

}  // namespace

Result<EvidenceTable> EvidenceTable::create(const std::filesystem::path& path,
                                            const PupilDetectorOptions& options) {
  auto file = OutputFile::create(path);
  if (!file) return file.error();
  return EvidenceTable(std::move(*file), options);
}

EvidenceTable::EvidenceTable(OutputFile file, const PupilDetectorOptions& options)
    : file_(std::move(file)), stream_(file_.part_path()), detector_(options) {
  stream_ << "set,frame,height,visible,closed,refined,center_px,hausdorff_px";
  for (std::size_t i = 0; i < evidence_count; ++i) stream_ << ',' << name_of(static_cast<Evidence>(i));
  stream_ << '\n';
}

void EvidenceTable::add(const std::string& set, GrayView image, const FrameLabel& label) {
  const double visible = label.visible_fraction.value_or(std::numeric_limits<double>::quiet_NaN());
  if (is_closed(label)) return add_rows(set, image, label.frame, visible, nullptr);
  if (label.pupil_ellipse) add_rows(set, image, label.frame, visible, &*label.pupil_ellipse);
}

void EvidenceTable::add_without_pupil(const std::string& set, GrayView image, std::uint64_t frame) {
  add_rows(set, image, frame, 0.0, nullptr);
}

void EvidenceTable::add_rows(const std::string& set, GrayView image, std::uint64_t frame, double visible,
                             const Ellipse* truth) {
  detector_.detect(image, std::nullopt, &trace_);
  for (const auto& hypothesis : trace_.hypotheses) {
    row_ = in_quotes(set) + ',' + std::to_string(frame) + ',' + std::to_string(image.height_px);
    put(row_, visible);
    row_ += truth == nullptr ? ",1" : ",0";
    row_ += hypothesis.refined ? ",1" : ",0";
    put(row_, truth == nullptr ? wrong_px : (hypothesis.ellipse.center_px - truth->center_px).norm());
    put(row_, truth == nullptr ? wrong_px : outline_error_px(hypothesis.ellipse, *truth));
    for (const double value : hypothesis.evidence.values) put(row_, value);
    stream_ << row_ << '\n';
  }
}

Result<std::filesystem::path> EvidenceTable::close(bool is_complete) {
  stream_.close();
  if (!stream_) return unwritable(file_.path(), "the disk is full");
  return is_complete ? file_.commit() : file_.keep_partial();
}

}  // namespace yarbus::benchmark
