#pragma once
/// A YAML text, read with the place of every value, so that each error names file, line and key.
/// The only place that knows the YAML library.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/law.h"

namespace atonce {

/// what() reads "FILE:LINE: KEY: expected ..., got ...".
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A value in a YAML document. Cheap to copy. Every accessor throws ConfigError on a wrong kind of
/// value or one out of range.
class ConfigNode {
 public:
  /// `file` is used in messages only. Throws ConfigError on a syntax error or a duplicate key.
  static ConfigNode parse(const std::string& text, const std::string& file);

  bool is_map() const;
  bool is_list() const;
  bool is_scalar() const;

  /// Throws unless this is a mapping whose keys all stand in `keys`; the message names the wrong
  /// key, suggests the nearest one and lists the rest.
  void allow_only(std::initializer_list<std::string_view> keys) const;
  bool has(std::string_view key) const;
  /// The value under `key`; throws when it is missing.
  ConfigNode at(std::string_view key) const;
  std::optional<ConfigNode> find(std::string_view key) const;
  std::vector<std::pair<std::string, ConfigNode>> entries() const;
  std::vector<ConfigNode> items() const;

  std::string text() const;
  bool flag() const;  ///< true or false
  double number(double low, double high) const;
  std::uint64_t count(std::uint64_t low, std::uint64_t high) const;
  Nanos duration() const;       ///< >= 0, with a unit
  std::size_t limit() const;    ///< whole number >= 1, or "unlimited"
  double fraction() const;      ///< 0.25 or "25%", in [0, 1]
  double rate() const;          ///< "100/s", "30/min", > 0, per second
  double rate_or_zero() const;  ///< the same, or "0", "0/s"
  /// A duration alone (fixed), or a mapping with one law: {uniform: [250ms, 750ms]},
  /// {normal: {mean: 1s, sd: 100ms}}, {lognormal: {median: 1s, p99: 4s}} (or mu and sigma),
  /// {exponential: 1s}, {gamma: {shape: 2, scale: 500ms}}, {pareto: {minimum: 1s, alpha: 2.5}},
  /// {bimodal: {first: LAW, second: LAW, weight: 0.9}}, {quantiles: [0ms, 5ms, 90ms]},
  /// {observed: FILE} (one duration a line, resolved relative to the YAML file).
  Law law() const;
  /// The same over plain numbers >= 0: 100, or {uniform: [50, 150]}.
  Law number_law() const;

  /// `file` as seen from the folder of the YAML file; an absolute path stays as it is.
  std::string beside(const std::string& file) const;

  /// Throws a ConfigError for this place: "expected EXPECTED, got <this value>".
  [[noreturn]] void reject(const std::string& expected) const;
  /// Throws a ConfigError for this place with a sentence of its own.
  [[noreturn]] void fail(const std::string& sentence) const;

 private:
  struct Value;
  struct Document;
  explicit ConfigNode(std::shared_ptr<const Value> value) : value_(std::move(value)) {}
  ConfigNode child(const Value& value) const;

  std::shared_ptr<const Value> value_;  // shares ownership of the whole document
};

}  // namespace atonce
