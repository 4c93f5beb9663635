#pragma once
/// A line per call, written to a CSV file while the run goes on.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/recorder.h"
#include "core/result.h"

namespace atonce {

/// Makes the file, or empties it, and writes the names of the columns. Throws std::invalid_argument
/// when that cannot be done. docs/live.md describes the columns.
void create_call_file(const std::string& path);

/// Appends the calls of one trial, in the order in which they end, as whole lines only. Whoever
/// records a call stores it and goes on; a thread of its own writes, four times a second. No call
/// is dropped: when the disk is slower than the run, memory grows. When the file cannot be written
/// to, a warning on standard error says so and the rest of the trial is left out.
class CallStream final : public CallSink {
 public:
  /// The thread runs on `core`; -1 = any.
  CallStream(const std::string& path, const TrialKey& key, int core);
  ~CallStream() override;
  CallStream(const CallStream&) = delete;
  CallStream& operator=(const CallStream&) = delete;

  void begin(Instant start) override;
  void on_call(const CallRecord& call, bool warm_up) override;

  /// Writes what is left; nothing may be recorded after that. How many calls are missing in the
  /// file.
  std::uint64_t finish();

 private:
  struct Entry {
    CallRecord call;
    bool warm_up = false;
  };
  using Chunk = std::vector<Entry>;

  void add_chunk();
  void work(const std::stop_token& ended);
  void write_down(std::vector<Chunk>& chunks);
  void append_line(const Entry& entry);
  void flush();
  void fail(const char* why);

  const std::string path_;
  const std::string key_;  // the first columns of every line
  int file_ = -1;
  Instant start_{};
  std::string text_;  // lines that are not written yet
  std::uint64_t lines_in_text_ = 0, lost_ = 0;
  bool failed_ = false;

  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::vector<Chunk> filled_;  // the last one may have room
  std::vector<Chunk> spare_;
  std::jthread writer_;
};

}  // namespace atonce
