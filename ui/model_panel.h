#pragma once

#include <QComboBox>
#include <QLabel>
#include <QWidget>

#include "app/session/session.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// The eye model: which stage fits it, what it rests on, and the commands refit, freeze and reset.
class ModelPanel : public QWidget {
  Q_OBJECT
 public:
  explicit ModelPanel(const WindowActions& actions, QWidget* parent = nullptr);
  void follow(const EyeSnapshot& snapshot);

 Q_SIGNALS:
  void stage_chosen(yarbus::FitStage stage);

 private:
  QComboBox* stage_;
  QLabel* state_;
  QLabel* report_;
  QLabel* gauge_;
  QLabel* kept_;
  QLabel* focal_;
};

}  // namespace yarbus::ui
