#pragma once

namespace CLI {
class App;
}

namespace atonce {

/// Adds `atonce merge`; its callback sets `exit_code`, which must outlive the parsing.
void add_merge(CLI::App& app, int& exit_code);

}  // namespace atonce
