#include "ui/calibration/calibration_wizard.h"

#include <QGuiApplication>
#include <QShowEvent>
#include <QVBoxLayout>

#include "ui/mode_text.h"
#include "ui/report/calibration_words.h"

namespace yarbus::ui {

namespace {

constexpr QSize wizard_size(980, 700);

bool shows_targets(ProcedurePhase phase) {
  return phase == ProcedurePhase::calibration || phase == ProcedurePhase::fitting ||
         phase == ProcedurePhase::validation || phase == ProcedurePhase::scoring;
}

bool is_under_way(ProcedurePhase phase) {
  return shows_targets(phase) || phase == ProcedurePhase::gate || phase == ProcedurePhase::review;
}

}  // namespace

CalibrationWizard::CalibrationWizard(CalibrationControl& control, Presenter& presenter, QSettings& settings,
                                     QWidget* parent)
    : QDialog(parent, Qt::Window),
      control_(control),
      presenter_(presenter),
      settings_(settings),
      pages_(new QStackedWidget(this)),
      setup_(new SetupPage(settings, this)),
      card_(new CardPage(this)),
      gate_(new GatePage(control, this)),
      review_(new ReviewPage(control, this)),
      result_(new ResultPage(control, settings, this)),
      saved_(new SavedPage(control, settings, this)),
      compare_(new ComparePage(this)),
      region_(new RegionPage(this)),
      check_(new CheckPage(this)),
      lost_monitor_(new LostMonitorPage(control, this)),
      targets_(control),
      monitors_(list_monitors()) {
  setObjectName("calibration_wizard");
  setWindowTitle("Calibration – Yarbus");
  auto* dismiss = new QAction("Dismiss message", this);
  message_bar_ = new MessageBar(dismiss, this);
  connect(dismiss, &QAction::triggered, message_bar_, &MessageBar::dismiss);
  for (QWidget* page :
       {static_cast<QWidget*>(setup_), static_cast<QWidget*>(card_), static_cast<QWidget*>(gate_),
        static_cast<QWidget*>(review_), static_cast<QWidget*>(result_), static_cast<QWidget*>(saved_),
        static_cast<QWidget*>(compare_), static_cast<QWidget*>(region_), static_cast<QWidget*>(check_),
        static_cast<QWidget*>(lost_monitor_)})
    pages_->addWidget(page);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(message_bar_);
  column->addWidget(pages_, 1);
  resize(wizard_size);
  connect_pages();
  timer_.setTimerType(Qt::PreciseTimer);
  timer_.setInterval(display_interval_ms);
  connect(&timer_, &QTimer::timeout, this, &CalibrationWizard::poll);
  const auto* gui = qobject_cast<QGuiApplication*>(QCoreApplication::instance());
  connect(gui, &QGuiApplication::screenAdded, this, &CalibrationWizard::follow_monitors);
  connect(gui, &QGuiApplication::screenRemoved, this, &CalibrationWizard::follow_monitors);
  connect(&presenter_, &Presenter::notice_arrived, this, [this](const Notice& notice) {
    if (isVisible()) message_bar_->show_notice(notice);
  });
}

void CalibrationWizard::connect_pages() {
  connect(setup_, &SetupPage::cancelled, this, &QWidget::close);
  connect(setup_, &SetupPage::card_wanted, this, &CalibrationWizard::show_card);
  connect(setup_, &SetupPage::start_wanted, this, [this] {
    setup_->remember();
    start(setup_->request());
  });
  connect(card_, &CardPage::cancelled, this, [this] { show_page(setup_); });
  connect(card_, &CardPage::measured, this, [this](const QSizeF& size_mm) {
    setup_->use_size(size_mm);
    show_page(setup_);
  });
  connect(result_, &ResultPage::done, this, &QWidget::close);
  connect(result_, &ResultPage::again_wanted, this, [this] { open_setup(setup_->is_demo()); });
  connect(saved_, &SavedPage::closed, this, &QWidget::close);
  connect(saved_, &SavedPage::loaded, this, [this] { show_page(result_); });
  connect(saved_, &SavedPage::compare_wanted, this, &CalibrationWizard::compare);
  connect(compare_, &ComparePage::back, this, [this] { show_page(saved_); });
  connect(compare_, &ComparePage::use_wanted, this, [this](const QString& path) {
    control_.load(path.toStdString());
    show_page(result_);
  });
  connect(region_, &RegionPage::cancelled, this, &QWidget::close);
  connect(region_, &RegionPage::start_wanted, this, &CalibrationWizard::start_region);
  connect(check_, &CheckPage::recentre_wanted, this, [this] { check(true); });
  connect(check_, &CheckPage::calibrate_wanted, this, [this] { open_setup(); });
  connect(check_, &CheckPage::done, this, &QWidget::close);
  const auto say_written = [this](const QString& path) {
    message_bar_->show_message(Notice::Severity::info, "the report was written: " + path, {});
  };
  const auto say_failed = [this](const QString& text, const QString& remedy) {
    message_bar_->show_message(Notice::Severity::error, text, remedy);
  };
  connect(result_, &ResultPage::pdf_written, this, say_written);
  connect(result_, &ResultPage::pdf_failed, this, say_failed);
  connect(saved_, &SavedPage::pdf_written, this, say_written);
  connect(saved_, &SavedPage::pdf_failed, this, say_failed);
}

void CalibrationWizard::come_forward() {
  show();
  raise();
  activateWindow();
}

void CalibrationWizard::show_page(QWidget* page) {
  pages_->setCurrentWidget(page);
  follow_page(control_.snapshot());
  // Enter and the arrow keys go to the page, not to a page that is hidden.
  for (auto* button : page->findChildren<QPushButton*>()) {
    if (button->autoDefault()) button->setDefault(true);
  }
  if (page == card_) return;
  if (auto* map = page->findChild<ScreenMapView*>(); map != nullptr && map->focusPolicy() != Qt::NoFocus) {
    map->setFocus();
  } else if (page == region_) {
    region_->view().setFocus();
  } else {
    for (auto* button : page->findChildren<QPushButton*>()) {
      if (button->isDefault()) button->setFocus();
    }
  }
}

void CalibrationWizard::open_setup(bool is_demo) {
  if (is_under_way(control_.snapshot().phase)) {
    come_forward();
    return;
  }
  setup_->set_demo(is_demo);
  setup_->set_monitors(list_monitors());
  show_page(setup_);
  come_forward();
}

void CalibrationWizard::start_demo(bool is_webcam) {
  open_setup(true);
  CalibrationRequest request = setup_->request();
  request.is_webcam_demo = is_webcam;
  if (is_webcam) request.is_camera_on_head = false;
  start(request);
}

void CalibrationWizard::open_result() {
  show_page(result_);
  come_forward();
}

void CalibrationWizard::open_region() {
  show_page(region_);
  come_forward();
}

void CalibrationWizard::open_saved() {
  saved_->refresh();
  show_page(saved_);
  come_forward();
}

void CalibrationWizard::check(bool recentres) {
  const CalibrationResultPtr result = control_.snapshot().result;
  if (result) {
    const auto monitor = monitor_for(result->screen, list_monitors(), last_monitor_key(settings_));
    if (monitor) {
      monitor_key_ = monitor->key;
      monitor_name_ = monitor->name;
    }
  }
  recentres_ = recentres;
  begin_procedure();
  control_.check_one_point(recentres);
  poll();
}

void CalibrationWizard::start(const CalibrationRequest& request) {
  if (const Monitor* monitor = setup_->monitor()) {
    monitor_key_ = monitor->key;
    monitor_name_ = monitor->name;
  }
  recentres_ = false;
  begin_procedure();
  setup_->is_demo() ? control_.start_demo(request) : control_.start(request);
  poll();
}

void CalibrationWizard::start_region(const ScreenRegion& region) {
  const CalibrationResultPtr result = control_.snapshot().result;
  if (!result) return;
  CalibrationRequest request = setup_->request();
  request.screen = result->screen;
  request.layout = TargetLayout::five;
  request.region = region;
  const auto monitor = monitor_for(result->screen, list_monitors(), last_monitor_key(settings_));
  if (monitor) {
    monitor_key_ = monitor->key;
    monitor_name_ = monitor->name;
  }
  recentres_ = false;
  begin_procedure();
  control_.start(request);
  poll();
}

void CalibrationWizard::begin_procedure() {
  monitors_ = list_monitors();
  phase_ = control_.snapshot().phase;
  // From here on pages follow the procedure, also when it is refused: then the page stays and a notice says
  // why.
  timer_.start();
}

const Monitor* CalibrationWizard::target_monitor() const {
  for (const Monitor& monitor : monitors_) {
    if (monitor.key == monitor_key_) return &monitor;
  }
  // Nobody chose one: a script started the procedure, or a calibration of another computer is checked.
  return monitor_key_.isEmpty() && !monitors_.isEmpty() ? &monitors_.first() : nullptr;
}

void CalibrationWizard::poll() {
  const CalibrationSnapshot now = control_.snapshot();
  if (now.phase != phase_) follow_phase(now);
  follow_targets(now);
  follow_page(now);
  if (!isVisible() && !targets_.isVisible() && !is_under_way(now.phase)) timer_.stop();
}

void CalibrationWizard::follow_phase(const CalibrationSnapshot& now) {
  phase_ = now.phase;
  if (is_under_way(phase_)) timer_.start();  // a script or a network client may have started it
  switch (now.phase) {
    case ProcedurePhase::gate:
      show_page(gate_);
      come_forward();
      break;
    case ProcedurePhase::review:
      leave_targets();
      show_page(review_);
      come_forward();
      break;
    case ProcedurePhase::done:
      leave_targets();
      if (now.is_check && recentres_) {
        const DriftView drift = control_.gaze().drift;
        Q_EMIT said(
            Notice::Severity::info,
            drift.text.empty() ? QString("recentred") : "recentred; " + QString::fromStdString(drift.text),
            QString::fromStdString(drift.remedy));
        hide();
        break;
      }
      show_page(now.is_check ? static_cast<QWidget*>(check_) : result_);
      come_forward();
      break;
    case ProcedurePhase::aborted:
      leave_targets();
      if (now.is_check) {
        hide();
        break;
      }
      message_bar_->show_message(Notice::Severity::info, "aborted; the calibration in force before stays so",
                                 {});
      show_page(setup_);
      come_forward();
      break;
    case ProcedurePhase::idle:
      leave_targets();
      break;
    case ProcedurePhase::calibration:
    case ProcedurePhase::fitting:
    case ProcedurePhase::validation:
    case ProcedurePhase::scoring:
      break;
  }
}

void CalibrationWizard::follow_targets(const CalibrationSnapshot& now) {
  if (!shows_targets(now.phase)) return;
  const Monitor* monitor = target_monitor();
  if (monitor == nullptr) {
    leave_targets();
    if (!now.is_paused && now.target) control_.pause();
    lost_monitor_->set_monitor(monitor_name_.isEmpty() ? QString("a monitor") : monitor_name_);
    if (page() != lost_monitor_) {
      show_page(lost_monitor_);
      come_forward();
    }
    return;
  }
  if (!targets_.isVisible()) {
    targets_.show_on(*monitor, find_screen(monitor->key));
    presenter_.rest(true);
    hide();
  }
  targets_.follow(now);
}

void CalibrationWizard::leave_targets() {
  if (targets_.isVisible()) targets_.hide();
  presenter_.rest(false);
}

void CalibrationWizard::follow_page(const CalibrationSnapshot& now) {
  const EyeSnapshot& right = presenter_.snapshot(EyeSide::right);
  const EyeSnapshot& left = presenter_.snapshot(EyeSide::left);
  if (page() == setup_) {
    setup_->set_webcam(is_webcam(right) || is_webcam(left));
  } else if (page() == gate_) {
    gate_->follow(now, right, left);
  } else if (page() == review_) {
    review_->follow(now);
  } else if (page() == result_) {
    result_->follow(now);
  } else if (page() == region_) {
    region_->follow(now.result);
  } else if (page() == check_) {
    check_->follow(control_.gaze());
  }
  presenter_.watch_both_eyes(isVisible() && page() == gate_);
}

void CalibrationWizard::follow_monitors() {
  monitors_ = list_monitors();
  if (page() == setup_) setup_->set_monitors(monitors_);
  if (is_under_way(phase_)) poll();
}

void CalibrationWizard::show_card() {
  if (setup_->monitor() == nullptr) return;
  const CalibrationRequest request = setup_->request();
  // The rectangle means something on the monitor it is about only.
  if (QScreen* screen = find_screen(setup_->monitor()->key); screen != nullptr && screen != this->screen()) {
    move(screen->availableGeometry().center() - rect().center());
  }
  card_->begin(*setup_->monitor(), {request.screen.width_mm, request.screen.height_mm});
  show_page(card_);
}

void CalibrationWizard::compare(const QString& path) {
  const CalibrationResultPtr saved = control_.look_at(path.toStdString());
  if (!saved) return;
  compare_->compare(control_.snapshot().result, saved);
  show_page(compare_);
}

void CalibrationWizard::reject() {
  // Esc and the window's own close button.
  if (page() == card_) return show_page(setup_);
  if (page() == compare_) return show_page(saved_);
  if (message_bar_->waiting() > 0 && page() != gate_) return message_bar_->dismiss();
  if (is_under_way(control_.snapshot().phase)) {
    control_.abort();
    poll();
    return;
  }
  QDialog::reject();
}

void CalibrationWizard::showEvent(QShowEvent* event) {
  QDialog::showEvent(event);
  // Smaller monitors than the first size.
  const QSize room = screen()->availableGeometry().size() - QSize(20, 50);
  if (width() > room.width() || height() > room.height()) resize(size().boundedTo(room));
  timer_.start();
}

void CalibrationWizard::hideEvent(QHideEvent* event) {
  presenter_.watch_both_eyes(false);
  QDialog::hideEvent(event);
}

}  // namespace yarbus::ui
