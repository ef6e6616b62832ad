#pragma once

#include <cmath>
#include <memory>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"
#include "tests/support/wizard_run.h"

namespace yarbus::support {

/// The face that goes with a head turned so; both eyes are seen.
inline std::shared_ptr<const FaceSight> face(double yaw_deg, double pitch_deg) {
  FaceSight sight;
  sight.head.cam_from_head.rotation = (Eigen::AngleAxisd(radians_of(yaw_deg), Eigen::Vector3d::UnitY()) *
                                       Eigen::AngleAxisd(radians_of(pitch_deg), Eigen::Vector3d::UnitX()))
                                          .toRotationMatrix();
  sight.head.cam_from_head.translation_mm = {0.0, 0.0, 600.0};
  for (auto& eye : sight.eyes) eye.emplace();
  return std::make_shared<const FaceSight>(sight);
}

/// How the head is held in the pass, and what is lost of it.
struct Head {
  double yaw_deg = 12.0;  ///< to either side
  double pitch_deg = 8.0;
  double lost_share = 0.0;  ///< of each half second
  bool has_face = true;
};

/// A person before a webcam whose head turns in the pass.
struct PassRun : WizardRun {
  explicit PassRun(const Head& head, std::uint64_t seed = 1) : PassRun(head, ParticipantOptions{seed}) {}
  PassRun(const Head& head, const ParticipantOptions& participant)
      : WizardRun(ProcedureOptions::for_webcam(), participant) {
    rate_hz = 30;
    alter = [this, head](ProcedureFrame& frame, const ProcedureSnapshot& view) {
      const bool in_pass = view.target && view.target->is_head_pass;
      const double phase = 2.0 * std::numbers::pi * 0.4 * seconds();
      if (head.has_face)
        frame.rays.face = face(in_pass ? head.yaw_deg * std::sin(phase) : 0.1,
                               in_pass ? head.pitch_deg * std::cos(0.7 * phase) : 0.1);
      if (in_pass && std::fmod(seconds(), 0.5) < 0.5 * head.lost_share) {
        frame.rays.face = nullptr;
        frame.rays.eyes = {};
      }
    };
  }
  bool start(bool head_pass = true, TargetLayout layout = TargetLayout::nine) {
    ProcedureRequest wanted;
    wanted.screen = ParticipantOptions{}.screen;
    wanted.layout = layout;
    wanted.head_pass = head_pass;
    return procedure.start(wanted).has_value();
  }
  bool run_into_pass(TargetStep step = TargetStep::sampling) {
    return run_until(
        [step](const auto& view) {
          return view.target && view.target->is_head_pass && view.target->step == step;
        },
        90.0);
  }
  PointResult pass() const {
    for (const PointResult& point : procedure.points()) {
      if (point.is_head_pass) return point;
    }
    ADD_FAILURE() << "no head pass";
    return {};
  }
  std::string findings() const {
    std::string text;
    for (const auto& finding : procedure.snapshot().findings) {
      text += std::string(to_string(finding.kind)) + (finding.is_blocking ? " blocks: " : ": ") +
              finding.text + ". " + finding.remedy + (finding.is_resolved ? ". mended\n" : ".\n");
    }
    return text;
  }
};

}  // namespace yarbus::support
