#pragma once

namespace CLI {
class App;
}

namespace atonce {

/// Adds `atonce tune`; its callback sets `exit_code`, which must outlive the parsing.
void add_tune(CLI::App& app, int& exit_code);

}  // namespace atonce
