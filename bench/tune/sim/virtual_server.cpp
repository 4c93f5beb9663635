#include "bench/tune/sim/virtual_server.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace atonce::tune::sim {
namespace {

/// Drawn as time goes on.
class PauseClock {
 public:
  explicit PauseClock(Pauses pauses) : pauses_(pauses) {}

  /// `at`, or the end of the pause that it falls into. Does not go back in time for long: answers
  /// are asked about a little out of order, so that past pauses are kept.
  double thawed(double at, Dice& dice) {
    if (pauses_.rate <= 0) return at;
    while (next_ <= at) {
      if (next_ > 0) begins_.push_back(next_);
      next_ = std::max(next_, 0.0) + dice.exponential(1 / pauses_.rate) + pauses_.length;
    }
    for (auto begin = begins_.rbegin(); begin != begins_.rend(); ++begin) {
      if (at >= *begin + pauses_.length) break;
      if (at >= *begin) return *begin + pauses_.length;
    }
    return at;
  }

 private:
  Pauses pauses_;
  double next_ = 0;
  std::vector<double> begins_;
};

class Queue : public VirtualServer {
 public:
  explicit Queue(QueueModel model) : model_(std::move(model)), pauses_(model_.pauses) {}

  void begin(double) override { free_ = {}; }

  Reply call(double now, std::size_t, Dice& dice) override {
    double start = now;
    if (free_.size() == model_.workers) {
      start = std::max(now, free_.top());
      free_.pop();
    }
    double service = model_.service(dice);
    if (start < model_.cold_until) service *= model_.cold_factor;
    const double served = pauses_.thawed(start + service, dice);
    free_.push(served);
    return {.at = model_.delay > 0 ? pauses_.thawed(served + model_.delay, dice) : served};
  }

 private:
  QueueModel model_;
  PauseClock pauses_;
  std::priority_queue<double, std::vector<double>, std::greater<>> free_;
};

class Loaded : public VirtualServer {
 public:
  Loaded(std::function<double(std::size_t, Dice&)> time, Pauses pauses)
      : time_(std::move(time)), pauses_(pauses) {}
  void begin(double) override {}
  Reply call(double now, std::size_t in_flight, Dice& dice) override {
    return {.at = pauses_.thawed(now + time_(in_flight, dice), dice)};
  }

 private:
  std::function<double(std::size_t, Dice&)> time_;
  PauseClock pauses_;
};

class Limiting : public VirtualServer {
 public:
  Limiting(double rate, double least) : gap_(1 / rate), least_(least) {}
  void begin(double now) override { next_ = now; }
  Reply call(double now, std::size_t, Dice&) override {
    next_ = std::max(next_ + gap_, now + gap_);
    return {.at = std::max(now + least_, next_)};
  }

 private:
  double gap_, least_, next_ = 0;
};

class Refusing : public VirtualServer {
 public:
  Refusing(double rate, double burst, double service, double refusal)
      : rate_(rate), burst_(burst), service_(service), refusal_(refusal), tokens_(burst) {}
  void begin(double) override {}
  Reply call(double now, std::size_t, Dice&) override {
    tokens_ = std::min(burst_, tokens_ + (now - last_) * rate_);
    last_ = now;
    if (tokens_ < 1) return {.at = now + refusal_, .ok = false, .refused = true};
    tokens_ -= 1;
    return {.at = now + service_};
  }

 private:
  double rate_, burst_, service_, refusal_, tokens_, last_ = 0;
};

class Sticky : public VirtualServer {
 public:
  Sticky(double good, double bad, std::size_t enter, std::size_t leave)
      : good_(good), bad_(bad), enter_(enter), leave_(leave) {}
  void begin(double) override {}
  Reply call(double now, std::size_t in_flight, Dice& dice) override {
    if (in_flight > enter_) stuck_ = true;
    // In flight grows from 1 whenever a client begins; it means something once it stays low.
    if (stuck_ && in_flight < leave_ && ++calm_ > calls_to_calm_) stuck_ = false;
    if (in_flight >= leave_) calm_ = 0;
    return {.at = now + (stuck_ ? bad_ : good_) * (0.9 + 0.2 * dice.uniform())};
  }

 private:
  static constexpr std::size_t calls_to_calm_ = 200;
  double good_, bad_;
  std::size_t enter_, leave_, calm_ = 0;
  bool stuck_ = false;
};

}  // namespace

double Dice::exponential(double mean) {
  return -mean * std::log(uniform());
}

TimeLaw fixed(double time) {
  return [time](Dice&) { return time; };
}

TimeLaw exponential(double mean) {
  return [mean](Dice& dice) { return dice.exponential(mean); };
}

TimeLaw either(TimeLaw first, TimeLaw second, double weight) {
  return [first = std::move(first), second = std::move(second), weight](Dice& dice) {
    return dice.uniform() < weight ? first(dice) : second(dice);
  };
}

std::unique_ptr<VirtualServer> queue_server(QueueModel model) {
  return std::make_unique<Queue>(std::move(model));
}

std::unique_ptr<VirtualServer> loaded_server(std::function<double(std::size_t, Dice&)> time,
                                             Pauses pauses) {
  return std::make_unique<Loaded>(std::move(time), pauses);
}

std::unique_ptr<VirtualServer> limiting_server(double rate, double least) {
  return std::make_unique<Limiting>(rate, least);
}

std::unique_ptr<VirtualServer> refusing_server(double rate, double burst, double service,
                                               double refusal) {
  return std::make_unique<Refusing>(rate, burst, service, refusal);
}

std::unique_ptr<VirtualServer> sticky_server(double good, double bad, std::size_t enter,
                                             std::size_t leave) {
  return std::make_unique<Sticky>(good, bad, enter, leave);
}

}  // namespace atonce::tune::sim
