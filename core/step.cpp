#include "core/step.h"

#include <time.h>

#include <thread>

namespace atonce {
namespace {

Nanos thread_cpu_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + Nanos{time.tv_nsec};
}

}  // namespace

void perform(const Step& step) {
  if (step.kind == Step::Kind::block) std::this_thread::sleep_for(step.span);
  if (step.kind != Step::Kind::cpu) return;
  const Nanos end = thread_cpu_time() + step.span;
  while (thread_cpu_time() < end) {
  }
}

}  // namespace atonce
