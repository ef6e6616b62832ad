#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "app/export/labelled_recording.h"
#include "eyemodel/simulation/simulated_eye.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::test {

/// The simulated eye as a folder at the rate that folders of images have.
inline std::filesystem::path write_recording(const TemporaryFolder& folder, const std::string& name,
                                             std::uint64_t count) {
  auto eye = simulation::SimulatedEye::create("paper-no-cornea", 1);
  EXPECT_TRUE(eye.has_value());
  auto writer = LabelledRecordingWriter::create(folder / name, eye->camera(), 30.0, "for a test");
  EXPECT_TRUE(writer.has_value());
  GrayImage image;
  SimulatedTruth truth;
  for (std::uint64_t i = 0; i < count; ++i) {
    eye->render(i, image, truth);
    EXPECT_TRUE(writer->add(image.view(), truth).has_value());
  }
  EXPECT_TRUE(writer->close().has_value());
  return folder / name;
}

}  // namespace yarbus::test
