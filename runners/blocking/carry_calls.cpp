#include "runners/blocking/carry_calls.h"

#include "runners/take_step.h"

namespace atonce {

void carry_calls(BlockingDispatcher& desk, BlockingClient& client) {
  ResponseReader reader;
  while (const auto attempt = desk.wait_next(client)) {
    reader.begin(*attempt);
    client.exchange(*attempt, reader);
    take_step(attempt->request->then, reader.sample());
    desk.complete(reader.sample());
  }
}

}  // namespace atonce
