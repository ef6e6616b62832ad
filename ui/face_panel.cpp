#include "ui/face_panel.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/mode_text.h"
#include "ui/report/face_text.h"
#include "ui/scrolled_content.h"
#include "ui/state_text.h"

namespace yarbus::ui {

namespace {

constexpr std::array eye_sides{EyeSide::right, EyeSide::left};

QLabel* face_text_label(QWidget* parent, const QString& name, const QString& object_name) {
  auto* label = new QLabel("–", parent);
  label->setObjectName(object_name);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  label->setAccessibleName(name);
  label->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  return label;
}

QString face_capitalised(const QString& text) {
  return text.isEmpty() ? QString("–") : text.left(1).toUpper() + text.mid(1);
}

}  // namespace

FacePanel::FacePanel(QWidget* parent)
    : QWidget(parent),
      state_(face_text_label(this, "State of the face", "face_state")),
      warning_(face_text_label(this, "Warning", "face_warning")),
      head_(face_text_label(this, "Head", "face_head")),
      faces_(face_text_label(this, "Faces seen", "face_count")),
      mode_(face_text_label(this, "What the camera looks at", "face_mode")),
      focal_(face_text_label(this, "Focal length", "face_focal")) {
  setObjectName("face_panel");
  QFont strong = state_->font();
  strong.setBold(true);
  state_->setFont(strong);
  warning_->setFont(strong);
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(10, 10, 10, 10);
  column->setSpacing(8);
  column->addWidget(state_);
  column->addWidget(warning_);
  auto* pictures = new QHBoxLayout;
  pictures->setSpacing(6);
  auto* form = new QFormLayout;
  form->setHorizontalSpacing(12);
  form->setVerticalSpacing(6);
  form->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
  for (const EyeSide side : eye_sides) {
    const auto at = static_cast<std::size_t>(side);
    pictures_[at] = new EyeImageView(content);
    pictures_[at]->setObjectName(side == EyeSide::right ? "face_right_picture" : "face_left_picture");
    pictures_[at]->setAccessibleName(eye_name(side) + " eye, enlarged");
    pictures_[at]->setFocusPolicy(Qt::NoFocus);
    pictures_[at]->set_enlarged_eye(side);
    pictures_[at]->set_waiting_text(eye_name(side) + " eye not seen");
    pictures_[at]->setFixedHeight(92);
    pictures_[at]->setMinimumWidth(80);
    pictures->addWidget(pictures_[at], 1);
    eyes_[at] = face_text_label(content, eye_name(side) + " eye",
                                side == EyeSide::right ? "face_right_eye" : "face_left_eye");
    form->addRow(eye_name(side) + " eye", eyes_[at]);
  }
  column->addLayout(pictures);
  form->addRow("Head", head_);
  form->addRow("Faces", faces_);
  form->addRow("Mode", mode_);
  form->addRow("Focal length", focal_);
  column->addLayout(form);
  column->addStretch(1);
  fill_scrolled(*this, content);
}

void FacePanel::show_sample(const GazeSamplePtr& sample) {
  for (EyeImageView* picture : pictures_) picture->show_sample(isVisible() ? sample : nullptr);
}

void FacePanel::set_overlay(const OverlayOptions& options) {
  OverlayOptions own = options;
  own.caption = own.optical_axis = false;  // the axes belong to the whole face
  for (EyeImageView* picture : pictures_) picture->set_overlay(own);
}

void FacePanel::follow(const EyeSnapshot& snapshot) {
  const SourceSnapshot& source = snapshot.source;
  const GazeSample* sample = snapshot.latest.get();
  const QString state = tracking_text(snapshot);
  state_->setText(state.isEmpty() ? QString("No image yet") : face_capitalised(state));
  warning_->setVisible(snapshot.is_lifeless);
  warning_->setText(
      "Warning: nothing has moved in this face for 20 s. It may be a photograph: blink, or take it away.");
  for (const EyeSide side : eye_sides)
    eyes_[static_cast<std::size_t>(side)]->setText(
        face_capitalised(sample != nullptr ? face_eye_text(*sample, side) : QString()));
  head_->setText(face_capitalised(sample != nullptr ? head_text(*sample).remove(0, QString("head ").size())
                                                    : QString()));
  faces_->setText(snapshot.faces_seen > 1
                      ? QString("%1: click the one to follow in the image").arg(snapshot.faces_seen)
                      : QString::number(snapshot.faces_seen));
  mode_->setText(face_capitalised(mode_text(source)));
  focal_->setText(
      source.focal_px > 0.0
          ? QString("%1 px%2")
                .arg(source.focal_px, 0, 'f', 0)
                .arg(source.focal_length_is_assumed ? ", assumed: distances are approximate" : ", as given")
          : QString("–"));
}

}  // namespace yarbus::ui
