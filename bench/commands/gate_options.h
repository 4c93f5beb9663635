#pragma once
/// The options of `atonce gate` on the command line.

#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace atonce {

namespace gate {
struct GateOptions;
}

void declare_gate(CLI::App& command, gate::GateOptions& options);
/// What a calibration takes as well.
void declare_gate_load(CLI::App& command, gate::GateOptions& options);

/// Throws std::invalid_argument when an option was given that is none of `meant`, which are all
/// that `mode` takes.
void refuse_options(const CLI::App& command, std::string_view mode,
                    std::span<const std::string_view> meant);

}  // namespace atonce
