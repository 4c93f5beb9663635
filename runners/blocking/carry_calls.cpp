#include "runners/blocking/carry_calls.h"

namespace atonce {

void carry_calls(BlockingDispatcher& desk, BlockingClient& client) {
  while (const auto attempt = desk.wait_next(client)) {
    Sample sample = attempt->begin_sample();
    client.exchange(*attempt, sample);
    desk.complete(sample);
  }
}

}  // namespace atonce
