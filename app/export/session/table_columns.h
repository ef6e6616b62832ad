#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/export/session/pupil_sizes.h"
#include "app/export/session/session_chunks.h"

namespace yarbus {

/// One column of a table of our own, from which both the CSV and the MAT-file are written: either a number
/// (NaN: absent), or one of some words (its index; NaN: absent), or free text.
template <class Row>
struct TableColumn {
  std::string_view name;  ///< carries the unit
  int decimals = 0;       ///< of a number in CSV
  double (*number)(const Row&) = nullptr;
  std::span<const std::string_view> words = {};  ///< what the number is an index of; empty: a number
  std::string (*text)(const Row&) = nullptr;     ///< instead of the number
};

// Rows as they are exported: the session's, with what they need to be understood alone.
struct FrameTableRow {
  const FrameRow& row;
  double time_s;
};
struct PupilTableRow {
  const PupilRow& row;
  const PoseRow* pose;           ///< null: none
  const PupilSizes::Size* size;  ///< null: it is not known
  const SessionCamera* camera;
  double time_s;
};
struct FaceTableRow {
  const FaceRow& row;
  double time_s;
};
struct GazeTableRow {
  const GazeRow& row;
  const SessionInfo& info;
  double time_s;
};
struct EventTableRow {
  const EventRow& row;
  double time_s;
};
struct AnnotationTableRow {
  const AnnotationRow& row;
  double time_s;
};
struct GapTableRow {
  const GapRow& row;
  double time_s;
};

template <class Row>
std::span<const TableColumn<Row>> table_columns();
template <>
std::span<const TableColumn<FrameTableRow>> table_columns<FrameTableRow>();
template <>
std::span<const TableColumn<PupilTableRow>> table_columns<PupilTableRow>();
template <>
std::span<const TableColumn<FaceTableRow>> table_columns<FaceTableRow>();
template <>
std::span<const TableColumn<GazeTableRow>> table_columns<GazeTableRow>();
template <>
std::span<const TableColumn<EventTableRow>> table_columns<EventTableRow>();
template <>
std::span<const TableColumn<AnnotationTableRow>> table_columns<AnnotationTableRow>();
template <>
std::span<const TableColumn<GapTableRow>> table_columns<GapTableRow>();

/// What a chunk's and a session's rows go to. The tables are called frames, pupil, face, gaze, events,
/// annotations and gaps.
class TableSink {
 public:
  virtual ~TableSink() = default;
  virtual Result<void> put(const FrameTableRow& row) = 0;
  virtual Result<void> put(const PupilTableRow& row) = 0;
  virtual Result<void> put(const FaceTableRow& row) = 0;
  virtual Result<void> put(const GazeTableRow& row) = 0;
  virtual Result<void> put(const EventTableRow& row) = 0;
  virtual Result<void> put(const AnnotationTableRow& row) = 0;
  virtual Result<void> put(const GapTableRow& row) = 0;
};

/// Gives the sink every row of the session, each table in order of time.
Result<void> put_all_rows(const ExportRun& run, TableSink& sink);

/// What README.md says of the tables: frames of reference, units, absent values.
std::string tables_readme(const ExportRun& run, std::string_view kind);

}  // namespace yarbus
