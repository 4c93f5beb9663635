#pragma once

namespace CLI {
class App;
}

namespace atonce {

/// Adds `atonce selfcheck`, and `atonce selfcheck-row`, which is not for people: it plays one row
/// for the process above it. Their callbacks set `exit_code`, which must outlive the parsing.
void add_selfcheck(CLI::App& app, int& exit_code);

}  // namespace atonce
