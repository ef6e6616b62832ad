#include "calibration/camera/find_board.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <opencv2/aruco/charuco.hpp>
#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

#include "calibration/camera/charuco_layout.h"

namespace yarbus {
namespace {

constexpr int search_side_px = 1000;
constexpr std::size_t fewest_charuco_points = 8;
constexpr double least_spacing_px = 5.0;
constexpr double least_contrast = 25.0;
constexpr const char* blurred_text =
    "the image is blurred: hold the board still, and where the camera is in focus";

BoardNotFound miss(BoardMiss reason, std::string text) { return {reason, std::move(text)}; }

/// The image at most `search_side_px` long, and its scale.
struct SearchImage {
  cv::Mat pixels;
  double scale = 1.0;  ///< search px per image px

  explicit SearchImage(const cv::Mat& image) : pixels(image) {
    const int side = std::max(image.cols, image.rows);
    if (side <= search_side_px) return;
    scale = static_cast<double>(search_side_px) / side;
    cv::resize(image, pixels, {}, scale, scale, cv::INTER_AREA);
  }
  [[nodiscard]] cv::Point2f to_image(const cv::Point2f& at) const {
    const auto back = [this](float value) { return static_cast<float>((value + 0.5) / scale - 0.5); };
    return {back(at.x), back(at.y)};
  }
};

/// Median distance of neighbours; `ids` rising.
double spacing_of(const std::vector<BoardPoint>& points, int columns) {
  std::vector<double> distances;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].id == points[i - 1].id + 1 && points[i].id % columns != 0)
      distances.push_back((points[i].in_image_px - points[i - 1].in_image_px).norm());
  }
  if (distances.empty()) return 0.0;
  std::nth_element(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2),
                   distances.end());
  return distances[distances.size() / 2];
}

double least_distance(const std::vector<cv::Point2f>& points, int columns) {
  double least = 1e9;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i + 1 < points.size() && (static_cast<int>(i) + 1) % columns != 0)
      least = std::min(least, cv::norm(points[i + 1] - points[i]));
    if (const std::size_t below = i + static_cast<std::size_t>(columns); below < points.size())
      least = std::min(least, cv::norm(points[below] - points[i]));
  }
  return least;
}

struct Sharpness {
  double contrast = 0.0;
  double edge_width_px = 0.0;
};

/// Within the box around the points.
Sharpness sharpness_of(const cv::Mat& image, const std::vector<BoardPoint>& points) {
  double left = 1e9;
  double top = 1e9;
  double right = -1.0;
  double bottom = -1.0;
  for (const BoardPoint& point : points) {
    left = std::min(left, point.in_image_px.x());
    right = std::max(right, point.in_image_px.x());
    top = std::min(top, point.in_image_px.y());
    bottom = std::max(bottom, point.in_image_px.y());
  }
  const cv::Rect box = cv::Rect(cv::Point(static_cast<int>(left), static_cast<int>(top)),
                                cv::Point(static_cast<int>(right) + 1, static_cast<int>(bottom) + 1)) &
                       cv::Rect(0, 0, image.cols, image.rows);
  if (box.width < 3 || box.height < 3) return {};
  cv::Mat smooth;
  cv::GaussianBlur(image(box), smooth, {3, 3}, 0.5);  // a little less noise, hardly wider edges
  std::vector<std::uint8_t> levels;
  std::vector<double> slopes;
  for (int y = 1; y + 1 < smooth.rows; ++y) {
    const std::uint8_t* row = smooth.ptr(y);
    for (int x = 1; x + 1 < smooth.cols; ++x) {
      levels.push_back(row[x]);
      const double dx = 0.5 * (row[x + 1] - row[x - 1]);
      const double dy = 0.5 * (smooth.at<std::uint8_t>(y + 1, x) - smooth.at<std::uint8_t>(y - 1, x));
      slopes.push_back(dx * dx + dy * dy);
    }
  }
  const auto quantile = [](auto& values, double share) {
    const auto at =
        values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return static_cast<double>(*at);
  };
  Sharpness sharpness;
  sharpness.contrast = quantile(levels, 0.95) - quantile(levels, 0.05);
  const double steepest = std::sqrt(quantile(slopes, 0.98));
  sharpness.edge_width_px = steepest > 0.0 ? sharpness.contrast / steepest : 1e9;
  return sharpness;
}

std::vector<BoardPoint> numbered(const std::vector<cv::Point2f>& found, const CalibrationBoard& board) {
  const auto on_board = board_points_mm(board);
  std::vector<BoardPoint> points;
  for (std::size_t i = 0; i < found.size(); ++i)
    points.push_back({static_cast<int>(i), {found[i].x, found[i].y}, on_board[i]});
  return points;
}

BoardSearch checked(const cv::Mat& image, std::vector<BoardPoint> points, const CalibrationBoard& board) {
  BoardView view;
  view.width_px = image.cols;
  view.height_px = image.rows;
  view.points = std::move(points);
  view.spacing_px = spacing_of(view.points, board.columns);
  view.circle_radius_mm = board.circle_radius_mm();
  const Sharpness sharpness = sharpness_of(image, view.points);
  view.edge_width_px = sharpness.edge_width_px;
  if (view.spacing_px < least_spacing_px)
    return miss(BoardMiss::too_small, "the board is too small in the image: bring it closer");
  if (sharpness.contrast < least_contrast)
    return miss(BoardMiss::low_contrast, "black and white of the board can hardly be told apart: more light");
  if (view.edge_width_px > std::max(6.0, 0.45 * view.spacing_px))
    return miss(BoardMiss::blurred, "the board is blurred: hold it still, and where the camera is in focus");
  std::vector<cv::Point2f> all;
  for (const BoardPoint& point : view.points)
    all.emplace_back(static_cast<float>(point.in_image_px.x()), static_cast<float>(point.in_image_px.y()));
  std::vector<cv::Point2f> hull;
  cv::convexHull(all, hull);
  for (const cv::Point2f& corner : hull) view.outline_px.emplace_back(corner.x, corner.y);
  return view;
}

/// What can be said about a board of which only some points were found.
BoardNotFound why_incomplete(const cv::Mat& image, const std::vector<cv::Point2f>& some, std::size_t wanted) {
  if (some.size() < std::max<std::size_t>(4, wanted / 3))
    return miss(BoardMiss::no_board, "no board is seen");
  const cv::Rect2f box = cv::boundingRect(some);
  const double spacing_px = std::sqrt(box.area() / static_cast<double>(some.size()));
  const auto rim = static_cast<float>(1.2 * spacing_px);
  if (box.x < rim || box.y < rim || box.x + box.width > static_cast<float>(image.cols) - rim ||
      box.y + box.height > static_cast<float>(image.rows) - rim)
    return miss(BoardMiss::partly_outside, "a part of the board is outside the image");
  if (spacing_px < 2.0 * least_spacing_px)
    return miss(BoardMiss::too_small, "the board is too small in the image: bring it closer");
  return miss(BoardMiss::no_board,
              "only " + std::to_string(some.size()) + " of " + std::to_string(wanted) +
                  " points are seen: is the size of the board right, and is nothing in front of it?");
}

bool looks_blurred(const cv::Mat& image) {
  std::vector<BoardPoint> corners(2);
  corners[0].in_image_px = {0.0, 0.0};
  corners[1].in_image_px = {image.cols - 1.0, image.rows - 1.0};
  const Sharpness sharpness = sharpness_of(image, corners);
  return sharpness.contrast >= least_contrast && sharpness.edge_width_px > 9.0;
}

BoardSearch find_chessboard(const cv::Mat& image, const CalibrationBoard& board) {
  const SearchImage search(image);
  const cv::Size size(board.columns, board.rows);
  std::vector<cv::Point2f> found;
  const bool is_whole = cv::findChessboardCornersSB(search.pixels, size, found, 0) ||
                        cv::findChessboardCornersSB(search.pixels, size, found, cv::CALIB_CB_NORMALIZE_IMAGE);
  if (!is_whole) {
    if (looks_blurred(search.pixels)) return miss(BoardMiss::blurred, blurred_text);
    std::vector<cv::Point2f> some;  // of whatever chessboard there is
    if (!cv::findChessboardCornersSB(search.pixels, {3, 3}, some, cv::CALIB_CB_LARGER)) some.clear();
    return why_incomplete(search.pixels, some, static_cast<std::size_t>(board.point_count()));
  }
  for (cv::Point2f& point : found) point = search.to_image(point);
  const double nearest_px = least_distance(found, board.columns);
  if (nearest_px < least_spacing_px)
    return miss(BoardMiss::too_small, "the board is too small in the image: bring it closer");
  const int reach = std::clamp(static_cast<int>(std::lround(0.3 * nearest_px)), 2, 12);
  cv::cornerSubPix(image, found, {reach, reach}, {-1, -1},
                   {cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 60, 1e-4});
  return checked(image, numbered(found, board), board);
}

BoardSearch find_circles(const cv::Mat& image, const CalibrationBoard& board) {
  const double area_px = static_cast<double>(image.cols) * image.rows;
  cv::SimpleBlobDetector::Params params;
  params.filterByArea = true;
  params.minArea = 12.0F;
  params.maxArea = static_cast<float>(area_px / (2.0 * board.point_count()));
  params.filterByCircularity = true;
  params.minCircularity = 0.5F;
  params.filterByConvexity = true;
  params.minConvexity = 0.85F;
  params.filterByInertia = true;
  params.minInertiaRatio = 0.08F;
  params.minDistBetweenBlobs = 3.0F;
  params.minThreshold = 20.0F;
  params.maxThreshold = 240.0F;
  params.thresholdStep = 8.0F;
  const auto detector = cv::SimpleBlobDetector::create(params);
  const int grid =
      board.kind == BoardKind::circles ? cv::CALIB_CB_SYMMETRIC_GRID : cv::CALIB_CB_ASYMMETRIC_GRID;
  const cv::Size size(board.columns, board.rows);
  std::vector<cv::Point2f> found;
  const bool is_whole = cv::findCirclesGrid(image, size, found, grid, detector) ||
                        cv::findCirclesGrid(image, size, found, grid | cv::CALIB_CB_CLUSTERING, detector);
  if (is_whole) return checked(image, numbered(found, board), board);
  if (looks_blurred(image)) return miss(BoardMiss::blurred, blurred_text);
  std::vector<cv::KeyPoint> blobs;
  detector->detect(image, blobs);
  std::vector<cv::Point2f> some;
  for (const cv::KeyPoint& blob : blobs) some.push_back(blob.pt);
  return why_incomplete(image, some, static_cast<std::size_t>(board.point_count()));
}

/// Saddle points to a fraction of a pixel, in windows that no marker reaches into.
void refine_between_markers(const cv::Mat& image, const CalibrationBoard& board,
                            const std::vector<std::vector<cv::Point2f>>& markers,
                            std::vector<cv::Point2f>& corners) {
  double least_marker_px = 1e9;
  for (const auto& marker : markers) {
    for (std::size_t i = 0; i < 4; ++i)
      least_marker_px = std::min(least_marker_px, cv::norm(marker[(i + 1) % 4] - marker[i]));
  }
  const double gap = 0.5 * (board.square_mm - board.marker_side_mm()) / board.marker_side_mm();
  const int reach = std::clamp(static_cast<int>(0.9 * gap * least_marker_px), 2, 10);
  cv::cornerSubPix(image, corners, {reach, reach}, {-1, -1},
                   {cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 60, 1e-4});
}

BoardSearch find_charuco(const cv::Mat& image, const CalibrationBoard& board) {
  const CharucoLayout layout = CharucoLayout::of(board);
  std::vector<std::vector<cv::Point2f>> markers;
  std::vector<std::vector<cv::Point2f>> rejected;
  std::vector<int> marker_ids;
  const auto params = cv::aruco::DetectorParameters::create();
  cv::aruco::detectMarkers(image, layout.board->dictionary, markers, marker_ids, params, rejected);
  std::vector<cv::Point2f> corners;
  std::vector<int> ids;
  if (!marker_ids.empty())
    cv::aruco::interpolateCornersCharuco(markers, marker_ids, image, layout.board, corners, ids);
  if (!corners.empty()) refine_between_markers(image, board, markers, corners);
  std::vector<BoardPoint> points;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Eigen::Vector2d on_board =
        layout.to_board_mm(layout.board->chessboardCorners[static_cast<std::size_t>(ids[i])]);
    const int column = static_cast<int>(std::lround(on_board.x() / board.square_mm)) - 1;
    const int row = static_cast<int>(std::lround(on_board.y() / board.square_mm)) - 1;
    points.push_back({row * board.columns + column, {corners[i].x, corners[i].y}, on_board});
  }
  std::sort(points.begin(), points.end(),
            [](const BoardPoint& a, const BoardPoint& b) { return a.id < b.id; });
  int rows_seen = 0;
  int columns_seen = 0;
  for (int row = 0; row < board.rows; ++row)
    rows_seen +=
        std::any_of(points.begin(), points.end(), [&](const auto& p) { return p.id / board.columns == row; });
  for (int column = 0; column < board.columns; ++column)
    columns_seen += std::any_of(points.begin(), points.end(),
                                [&](const auto& p) { return p.id % board.columns == column; });
  if (points.size() >= fewest_charuco_points && rows_seen >= 2 && columns_seen >= 2)
    return checked(image, std::move(points), board);
  if (marker_ids.empty()) {
    if (looks_blurred(image)) return miss(BoardMiss::blurred, blurred_text);
    return miss(BoardMiss::no_board, "no marker of " + board.dictionary + " is seen");
  }
  return miss(BoardMiss::partly_outside, "only " + std::to_string(marker_ids.size()) + " markers and " +
                                             std::to_string(points.size()) +
                                             " corners are seen: show more of the board, or bring it closer");
}

}  // namespace

BoardSearch find_board(GrayView view, const CalibrationBoard& board) {
  YARBUS_CHECK(board.validate().has_value());
  if (view.empty() || std::min(view.width_px, view.height_px) < 32)
    return miss(BoardMiss::no_board, "the image is too small");
  const cv::Mat image(view.height_px, view.width_px, CV_8UC1, const_cast<std::uint8_t*>(view.data),
                      static_cast<std::size_t>(view.stride_bytes));
  switch (board.kind) {
    case BoardKind::chessboard:
      return find_chessboard(image, board);
    case BoardKind::circles:
    case BoardKind::asymmetric_circles:
      return find_circles(image, board);
    case BoardKind::charuco:
      return find_charuco(image, board);
  }
  return miss(BoardMiss::no_board, "no board is seen");
}

}  // namespace yarbus
