/// A worker on a thread of this process: what two threads do to each other shows here.

#include "runners/processes/worker.h"

#include <sys/socket.h>

#include <array>

#include "runners/processes/request_bytes.h"
#include "tests/runners/conformance.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

struct Channel {
  Channel() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0); }
  std::array<int, 2> ends{};
};

class WorkerTest : public testing::Test {
 protected:
  ~WorkerTest() override { leave(); }

  void know(const std::string& target) {
    pool->put(Message::request, to_bytes(get(target)));
    pool->flush();
  }
  void order(std::uint32_t request, AttemptId id) {
    Order order;
    order.attempt.id = id;
    order.attempt.give_up_at = now() + 20s;
    order.request = request;
    pool->put(Message::order, bytes_of(order));
    pool->flush();
  }
  void abort(AttemptId id) { send(pool_aborts->get(), &id, sizeof id, MSG_NOSIGNAL); }

  Sample wait_for_sample() {
    for (;;) {
      while (auto frame = pool->take())
        if (frame->message == Message::sample) return take_value<Sample>(frame->content);
      EXPECT_TRUE(pool->fill());
    }
  }
  void leave() {
    pool.reset();
    pool_aborts.reset();
    if (thread.joinable()) thread.join();
  }

  ScriptedServer server;
  std::unique_ptr<BlockingClient> client =
      make_blocking_client("beast", resolve(parse_target(server.url())), true);
  Channel orders, aborts;
  std::optional<FrameSocket> pool{Descriptor(orders.ends[0])};
  std::optional<Descriptor> pool_aborts{aborts.ends[0]};
  std::thread thread{
      [this] { Worker(Descriptor(orders.ends[1]), Descriptor(aborts.ends[1]), *client).serve(); }};
};

AttemptId session(std::uint32_t number) {
  return {.session = number, .call = 0, .attempt = 0};
}

TEST_F(WorkerTest, carries_what_it_is_ordered_to) {
  know("/ok");
  know("/status?404");
  for (std::uint32_t i = 0; i < 10; ++i) {
    order(i % 2, session(i));
    const Sample sample = wait_for_sample();
    EXPECT_EQ(sample.id, session(i));
    EXPECT_EQ(sample.status, i % 2 == 0 ? 200 : 404);
  }
}

TEST_F(WorkerTest, an_abort_ends_the_attempt_that_it_names) {
  know("/silent");
  for (std::uint32_t i = 0; i < 50; ++i) {
    order(0, session(i));
    std::this_thread::sleep_for(i * 20us);
    abort(session(i));
    EXPECT_EQ(wait_for_sample().outcome, Outcome::cancelled);
  }
}

TEST_F(WorkerTest, an_abort_may_come_before_its_attempt) {
  know("/silent");
  abort(session(7));
  std::this_thread::sleep_for(20ms);
  order(0, session(7));
  EXPECT_EQ(wait_for_sample().outcome, Outcome::cancelled);
}

TEST_F(WorkerTest, an_abort_that_comes_too_late_spares_the_next_attempt) {
  know("/delay?2");
  for (std::uint32_t i = 0; i < 100; ++i) {
    order(0, session(i));
    if (i > 0) abort(session(i - 1));
    EXPECT_EQ(wait_for_sample().outcome, Outcome::ok);
  }
}

TEST_F(WorkerTest, ends_in_mid_call_when_the_pool_is_gone) {
  know("/silent");
  order(0, session(1));
  EXPECT_TRUE(server.wait_until([](const Witness& seen) { return seen.in_flight == 1; }));
  const Instant gone = now();
  leave();
  EXPECT_LT(now() - gone, 5s);
}

}  // namespace
}  // namespace atonce
