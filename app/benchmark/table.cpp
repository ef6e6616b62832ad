#include "app/benchmark/table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "eyemodel/types/check.h"

namespace yarbus::benchmark {
namespace {

/// Characters on the screen: UTF-8 bytes that start one.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, width_of(text)), ' ');
}

}  // namespace

std::string to_markdown(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    std::size_t width = std::max<std::size_t>(3, width_of(table.columns[column]));
    for (const auto& row : table.rows) {
      YARBUS_CHECK_OP(row.size(), ==, table.columns.size());
      width = std::max(width, width_of(row[column]));
    }
    widths.push_back(width);
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text = "|";
    for (std::size_t i = 0; i < cells.size(); ++i) text += ' ' + padded(cells[i], widths[i]) + " |";
    return text + '\n';
  };
  std::string text = "## " + table.title + "\n\n" + line(table.columns) + '|';
  for (const std::size_t width : widths) text += std::string(width + 2, '-') + '|';
  text += '\n';
  for (const auto& row : table.rows) text += line(row);
  if (!table.notes.empty()) text += '\n';
  for (const std::string& note : table.notes) text += "- " + note + '\n';
  return text;
}

std::string share_text(const DetectionRate& rate) {
  if (rate.frames == 0) return "no such frame";
  return number_text(100.0 * rate.share(), 1) + " % of " + std::to_string(rate.frames);
}

std::string count_text(const DetectionRate& rate) {
  return rate.frames > 0 ? std::to_string(rate.found) + "/" + std::to_string(rate.frames) : "–";
}

std::string number_text(double value, int decimals) {
  if (!std::isfinite(value)) return "NaN";
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

}  // namespace yarbus::benchmark
