// Time from publish() to a subscriber on this machine, over loopback. Prints; asserts nothing.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include "app/stream/datum_packing.h"
#include "app/stream/publisher.h"
#include "app/stream/zmq_socket.h"
#include "tests/support/streamed_eye.h"

namespace {

using namespace yarbus;
using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

void print(const char* what, std::vector<double> times_us) {
  std::sort(times_us.begin(), times_us.end());
  const auto at = [&](double share) {
    return times_us[static_cast<std::size_t>(share * (times_us.size() - 1.0))];
  };
  std::printf("%-34s p50 %8.1f us   p95 %8.1f us   p99 %8.1f us   max %8.1f us\n", what, at(0.5), at(0.95),
              at(0.99), at(1.0));
}

/// One eye at 200 Hz: the sample's capture time is the moment of publish().
void measure(const char* topic, int width_px, int height_px) {
  StreamCommandQueue commands;
  StreamOptions options;
  options.request_port = 0;
  auto publisher = Publisher::start(options, commands);
  if (!publisher) {
    std::fprintf(stderr, "%s\n", publisher.error().to_text().c_str());
    return;
  }
  const ZmqContext context;
  ZmqSocket subscriber(context, ZMQ_SUB);
  subscriber.set(ZMQ_SUBSCRIBE, std::string_view(topic));
  zmq_connect(subscriber.get(),
              ("tcp://127.0.0.1:" + std::to_string((*publisher)->health().subscription_port)).c_str());
  while ((*publisher)->health().subscriptions == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));

  test::StreamedEye eye;
  eye.width_px = width_px;
  eye.height_px = height_px;
  const StreamEyes eyes = StreamEyes::of(test::make_streamed_sample(eye), test::make_streamed_gaze());
  std::vector<double> to_subscriber_us;
  std::vector<double> in_caller_us;
  ZmqMessage message;
  for (int i = 0; i < 2000; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    StreamEyes copy = eyes;
    const auto begin = Clock::now();
    (*publisher)->publish(std::move(copy));
    in_caller_us.push_back(microseconds(Clock::now() - begin));
    zmq_pollitem_t item{subscriber.get(), 0, ZMQ_POLLIN, 0};
    zmq_poll(&item, 1, 1000);
    if (!message.receive(subscriber, 8)) continue;
    to_subscriber_us.push_back(microseconds(Clock::now() - begin));
  }
  std::printf("%s, %d x %d px, %zu samples\n", topic, width_px, height_px, to_subscriber_us.size());
  print("  publish() to subscriber", to_subscriber_us);
  print("  publish() itself", in_caller_us);
}

}  // namespace

int main() {
  measure("gaze.3d.", 400, 400);
  measure("pupil.0.2d", 400, 400);
  measure("frame.eye.0", 400, 400);
}
