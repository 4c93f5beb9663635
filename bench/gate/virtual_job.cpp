#include "bench/gate/virtual_job.h"

#include <utility>

#include "core/random.h"

namespace atonce::gate {
namespace {

constexpr std::size_t block = 5;

}  // namespace

std::vector<Pair> usable_pairs(const Record& record) {
  std::vector<Pair> pairs;
  for (const Pair& pair : record.pairs)
    if (!spoilt(pair, record.cells, record.rules)) pairs.push_back(pair);
  return pairs;
}

Pair PairDraw::next() {
  const bool new_block = drawn_ % block == 0;
  at_ = (new_block ? hash(job_, drawn_, Stream::resampling) : at_ + 1) % pairs_.size();
  Pair pair = pairs_[at_];
  if (hash(job_, drawn_++, Stream::pair_order) >> 63 == 0) return pair;
  std::swap(pair.slices[0], pair.slices[1]);
  pair.candidate_first = !pair.candidate_first;
  return pair;
}

void inject(Pair& pair, const Injection& injection) {
  auto& values = pair.of(Side::candidate).values;
  for (std::size_t cell = 0; cell < injection.size(); ++cell) values[cell] *= injection[cell];
}

VirtualJob play_virtual_job(const std::function<Pair()>& next, const std::vector<CellInfo>& cells,
                            Rules rules, const Injection& injection) {
  rules.most_time = unlimited_time;
  Judge judge(cells, rules);
  VirtualJob job;
  while (judge.decision() == Decision::none) {
    Pair pair = next();
    pair.control = is_control_turn(job.pairs++, rules) || judge.wants_control();
    if (!pair.control) inject(pair, injection);
    judge.add(pair);
  }
  job.decision = judge.decision();
  return job;
}

std::size_t pairs_within(const Record& record, Nanos budget) {
  if (record.pairs.empty() || record.pairs.back().ended <= Nanos{}) return 0;
  return static_cast<std::size_t>(budget * static_cast<std::int64_t>(record.pairs.size()) /
                                  record.pairs.back().ended);
}

}  // namespace atonce::gate
