// What a request from outside means for the procedure, and what its samples become before a fit.
#include "app/session/procedure_request.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "app/session/calibration_report.h"
#include "app/session/calibration_work.h"

namespace yarbus::procedure_request_test {
namespace {

TEST(ProcedureRequestOf, TheHeadPassIsForCamerasThatSeeTheHead) {
  CalibrationRequest request;
  EXPECT_FALSE(procedure_request(request, false).head_pass);  // near-eye: as ever
  EXPECT_TRUE(procedure_request(request, true).head_pass);
  request.head_pass = false;
  EXPECT_FALSE(procedure_request(request, true).head_pass);
  request.head_pass = true;
  EXPECT_FALSE(procedure_request(request, false).head_pass);
  EXPECT_TRUE(procedure_request(request, true).head_pass);
  request.head_pass.reset();
  request.is_webcam_demo = true;  // a head that keeps still
  EXPECT_FALSE(procedure_request(request, true).head_pass);
}

TEST(ProcedureRequestOf, TheHeadPassKeepsItsOwnNumberBesidePiecesOfAMovingTarget) {
  CalibrationWork work;
  work.ready.wanted = SamplesReady::For::fit;
  const auto add = [&](int target, bool moves) {
    for (int i = 0; i < 60; ++i) {
      CalibrationSample sample;
      sample.target = target;
      sample.rays.captured_at = CaptureTime((target * 100 + i) * 10'000'000LL);
      sample.target_in_screen_mm = {moves ? 10.0 * i : 260.0, 160.0};
      work.ready.calibration.push_back(sample);
    }
  };
  for (int arc = 0; arc < 8; ++arc) add(arc, true);
  add(8, false);
  const CalibrationWorkDone done = carry_out(work);  // no eye in it: no fit, but its samples are told
  std::map<int, std::set<bool>> kinds;               // by target: whether a piece of a movement
  for (const CalibrationSample& sample : done.calibration) kinds[sample.target].insert(sample.movement >= 0);
  EXPECT_EQ(kinds.size(), 8U * 6U + 1U);
  for (const auto& [target, kind] : kinds) EXPECT_EQ(kind.size(), 1U) << target;
}

TEST(ProcedureRequestOf, TheHeadPassIsNamedInTheViewOfItsPoint) {
  PointResult result;
  EXPECT_FALSE(view_of(result).is_head_pass);
  result.is_head_pass = true;
  result.verdict = PointVerdict::poor;
  result.reason = PointReason::head_unmoved;
  const PointView view = view_of(result);
  EXPECT_TRUE(view.is_head_pass);
  EXPECT_EQ(view.reason, "the head hardly turned");
  EXPECT_FALSE(view.remedy.empty());
  const auto fault = find_head_pass_fault(result);
  ASSERT_TRUE(fault);
  EXPECT_EQ(view_of(*fault).name, "head-pass");
  EXPECT_FALSE(fault->is_blocking);
  CalibrationRecord record;
  record.findings.push_back(view_of(*fault));
  const CalibrationAssessment assessment = assess_calibration(record, std::nullopt);
  EXPECT_NE(assessment.advice.back().find("turn the head slowly"), std::string::npos);
}

}  // namespace
}  // namespace yarbus::procedure_request_test
