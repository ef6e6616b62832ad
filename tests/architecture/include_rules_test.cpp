#include "tests/architecture/include_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yarbus::architecture::include_rules_test {
namespace {

TEST(IncludeRules, TheProjectKeepsThem) {
  std::string text;
  for (const Violation& violation : check_project(YARBUS_SOURCE_DIR)) {
    text += violation.file + ':' + std::to_string(violation.line) + ": " + violation.reason + '\n';
  }
  EXPECT_EQ(text, "");
}

TEST(IncludeRules, SeesAnEngineThatUsesAnother) {
  const auto found =
      check_includes("tracker/pupil/a.cpp", "// x\n#include \"tracker/capture/frame_source.h\"\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 2);
  EXPECT_THAT(found[0].reason, testing::HasSubstr("may not use tracker/capture"));
}

TEST(IncludeRules, SeesForbiddenLibraries) {
  EXPECT_EQ(check_includes("ui/a.cpp", "#include <opencv2/core.hpp>").size(), 1U);
  EXPECT_EQ(check_includes("tracker/pupil/a.h", "#include <QImage>").size(), 1U);
  EXPECT_EQ(check_includes("eyemodel/types/a.h", "#  include <ceres/ceres.h>").size(), 1U);
  EXPECT_EQ(check_includes("app/session/a.h", "#include <opencv2/imgproc.hpp>").size(), 1U);
}

TEST(IncludeRules, TheWindowSeesOnlyTheSessionsInterface) {
  EXPECT_TRUE(check_includes("ui/a.h", "#include \"app/session/session.h\"").empty());
  EXPECT_EQ(check_includes("ui/a.h", "#include \"app/session/eye_worker.h\"").size(), 1U);
}

TEST(IncludeRules, SeesUnknownFoldersAndTests) {
  EXPECT_EQ(check_includes("tracker/odd/a.h", "#include <vector>").size(), 1U);
  EXPECT_EQ(check_includes("ui/a.h", "#include \"tests/support/x.h\"").size(), 1U);
}

TEST(IncludeRules, SeesAHeaderThatIsNotCompiledByItself) {
  const std::string text = "#include <vector>\n#include \"tracker/pupil/a.h\"\n";
  const auto found = check_includes("tracker/pupil/a.cpp", text, "tracker/pupil/a.h");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 1);
  EXPECT_TRUE(check_includes("tracker/pupil/main.cpp", text).empty());
  EXPECT_TRUE(check_includes("tracker/pupil/a.cpp", "#include \"tracker/pupil/a.h\"\n#include <vector>\n",
                             "tracker/pupil/a.h")
                  .empty());
}

TEST(IncludeRules, AllowsWhatTheTableAllows) {
  EXPECT_TRUE(check_includes("tracker/pupil/a.cpp",
                             "#include <vector>\n#include <opencv2/imgproc.hpp>\n#include <Eigen/Core>\n"
                             "#include \"eyemodel/types/ellipse.h\"\n#include \"tracker/pupil/b.h\"\n")
                  .empty());
}

}  // namespace
}  // namespace yarbus::architecture::include_rules_test
