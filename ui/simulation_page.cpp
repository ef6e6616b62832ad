#include "ui/simulation_page.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/icons.h"

namespace yarbus::ui {

SimulationPage::SimulationPage(Session& session, QWidget* parent)
    : QWidget(parent),
      scenarios_(session.list_scenarios()),
      list_(new QListWidget(this)),
      note_(new QLabel(this)),
      seed_(new QLineEdit("1", this)) {
  list_->setObjectName("scenario_list");
  list_->setAccessibleName("Scenarios of the simulated eye");
  list_->setMinimumHeight(96);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  for (const ScenarioChoice& scenario : scenarios_) {
    const QString summary = QString::fromStdString(scenario.summary);
    auto* item = new QListWidgetItem(tool_icon("simulation"),
                                     QString::fromStdString(scenario.name) + "  –  " + summary, list_);
    item->setToolTip(summary);
  }
  note_->setObjectName("scenario_note");
  note_->setWordWrap(true);
  seed_->setObjectName("seed");
  seed_->setAccessibleName("Seed");
  seed_->setMaximumWidth(200);
  seed_->setToolTip("Which person and camera: the same scenario and seed always look the same");

  auto* caption = new QLabel("Sce&narios", this);
  caption->setBuddy(list_);
  auto* seed_label = new QLabel("See&d", this);
  seed_label->setBuddy(seed_);
  auto* seed_hint = new QLabel("a whole number; each is another person", this);
  auto* line = new QHBoxLayout;
  line->setSpacing(10);
  line->addWidget(seed_label);
  line->addWidget(seed_);
  line->addWidget(seed_hint, 1);
  auto* column = new QVBoxLayout(this);
  column->addWidget(caption);
  column->addWidget(list_, 1);
  column->addWidget(note_);
  column->addLayout(line);

  connect(list_, &QListWidget::currentRowChanged, this, [this] {
    show_chosen();
    Q_EMIT changed();
  });
  connect(list_, &QListWidget::itemActivated, this, &SimulationPage::accepted);
  connect(seed_, &QLineEdit::textChanged, this, &SimulationPage::changed);
  setFocusProxy(list_);
  const auto first = std::find_if(scenarios_.begin(), scenarios_.end(), [](const ScenarioChoice& scenario) {
    return scenario.name == first_scenario;
  });
  if (first != scenarios_.end()) list_->setCurrentRow(static_cast<int>(first - scenarios_.begin()));
  show_chosen();
}

const ScenarioChoice* SimulationPage::chosen() const {
  const int row = list_->currentRow();
  return row >= 0 && static_cast<std::size_t>(row) < scenarios_.size()
             ? &scenarios_[static_cast<std::size_t>(row)]
             : nullptr;
}

void SimulationPage::show_chosen() {
  const ScenarioChoice* scenario = chosen();
  note_->setText(scenario != nullptr ? QString::fromStdString(scenario->summary) : QString());
}

void SimulationPage::set_request(const SourceRequest& request) {
  if (request.kind != SourceRequest::Kind::simulated_eye) return;
  for (std::size_t i = 0; i < scenarios_.size(); ++i) {
    if (scenarios_[i].name == request.location) list_->setCurrentRow(static_cast<int>(i));
  }
  seed_->setText(QString::number(request.seed));
}

QString SimulationPage::fill(SourceRequest& request) const {
  const ScenarioChoice* scenario = chosen();
  if (scenario == nullptr) return "Choose a scenario.";
  request.location = scenario->name;
  bool ok = false;
  request.seed = seed_->text().trimmed().toULongLong(&ok);
  return ok ? QString() : QString("The seed must be a whole number from 0.");
}

}  // namespace yarbus::ui
