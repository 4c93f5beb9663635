#include "reports/json_field.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/policy.h"

namespace atonce {
namespace {

std::string shown(const nlohmann::json& value) {
  if (value.is_structured()) return value.is_array() ? "a list" : "an object";
  constexpr std::size_t longest = 40;
  auto text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  if (text.size() > longest) text = text.substr(0, longest) + "...";
  return text;
}

}  // namespace

nlohmann::json parse_json(std::string_view text) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    throw std::runtime_error(fmt::format("damaged, not valid JSON at byte {} of {}",
                                         std::min(error.byte, text.size()), text.size()));
  }
}

std::optional<JsonField> JsonField::find(std::string_view key) const {
  if (!value_->is_object()) reject("an object");
  const auto found = value_->find(key);
  if (found == value_->end()) return std::nullopt;
  return JsonField(*found, path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key));
}

JsonField JsonField::at(std::string_view key) const {
  if (auto field = find(key)) return *field;
  throw std::runtime_error(
      fmt::format("{}: the key \"{}\" is missing", path_.empty() ? "top level" : path_, key));
}

std::vector<JsonField> JsonField::items() const {
  if (!value_->is_array()) reject("a list");
  std::vector<JsonField> fields;
  for (std::size_t i = 0; i < value_->size(); ++i)
    fields.push_back(JsonField((*value_)[i], fmt::format("{}[{}]", path_, i)));
  return fields;
}

std::vector<std::pair<std::string, JsonField>> JsonField::entries() const {
  if (!value_->is_object()) reject("an object");
  std::vector<std::pair<std::string, JsonField>> fields;
  for (const auto& [key, value] : value_->items())
    fields.emplace_back(key, JsonField(value, fmt::format("{}.{}", path_, key)));
  return fields;
}

bool JsonField::is_null() const {
  return value_->is_null();
}

std::string JsonField::text() const {
  if (!value_->is_string()) reject("a text");
  return value_->get<std::string>();
}

bool JsonField::flag() const {
  if (!value_->is_boolean()) reject("true or false");
  return value_->get<bool>();
}

double JsonField::number() const {
  if (!value_->is_number()) reject("a number");
  return value_->get<double>();
}

std::size_t JsonField::limit() const {
  if (value_->is_string() && value_->get_ref<const std::string&>() == "unlimited") return unlimited;
  if (!value_->is_number_unsigned()) reject("a whole number or \"unlimited\"");
  return whole<std::size_t>();
}

std::int64_t JsonField::signed_whole(std::int64_t low, std::int64_t high) const {
  const auto expected = [&] { return fmt::format("a whole number from {} to {}", low, high); };
  if (!value_->is_number_integer()) reject(expected());
  if (value_->is_number_unsigned() && !std::in_range<std::int64_t>(value_->get<std::uint64_t>()))
    reject(expected());
  const auto number = value_->get<std::int64_t>();
  if (number < low || number > high) reject(expected());
  return number;
}

std::uint64_t JsonField::unsigned_whole(std::uint64_t high) const {
  if (!value_->is_number_unsigned() || value_->get<std::uint64_t>() > high)
    reject(fmt::format("a whole number from 0 to {}", high));
  return value_->get<std::uint64_t>();
}

void JsonField::reject(std::string_view expected) const {
  throw std::runtime_error(fmt::format(
      "{}: expected {}, got {}", path_.empty() ? "top level" : path_, expected, shown(*value_)));
}

}  // namespace atonce
