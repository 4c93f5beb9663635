#!/usr/bin/env bash
# usage: unit_costs_test.sh ATONCE_MICROBENCH ATONCE
# Every kind of unit goes through every benchmark of the suite, and the table knows every one.
set -euo pipefail
microbench=$1
atonce=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$microbench" --benchmark_filter='unit_costs/.*(create_join|switch|units:100/)' \
  --benchmark_min_time=0.01 --benchmark_out="$work/costs.json" >"$work/log" 2>&1 || {
  cat "$work/log"
  exit 1
}
"$atonce" report --unit-costs "$work/costs.json"
gaps=$(sed -n '/^## Not measured/,/^## Machine/s/^- //p' "$work/unit_costs.md")
# One figure is left out by design; others only where a sanitizer is in the way.
if grep -v -e 'sanitizer' -e '^switch of process, spawned:' <<<"$gaps"; then exit 1; fi
grep -q '^| process, forked | [0-9]' "$work/unit_costs.md"
