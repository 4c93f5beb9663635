#include <coroutine>
#include <exception>
#include <utility>

#include "bench/micro/unit_costs/unit_kind.h"

namespace atonce {
namespace {

/// Starts and ends suspended; its owner destroys it.
class Routine {
 public:
  struct promise_type {
    Routine get_return_object() {
      return Routine(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };

  explicit Routine(std::coroutine_handle<> frame) : frame_(frame) {}
  Routine(Routine&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Routine& operator=(Routine&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Routine() {
    if (frame_) frame_.destroy();
  }

  std::coroutine_handle<> frame() const { return frame_; }

 private:
  std::coroutine_handle<> frame_;
};

/// A compiler that sees both ends of a coroutine's life may keep its frame on the stack, and what
/// is measured would be gone: hence none of these is inlined.
[[gnu::noinline]] Routine end_at_once() {
  co_return;
}

[[gnu::noinline]] Routine wait_once() {
  co_await std::suspend_always();
}

void create_join(benchmark::State& state) {
  for (auto _ : state) {
    const Routine routine = end_at_once();
    benchmark::DoNotOptimize(routine.frame().address());
    routine.frame().resume();
  }
  count_items(state, 1);
}

struct Match {
  std::coroutine_handle<> player[2];
  std::int64_t turns_left = 0;
};

/// Goes on with the other player, or back to whoever resumed the first when the turns are over.
struct HandOver {
  Match& match;
  int to;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept {
    if (match.turns_left-- == 0) return std::noop_coroutine();
    return match.player[to];
  }
  void await_resume() const noexcept {}
};

[[gnu::noinline]] Routine play(Match& match, int self) {
  for (;;) co_await HandOver{match, 1 - self};
}

void change(benchmark::State& state) {
  Match match;
  const Routine first = play(match, 0), second = play(match, 1);
  match.player[0] = first.frame();
  match.player[1] = second.frame();
  for (auto _ : state) {
    match.turns_left = turns_per_iteration;
    first.frame().resume();
  }
  count_items(state, turns_per_iteration);
}

void hold(std::size_t units, const std::function<void()>& reading) {
  // Assigned, so that the list itself is resident before the first reading.
  std::vector<Routine> routines;
  for (std::size_t i = 0; i <= units; ++i) routines.emplace_back(nullptr);
  for (std::size_t i = 0; i <= units; ++i) {
    routines[i] = wait_once();
    routines[i].frame().resume();
    if (i == 0) reading();
  }
  reading();
}

}  // namespace

const UnitKind coroutine_kind{.name = "coroutine",
                              .create_join = create_join,
                              .change = change,
                              .hold = hold,
                              .counts = {1, 100, 10'000, 100'000}};

}  // namespace atonce
