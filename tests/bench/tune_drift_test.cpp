/// Servers that do not stay what they are.

#include <gmock/gmock.h>

#include "bench/tune/answer.h"
#include "tests/bench/tune_run.h"

namespace atonce::testing {
namespace {

using namespace tune;
using namespace tune::sim;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// Eight workers and a delay. Up to a time, services take so many times as long.
struct Changing {
  bool is_steady = true;  ///< each service takes as long
  double factor = 3, until = 0;

  std::unique_ptr<VirtualServer> server() const {
    return queue_server({.workers = 8,
                         .service = is_steady ? fixed(0.010) : exponential(0.010),
                         .delay = 0.040,
                         .cold_until = until,
                         .cold_factor = factor});
  }
  /// What is right once it has changed: a fixed queue serves 800/s, so that 88 wait for 110 ms.
  std::size_t truth(Goal goal) const {
    if (is_steady) return goal == Goal::slo ? 88 : 38;
    static const Truth random = closed_queue(8, 0.010, 0.040, "p99<=110ms");
    return goal == Goal::slo ? random.boundary : random.knee;
  }
};

Tuning search(const Changing& changing, Goal goal, std::uint64_t seed) {
  Rules rules{.goal = goal};
  if (goal == Goal::slo) rules.slos = {parse_slo("p99<=110ms")};
  VirtualTarget target({.slos = rules.slos}, changing.server(), seed);
  return tuned(rules, target);
}

bool holds(const LevelInterval& found, std::size_t truth) {
  return found.low.value_or(0) <= truth && truth < found.beyond.value_or(truth + 1);
}

struct Tally {
  int seen = 0, right = 0;
};

/// Whenever it changes, unless the search was about to end.
void search_all(Changing changing, Goal goal, std::uint64_t seed, Tally& tally) {
#ifdef ATONCE_SANITIZED
  constexpr int step = 15;
#else
  constexpr int step = 3;
#endif
  constexpr Seconds about_to_end(12);
  const std::size_t truth = changing.truth(goal);
  for (int until = 3; until <= 60; until += step) {
    changing.until = until;
    const Tuning tuning = search(changing, goal, seed);
    if (tuning.used < Seconds(until) + about_to_end) continue;
    const LevelInterval found =
        goal == Goal::slo ? tuning.boundary : tuning.knee.value_or(LevelInterval{});
    ++tally.seen;
    tally.right += holds(found, truth) && found.low && found.beyond;
    EXPECT_TRUE(holds(found, truth) || tuning.flags.contains(Flag::drift) || tuning.is_open)
        << name(goal) << " until " << until << ": " << found.low.value_or(0) << " to "
        << found.beyond.value_or(0) << "; " << story(tuning);
  }
}

TEST(TuneDrift, a_server_that_changes_is_not_taken_for_what_it_was) {
  Tally tally;
  for (const Goal goal : {Goal::slo, Goal::knee})
    for (const double factor : {3.0, 0.4}) {
      search_all({.is_steady = true, .factor = factor}, goal, 1, tally);
      for (const std::uint64_t seed : {1u, 2u, 3u, 4u})
        search_all({.is_steady = false, .factor = factor}, goal, seed, tally);
    }
  EXPECT_GE(tally.right, 0.7 * tally.seen) << "it is looked for again";
}

TEST(TuneDrift, what_was_measured_before_the_change_is_dropped) {
  for (const Goal goal : {Goal::slo, Goal::knee}) {
    const double until = 20;
    const Tuning tuning = search({.until = until}, goal, 1);
    EXPECT_THAT(tuning.flags, Contains(Flag::drift)) << story(tuning);
    for (const Probe& probe : tuning.probes)
      if (probe.began + probe.took < Seconds(until)) {
        EXPECT_TRUE(probe.counted().empty()) << probe.order.level << story(tuning);
      }
    EXPECT_THAT(answer_of(tuning).remarks, Contains(HasSubstr("before the change was dropped")));
    EXPECT_THAT(search({.until = 0}, goal, 1).flags, Not(Contains(Flag::drift)));
  }
}

/// At each step all blocks together must not contradict what is said of a level.
struct Contradictions : Watcher {
  std::size_t meets = 0, contradicted = 0, reopened = 0;

  void probe_begins(const Tuning&, const ProbeOrder&) override {}
  void probe_ended(const Tuning& tuning) override {
    const Probe& last = tuning.probes.back();
    Curve curve(tuning.rules.slos);
    for (const Probe& probe : tuning.probes) curve.add(probe);
    for (const Verdict& verdict : tuning.verdicts) {
      const LevelData* data = curve.find(verdict.level);
      if (data == nullptr || verdict.level != last.order.level) continue;
      const double p = curve.surprise(*data).below;
      contradicted += verdict.standing == Standing::meets && p > 0.025;
      meets += verdict.standing == Standing::meets;
      reopened += verdict.standing == Standing::open && last.order.purpose == Purpose::confirm &&
                  last.dropped == 0 && !tuning.flags.contains(Flag::drift);
    }
  }
};

/// Whose confirmations of levels that met look a little too bad.
class Doubtful : public Target {
 public:
  explicit Doubtful(VirtualTarget inner) : inner_(std::move(inner)) {}
  Probe probe(const ProbeOrder& order) override {
    Probe probe = inner_.probe(order);
    for (Block& block : probe.blocks)
      if (order.purpose == Purpose::confirm && block.bad[0] < block.calls / 50)
        block.bad[0] = 15 * block.calls / 1000;
    return probe;
  }
  Seconds elapsed() const override { return inner_.elapsed(); }
  Seconds overhead() const override { return inner_.overhead(); }
  bool stopped() const override { return inner_.stopped(); }

 private:
  VirtualTarget inner_;
};

TEST(TuneDrift, a_second_look_that_contradicts_the_first_opens_the_level_again) {
  const Truth truth = closed_queue(8, 0.010, 0, "p99<=100ms");
  Contradictions seen;
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 5u, 6u}) {
    Doubtful target(truth.target(seed));
    tune::tune(truth.rules(), target, seen);
  }
  EXPECT_GT(seen.meets, 0u);
  EXPECT_EQ(seen.contradicted, 0u);
  EXPECT_GT(seen.reopened, 0u);
}

TEST(TuneDrift, each_end_of_an_answer_was_looked_at_twice) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Tuning tuning = tuned(fixed_queue(8, 0.0201, "p99<=200ms"), seed);
    ASSERT_TRUE(tuning.boundary.low && tuning.boundary.beyond) << story(tuning);
    for (const std::size_t end : {*tuning.boundary.low, *tuning.boundary.beyond})
      EXPECT_GE(std::ranges::count_if(tuning.probes,
                                      [&](const Probe& probe) { return probe.order.level == end; }),
                2)
          << end << ": " << story(tuning);
  }
}

}  // namespace
}  // namespace atonce::testing
