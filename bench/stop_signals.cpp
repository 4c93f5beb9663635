#include "bench/stop_signals.h"

#include <pthread.h>
#include <signal.h>

namespace atonce {
namespace {

sigset_t stopping() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t set = stopping();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  waiter_ = std::jthread([this](std::stop_token ended) {
    const sigset_t awaited = stopping();
    while (!ended.stop_requested())
      if (sigwaitinfo(&awaited, nullptr) > 0 && !ended.stop_requested()) source_.request_stop();
  });
}

StopSignals::~StopSignals() {
  waiter_.request_stop();
  pthread_kill(waiter_.native_handle(), SIGTERM);  // to that thread alone: it looks up and ends
  waiter_.join();
  const sigset_t set = stopping();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace atonce
