#include "app/cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "app/cli/exit_codes.h"

namespace yarbus::cli {
namespace {

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

InterruptWatcher::InterruptWatcher() {
  const sigset_t signals = watched_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::jthread([this, signals](const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "interrupt");
    while (true) {
      int signal = 0;
      sigwait(&signals, &signal);
      if (stop.stop_requested()) return;
      if (interrupted_.stop_requested()) _exit(exit_interrupted);
      interrupted_.request_stop();
    }
  });
}

InterruptWatcher::~InterruptWatcher() {
  thread_.request_stop();
  pthread_kill(thread_.native_handle(), SIGTERM);  // wakes the wait
  thread_.join();
  const sigset_t signals = watched_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace yarbus::cli
