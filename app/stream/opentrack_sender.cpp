#include "app/stream/opentrack_sender.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/stream/gaze_angles.h"
#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {

using Pose = std::array<double, 6>;  // cm, deg

std::optional<Pose> head_pose(const StreamEyes& eyes) {
  constexpr double cm_per_mm = 0.1;
  const auto head = head_turn(eyes);
  if (!head) return std::nullopt;
  const Eigen::Vector3d position_cm = cm_per_mm * head->position_mm;
  return Pose{position_cm.x(),
              position_cm.y(),
              position_cm.z(),
              deg_per_rad * head->yaw_rad,
              deg_per_rad * head->pitch_rad,
              deg_per_rad * head->roll_rad};
}

std::optional<Pose> gaze_pose(const StreamEyes& eyes) {
  if (!eyes.gaze) return std::nullopt;
  const auto direction = direction_to(eyes.gaze->point_in_screen_mm, eyes.gaze->screen);
  if (!direction) return std::nullopt;
  return Pose{0.0, 0.0, 0.0, deg_per_rad * yaw_rad(*direction), -deg_per_rad * pitch_down_rad(*direction),
              0.0};
}

}  // namespace

std::optional<OpentrackPacket> opentrack_packet(const StreamEyes& eyes, OpentrackSource source) {
  const auto pose = source == OpentrackSource::head ? head_pose(eyes) : gaze_pose(eyes);
  if (!pose || !std::all_of(pose->begin(), pose->end(), [](double v) { return std::isfinite(v); }))
    return std::nullopt;
  OpentrackPacket packet{};
  std::size_t at = 0;
  for (const double value : *pose) {
    auto bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i, bits >>= 8) packet[at++] = static_cast<std::byte>(bits & 0xFF);
  }
  return packet;
}

Result<std::unique_ptr<OpentrackSender>> OpentrackSender::open(const std::string& address, int port,
                                                               OpentrackSource source) {
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool is_address = inet_pton(AF_INET, address.c_str(), &target.sin_addr) == 1;
  const int socket = is_address ? ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;
  if (socket < 0 || connect(socket, reinterpret_cast<const sockaddr*>(&target), sizeof(target)) != 0) {
    const std::string why = is_address ? std::strerror(errno) : "no numeric IPv4 address";
    if (socket >= 0) close(socket);
    return Error{ErrorCode::connection_failed, "cannot send to opentrack: " + why,
                 address + ":" + std::to_string(port), "Give an address that this machine has a way to"};
  }
  return std::unique_ptr<OpentrackSender>(new OpentrackSender(socket, source));
}

OpentrackSender::~OpentrackSender() { close(socket_); }

void OpentrackSender::send(const StreamEyes& eyes) {
  const auto packet = opentrack_packet(eyes, source_);
  if (!packet) return;
  const bool is_sent =
      ::send(socket_, packet->data(), packet->size(), MSG_NOSIGNAL) == static_cast<ssize_t>(packet->size());
  ++(is_sent ? tally_.packets : tally_.failures);
}

}  // namespace yarbus
