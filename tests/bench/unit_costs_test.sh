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
"$atonce" report --unit-costs "$work/costs.json" | tee "$work/table"
if grep 'not in the file' "$work/table"; then exit 1; fi
# Gaps of a sanitizer build name the sanitizer; there is no other but the one that is meant.
if grep '^- ' "$work/table" | grep -v 'sanitizer' | grep -v 'switch of process, spawned'; then exit 1; fi
grep -q 'process, forked .* [mu]s' "$work/table"
