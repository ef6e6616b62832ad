#include "app/export/session/csv_tables.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "app/export/csv_text.h"
#include "app/export/session/table_columns.h"

namespace yarbus {
namespace {

/// One table's file.
template <class Row>
class CsvTable {
 public:
  static Result<CsvTable> create(ExportFolder& folder, const std::string& name) {
    auto file = ExportFile::create(folder, name);
    if (!file) return file.error();
    CsvTable table(std::move(*file));
    for (const auto& column : table_columns<Row>()) table.add(std::string(column.name));
    table.end_line();
    return table;
  }
  Result<void> put(const Row& row) {
    for (const auto& column : table_columns<Row>()) {
      std::string field;
      if (column.text != nullptr) {
        put_csv_text(field, column.text(row));
      } else if (const double value = column.number(row); column.words.empty()) {
        put_number(field, value, column.decimals);
      } else if (std::isfinite(value)) {
        field = column.words[static_cast<std::size_t>(value)];
      }
      add(field);
    }
    end_line();
    return file_.check();
  }
  Result<void> close() { return file_.close(); }

 private:
  explicit CsvTable(ExportFile file) : file_(std::move(file)) {}
  void add(const std::string& field) {
    if (!is_first_) line_ += ',';
    is_first_ = false;
    line_ += field;
  }
  void end_line() {
    line_ += '\n';
    file_.put(line_);
    line_.clear();
    is_first_ = true;
  }

  ExportFile file_;
  std::string line_;
  bool is_first_ = true;
};

class CsvTables : public TableSink {
 public:
  CsvTables(CsvTable<FrameTableRow> frames, CsvTable<PupilTableRow> pupil, CsvTable<FaceTableRow> face,
            CsvTable<GazeTableRow> gaze, CsvTable<EventTableRow> events,
            CsvTable<AnnotationTableRow> annotations, CsvTable<GapTableRow> gaps)
      : frames_(std::move(frames)),
        pupil_(std::move(pupil)),
        face_(std::move(face)),
        gaze_(std::move(gaze)),
        events_(std::move(events)),
        annotations_(std::move(annotations)),
        gaps_(std::move(gaps)) {}

  Result<void> put(const FrameTableRow& row) override { return frames_.put(row); }
  Result<void> put(const PupilTableRow& row) override { return pupil_.put(row); }
  Result<void> put(const FaceTableRow& row) override { return face_.put(row); }
  Result<void> put(const GazeTableRow& row) override { return gaze_.put(row); }
  Result<void> put(const EventTableRow& row) override { return events_.put(row); }
  Result<void> put(const AnnotationTableRow& row) override { return annotations_.put(row); }
  Result<void> put(const GapTableRow& row) override { return gaps_.put(row); }
  Result<void> close() {
    for (auto closed : {frames_.close(), pupil_.close(), face_.close(), gaze_.close(), events_.close(),
                        annotations_.close(), gaps_.close()}) {
      if (!closed) return closed;
    }
    return {};
  }

 private:
  CsvTable<FrameTableRow> frames_;
  CsvTable<PupilTableRow> pupil_;
  CsvTable<FaceTableRow> face_;
  CsvTable<GazeTableRow> gaze_;
  CsvTable<EventTableRow> events_;
  CsvTable<AnnotationTableRow> annotations_;
  CsvTable<GapTableRow> gaps_;
};

}  // namespace

void put_csv_text(std::string& out, const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char letter : text) {
    if (letter == '"') out += '"';
    out += letter;
  }
  out += '"';
}

void put_exact_number(std::string& out, double value) {
  if (!std::isfinite(value)) return;
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

Result<void> write_csv_tables(const ExportRun& run, ExportFolder& folder) {
  auto frames = CsvTable<FrameTableRow>::create(folder, "frames.csv");
  if (!frames) return frames.error();
  auto pupil = CsvTable<PupilTableRow>::create(folder, "pupil.csv");
  if (!pupil) return pupil.error();
  auto face = CsvTable<FaceTableRow>::create(folder, "face.csv");
  if (!face) return face.error();
  auto gaze = CsvTable<GazeTableRow>::create(folder, "gaze.csv");
  if (!gaze) return gaze.error();
  auto events = CsvTable<EventTableRow>::create(folder, "events.csv");
  if (!events) return events.error();
  auto annotations = CsvTable<AnnotationTableRow>::create(folder, "annotations.csv");
  if (!annotations) return annotations.error();
  auto gaps = CsvTable<GapTableRow>::create(folder, "gaps.csv");
  if (!gaps) return gaps.error();
  CsvTables tables(std::move(*frames), std::move(*pupil), std::move(*face), std::move(*gaze),
                   std::move(*events), std::move(*annotations), std::move(*gaps));
  if (auto done = put_all_rows(run, tables); !done) return done;
  if (auto closed = tables.close(); !closed) return closed;
  return folder.write("README.md", tables_readme(run, "CSV tables"));
}

}  // namespace yarbus
