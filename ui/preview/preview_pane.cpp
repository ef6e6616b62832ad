#include "ui/preview/preview_pane.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/preview/preview_words.h"

namespace yarbus::ui {

PreviewPane::PreviewPane(QWidget* parent)
    : QWidget(parent),
      view_(new PreviewView(this)),
      focus_(new QProgressBar(this)),
      focus_words_(new QLabel(this)),
      restart_(new QPushButton("Start a&gain", this)),
      histogram_(new HistogramView(this)),
      exposure_words_(new QLabel(this)) {
  setObjectName("preview_pane");
  focus_->setObjectName("focus_bar");
  focus_->setAccessibleName("Focus, as a share of the sharpest so far");
  focus_->setRange(0, 100);
  focus_words_->setObjectName("focus_words");
  exposure_words_->setObjectName("exposure_words");
  for (QLabel* words : {focus_words_, exposure_words_}) {
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    words->setMinimumHeight(2 *
                            fontMetrics().lineSpacing());  // the rest stays where it is when the words change
  }
  restart_->setObjectName("focus_restart");
  restart_->setAutoDefault(false);
  restart_->setToolTip("Forget the sharpest so far, after another lens position or scene");
  auto* focus_row = new QHBoxLayout;
  focus_row->addWidget(new QLabel("Focus", this));
  focus_row->addWidget(focus_, 1);
  focus_row->addWidget(restart_);
  auto* exposure_row = new QHBoxLayout;
  exposure_row->addWidget(new QLabel("Exposure", this));
  exposure_row->addWidget(histogram_, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addWidget(view_, 1);
  column->addLayout(focus_row);
  column->addWidget(focus_words_);
  column->addLayout(exposure_row);
  column->addWidget(exposure_words_);
  connect(view_, &PreviewView::area_chosen, this, &PreviewPane::area_chosen);
  connect(restart_, &QPushButton::clicked, this, &PreviewPane::restart_wanted);
}

void PreviewPane::follow(const CameraPreview& preview) {
  view_->show_picture(preview.picture.get(), preview_state_text(preview));
  focus_->setValue(focus_percent(preview));
  focus_words_->setText(focus_text(preview));
  if (preview.picture) {
    histogram_->show_quality(preview.quality);
    exposure_words_->setText(exposure_text(preview.quality));
  } else {
    histogram_->clear();
    exposure_words_->clear();
  }
}

void PreviewPane::clear(const QString& why) {
  view_->show_picture(nullptr, why);
  focus_->setValue(0);
  focus_words_->clear();
  histogram_->clear();
  exposure_words_->clear();
}

}  // namespace yarbus::ui
