#pragma once
/// gate.json: docs/gate.md has the fields.

#include <array>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bench/gate/judgement.h"

namespace atonce::gate {

/// The record, and beside it what `judgement` made of it, which reading back leaves aside.
std::string to_json(const Record& record, const Judgement& judgement);

inline constexpr const char* schema = "atonce.gate/1";
/// In the order of the enum.
inline constexpr std::array<const char*, 3> design_names{"paired", "stored", "benchmarks"};

/// A file that cannot be read, or is not what it should be.
struct UnreadableFile : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws std::runtime_error, which names the key.
Record record_from_json(std::string_view text);
/// Throws UnreadableFile, which names the file as well.
Record read_record(const std::filesystem::path& file);

}  // namespace atonce::gate
