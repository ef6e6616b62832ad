#include "calibration/camera/board_drawing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>

#include <opencv2/imgcodecs.hpp>

#include "calibration/camera/charuco_layout.h"

namespace yarbus {
namespace {

void add_squares(const CalibrationBoard& board, BoardShapes& shapes) {
  const double side = board.square_mm;
  for (int row = 0; row <= board.rows; ++row) {
    for (int column = row % 2; column <= board.columns; column += 2)
      shapes.boxes.push_back({column * side, row * side, side, side});
  }
}

void add_markers(const CalibrationBoard& board, BoardShapes& shapes) {
  const CharucoLayout layout = CharucoLayout::of(board);
  const auto& dictionary = *layout.board->dictionary;
  const int cells = dictionary.markerSize + 2;
  const double cell_mm = board.marker_side_mm() / cells;
  std::vector<std::vector<bool>> has_marker(static_cast<std::size_t>(board.rows + 1),
                                            std::vector<bool>(static_cast<std::size_t>(board.columns + 1)));
  for (std::size_t i = 0; i < layout.board->objPoints.size(); ++i) {
    const Eigen::Vector2d corner = layout.to_board_mm(layout.board->objPoints[i].front());
    has_marker[static_cast<std::size_t>(corner.y() / board.square_mm)]
              [static_cast<std::size_t>(corner.x() / board.square_mm)] = true;
    cv::Mat bits;
    dictionary.drawMarker(layout.board->ids[i], cells, bits);
    for (int row = 0; row < cells; ++row) {
      for (int column = 0; column < cells;) {  // runs of black cells: fewer seams
        int end = column;
        while (end < cells && bits.at<std::uint8_t>(row, end) == 0) ++end;
        if (end > column)
          shapes.boxes.push_back(
              {corner.x() + column * cell_mm, corner.y() + row * cell_mm, (end - column) * cell_mm, cell_mm});
        column = end + 1;
      }
    }
  }
  const double side = board.square_mm;
  for (int row = 0; row <= board.rows; ++row) {
    for (int column = 0; column <= board.columns; ++column) {
      if (!has_marker[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)])
        shapes.boxes.push_back({column * side, row * side, side, side});
    }
  }
}

/// How much of pixel i, from i - 0.5 to i + 0.5, lies between the two.
double covered(int i, double from, double to) {
  return std::clamp(std::min(to, i + 0.5) - std::max(from, i - 0.5), 0.0, 1.0);
}

struct Darkness {
  GrayImage image;
  std::vector<float> share;  ///< of black, per pixel

  void add(int x, int y, double amount) {
    if (x >= 0 && y >= 0 && x < image.width_px() && y < image.height_px())
      share[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width_px()) +
            static_cast<std::size_t>(x)] += static_cast<float>(amount);
  }
};

void write_be32(std::vector<std::uint8_t>& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t png_checksum(const std::uint8_t* bytes, std::size_t count) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (std::size_t i = 0; i < count; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xEDB88320U : crc >> 1U;
  }
  return ~crc;
}

/// A PNG file that states its dots a metre, so that it is printed at its true size.
std::vector<std::uint8_t> png_with_size(const GrayImage& image, double px_per_mm) {
  std::vector<std::uint8_t> png;
  const cv::Mat pixels(image.height_px(), image.width_px(), CV_8UC1, const_cast<std::uint8_t*>(image.data()));
  cv::imencode(".png", pixels, png);
  std::vector<std::uint8_t> chunk;
  chunk.reserve(16);
  for (const char letter : {'p', 'H', 'Y', 's'}) chunk.push_back(static_cast<std::uint8_t>(letter));
  const auto per_metre = static_cast<std::uint32_t>(std::lround(px_per_mm * 1000.0));
  write_be32(chunk, per_metre);
  write_be32(chunk, per_metre);
  chunk.push_back(1);  // the unit is the metre
  const std::uint32_t checksum = png_checksum(chunk.data(), chunk.size());
  std::vector<std::uint8_t> whole;
  write_be32(whole, static_cast<std::uint32_t>(chunk.size() - 4));
  for (const std::uint8_t byte : chunk) whole.push_back(byte);
  write_be32(whole, checksum);
  constexpr std::ptrdiff_t after_header = 8 + 25;  // signature and IHDR
  png.insert(png.begin() + after_header, whole.begin(), whole.end());
  return png;
}

std::string text_of(const char* format, double a, double b, double c, double d) {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), format, a, b, c, d);
  return text.data();
}

}  // namespace

BoardShapes board_shapes(const CalibrationBoard& board) {
  YARBUS_CHECK(board.validate().has_value());
  BoardShapes shapes;
  if (board.kind == BoardKind::chessboard) add_squares(board, shapes);
  if (board.kind == BoardKind::charuco) add_markers(board, shapes);
  if (const double radius_mm = board.circle_radius_mm(); radius_mm > 0.0) {
    for (const Eigen::Vector2d& center : board_points_mm(board))
      shapes.discs.push_back({center.x(), center.y(), radius_mm});
  }
  return shapes;
}

double white_margin_mm(const CalibrationBoard& board) { return std::max(10.0, board.square_mm); }

Eigen::Vector2d printed_size_mm(const CalibrationBoard& board) {
  return pattern_size_mm(board) + Eigen::Vector2d::Constant(2.0 * white_margin_mm(board));
}

GrayImage board_image(const CalibrationBoard& board, double px_per_mm) {
  const Eigen::Vector2d size_px = printed_size_mm(board) * px_per_mm;
  Darkness dark;
  dark.image.resize(static_cast<int>(std::lround(size_px.x())), static_cast<int>(std::lround(size_px.y())));
  dark.share.assign(
      static_cast<std::size_t>(dark.image.width_px()) * static_cast<std::size_t>(dark.image.height_px()),
      0.0F);
  const double margin_mm = white_margin_mm(board);
  const auto to_px = [&](double mm) { return (mm + margin_mm) * px_per_mm - 0.5; };
  const BoardShapes shapes = board_shapes(board);
  for (const BoardShapes::Box& box : shapes.boxes) {
    const double x0 = to_px(box.x_mm);
    const double x1 = to_px(box.x_mm + box.width_mm);
    const double y0 = to_px(box.y_mm);
    const double y1 = to_px(box.y_mm + box.height_mm);
    for (int y = static_cast<int>(std::floor(y0)); y <= static_cast<int>(std::ceil(y1)); ++y) {
      for (int x = static_cast<int>(std::floor(x0)); x <= static_cast<int>(std::ceil(x1)); ++x)
        dark.add(x, y, covered(x, x0, x1) * covered(y, y0, y1));
    }
  }
  constexpr int parts = 5;  // a pixel's, across and down
  for (const BoardShapes::Disc& disc : shapes.discs) {
    const double center_x = to_px(disc.x_mm);
    const double center_y = to_px(disc.y_mm);
    const double radius = disc.radius_mm * px_per_mm;
    for (int y = static_cast<int>(center_y - radius) - 1; y <= static_cast<int>(center_y + radius) + 2; ++y) {
      for (int x = static_cast<int>(center_x - radius) - 1; x <= static_cast<int>(center_x + radius) + 2;
           ++x) {
        int inside = 0;
        for (int part = 0; part < parts * parts; ++part) {
          const double dx = x - center_x + (part % parts + 0.5) / parts - 0.5;
          const double dy = y - center_y + (part / parts + 0.5) / parts - 0.5;
          inside += dx * dx + dy * dy <= radius * radius ? 1 : 0;
        }
        dark.add(x, y, static_cast<double>(inside) / (parts * parts));
      }
    }
  }
  for (std::size_t i = 0; i < dark.share.size(); ++i)
    dark.image.data()[i] =
        static_cast<std::uint8_t>(std::lround(255.0F * (1.0F - std::min(1.0F, dark.share[i]))));
  return dark.image;
}

std::string board_svg(const CalibrationBoard& board) {
  const Eigen::Vector2d size = printed_size_mm(board);
  const double margin_mm = white_margin_mm(board);
  std::string svg = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  svg += text_of(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%gmm\" height=\"%gmm\" viewBox=\"0 0 %g %g\"",
      size.x(), size.y(), size.x(), size.y());
  svg += " shape-rendering=\"crispEdges\">\n<title>" + board.to_text() + "</title>\n";
  svg += "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<g fill=\"black\">\n";
  const BoardShapes shapes = board_shapes(board);
  for (const BoardShapes::Box& box : shapes.boxes)
    svg += text_of("<rect x=\"%.9g\" y=\"%.9g\" width=\"%.9g\" height=\"%.9g\"/>\n", box.x_mm + margin_mm,
                   box.y_mm + margin_mm, box.width_mm, box.height_mm);
  for (const BoardShapes::Disc& disc : shapes.discs)
    svg += text_of("<circle cx=\"%.9g\" cy=\"%.9g\" r=\"%.9g\" shape-rendering=\"auto\"/>\n",
                   disc.x_mm + margin_mm, disc.y_mm + margin_mm, disc.radius_mm, 0.0);
  svg += "</g>\n";
  svg += text_of("<text x=\"%g\" y=\"%g\" font-family=\"sans-serif\" font-size=\"%g\">", margin_mm,
                 size.y() - 0.3 * margin_mm, 0.3 * std::min(margin_mm, 12.0), 0.0);
  const double pattern_mm = pattern_size_mm(board).x();
  svg += "Yarbus: " + board.to_text() +
         text_of(". Print at 100 %%; the pattern is %g mm wide.", pattern_mm, 0, 0, 0);
  svg += "</text>\n</svg>\n";
  return svg;
}

Result<void> write_board(const std::filesystem::path& path, const CalibrationBoard& board) {
  if (const auto valid = board.validate(); !valid) return valid.error();
  constexpr double dots_per_mm = 300.0 / 25.4;
  std::string bytes;
  if (path.extension() == ".svg") {
    bytes = board_svg(board);
  } else if (path.extension() == ".png") {
    constexpr double longest_mm = 1500.0;
    if (printed_size_mm(board).maxCoeff() > longest_mm)
      return Error{ErrorCode::invalid_option, "the board is too large for a picture of pixels", path.string(),
                   "Choose a name that ends in .svg"};
    const auto png = png_with_size(board_image(board, dots_per_mm), dots_per_mm);
    bytes.assign(png.begin(), png.end());
  } else {
    return Error{ErrorCode::invalid_option, "a board is written as .svg or .png", path.string(),
                 "Choose a name that ends in .svg or .png"};
  }
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (stream) return {};
  return Error{ErrorCode::output_unwritable, "the board cannot be written", path.string(),
               "Choose a folder that exists and that you may write to, with room left"};
}

}  // namespace yarbus
