#!/usr/bin/env bash
# Google Benchmark's compare.py reads what the report writer `gbench` wrote.
set -euo pipefail

compare=/usr/share/benchmark/compare.py
if [[ ! -f $compare ]]; then
  echo "skipped: scripts/setup readers installs compare.py"
  exit 77
fi
export PYTHONPATH=${0%/*}/stand_in PYTHONDONTWRITEBYTECODE=1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Ten repetitions, so that its U test takes the comparison seriously.
run() {
  "$ATONCE" run hundred-calls --runner asio_coroutines --cap unlimited --repeat 10 --quiet \
    --format gbench --time-scale "$1" --out "$dir/$2"
}
run 0.05 old
run 0.1 new
python3 "$compare" --no-color benchmarks "$dir/old/benchmark.json" "$dir/new/benchmark.json" >"$dir/said"

expect() {
  grep -Eq "$1" "$dir/said" || {
    echo "compare.py did not say $1:"
    cat "$dir/said"
    exit 1
  }
}
name='hundred-calls/asio_coroutines/cap:unlimited'
# Twice the delays, twice the makespan: a change of nearly +1.0, beyond chance.
expect "^${name}_median +\+(0\.[5-9]|1\.[0-5])"
expect "^${name}_pvalue +0\.0[0-4].*U Test, Repetitions: 10 vs 10"

# The pairs of a gate are its repetitions.
"$ATONCE" gate steady-rate --baseline this --candidate time_scale=2 --cells response_p50 \
  --slice 300ms --warm-up 0 --pairs 4 --most-stalled 0.9 --fail-on improvement --quiet --format gbench --out "$dir/gate"
python3 "$compare" --no-color benchmarks "$dir"/gate/{baseline,candidate}.benchmark.json >"$dir/said"
expect "^steady-rate/response_p50 +\+(0\.9|1\.)"
