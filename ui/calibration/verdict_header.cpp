#include "ui/calibration/verdict_header.h"

#include <QGridLayout>
#include <QPainter>

#include "ui/calibration/page_parts.h"
#include "ui/report/calibration_tables.h"
#include "ui/report/calibration_words.h"
#include "ui/report/verdict_marks.h"

namespace yarbus::ui {

class VerdictHeader::Mark : public QWidget {
 public:
  explicit Mark(QWidget* parent) : QWidget(parent) { setFixedSize(54, 54); }
  void show_grade(CalibrationGrade grade) {
    grade_ = grade;
    setAccessibleName(grade_word(grade));
    update();
  }

 protected:
  void paintEvent(QPaintEvent* /*event*/) override {
    QPainter painter(this);
    paint_grade_mark(painter, rect(), grade_, palette());
  }

 private:
  CalibrationGrade grade_ = CalibrationGrade::not_validated;
};

VerdictHeader::VerdictHeader(QWidget* parent)
    : QWidget(parent),
      mark_(new Mark(this)),
      verdict_(wrapped_label({}, this, 1.35, true)),
      what_(wrapped_label({}, this)) {
  verdict_->setObjectName("verdict");
  verdict_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  what_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(14);
  grid->setVerticalSpacing(2);
  grid->addWidget(mark_, 0, 0, 2, 1, Qt::AlignTop);
  grid->addWidget(verdict_, 0, 1);
  grid->addWidget(what_, 1, 1);
  grid->setColumnStretch(1, 1);
}

void VerdictHeader::show_result(const CalibrationResult& result) {
  mark_->show_grade(result.grade);
  verdict_->setText(grade_word(result.grade) + ": " + sentence(QString::fromStdString(result.verdict)));
  what_->setText(QString("%1, %2. %3.")
                     .arg(QString::fromStdString(result.name), QString::fromStdString(result.made_at),
                          summary_line(result)));
}

}  // namespace yarbus::ui
