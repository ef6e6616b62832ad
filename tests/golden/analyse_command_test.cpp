// Runs `yarbus analyse` over recorded sessions as its user does.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/recorded_session.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/track_run.h"
#include "tests/support/yarbus_command.h"

namespace yarbus::analyse_command_test {
namespace {

using test::read_file;
using test::TemporaryFolder;
using test::yarbus_command;
using testing::HasSubstr;
using testing::Not;

/// The tables of an export, by file name.
std::map<std::string, std::string> tables_of(const TemporaryFolder& folder, const std::string& session,
                                             const std::string& analysis) {
  const auto out = folder / ("tables-" + analysis);
  const auto exported = yarbus_command({"export", session, "--analysis", analysis, "--out", out.string()});
  EXPECT_EQ(exported.exit_code, 0) << exported.standard_error;
  std::map<std::string, std::string> tables;
  for (const auto& file : std::filesystem::directory_iterator(out)) {
    if (file.path().extension() == ".csv") tables[file.path().filename().string()] = read_file(file.path());
  }
  return tables;
}

std::vector<Eigen::Vector3d> gaze_of(const std::string& folder, AnalysisId analysis) {
  std::vector<Eigen::Vector3d> gaze;
  const auto session = RecordedSession::open(folder);
  EXPECT_TRUE(session);
  EXPECT_TRUE(session->read_poses({.analysis = analysis}, [&](const PoseRow& row) {
    gaze.push_back(row.pose.gaze_dir_in_cam());
    return true;
  }));
  return gaze;
}

TEST(AnalyseCommand, GivesWhatTrackingTheSamePicturesTwiceGaveAndTheSameEachTime) {
  const TemporaryFolder folder;
  const std::string session = (folder / "anna").string();
  const auto tracked = yarbus_command({"track", "sim:easy", "--frames", "90", "--two-pass", "--out",
                                       (folder / "gaze.csv").string(), "--record", session});
  ASSERT_EQ(tracked.exit_code, 0) << tracked.standard_error;
  const auto first = yarbus_command({"analyse", session});
  ASSERT_EQ(first.exit_code, 0) << first.standard_error;
  EXPECT_THAT(first.standard_output, HasSubstr(session + ": analysis 1"));
  EXPECT_THAT(first.standard_output, HasSubstr("90 frames"));
  const auto live = gaze_of(session, live_analysis);
  const auto again = gaze_of(session, 1);
  ASSERT_GT(live.size(), 60U);
  ASSERT_EQ(again.size(), live.size());
  for (std::size_t i = 0; i < live.size(); ++i)
    EXPECT_LT((live[i] - again[i]).norm(), 1e-9) << "the pictures are kept without loss; sample " << i;

  const auto skipped = yarbus_command({"analyse", session});
  EXPECT_EQ(skipped.exit_code, 0);
  EXPECT_THAT(skipped.standard_output, HasSubstr("there already"));
  const auto second = yarbus_command({"analyse", session, "--again"});
  EXPECT_THAT(second.standard_output, HasSubstr("analysis 2"));
  const auto tables = tables_of(folder, session, "1");
  EXPECT_GE(tables.size(), 5U);
  EXPECT_EQ(tables, tables_of(folder, session, "2")) << "the same bytes for the same session and options";
  EXPECT_THAT(tables.at("pupil.csv"), Not(testing::IsEmpty()));
}

TEST(AnalyseCommand, OneSessionThatFailsDoesNotStopTheOthers) {
  const TemporaryFolder folder;
  const std::string face = (folder / "face").string();
  const std::string eye = (folder / "eye").string();
  for (const auto& [source, session] :
       {std::pair<std::string, std::string>{"sim:face-still", face}, {"sim:easy", eye}}) {
    const auto tracked = yarbus_command(
        {"track", source, "--frames", "40", "--out", (folder / "gaze.csv").string(), "--record", session});
    ASSERT_EQ(tracked.exit_code, 0) << tracked.standard_error;
  }
  const std::string missing = (folder / "none").string();
  const auto outcome =
      yarbus_command({"analyse", missing, face, eye, eye, "--jobs", "2", "--stage", "unoptimised"});
  EXPECT_EQ(outcome.exit_code, 3) << "of the session that failed";
  EXPECT_THAT(outcome.standard_error, HasSubstr(missing));
  for (const std::string& session : {face, eye}) {
    const auto opened = RecordedSession::open(session);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->analyses()->size(), 2U) << session;
  }
  int faces = 0;
  ASSERT_TRUE(RecordedSession::open(face)->read_faces({.analysis = 1}, [&](const FaceRow& row) {
    faces += row.head ? 1 : 0;
    return true;
  }));
  EXPECT_GT(faces, 30);
  const auto no_mapper = yarbus_command({"analyse", eye, "--mapper", "polynomial"});
  EXPECT_EQ(no_mapper.exit_code, 2);
  EXPECT_THAT(no_mapper.standard_error, HasSubstr("no calibration"));
}

}  // namespace
}  // namespace yarbus::analyse_command_test
