#include "app/cli/calibrate_camera_options.h"

#include <array>
#include <charconv>
#include <utility>

#include "app/cli/exit_codes.h"
#include "app/cli/number_checks.h"

namespace yarbus::cli {
namespace {

constexpr const char* calibrate_camera_examples =
    "Examples:\n"
    "  yarbus calibrate-camera --print-board board.svg --size 9x6 --square-mm 20     a board to print\n"
    "  yarbus calibrate-camera shots/ --size 9x6 --square-mm 20 --save-as \"Eye cam\"  from a folder of "
    "pictures\n"
    "  yarbus calibrate-camera board.mp4 --board charuco --size 8x5 --square-mm 20 --out camera.json\n"
    "  yarbus calibrate-camera --camera 0 --size 9x6 --square-mm 20 --save-as \"Pupil Cam2 ID0\" --overlay "
    "seen/\n"
    "  yarbus calibrate-camera --list                                                cameras saved, and "
    "presets\n"
    "  yarbus calibrate-camera --import calibration.yaml --save-as \"Eye cam\"\n"
    "  yarbus calibrate-camera --export \"Eye cam\" --out camera.yml\n"
    "  yarbus track eye.mp4 --camera \"Eye cam\" --out gaze.csv                        use what was "
    "saved\n\n";

/// "9x6" as two numbers.
std::pair<int, int> two_numbers(const char* option, const std::string& text) {
  const auto cross = text.find('x');
  std::array<int, 2> values{};
  const std::array<std::string, 2> parts{text.substr(0, cross),
                                         cross == std::string::npos ? "" : text.substr(cross + 1)};
  for (std::size_t i = 0; i < 2; ++i) {
    const char* const end = parts[i].data() + parts[i].size();
    const auto [stopped, fault] = std::from_chars(parts[i].data(), end, values[i]);
    if (parts[i].empty() || fault != std::errc{} || stopped != end || values[i] < 1)
      throw CLI::ValidationError(option, "must be like 9x6, not " + text);
  }
  return {values[0], values[1]};
}

}  // namespace

CalibrateCameraOptions::CalibrateCameraOptions(CLI::App& app)
    : app_(app.add_subcommand("calibrate-camera",
                              "measure a camera's focal length and lens with a printed board "
                              "(docs/camera-calibration.md)")) {
  app_->footer(std::string(calibrate_camera_examples) + exit_code_help());
  app_->add_option("inputs", given_.inputs, "pictures, a folder of pictures, or a video of the board");
  auto* live = app_->add_option("--camera", given_.camera.location, "a live camera: index, path or name");
  app_->add_option("--width", given_.camera.width_px, "of the live camera, px")
      ->transform(whole_number(1, 10000))
      ->needs(live);
  app_->add_option("--height", given_.camera.height_px, "of the live camera, px")
      ->transform(whole_number(1, 10000))
      ->needs(live);

  auto* board = app_->add_option_group("Board");
  board->add_option("--board", board_, "kind of board (default: chessboard)")
      ->check(CLI::IsMember({"chessboard", "circles", "asymmetric-circles", "charuco"}));
  board->add_option(
      "--size", size_,
      "inner corners (chessboard, charuco) or circles, in a row x rows (default: 9x6; charuco 8x5; "
      "asymmetric 4x9)");
  board
      ->add_option("--square-mm", given_.board.square_mm,
                   "side of a square or distance of circles (asymmetric: of rows); the focal length does not "
                   "depend on it (default: 25)")
      ->check(number_above_zero("MM"));
  board->add_option("--marker-mm", given_.board.marker_mm, "charuco: side of a marker (default: 0.7 squares)")
      ->check(number_above_zero("MM"));
  board
      ->add_option("--circle-mm", given_.board.circle_mm,
                   "circles: their diameter (default: as printed by Yarbus)")
      ->check(number_above_zero("MM"));
  board->add_option("--dictionary", given_.board.dictionary, "charuco: 4x4_50 to 7x7_1000 (default: 4x4_50)");

  app_->add_option("--model", lens_, "lens model (default: auto, by views left out of the fit)")
      ->check(CLI::IsMember({"auto", "standard", "fisheye"}));
  app_->add_option("--out", given_.out_path, "write the camera to this file (.json, .yml, .yaml)");
  app_->add_option(
      "--save-as", given_.save_as,
      "save it in the library under this name: the driver's name (`yarbus devices`) is found again by "
      "itself");
  app_->add_option("--overlay", given_.overlay_folder,
                   "folder for a picture of each view: points found, and where the fit puts them");

  auto* library = app_->add_option_group("Without calibrating");
  library->add_option("--print-board", given_.print_path, "write the board for printing (.svg, .png)");
  library->add_flag("--list", is_list_, "the cameras saved, and the presets");
  library->add_option("--import", given_.import_path,
                      "read a camera file (.json, OpenCV's or ROS's .yml, .yaml)");
  library->add_option("--export", export_name_, "write the saved camera of this name to --out");
  library->add_option("--delete", delete_name_, "delete the saved camera of this name");
  app_->add_option("--resolution", resolution_,
                   "WxH: which of a saved camera's resolutions; with --import: scale to it, same shape only");
}

CalibrateCameraArguments CalibrateCameraOptions::arguments() const {
  using Task = CalibrateCameraArguments::Task;
  CalibrateCameraArguments out = given_;
  const std::array<std::pair<Task, bool>, 5> others{{{Task::print_board, !out.print_path.empty()},
                                                     {Task::list, is_list_},
                                                     {Task::import_file, !out.import_path.empty()},
                                                     {Task::export_saved, !export_name_.empty()},
                                                     {Task::remove_saved, !delete_name_.empty()}}};
  int tasks = out.inputs.empty() && out.camera.location.empty() ? 0 : 1;
  for (const auto& [task, is_wanted] : others) {
    if (!is_wanted) continue;
    out.task = task;
    ++tasks;
  }
  if (tasks == 0)
    throw CLI::RequiredError(
        "pictures, a folder, a video, --camera, --print-board, --list, --import or --export");
  if (tasks > 1)
    throw CLI::ValidationError("calibrate-camera",
                               "give one of: inputs, --camera, --print-board, --list, --import, "
                               "--export, --delete");
  if (!out.inputs.empty() && !out.camera.location.empty())
    throw CLI::ValidationError("--camera", "takes no pictures or videos beside it");
  for (const BoardKind kind :
       {BoardKind::chessboard, BoardKind::circles, BoardKind::asymmetric_circles, BoardKind::charuco}) {
    if (board_ == to_string(kind)) out.board.kind = kind;
  }
  if (out.board.kind == BoardKind::charuco) std::tie(out.board.columns, out.board.rows) = std::pair(8, 5);
  if (out.board.kind == BoardKind::asymmetric_circles)
    std::tie(out.board.columns, out.board.rows) = std::pair(4, 9);
  if (!size_.empty()) std::tie(out.board.columns, out.board.rows) = two_numbers("--size", size_);
  for (const LensChoice lens : {LensChoice::automatic, LensChoice::standard, LensChoice::fisheye}) {
    if (lens_ == to_string(lens)) out.lens = lens;
  }
  if (!resolution_.empty()) {
    const auto [width, height] = two_numbers("--resolution", resolution_);
    out.resolution = {width, height};
  }
  out.saved_name = export_name_.empty() ? delete_name_ : export_name_;
  if (out.task == Task::export_saved && out.out_path.empty()) throw CLI::RequiredError("--out");
  if (out.task == Task::import_file && out.save_as.empty() && out.out_path.empty())
    throw CLI::RequiredError("--save-as or --out");
  return out;
}

}  // namespace yarbus::cli
