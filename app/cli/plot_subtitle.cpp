#include "app/cli/plot_subtitle.h"

namespace yarbus::cli {

QString plot_subtitle(std::size_t count, const char* noun, std::size_t counted_frames,
                      const std::string& version, const benchmark::Machine& machine) {
  return QString("%1 %2%3, %4 frames that count. Yarbus %5 on %6")
      .arg(count)
      .arg(noun)
      .arg(count == 1 ? "" : "s")
      .arg(counted_frames)
      .arg(QString::fromStdString(version), QString::fromStdString(machine.cpu));
}

}  // namespace yarbus::cli
