#include "app/benchmark/iris_stills.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fstream>
#include <utility>

#include "app/benchmark/statistics.h"
#include "app/benchmark/table.h"
#include "eyemodel/types/image.h"
#include "tracker/face/eye_finder.h"
#include "tracker/face/face_finder.h"

namespace yarbus::benchmark {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Marked {
  std::array<Eigen::Vector2d, 2> eyes_px;  ///< by EyeSide

  [[nodiscard]] double apart_px() const { return (eyes_px[1] - eyes_px[0]).norm(); }
};

std::optional<Marked> read_marks(const fs::path& path) {
  std::ifstream in(path);
  std::string heading;
  std::getline(in, heading);
  Marked marked;
  in >> marked.eyes_px[1].x() >> marked.eyes_px[1].y() >> marked.eyes_px[0].x() >> marked.eyes_px[0].y();
  if (!in || !(marked.apart_px() > 1.0)) return std::nullopt;
  return marked;
}

/// A binary PGM of 8 bits (P5); nullopt: it is none, or it is cut off.
std::optional<GrayImage> read_pgm(const fs::path& path) {
  constexpr int largest_px = 20'000;
  std::ifstream in(path, std::ios::binary);
  std::string magic;
  int width_px = 0;
  int height_px = 0;
  int white = 0;
  in >> magic >> width_px >> height_px >> white;
  if (!in || magic != "P5" || white != 255 || width_px <= 0 || height_px <= 0 || width_px > largest_px ||
      height_px > largest_px)
    return std::nullopt;
  in.get();
  GrayImage image(width_px, height_px);
  const auto bytes = static_cast<std::streamsize>(width_px) * height_px;
  in.read(reinterpret_cast<char*>(image.data()), bytes);
  if (in.gcount() != bytes) return std::nullopt;
  return image;
}

struct Way {
  IrisWay figures;
  EyeFinder finder;
  std::vector<std::chrono::nanoseconds> times;
};

void judge(Way& way, const GrayView& image, const FaceBox& face, const Marked& marked) {
  const auto start = Clock::now();
  const FoundEyes found = way.finder.search(image, face, 0.0);  // the best guess, however sure
  way.times.push_back(Clock::now() - start);
  if (!found.eyes[0] || !found.eyes[1]) {
    ++way.figures.without;
    return;
  }
  double worse = 0.0;
  for (std::size_t side = 0; side < 2; ++side)
    worse = std::max(worse, (found.eyes[side]->iris_px - marked.eyes_px[side]).norm() / marked.apart_px());
  way.figures.worse_eye.push_back(worse);
}

Result<std::vector<Way>> all_ways() {
  std::vector<Way> ways;
  for (const bool uses_network : {true, false}) {
    auto finder = EyeFinder::create(uses_network);
    if (!finder) return finder.error();
    IrisWay figures;
    figures.name = uses_network ? "network" : "voting (means of gradients)";
    ways.push_back({std::move(figures), std::move(*finder), {}});
  }
  return ways;
}

}  // namespace

double IrisWay::share_within(double error) const {
  const std::size_t faces = worse_eye.size() + without;
  if (faces == 0) return 0.0;
  const auto end = std::upper_bound(worse_eye.begin(), worse_eye.end(), error);
  return static_cast<double>(end - worse_eye.begin()) / static_cast<double>(faces);
}

Result<IrisStillsResult> run_iris_stills(const fs::path& folder,
                                         const std::function<void(std::uint64_t, std::uint64_t)>& on_image,
                                         const std::stop_token& stop) {
  std::error_code failure;
  std::vector<fs::path> images;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (entry.path().extension() == ".pgm" && fs::exists(fs::path(entry.path()).replace_extension(".eye")))
      images.push_back(entry.path());
  }
  if (failure)
    return Error{ErrorCode::input_missing, "the folder cannot be read: " + failure.message(), folder.string(),
                 "Give the folder that holds BioID_0000.pgm and BioID_0000.eye"};
  if (images.empty())
    return Error{ErrorCode::input_empty, "the folder holds no image NAME.pgm with its NAME.eye",
                 folder.string(), "Give the folder that holds BioID_0000.pgm and BioID_0000.eye"};
  std::sort(images.begin(), images.end());
  auto ways = all_ways();
  if (!ways) return ways.error();
  auto finder = FaceFinder::create();
  if (!finder) return finder.error();

  IrisStillsResult result;
  result.machine = this_machine();
  result.folder =
      folder.filename().empty() ? folder.parent_path().filename().string() : folder.filename().string();
  for (const fs::path& path : images) {
    if (stop.stop_requested()) {
      result.was_interrupted = true;
      break;
    }
    ++result.images;
    on_image(result.images, images.size());
    const auto marked = read_marks(fs::path(path).replace_extension(".eye"));
    const auto image = read_pgm(path);
    if (!marked || !image) {
      ++result.unreadable;
      continue;
    }
    const auto faces = finder->find(image->view());
    if (faces.empty()) {
      ++result.without_face;
      continue;
    }
    for (Way& way : *ways) judge(way, image->view(), faces.front(), *marked);
  }
  for (Way& way : *ways) {
    std::sort(way.figures.worse_eye.begin(), way.figures.worse_eye.end());
    way.figures.time = times_of(std::move(way.times));
    result.ways.push_back(std::move(way.figures));
  }
  return result;
}

std::string iris_stills_markdown(const IrisStillsResult& result) {
  Table table{"Irises in " + std::to_string(result.faces()) + " faces: share whose worse eye is within",
              {"way", "0.05", "0.10", "0.25", "median", "an eye not found", "both eyes, ms, p50 / p95"},
              {},
              {}};
  const auto percent = [](double share) { return number_text(100.0 * share, 1) + " %"; };
  for (const IrisWay& way : result.ways) {
    table.rows.push_back(
        {way.name, percent(way.share_within(0.05)), percent(way.share_within(0.10)),
         percent(way.share_within(0.25)), number_text(quantile_of(way.worse_eye, 0.5), 4),
         std::to_string(way.without),
         way.time ? number_text(way.time->p50_ms, 1) + " / " + number_text(way.time->p95_ms, 1) : "–"});
  }
  table.notes.push_back(std::to_string(result.images) + " images, " + std::to_string(result.without_face) +
                        " without a face that was found, " + std::to_string(result.unreadable) +
                        " that cannot be read. Errors are shares of the distance between the eyes.");
  return report_heading("Irises in still images", result.version, result.command, result.machine) + ".\n\n" +
         to_markdown(table);
}

}  // namespace yarbus::benchmark
