#!/usr/bin/env bash
# Runs scripts/measure-tools where it must refuse, before it builds or measures anything.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
for tool in bash cat dirname; do ln -s "$(command -v "$tool")" "$bin"; done
failed=false

# expect NAME CODE TEXT ARGUMENT...: exits with CODE and says TEXT.
expect() {
  local name=$1 code=$2 text=$3 status=0 output
  shift 3
  output=$(PATH=$bin "$bin/bash" "$root/scripts/measure-tools" "$@" 2>&1) || status=$?
  if [[ $output != *"$text"* ]] || ((status != code)); then
    printf 'FAILED: %s (exit %d)\n  expected: %s\n  got:      %s\n' "$name" "$status" "$text" "$output"
    failed=true
  fi
}

expect "help" 0 "usage: scripts/measure-tools [--rounds N]" --help
expect "an unknown option" 2 "usage: " --round 3
expect "no number" 2 "usage: " --rounds many
expect "an option without its value" 2 "usage: " --rounds
expect "too short for the freeze" 2 "usage: " --seconds 5
expect "a missing tool" 2 "scripts/measure-tools: wrk is missing: apt-get install wrk nghttp2-client"
! $failed
