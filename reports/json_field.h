#pragma once
/// A value in a JSON document with its place, so that every error names the key.

#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atonce {

/// Throws std::runtime_error with the place of the damage.
nlohmann::json parse_json(std::string_view text);

/// Cheap to copy; the document must outlive it. Every accessor throws std::runtime_error, which
/// reads "KEY: expected ..., got ...", on a value of another kind or out of range.
class JsonField {
 public:
  /// The document itself.
  explicit JsonField(const nlohmann::json& document) : value_(&document) {}

  JsonField at(std::string_view key) const;  ///< throws when it is missing
  std::optional<JsonField> find(std::string_view key) const;
  std::vector<JsonField> items() const;
  std::vector<std::pair<std::string, JsonField>> entries() const;

  bool is_null() const;
  std::string text() const;
  bool flag() const;
  double number() const;
  template <class Integer>
  Integer whole() const {
    using Limits = std::numeric_limits<Integer>;
    if constexpr (Limits::is_signed) {
      return static_cast<Integer>(signed_whole(Limits::min(), Limits::max()));
    } else {
      return static_cast<Integer>(unsigned_whole(Limits::max()));
    }
  }
  /// A whole number, or "unlimited".
  std::size_t limit() const;

  [[noreturn]] void reject(std::string_view expected) const;

 private:
  JsonField(const nlohmann::json& value, std::string path)
      : value_(&value), path_(std::move(path)) {}
  std::int64_t signed_whole(std::int64_t low, std::int64_t high) const;
  std::uint64_t unsigned_whole(std::uint64_t high) const;

  const nlohmann::json* value_;
  std::string path_;
};

}  // namespace atonce
