#include "bench/tune/sim/virtual_target.h"

#include <algorithm>
#include <utility>

namespace atonce::tune::sim {
namespace {

/// Starting a process and reading its account.
constexpr double seconds_around = 0.3;

Nanos to_nanos(double seconds) {
  return Nanos(static_cast<std::int64_t>(seconds * 1e9));
}

}  // namespace

/// Sorts calls into blocks: by when they end, or by when they have lasted longer than any objective
/// allows, if that is earlier.
class VirtualTarget::Tally {
 public:
  Tally(const std::vector<Slo>& slos, const ProbeOrder& order, double begin)
      : slos_(slos), begin_(begin), span_(order.block.count()) {
    probe_.order = order;
    probe_.blocks.resize(order.blocks);
    for (Block& block : probe_.blocks) {
      block.span = order.block;
      block.bad.resize(slos.size());
    }
    for (const Slo& slo : slos) longest_ = std::max(longest_, Seconds(slo.limit).count());
    if (longest_ == 0) longest_ = span_;
  }

  /// In order.
  void add(const Ending& ending) {
    note_gap(ending);
    add_late(ending);
  }

  /// Of a call that has not ended yet it is known only whether it is late.
  void add_late(Ending ending) {
    ending.counts_at = std::min(ending.at, ending.sent + longest_) - begin_;
    if (ending.counts_at >= 0 &&
        ending.counts_at < span_ * static_cast<double>(probe_.blocks.size()))
      endings_.push_back(ending);
  }

  Probe finished() {
    std::ranges::sort(endings_, {}, &Ending::counts_at);
    auto ending = endings_.begin();
    for (std::size_t i = 0; i < probe_.blocks.size(); ++i) {
      Histogram times;
      for (; ending != endings_.end() && ending->counts_at < span_ * static_cast<double>(i + 1);
           ++ending)
        count(*ending, probe_.blocks[i], times);
      probe_.blocks[i].response_time = times.buckets();
      probe_.response_time.merge(times);
    }
    probe_.too_short = endings_.empty();
    if (probe_.too_short) probe_.invalid = "no call ended while it was measured";
    return std::move(probe_);
  }

 private:
  void count(const Ending& ending, Block& block, Histogram& times) {
    const Nanos time = to_nanos(ending.at - ending.sent);
    ++block.calls;
    if (ending.ok)
      times.record(time);
    else
      ++block.failed;
    probe_.refused += ending.refused;
    for (std::size_t i = 0; i < slos_.size(); ++i)
      block.bad[i] += !ending.ok || (slos_[i].kind == Slo::Kind::latency && time > slos_[i].limit);
  }

  void note_gap(const Ending& ending) {
    const double since = ending.at - begin_;
    if (since < 0 || since >= span_ * static_cast<double>(probe_.blocks.size())) return;
    const double gap = since - last_;
    const Seconds response(calls_ > 0 ? times_ / calls_ : 0);
    if (calls_ > 0 && is_stall(Seconds(gap), calls_ / since, response)) ++probe_.stalls;
    last_ = since;
    ++calls_;
    if (ending.ok) times_ += ending.at - ending.sent;
  }

  const std::vector<Slo>& slos_;
  double begin_, span_, longest_ = 0;
  std::vector<Ending> endings_;
  double last_ = 0, calls_ = 0, times_ = 0;
  Probe probe_;
};

VirtualTarget::VirtualTarget(VirtualClient client, std::unique_ptr<VirtualServer> server,
                             std::uint64_t seed)
    : client_(std::move(client)), server_(std::move(server)), dice_(seed) {}

Seconds VirtualTarget::overhead() const {
  return Seconds(seconds_around);
}

Probe VirtualTarget::probe(const ProbeOrder& order) {
  const double began = now_;
  now_ += seconds_around;
  const double begin = now_ + order.warm_up.count();
  const double end = begin + order.block.count() * static_cast<double>(order.blocks);
  Tally tally(client_.slos, order, begin);
  server_->begin(now_);
  if (client_.vary == Vary::rate)
    play_open(static_cast<double>(order.level), end, tally);
  else
    play_closed(order.level, end, tally);
  now_ = end;
  ++probes_;
  Probe probe = tally.finished();
  probe.began = Seconds(began);
  probe.took = Seconds(now_ - began);
  if (client_.most_rate > 0) {
    double calls = 0;
    for (const Block& block : probe.blocks) calls += static_cast<double>(block.calls);
    const double rate = calls / (end - begin);
    probe.cpu = std::min(1.0, rate / client_.most_rate);
    probe.client_limited = rate >= 0.95 * client_.most_rate;
  }
  return probe;
}

void VirtualTarget::play_closed(std::size_t level, double end, Tally& tally) {
  Endings endings;
  const double gap = client_.most_rate > 0 ? 1 / client_.most_rate : 0;
  double client_free = now_;
  const auto send = [&](double at) {
    // A client that has no time yet sends later, though the call was due.
    client_free = std::max(at, client_free) + gap;
    const double sent = gap > 0 ? client_free : at;
    const Reply reply = server_->call(sent, endings.size() + 1, dice_);
    endings.push({.at = reply.at, .sent = at, .ok = reply.ok, .refused = reply.refused});
  };
  for (std::size_t i = 0; i < level; ++i) send(now_);
  while (endings.top().at < end) {
    const Ending ending = endings.top();
    endings.pop();
    tally.add(ending);
    send(ending.at);
  }
  add_late(std::move(endings), tally);
}

void VirtualTarget::play_open(double rate, double end, Tally& tally) {
  Endings endings;
  for (double at = now_ + dice_.exponential(1 / rate); at < end;
       at += dice_.exponential(1 / rate)) {
    for (; !endings.empty() && endings.top().at <= at; endings.pop()) tally.add(endings.top());
    const Reply reply = server_->call(at, endings.size() + 1, dice_);
    endings.push({.at = reply.at, .sent = at, .ok = reply.ok, .refused = reply.refused});
  }
  for (; !endings.empty() && endings.top().at < end; endings.pop()) tally.add(endings.top());
  add_late(std::move(endings), tally);
}

void VirtualTarget::add_late(Endings endings, Tally& tally) {
  for (; !endings.empty(); endings.pop()) tally.add_late(endings.top());
}

}  // namespace atonce::tune::sim
