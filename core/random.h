#pragma once
/// Counter-based randomness: a value is a pure function of (seed, id, stream), so that it does not
/// depend on who asks, in which order or on which thread.

#include <cstdint>

namespace atonce {

/// Finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
/// OOPSLA 2014): a bijection on 64 bits with full avalanche.
constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// What a random number is for. Streams with different names are independent of each other.
enum class Stream : std::uint64_t {
  latency = 1,
  arrival = 2,
  backoff = 3,
  trial_order = 4,
  repetition = 5,
  service = 6,
  fault = 7,
  ttft = 16,
  token_count = 17,
  token_gap = 18,
  text = 19,
  tool_call = 20,
  pair_order = 32,
  pair_place = 33,
  resampling = 34,
};

constexpr std::uint64_t hash(std::uint64_t seed, std::uint64_t id, Stream stream) {
  return mix(mix(mix(seed) ^ id) ^ static_cast<std::uint64_t>(stream));
}

/// Uniform on the open interval (0, 1): never 0 and never 1, so every quantile function accepts it.
constexpr double uniform01(std::uint64_t seed, std::uint64_t id, Stream stream) {
  return (static_cast<double>(hash(seed, id, stream) >> 12) + 0.5) * 0x1.0p-52;
}

}  // namespace atonce
