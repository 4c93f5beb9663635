#include "runners/processes/worker.h"

#include <sys/socket.h>

#include <cerrno>
#include <thread>

#include "runners/processes/request_bytes.h"
#include "runners/take_step.h"

namespace atonce {

Worker::Worker(Descriptor orders, Descriptor aborts, BlockingClient& client)
    : orders_(std::move(orders)), aborts_(std::move(aborts)), client_(client) {}

void Worker::serve() {
  std::thread listener([this] { listen_for_aborts(); });
  orders_.put(Message::ready, {});
  while (orders_.flush() && orders_.fill())
    while (const auto frame = orders_.take()) act(*frame);
  listener.join();
}

void Worker::act(const Frame& frame) {
  std::string_view content = frame.content;
  if (frame.message == Message::request)
    requests_.push_back(request_from_bytes(content));
  else if (frame.message == Message::order)
    carry(take_value<Order>(content));
}

void Worker::carry(const Order& order) {
  Attempt attempt = order.attempt;
  attempt.request = &requests_[order.request];
  reader_.begin(attempt);
  begin(attempt.id);
  client_.exchange(attempt, reader_);
  take_step(attempt.request->then, reader_.sample());
  const Sample& sample = reader_.sample();
  orders_.put(Message::sample, bytes_of(sample), bytes_of_all(sample.token_arrivals));
}

void Worker::begin(AttemptId id) {
  const std::lock_guard lock(mutex_);
  current_ = id;
  client_.arm();
  if (pool_gone_ || aborted_ == id) client_.abort();
}

void Worker::listen_for_aborts() {
  for (;;) {
    AttemptId id;
    const ssize_t size = recv(aborts_.get(), &id, sizeof id, MSG_WAITALL);
    if (size < 0 && errno == EINTR) continue;
    if (size != sizeof id) break;
    const std::lock_guard lock(mutex_);
    aborted_ = id;
    if (current_ == id) client_.abort();
  }
  const std::lock_guard lock(mutex_);
  pool_gone_ = true;
  client_.abort();
}

}  // namespace atonce
