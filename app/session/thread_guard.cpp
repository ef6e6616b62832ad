#include "app/session/thread_guard.h"

#include <exception>

#include <pthread.h>

namespace yarbus {
namespace {

Error internal_error(const std::string& thread_name, const std::string& what) {
  return {ErrorCode::internal, what, thread_name + " thread",
          "This is a fault in Yarbus: please report it with the log"};
}

}  // namespace

void run_guarded(const std::string& thread_name, const std::function<void()>& body,
                 const std::function<void(Error)>& on_failure) {
  pthread_setname_np(pthread_self(), thread_name.substr(0, 15).c_str());
  try {
    body();
  } catch (const std::exception& exception) {
    on_failure(internal_error(thread_name, exception.what()));
  } catch (...) {
    on_failure(internal_error(thread_name, "an exception of unknown type"));
  }
}

}  // namespace yarbus
