#include "core/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

namespace atonce {

struct ConfigNode::Value {
  enum class Kind : unsigned char { nothing, scalar, list, map };
  Kind kind = Kind::nothing;
  int line = 0;
  const std::string* file = nullptr;
  std::string key;            // in the map above; empty in a list
  std::string path;           // routes[2].latency
  std::string text;           // of a scalar
  std::vector<Value> values;  // of a list or a map

  [[noreturn]] void fail(const std::string& sentence) const {
    throw ConfigError(
        fmt::format("{}:{}: {}{}{}", *file, line, path, path.empty() ? "" : ": ", sentence));
  }
};

/// Copies the library's tree into values that know their place. Aliases can make that tree far
/// larger than its text, or endless: depth and size are bounded.
struct ConfigNode::Document {
  explicit Document(std::string name) : file(std::move(name)) {}

  void read(const YAML::Node& node, Value& value, int depth) {
    value.file = &file;
    if (depth > 32) value.fail("nested more than 32 deep");
    if (++size > 1'000'000) value.fail("more than a million values");
    if (node.IsScalar()) {
      value.kind = Value::Kind::scalar;
      value.text = node.Scalar();
    } else if (node.IsSequence()) {
      value.kind = Value::Kind::list;
      for (const YAML::Node& item : node) {
        const auto path = fmt::format("{}[{}]", value.path, value.values.size());
        add(value, "", item, path, item.Mark().line, depth);
      }
    } else if (node.IsMap()) {
      value.kind = Value::Kind::map;
      for (const auto& entry : node) add_entry(value, entry.first, entry.second, depth);
    }
  }

  void add_entry(Value& map, const YAML::Node& key, const YAML::Node& node, int depth) {
    if (!key.IsScalar()) map.fail("expected plain words as keys");
    const std::string& name = key.Scalar();
    const auto path = map.path.empty() ? name : map.path + "." + name;
    add(map, name, node, path, key.Mark().line, depth);
    if (std::ranges::count(map.values, name, &Value::key) > 1) {
      map.values.back().fail("this key stands here twice");
    }
  }

  void add(Value& parent, std::string key, const YAML::Node& node, std::string path, int line,
           int depth) {
    Value& value = parent.values.emplace_back();
    value.key = std::move(key);
    value.path = std::move(path);
    value.line = line + 1;
    read(node, value, depth + 1);
  }

  std::string file;
  Value root;
  std::size_t size = 0;
};

namespace {

/// Levenshtein distance: single-letter insertions, deletions and replacements from one to the
/// other.
std::size_t edits_between(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string suggestion(std::string_view wrong, std::initializer_list<std::string_view> keys) {
  const auto distance = [&](std::string_view key) { return edits_between(wrong, key); };
  const std::string_view nearest = *std::ranges::min_element(keys, {}, distance);
  const bool is_close = distance(nearest) <= std::max<std::size_t>(2, nearest.size() / 3);
  return is_close ? fmt::format(" (did you mean '{}'?)", nearest) : std::string{};
}

}  // namespace

ConfigNode ConfigNode::parse(const std::string& text, const std::string& file) {
  auto document = std::make_shared<Document>(file);
  try {
    const auto documents = YAML::LoadAll(text);
    document->root.line = 1;
    document->root.file = &document->file;
    if (documents.size() > 1) document->root.fail("expected one YAML document");
    if (!documents.empty()) document->read(documents.front(), document->root, 0);
  } catch (const YAML::Exception& error) {
    throw ConfigError(
        fmt::format("{}:{}: not valid YAML: {}", file, error.mark.line + 1, error.msg));
  }
  return ConfigNode({document, &document->root});
}

ConfigNode ConfigNode::child(const Value& value) const {
  return ConfigNode({value_, &value});
}

bool ConfigNode::is_map() const {
  return value_->kind == Value::Kind::map;
}
bool ConfigNode::is_list() const {
  return value_->kind == Value::Kind::list;
}
bool ConfigNode::is_scalar() const {
  return value_->kind == Value::Kind::scalar;
}

void ConfigNode::allow_only(std::initializer_list<std::string_view> keys) const {
  if (!is_map()) reject(fmt::format("a mapping with some of: {}", fmt::join(keys, ", ")));
  for (const Value& value : value_->values) {
    if (std::ranges::find(keys, value.key) != keys.end()) continue;
    value.fail(fmt::format("unknown key{}; known here: {}", suggestion(value.key, keys),
                           fmt::join(keys, ", ")));
  }
}

std::optional<ConfigNode> ConfigNode::find(std::string_view key) const {
  if (!is_map()) reject(fmt::format("a mapping with the key '{}'", key));
  const auto found = std::ranges::find(value_->values, key, &Value::key);
  if (found == value_->values.end()) return {};
  return child(*found);
}

bool ConfigNode::has(std::string_view key) const {
  return find(key).has_value();
}

ConfigNode ConfigNode::at(std::string_view key) const {
  const auto found = find(key);
  if (!found) fail(fmt::format("the key '{}' is missing", key));
  return *found;
}

std::vector<std::pair<std::string, ConfigNode>> ConfigNode::entries() const {
  if (!is_map()) reject("a mapping");
  std::vector<std::pair<std::string, ConfigNode>> result;
  for (const Value& value : value_->values) result.emplace_back(value.key, child(value));
  return result;
}

std::vector<ConfigNode> ConfigNode::items() const {
  if (!is_list()) reject("a list");
  std::vector<ConfigNode> result;
  for (const Value& value : value_->values) result.push_back(child(value));
  return result;
}

std::string ConfigNode::text() const {
  if (!is_scalar()) reject("a text or a number");
  return value_->text;
}

std::string ConfigNode::beside(const std::string& file) const {
  return (std::filesystem::path(*value_->file).parent_path() / file).string();
}

void ConfigNode::reject(const std::string& expected) const {
  const auto got = is_map()      ? std::string("a mapping")
                   : is_list()   ? std::string("a list")
                   : is_scalar() ? fmt::format("'{}'", value_->text)
                                 : std::string("nothing");
  fail(fmt::format("expected {}, got {}", expected, got));
}

void ConfigNode::fail(const std::string& sentence) const {
  value_->fail(sentence);
}

}  // namespace atonce
