#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "eyemodel/simulation/scene.h"
#include "eyemodel/types/image.h"

namespace yarbus::simulation {

/// Ray-traces one subject's eye and what is around it. For each pixel: the lid sphere, and between the lids
/// the corneal sphere, refraction, and the iris plane, or the eyeball; outside them skin. Lashes, spectacles,
/// lens and sensor follow.
/// Frames & units: image px, (0,0) the centre of the top-left pixel. Threads: one owner; spreads its rows
/// over the cores, with the same result for any number of them.
class Renderer {
 public:
  /// Textures and lashes follow from the subject's appearance_seed and style.
  Renderer(std::uint64_t appearance_seed, const LashStyle& lashes);
  ~Renderer();
  Renderer(Renderer&&) noexcept;
  Renderer& operator=(Renderer&&) noexcept;

  /// Renders the mean over `instants` (an odd number, evenly spaced over the exposure; same camera) into
  /// `image`. Returns the visible fraction of the pupil at the middle instant: the share of its refracted
  /// outline's area in the image that no lid, lash, limbus or image border hides.
  double render(std::span<const Scene> instants, std::uint64_t noise_seed, GrayImage& image);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus::simulation
