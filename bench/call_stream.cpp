#include "bench/call_stream.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "bench/machine.h"
#include "core/metrics.h"
#include "core/units.h"
#include "reports/escape.h"

namespace atonce {
namespace {

constexpr std::string_view columns =
    "runner,transport,variant,cap,repetition,session,call,stage,attempts,outcome,status,warm_up,"
    "due_ns,ready_ns,sent_ns,first_byte_ns,first_token_ns,done_ns,response_ns,service_ns\n";

constexpr Nanos period = std::chrono::milliseconds(250);
constexpr std::size_t calls_in_chunk = 1024;
constexpr std::size_t most_spare = 16;
constexpr std::size_t bytes_in_write = 256 << 10;

std::string key_columns(const TrialKey& key) {
  const auto text = [](const std::string& value) { return csv_field(printable_line(value)); };
  return fmt::format("{},{},{},{},{},", text(key.runner), text(key.transport), text(key.variant),
                     format_limit(key.cap), key.repetition);
}

/// Writes as much as can be written; errno is set when that is not all.
std::size_t write_most(int file, std::string_view text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t size = write(file, text.data() + written, text.size() - written);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) break;
    written += static_cast<std::size_t>(size);
  }
  return written;
}

/// Takes back the last bytes of a file.
void shorten(int file, std::size_t bytes) {
  struct stat status {};
  if (bytes == 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return;
  const off_t left = status.st_size - static_cast<off_t>(bytes);
  if (ftruncate(file, left) != 0) return;  // half a line is the worst that is left behind
}

}  // namespace

void create_call_file(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const bool written = file >= 0 && write_most(file, columns) == columns.size();
  const int error = errno;
  if (file >= 0) close(file);
  if (!written)
    throw std::invalid_argument(
        fmt::format("--calls-csv: cannot write to {}: {}", path, std::strerror(error)));
}

CallStream::CallStream(const std::string& path, const TrialKey& key, int core)
    : path_(path),
      key_(key_columns(key)),
      file_(open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)) {
  if (file_ < 0) fail(std::strerror(errno));
  spare_.resize(most_spare / 2);
  for (Chunk& chunk : spare_) {
    chunk.resize(calls_in_chunk);
    chunk.clear();
  }
  writer_ = std::jthread([this, core](std::stop_token ended) {
    if (core >= 0) pin_to_core(core);
    work(ended);
  });
}

CallStream::~CallStream() {
  finish();
  if (file_ >= 0) close(file_);
}

void CallStream::begin(Instant start) {
  const std::lock_guard lock(mutex_);
  start_ = start;
}

void CallStream::on_call(const CallRecord& call, bool warm_up) {
  const std::lock_guard lock(mutex_);
  if (filled_.empty() || filled_.back().size() == calls_in_chunk) add_chunk();
  filled_.back().push_back({call, warm_up});
}

std::uint64_t CallStream::finish() {
  if (writer_.joinable()) {
    writer_.request_stop();
    writer_.join();
    write_down(filled_);
  }
  return lost_;
}

void CallStream::add_chunk() {
  if (spare_.empty()) {
    filled_.emplace_back().reserve(calls_in_chunk);
  } else {
    filled_.push_back(std::move(spare_.back()));
    spare_.pop_back();
  }
}

/// Nobody wakes this thread but the clock and the end: a wake-up is what a recorded call would pay
/// for most.
void CallStream::work(const std::stop_token& ended) {
  std::unique_lock lock(mutex_);
  while (!ended.stop_requested()) {
    ended_.wait_for(lock, ended, period, [] { return false; });
    auto chunks = std::exchange(filled_, {});
    lock.unlock();
    write_down(chunks);
    lock.lock();
    const std::size_t kept =
        std::min(chunks.size(), most_spare - std::min(most_spare, spare_.size()));
    std::move(chunks.begin(), chunks.begin() + static_cast<std::ptrdiff_t>(kept),
              std::back_inserter(spare_));
  }
}

void CallStream::write_down(std::vector<Chunk>& chunks) {
  for (Chunk& chunk : chunks) {
    for (const Entry& entry : chunk) append_line(entry);
    chunk.clear();
    if (text_.size() >= bytes_in_write) flush();
  }
  flush();
}

void CallStream::append_line(const Entry& entry) {
  const CallRecord& call = entry.call;
  auto out = std::back_inserter(text_);
  const auto number = [&](auto value) { fmt::format_to(out, "{},", value); };
  const auto instant = [&](Instant at) {
    if (at != unset) fmt::format_to(out, "{}", (at - start_).count());
    text_ += ',';
  };
  text_ += key_;
  number(call.session);
  number(call.call);
  number(call.stage);
  number(call.attempts);
  number(name(call.outcome));
  if (call.last.status != 0) fmt::format_to(out, "{}", call.last.status);
  text_ += entry.warm_up ? ",1," : ",0,";
  for (const Instant at :
       {call.due, call.ready, call.last.sent, call.last.first_byte, call.first_token, call.done})
    instant(at);
  if (const auto span = response_time(call)) fmt::format_to(out, "{}", span->count());
  text_ += ',';
  if (const auto span = service_time(call.last)) fmt::format_to(out, "{}", span->count());
  text_ += '\n';
  ++lines_in_text_;
}

/// What does not fit is cut after the last line that does.
void CallStream::flush() {
  std::size_t written = failed_ ? 0 : write_most(file_, text_);
  if (written < text_.size()) {
    if (!failed_) fail(std::strerror(errno));
    const std::string_view part = std::string_view(text_).substr(0, written);
    shorten(file_, part.size() - (part.rfind('\n') + 1));
    lost_ += lines_in_text_ - static_cast<std::uint64_t>(std::ranges::count(part, '\n'));
  }
  text_.clear();
  lines_in_text_ = 0;
}

void CallStream::fail(const char* why) {
  failed_ = true;
  fmt::print(stderr, "\natonce: {}: {}; the other calls of {} are not in it, the run goes on\n",
             path_, why, key_.substr(0, key_.size() - 1));
}

}  // namespace atonce
