#include "tracker/pupil/outline_evidence.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus::outline_evidence_test {
namespace {

constexpr int sample_count = 128;

test::SyntheticEye plain_eye() {
  test::SyntheticEye eye;
  eye.pupil = Ellipse{{160.3, 119.6}, 40.0, 36.0, 0.6};
  eye.noise_gray = 1.0;
  return eye;
}

OutlineEvidence evidence_of(const test::SyntheticEye& eye, const Ellipse& outline) {
  const GrayImage image = test::draw(eye);
  const OutlineShape shape = OutlineShape::from(outline);
  OutlineMeasurement measurement;
  measure_outline(image.view(), shape, 6.0, sample_count, 1.0F, measurement);
  return read_evidence(image.view(), shape, measurement, read_gray_levels(image.view()));
}

OutlineEvidence evidence_of(const test::SyntheticEye& eye) { return evidence_of(eye, *eye.pupil); }

double sum_of_kinds(const OutlineEvidence& evidence) {
  return evidence[Evidence::support] + evidence[Evidence::covered] + evidence[Evidence::leak] +
         evidence[Evidence::leak_pieces] + evidence[Evidence::displaced];
}

TEST(OutlineEvidence, EveryPieceHasItsOwnName) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < evidence_count; ++i)
    names.insert(std::string(name_of(static_cast<Evidence>(i))));
  EXPECT_EQ(names.size(), evidence_count);
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(name_of(Evidence::support), "support");
  EXPECT_EQ(name_of(Evidence::residual), "residual");
  EXPECT_EQ(name_of(Evidence::glint), "glint");
}

TEST(OutlineEvidence, OfTheTrueOutline) {
  const auto eye = plain_eye();
  const auto evidence = evidence_of(eye);
  EXPECT_GT(evidence[Evidence::support], 0.98);
  EXPECT_GT(evidence[Evidence::visible_support], 0.98);
  EXPECT_LT(evidence[Evidence::covered], 0.01);
  EXPECT_LT(evidence[Evidence::leak] + evidence[Evidence::leak_pieces], 0.01);
  EXPECT_LT(evidence[Evidence::displaced], 0.02);
  EXPECT_EQ(evidence[Evidence::glint], 0.0);
  EXPECT_EQ(evidence[Evidence::out_of_image], 0.0);
  const double step = eye.iris_gray - eye.pupil_gray;
  EXPECT_NEAR(evidence.contrast_gray, step, 0.1 * step);
  EXPECT_NEAR(evidence[Evidence::contrast], std::log(evidence.contrast_gray), 1e-6);
  EXPECT_NEAR(evidence[Evidence::signal_to_noise], std::log(step / eye.noise_gray), 0.3);
  EXPECT_LT(evidence[Evidence::inside_spread], 0.05);
  EXPECT_LT(evidence[Evidence::outside_spread], 0.05);
  EXPECT_NEAR(evidence[Evidence::core], 0.0, 0.1);
  EXPECT_NEAR(evidence[Evidence::darkness], 0.0, 0.1);
  EXPECT_GT(evidence[Evidence::fill], 0.98);
  EXPECT_GT(evidence[Evidence::surround], 0.98);
  EXPECT_LT(evidence[Evidence::residual], 0.5);
  EXPECT_NEAR(evidence[Evidence::aspect_ratio], 0.9, 1e-6);
  EXPECT_NEAR(evidence[Evidence::radius], std::log(38.0 / 240.0), 1e-3);
  EXPECT_NEAR(evidence[Evidence::arc], 2.0 * std::numbers::pi * 38.0 / 240.0, 0.03);
  EXPECT_NEAR(sum_of_kinds(evidence), 1.0, 1e-9);
}

TEST(OutlineEvidence, ALidCovers) {
  auto eye = plain_eye();
  eye.pupil = Ellipse{{160.3, 119.6}, 40.0, 40.0, 0.0};
  eye.lid_y_px = 99.6;  // half a radius above the centre: a third of the outline
  const auto evidence = evidence_of(eye);
  EXPECT_NEAR(evidence[Evidence::covered], 1.0 / 3.0, 0.05);
  EXPECT_LT(evidence[Evidence::covered_pieces], 0.02);
  EXPECT_NEAR(evidence[Evidence::support], 2.0 / 3.0, 0.06);
  EXPECT_GT(evidence[Evidence::visible_support], 0.93);
  EXPECT_LT(evidence[Evidence::fill], 0.9);
  EXPECT_NEAR(evidence[Evidence::arc], 2.0 / 3.0 * 2.0 * std::numbers::pi * 40.0 / 240.0, 0.1);
}

TEST(OutlineEvidence, TwoCoversAreInPieces) {
  auto eye = plain_eye();
  eye.pupil = Ellipse{{160.3, 119.6}, 40.0, 40.0, 0.0};
  eye.lid_y_px = 99.6;
  // A lower lid as far below the centre.
  eye.spots = {{Ellipse{{160.3, 1139.6}, 1000.0, 1000.0, 0.0}, eye.lid_gray}};
  const auto evidence = evidence_of(eye);
  EXPECT_NEAR(evidence[Evidence::covered], 2.0 / 3.0, 0.1);
  EXPECT_NEAR(evidence[Evidence::covered_pieces], 1.0 / 3.0, 0.06);
}

TEST(OutlineEvidence, ADarkNeighbourLeaks) {
  auto eye = plain_eye();
  eye.pupil = Ellipse{{160.3, 119.6}, 40.0, 40.0, 0.0};
  // As dark as the pupil, over a tenth of the outline, on the right.
  eye.spots = {{Ellipse{{230.0, 119.6}, 40.0, 20.0, 0.0}, eye.pupil_gray}};
  auto evidence = evidence_of(eye);
  EXPECT_NEAR(evidence[Evidence::leak], 0.106, 0.03);
  EXPECT_LT(evidence[Evidence::leak_pieces], 0.02);
  EXPECT_LT(evidence[Evidence::surround], 0.93);
  // And one more on the left: the longer run is the leak, the other its pieces.
  eye.spots.push_back({Ellipse{{95.0, 119.6}, 30.0, 10.0, 0.0}, eye.pupil_gray});
  evidence = evidence_of(eye);
  EXPECT_NEAR(evidence[Evidence::leak], 0.106, 0.03);
  EXPECT_NEAR(evidence[Evidence::leak_pieces], 0.044, 0.03);
  EXPECT_LT(evidence[Evidence::visible_support], 0.9);
}

TEST(OutlineEvidence, AnOutlineBesideTheEdgeIsDisplacedAndHasAResidual) {
  const auto eye = plain_eye();
  Ellipse beside = *eye.pupil;
  beside.semi_major_px -= 2.4;  // more than the tolerance, less than where the two sides are read
  beside.semi_minor_px -= 2.4;
  const auto displaced = evidence_of(eye, beside);
  EXPECT_GT(displaced[Evidence::displaced], 0.8);
  EXPECT_LT(displaced[Evidence::support], 0.2);

  Ellipse shifted = *eye.pupil;
  shifted.center_px.x() +=
      1.2;  // within the tolerance: all of it is seen in the residual, shared by neighbours
  const auto near = evidence_of(eye, shifted);
  const auto exact = evidence_of(eye);
  EXPECT_GT(near[Evidence::support], 0.9);
  EXPECT_GT(near[Evidence::residual], 2.0 * exact[Evidence::residual]);
  EXPECT_NEAR(near[Evidence::systematic], near[Evidence::residual], 0.2 * near[Evidence::residual]);
}

TEST(OutlineEvidence, NoiseIsNotSharedByNeighbours) {
  auto eye = plain_eye();
  eye.noise_gray = 20.0;
  const auto evidence = evidence_of(eye);
  EXPECT_GT(evidence[Evidence::residual], evidence_of(plain_eye())[Evidence::residual]);
  EXPECT_LT(evidence[Evidence::systematic], 0.95 * evidence[Evidence::residual]);
  EXPECT_LT(evidence[Evidence::signal_to_noise], std::log(70.0 / 15.0));
}

TEST(OutlineEvidence, GlintsCountAsNothingElse) {
  auto eye = plain_eye();
  eye.glints = {{eye.pupil->point_at(0.3), 8.0}, {eye.pupil->point_at(3.0), 6.0}};
  const auto evidence = evidence_of(eye);
  // Each hides at least its own width.
  EXPECT_GT(evidence[Evidence::glint], 28.0 / (2.0 * std::numbers::pi * 38.0));
  EXPECT_LT(evidence[Evidence::glint], 0.3);
  EXPECT_GT(evidence[Evidence::support], 0.95);
  EXPECT_LT(evidence[Evidence::covered], 0.05);
}

TEST(OutlineEvidence, WhatIsOutsideTheImageIsCountedOnce) {
  auto eye = plain_eye();
  eye.pupil = Ellipse{{0.0, 119.6}, 40.0, 40.0, 0.0};
  const auto evidence = evidence_of(eye);
  EXPECT_NEAR(evidence[Evidence::out_of_image], 0.5, 0.06);
  EXPECT_GT(evidence[Evidence::support], 0.95);  // of what is in the image
  EXPECT_NEAR(evidence[Evidence::arc], std::numbers::pi * 40.0 / 240.0, 0.08);
}

TEST(OutlineEvidence, OfTheIrisSeesTheDarkerCore) {
  auto eye = plain_eye();
  Ellipse iris = *eye.pupil;
  iris.semi_major_px *= eye.iris_radius_factor;
  iris.semi_minor_px *= eye.iris_radius_factor;
  const auto evidence = evidence_of(eye, iris);
  const double step = eye.sclera_gray - eye.iris_gray;
  EXPECT_GT(evidence[Evidence::support], 0.95);
  EXPECT_NEAR(evidence[Evidence::core], (eye.iris_gray - eye.pupil_gray) / step, 0.15);
  EXPECT_NEAR(evidence[Evidence::darkness], (eye.iris_gray - eye.pupil_gray) / step, 0.15);
}

TEST(OutlineEvidence, BlurLowersTheSharpness) {
  auto eye = plain_eye();
  double previous = 1e9;
  for (const double sigma : {0.6, 1.2, 2.4}) {
    eye.blur_sigma_px = sigma;
    const double sharpness = evidence_of(eye)[Evidence::sharpness];
    EXPECT_LT(sharpness, 0.93 * previous) << sigma;
    EXPECT_GT(sharpness, 0.0);
    previous = sharpness;
  }
}

TEST(OutlineEvidence, UnevenSidesHaveASpread) {
  auto eye = plain_eye();
  // Half of the surround is sclera.
  eye.spots = {};
  eye.iris_radius_factor = 2.5;
  const auto even = evidence_of(eye);
  auto uneven_eye = eye;
  for (int k = 0; k < 12; ++k) {
    // Spots of light on the iris, beside every other stretch of the outline.
    const Eigen::Vector2d out = eye.pupil->point_at(2.0 * std::numbers::pi * k / 12.0) - eye.pupil->center_px;
    uneven_eye.spots.push_back({Ellipse{eye.pupil->center_px + 1.33 * out, 12.0, 12.0, 0.0}, 160.0});
  }
  const auto uneven = evidence_of(uneven_eye);
  EXPECT_GT(uneven[Evidence::outside_spread], even[Evidence::outside_spread] + 0.05);
}

TEST(OutlineEvidence, IsTheSameAfterAShiftByWholePixels) {
  auto eye = plain_eye();
  eye.noise_gray = 0.0;
  const auto here = evidence_of(eye);
  eye.pupil->center_px += Eigen::Vector2d(13.0, -9.0);
  const auto there = evidence_of(eye);
  for (const auto kind : {Evidence::support, Evidence::contrast, Evidence::sharpness, Evidence::residual,
                          Evidence::fill, Evidence::surround, Evidence::arc})
    EXPECT_NEAR(here[kind], there[kind], 0.02) << name_of(kind);
}

TEST(OutlineEvidence, IsFiniteForOutlinesAnywhere) {
  const auto eye = plain_eye();
  for (const Ellipse& outline :
       {Ellipse{{-500.0, 90.0}, 20.0, 18.0, 0.0}, Ellipse{{319.0, 239.0}, 60.0, 20.0, 1.0},
        Ellipse{{160.0, 120.0}, 300.0, 200.0, 0.0}, Ellipse{{160.0, 120.0}, 2.0, 1.0, 0.0}}) {
    const auto evidence = evidence_of(eye, outline);
    for (std::size_t i = 0; i < evidence_count; ++i)
      EXPECT_TRUE(std::isfinite(evidence.values[i])) << name_of(static_cast<Evidence>(i));
  }
}

TEST(SupportTolerance, GrowsWithTheRadius) {
  EXPECT_GT(support_tolerance_px(5.0), 0.5);
  EXPECT_GT(support_tolerance_px(100.0), support_tolerance_px(20.0));
  EXPECT_LT(support_tolerance_px(100.0), 0.1 * 100.0);
}

}  // namespace
}  // namespace yarbus::outline_evidence_test
