#pragma once

#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QWidget>
#include <array>

#include "app/session/session.h"
#include "ui/eye_commands.h"
#include "ui/truth_history.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// "Look around", "Follow the mouse over the image", ... for choosers.
QString motion_name(SimulatedMotion motion);

/// The simulated eye: what moves it, what makes it hard, and how far the tracker is from the truth.
class SimulationPanel : public QWidget {
  Q_OBJECT
 public:
  static constexpr std::size_t slider_count = 6;

  SimulationPanel(EyeCommands& commands, const WindowActions& actions, QWidget* parent = nullptr);
  /// Shows what the controls are, but for a slider that is held.
  void follow();
  /// Counts the sample's errors.
  void add_errors(const EyeSnapshot& snapshot);
  /// Says them; less often than they come.
  void show_errors(const EyeSnapshot& snapshot);
  /// Another eye or source: the errors start anew.
  void forget_errors() { history_.clear(); }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void show_value(std::size_t slider);

  EyeCommands& commands_;
  TruthHistory history_;
  QComboBox* motion_;
  std::array<QSlider*, slider_count> sliders_{};
  std::array<QLabel*, slider_count> values_{};
  QLabel* now_;
  QLabel* median_;
};

}  // namespace yarbus::ui
