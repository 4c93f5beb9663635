#pragma once
/// Messages between a pool and its worker processes.

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "runners/processes/descriptor.h"

namespace atonce {

enum class Message : std::uint32_t {
  ready,    ///< worker to pool: why it cannot work, or nothing when it can
  request,  ///< pool to worker: a request, to be known by its number from now on: 0, 1, ...
  order,    ///< pool to worker: an attempt to carry
  sample,   ///< worker to pool: its end, then its token arrivals
};

/// A message as it was read.
struct Frame {
  Message message{};
  std::string_view content;
};

/// A value as it lies in memory: both ends are the same program.
template <class T>
std::string_view bytes_of(const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <class T>
std::string_view bytes_of_all(std::span<const T> values) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

/// Takes a value from the front of `bytes`, which must hold one.
template <class T>
T take_value(std::string_view& bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

/// One end of a stream socket over which frames go. Blocks if and only if the socket does.
class FrameSocket {
 public:
  explicit FrameSocket(Descriptor socket) : socket_(std::move(socket)) {}

  int fd() const { return socket_.get(); }

  /// Adds a frame, its content in two parts, to what the next flush() sends.
  void put(Message message, std::string_view content, std::string_view more = {});
  /// Sends what the socket takes. False when the other end is gone.
  bool flush();
  bool flushed() const { return sent_ == out_.size(); }

  /// Reads once. False when the other end is gone.
  bool fill();
  /// The next complete frame of those that were read; valid until the next fill().
  std::optional<Frame> take();

 private:
  const Descriptor socket_;
  std::string out_, in_;
  std::size_t sent_ = 0;
  std::size_t begin_ = 0, end_ = 0;  // of what was read and not taken yet
};

}  // namespace atonce
