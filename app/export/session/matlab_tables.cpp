#include "app/export/session/matlab_tables.h"

#include <array>
#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <matio.h>

#include "app/export/output_file.h"
#include "app/export/session/table_columns.h"

namespace yarbus {
namespace {

struct FreeVariable {
  void operator()(matvar_t* variable) const { Mat_VarFree(variable); }
};
using Variable = std::unique_ptr<matvar_t, FreeVariable>;
struct CloseMat {
  void operator()(mat_t* file) const { Mat_Close(file); }
};

Variable text_variable(const char* name, const std::string& text) {
  std::array<std::size_t, 2> size{1, text.size()};
  return Variable(
      Mat_VarCreate(name, MAT_C_CHAR, MAT_T_UTF8, 2, size.data(), const_cast<char*>(text.data()), 0));
}
Variable number_variable(const char* name, std::vector<double>& values) {
  std::array<std::size_t, 2> size{values.size(), 1};
  return Variable(Mat_VarCreate(name, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, size.data(), values.data(), 0));
}
Variable cell_variable(const char* name, const std::vector<std::string>& texts) {
  std::array<std::size_t, 2> size{texts.size(), 1};
  Variable cell(Mat_VarCreate(name, MAT_C_CELL, MAT_T_CELL, 2, size.data(), nullptr, 0));
  for (std::size_t i = 0; i < texts.size(); ++i)
    Mat_VarSetCell(cell.get(), static_cast<int>(i), text_variable(nullptr, texts[i]).release());
  return cell;
}
Variable struct_variable(const char* name, const std::vector<std::string>& fields) {
  std::array<std::size_t, 2> size{1, 1};
  std::vector<const char*> names;
  for (const auto& field : fields) names.push_back(field.c_str());
  return Variable(
      Mat_VarCreateStruct(name, 2, size.data(), names.data(), static_cast<unsigned>(names.size())));
}
void set_field(const Variable& structure, const std::string& field, Variable value) {
  Mat_VarSetStructFieldByName(structure.get(), field.c_str(), 0, value.release());
}

/// One table's columns, filled row by row.
template <class Row>
class Columns {
 public:
  Columns() : numbers_(table_columns<Row>().size()), texts_(table_columns<Row>().size()) {}
  void put(const Row& row) {
    const auto columns = table_columns<Row>();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].text != nullptr) {
        texts_[i].push_back(columns[i].text(row));
      } else {
        numbers_[i].push_back(columns[i].number(row) + (columns[i].words.empty() ? 0.0 : 1.0));
      }
    }
  }
  Variable take(const char* name) {
    const auto columns = table_columns<Row>();
    std::vector<std::string> fields;
    for (const auto& column : columns) {
      fields.emplace_back(column.name);
      if (!column.words.empty()) fields.push_back(fields.back() + "_names");
    }
    auto table = struct_variable(name, fields);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string field(columns[i].name);
      if (columns[i].text != nullptr) {
        set_field(table, field, cell_variable(nullptr, texts_[i]));
      } else {
        set_field(table, field, number_variable(nullptr, numbers_[i]));
        numbers_[i] = {};
      }
      if (!columns[i].words.empty()) {
        const std::vector<std::string> words(columns[i].words.begin(), columns[i].words.end());
        set_field(table, field + "_names", cell_variable(nullptr, words));
      }
    }
    return table;
  }

 private:
  std::vector<std::vector<double>> numbers_;
  std::vector<std::vector<std::string>> texts_;
};

class MatlabTables : public TableSink {
 public:
  Result<void> put(const FrameTableRow& row) override { return frames_.put(row), Result<void>(); }
  Result<void> put(const PupilTableRow& row) override { return pupil_.put(row), Result<void>(); }
  Result<void> put(const FaceTableRow& row) override { return face_.put(row), Result<void>(); }
  Result<void> put(const GazeTableRow& row) override { return gaze_.put(row), Result<void>(); }
  Result<void> put(const EventTableRow& row) override { return events_.put(row), Result<void>(); }
  Result<void> put(const AnnotationTableRow& row) override { return annotations_.put(row), Result<void>(); }
  Result<void> put(const GapTableRow& row) override { return gaps_.put(row), Result<void>(); }

  /// Whether all was written.
  bool write_to(mat_t* file) {
    return write(file, frames_.take("frames")) && write(file, pupil_.take("pupil")) &&
           write(file, face_.take("face")) && write(file, gaze_.take("gaze")) &&
           write(file, events_.take("events")) && write(file, annotations_.take("annotations")) &&
           write(file, gaps_.take("gaps"));
  }
  static bool write(mat_t* file, const Variable& variable) {
    return Mat_VarWrite(file, variable.get(), MAT_COMPRESSION_ZLIB) == 0;
  }

 private:
  Columns<FrameTableRow> frames_;
  Columns<PupilTableRow> pupil_;
  Columns<FaceTableRow> face_;
  Columns<GazeTableRow> gaze_;
  Columns<EventTableRow> events_;
  Columns<AnnotationTableRow> annotations_;
  Columns<GapTableRow> gaps_;
};

Variable session_variable(const SessionInfo& info) {
  const ScreenGeometry screen = info.screen.value_or(ScreenGeometry{0.0, 0.0, 0, 0, std::nan("")});
  const std::pair<const char*, std::string> texts[]{{"name", info.name},
                                                    {"participant", info.participant},
                                                    {"session_id", info.session_id},
                                                    {"software_version", info.software_version}};
  const std::pair<const char*, double> numbers[]{
      {"started_at_unix_s", std::chrono::duration<double>(info.started_at_wall).count()},
      {"duration_s", std::chrono::duration<double>(info.duration).count()},
      {"screen_width_mm", screen.width_mm},
      {"screen_height_mm", screen.height_mm},
      {"screen_width_px", static_cast<double>(screen.width_px)},
      {"screen_height_px", static_cast<double>(screen.height_px)},
      {"viewing_distance_mm", screen.viewing_distance_mm}};
  std::vector<std::string> fields;
  for (const auto& [name, text] : texts) fields.emplace_back(name);
  for (const auto& [name, number] : numbers) fields.emplace_back(name);
  auto session = struct_variable("session", fields);
  for (const auto& [name, text] : texts) set_field(session, name, text_variable(nullptr, text));
  for (const auto& [name, number] : numbers) {
    std::vector<double> one{number};
    set_field(session, name, number_variable(nullptr, one));
  }
  return session;
}

}  // namespace

Result<void> write_matlab_tables(const ExportRun& run, ExportFolder& folder) {
  MatlabTables tables;
  if (auto done = put_all_rows(run, tables); !done) return done;
  auto place = folder.place_for("session.mat");
  if (!place) return place.error();
  {
    const std::unique_ptr<mat_t, CloseMat> file(Mat_CreateVer(place->c_str(), nullptr, MAT_FT_MAT5));
    if (!file) return unwritable(*place, "permission denied or read-only");
    const bool is_whole =
        MatlabTables::write(file.get(), session_variable(run.source.info())) && tables.write_to(file.get());
    if (!is_whole) return unwritable(*place, "the disk is full, or a table is too large for a level 5 file");
  }
  if (auto written = folder.write("README.md", tables_readme(run, "a MAT-file (level 5), session.mat") + R"(
Each table is a struct of columns. A column of words (eye, kind, cause, miss_reason) holds numbers from 1, NaN for none;
the words are in <column>_names. A column of text is a cell array. `session` describes the session.
)");
      !written)
    return written;
  return run.check();
}

}  // namespace yarbus
