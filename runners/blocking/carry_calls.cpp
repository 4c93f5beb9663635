#include "runners/blocking/carry_calls.h"

namespace atonce {

void carry_calls(BlockingDispatcher& desk, BlockingClient& client) {
  while (const auto attempt = desk.wait_next(client)) carry_call(desk, client, *attempt);
}

void carry_call(BlockingDispatcher& desk, BlockingClient& client, const Attempt& attempt) {
  Sample sample = attempt.begin_sample();
  client.exchange(attempt, sample);
  desk.complete(sample);
}

}  // namespace atonce
