#pragma once

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QWidget>
#include <vector>

#include "app/session/session.h"

namespace yarbus::ui {

/// The scenario to begin with, and what opens without a camera.
constexpr const char* first_scenario = "easy";

/// The source dialog's page for the simulated eye: the scenario, and the seed that says which person it is.
class SimulationPage : public QWidget {
  Q_OBJECT
 public:
  explicit SimulationPage(Session& session, QWidget* parent = nullptr);
  void set_request(const SourceRequest& request);
  /// Fills the simulated eye's part of the request. Returns what is wrong, or an empty text.
  [[nodiscard]] QString fill(SourceRequest& request) const;

 Q_SIGNALS:
  void changed();
  void accepted();

 private:
  [[nodiscard]] const ScenarioChoice* chosen() const;
  void show_chosen();

  std::vector<ScenarioChoice> scenarios_;
  QListWidget* list_;
  QLabel* note_;
  QLineEdit* seed_;
};

}  // namespace yarbus::ui
