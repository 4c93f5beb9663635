#include <tbb/task.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <utility>

#include "bench/micro/unit_costs/task_limits.h"
#include "bench/micro/unit_costs/unit_kind.h"

namespace atonce {
namespace {

/// One thread, as for the event loops: a second one would steal, and the figure would be that of
/// the theft.
void create_join(benchmark::State& state) {
  tbb::task_arena arena(1);
  arena.execute([&state] {
    tbb::task_group group;
    for (auto _ : state) {
      group.run([] {});
      group.wait();
    }
  });
  count_items(state, 1);
}

struct Match {
  tbb::task::suspend_point player[2] = {nullptr, nullptr};
  std::int64_t turns_left = turns_per_iteration;
};

/// Suspends itself and has the other resumed, until the turns are over; the last wakes the other.
void play(Match& match, int self) {
  tbb::task::suspend_point& other = match.player[1 - self];
  while (match.turns_left > 0) {
    --match.turns_left;
    tbb::task::suspend([&](tbb::task::suspend_point here) {
      match.player[self] = here;
      if (other) tbb::task::resume(std::exchange(other, nullptr));
    });
  }
  if (other) tbb::task::resume(std::exchange(other, nullptr));
}

#ifdef ATONCE_SANITIZED
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

void change(benchmark::State& state) {
  if (sanitized) return state.SkipWithError("sanitizers do not follow TBB from stack to stack");
  tbb::task_arena arena(1);
  arena.execute([&state] {
    tbb::task_group group;
    for (auto _ : state) {
      Match match;
      group.run([&match] { play(match, 0); });
      group.run([&match] { play(match, 1); });
      group.wait();
    }
  });
  count_items(state, turns_per_iteration);
}

/// Tasks that start one another, each suspended when its successor runs.
class Chain {
 public:
  Chain(std::size_t units, const std::function<void()>& reading)
      : units_(units), reading_(reading) {
    waiting_.resize(units + 1);
  }

  void run() {
    group_.run([this] { link(0); });
    group_.wait();
  }

 private:
  void link(std::size_t number) {
    if (number == 1 || number == units_ + 1) reading_();
    if (number == units_ + 1) {
      for (const auto unit : waiting_) tbb::task::resume(unit);
      return;
    }
    tbb::task::suspend([this, number](tbb::task::suspend_point here) {
      waiting_[number] = here;
      group_.run([this, number] { link(number + 1); });
    });
  }

  std::size_t units_;
  const std::function<void()>& reading_;
  std::vector<tbb::task::suspend_point> waiting_;
  tbb::task_group group_;
};

void hold(std::size_t units, const std::function<void()>& reading) {
  tbb::task_arena arena(1);
  arena.execute([&] { Chain(units, reading).run(); });
}

}  // namespace

const UnitKind tbb_task_kind{.name = "tbb_task",
                             .create_join = create_join,
                             .change = change,
                             .hold = hold,
                             .counts = {1, 100, 1'000, 10'000},
                             .no_room = no_room_for_stacks};

}  // namespace atonce
