#include "bench/gate/job.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "bench/environment.h"
#include "bench/gate/fingerprint.h"
#include "bench/gate/player.h"
#include "bench/gate/preparation.h"
#include "bench/gate/stage.h"
#include "core/random.h"

namespace atonce::gate {
namespace {

Record empty_record(const JobRequest& request) {
  Record record;
  record.scenario = request.scenario.name;
  record.scenario_text = request.scenario.text;
  record.created = utc_now();
  record.baseline = request.baseline.text;
  record.candidate = request.candidate.text;
  record.seed = request.seed;
  record.schedule_seed = request.scenario.seed;
  record.rules = request.rules;
  record.environment = fingerprint(request);
  return record;
}

bool coin(std::uint64_t seed, std::uint64_t number, Stream stream) {
  return hash(seed, number, stream) >> 63 != 0;
}

/// A stored pair as far as it is of the cells that are kept.
Pair with_cells(Pair pair, const std::vector<CellInfo>& cells, const std::vector<CellInfo>& kept) {
  for (Slice& slice : pair.slices) {
    const auto all = std::exchange(slice.values, {});
    for (const CellInfo& cell : kept) {
      const auto at = std::ranges::find(cells, cell.name, &CellInfo::name);
      slice.values.push_back(all[static_cast<std::size_t>(at - cells.begin())]);
    }
  }
  return pair;
}

/// Plays the pairs of one job.
class Pairs {
 public:
  Pairs(const JobRequest& request, std::stop_token stop, JobWatcher& watcher)
      : request_(request),
        stop_(std::move(stop)),
        watcher_(watcher),
        stage_(request.stage, request.baseline, request.candidate),
        record_(empty_record(request)) {}

  bool stopped() const { return stop_.stop_requested(); }
  Record& record() { return record_; }
  JobWatcher& watcher() { return watcher_; }

  void prepare() { gate::prepare(request_, record_, stop_, watcher_); }
  void prepare_against() { gate::prepare_against(request_, record_, stop_, watcher_); }

  /// Adds the next pair; nothing when it was stopped meanwhile.
  const Pair* play(bool control) {
    Pair pair;
    pair.number = record_.pairs.size() + 1;
    pair.control = control;
    pair.candidate_first = coin(request_.seed, pair.number, Stream::pair_order);
    stage_.arrange(coin(request_.seed, pair.number, Stream::pair_place), control);
    const Side first = pair.candidate_first ? Side::candidate : Side::baseline;
    const Side second = pair.candidate_first ? Side::baseline : Side::candidate;
    std::array<std::optional<PlayedSlice>, 2> open, closed;
    for (const Side side : {first, second}) open[at(side)] = slice(side, pair, false);
    for (const Side side : {first, second}) closed[at(side)] = slice(side, pair, true);
    if (stopped()) return nullptr;
    for (const Side side : {first, second})
      pair.of(side) = merged(record_, pointer(open[at(side)]), pointer(closed[at(side)]));
    pair.ended = now() - begin_;
    record_.pairs.push_back(std::move(pair));
    return &record_.pairs.back();
  }

  /// Adds a slice of the candidate beside a stored one of the baseline.
  const Pair* play_beside(const Pair& stored) {
    Pair pair = stored;
    stage_.arrange(coin(request_.seed, pair.number, Stream::pair_place), false);
    const auto open = slice(Side::candidate, pair, false);
    const auto closed = slice(Side::candidate, pair, true);
    if (stopped()) return nullptr;
    pair.of(Side::candidate) = merged(record_, pointer(open), pointer(closed));
    pair.candidate_first = false;
    pair.ended = now() - begin_;
    record_.pairs.push_back(std::move(pair));
    return &record_.pairs.back();
  }

 private:
  static std::size_t at(Side side) { return static_cast<std::size_t>(side); }
  static const PlayedSlice* pointer(const std::optional<PlayedSlice>& slice) {
    return slice ? &*slice : nullptr;
  }

  std::optional<PlayedSlice> slice(Side side, const Pair& pair, bool closed) {
    const bool wanted = closed ? record_.load.closed : record_.load.rate > 0;
    if (!wanted || stopped()) return {};
    const bool baseline = side == Side::baseline || pair.control;
    const SliceOrder order{.arm = baseline ? &request_.baseline : &request_.candidate,
                           .program = stage_.program(side),
                           .load = slice_load(record_.load, closed),
                           .number = static_cast<unsigned>(pair.number)};
    return play_slice(request_.scenario, order, stop_);
  }

  const JobRequest& request_;
  const std::stop_token stop_;
  JobWatcher& watcher_;
  const Instant begin_ = now();
  Stage stage_;
  Record record_;
};

/// Runs `play` and notes how it ended in the record.
template <class Play>
Record noted(Pairs& pairs, Play play) {
  try {
    play();
  } catch (const std::invalid_argument&) {
    throw;
  } catch (const std::exception& error) {
    if (!pairs.stopped()) pairs.record().failure = error.what();
  }
  pairs.record().interrupted = pairs.stopped();
  return std::move(pairs.record());
}

}  // namespace

Record play_job(const JobRequest& request, std::stop_token stop, JobWatcher& watcher) {
  Pairs pairs(request, std::move(stop), watcher);
  return noted(pairs, [&] {
    pairs.prepare();
    Judge judge(pairs.record().cells, request.rules);
    while (!pairs.stopped() && judge.decision() == Decision::none) {
      const bool turn = is_control_turn(pairs.record().pairs.size(), request.rules);
      const Pair* pair = pairs.play(turn || judge.wants_control());
      if (!pair) break;
      judge.add(*pair);
      watcher.pair_ended(pairs.record(), judge);
    }
  });
}

Record play_calibration(const JobRequest& request, std::stop_token stop, JobWatcher& watcher) {
  Pairs pairs(request, std::move(stop), watcher);
  return noted(pairs, [&] {
    pairs.prepare();
    const Judge none(pairs.record().cells, request.rules);
    Nanos spent{};
    while (!pairs.stopped() && spent < request.rules.most_time) {
      const Pair* pair = pairs.play(false);
      if (!pair) break;
      spent = pair->ended;
      watcher.pair_ended(pairs.record(), none);
    }
  });
}

Record play_against(const JobRequest& request, const Record& stored, std::stop_token stop,
                    JobWatcher& watcher) {
  Pairs pairs(request, std::move(stop), watcher);
  Record& record = pairs.record();
  record.design = Design::stored;
  record.rules.control_every = 0;  // the baseline is not played
  record.load = stored.load;
  record.cells = stored.cells;
  record.left_out = stored.left_out;
  record.foreign = differing(stored.environment, record.environment);
  return noted(pairs, [&] {
    pairs.prepare_against();
    Judge judge(record.cells, record.rules);
    for (const Pair& whole : stored.pairs) {
      if (pairs.stopped() || judge.decision() != Decision::none) break;
      const Pair pair = with_cells(whole, stored.cells, record.cells);
      if (pair.control || spoilt(pair, record.cells, request.rules)) continue;
      const Pair* played = pairs.play_beside(pair);
      if (!played) break;
      judge.add(*played);
      watcher.pair_ended(record, judge);
    }
  });
}

}  // namespace atonce::gate
