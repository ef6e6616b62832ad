#include "app/session/procedure_request.h"

#include <random>

namespace yarbus {

ProcedureRequest procedure_request(const CalibrationRequest& request, bool sees_head) {
  ProcedureRequest asked;
  asked.screen = request.screen;
  asked.layout = request.layout;
  asked.validation_points = request.validation_points;
  asked.region = request.region;
  asked.seed = request.seed ? *request.seed : std::random_device{}();
  asked.head_pass = sees_head && request.head_pass.value_or(!request.is_webcam_demo);
  return asked;
}

}  // namespace yarbus
