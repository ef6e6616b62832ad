#pragma once

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QWidget>

#include "app/session/session.h"
#include "ui/window_actions.h"

namespace yarbus::ui {

/// The eye model: which stage fits it, what it rests on, how sure it is and what of it comes from the
/// population, and the commands refit, freeze and reset. Texts alone change from update to update.
class ModelPanel : public QWidget {
  Q_OBJECT
 public:
  explicit ModelPanel(const WindowActions& actions, QWidget* parent = nullptr);
  void follow(const EyeSnapshot& snapshot);

 Q_SIGNALS:
  void stage_chosen(yarbus::FitStage stage);

 private:
  void follow_certainty(const EyeSnapshot& snapshot);

  QComboBox* stage_;
  QLabel* state_;
  QLabel* report_;
  QLabel* gauge_;
  QLabel* kept_;
  QLabel* focal_;
  QLabel* mode_;
  // Stage `refraction` only.
  QLabel* gaze_;
  QLabel* diameter_;
  QLabel* center_;
  QLabel* pupil_plane_;
  QLabel* cornea_center_;
  QLabel* cornea_radius_;
  QLabel* slips_;
  QLabel* update_;
  QFormLayout* form_ = nullptr;
};

}  // namespace yarbus::ui
