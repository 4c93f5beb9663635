#!/usr/bin/env bash
# Feeds scripts/lint small trees with one known fault each and expects that very finding.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cp "$root/.clang-format" "$tree"
failed=false

# put FILE: standard input becomes that file of the tree.
put() {
  mkdir -p "$tree/$(dirname "$1")"
  cat >"$tree/$1"
}

# expect NAME FINDING: lint reports FINDING alone ("" = nothing), with the exit code to match. Empties
# the tree for the next case.
expect() {
  local name=$1 finding=$2 status=0 output
  output=$("$root/scripts/lint" "$tree" 2>/dev/null) || status=$?
  if [[ $output != "$finding" ]] || ((status != (${#finding} > 0))); then
    printf 'FAILED: %s (exit %d)\n  expected: %s\n  got:      %s\n' \
      "$name" "$status" "$finding" "$output"
    failed=true
  fi
  rm -rf "${tree:?}"/*
}

# repeat N TEXT: TEXT on N lines.
repeat() { for ((i = 0; i < $1; ++i)); do echo "$2"; done; }

put core/a.cpp <<<'int  a = 0;'
expect "unformatted code" "core/a.cpp:1: not formatted; run: clang-format -i core/a.cpp"

put core/a.cpp <<<'#include "runners/runner.h"'
expect "core looks up" "core/a.cpp:1: core/ must not include runners/; move what both need to core/"

put reports/a.cpp <<<'#include "bench/gate.h"'
expect "reports look at bench" \
  "reports/a.cpp:1: reports/ must not include bench/; move what both need to core/"

put runners/a.cpp <<<'#include "core/clock.h"'
put tests/a.cpp <<<'#include "bench/gate.h"'
expect "arrows that are allowed" ""

boost_places=$(sed -n 's|^boost/  *||p' "$root/scripts/confinement.txt")
put runners/serial.cpp <<<'#include <boost/asio/awaitable.hpp>'
expect "a library outside its files" "runners/serial.cpp:1: <boost/asio/awaitable.hpp> belongs in \
$boost_places only; go through what they offer"

put runners/asio_coroutines.cpp <<<'#include <boost/asio/awaitable.hpp>'
put mock_server/a.cpp <<<'#include <sys/socket.h>'
expect "libraries in their files" ""

put core/law.cpp <<<'#include <boost/asio/awaitable.hpp>'
expect "the longest prefix decides" "core/law.cpp:1: <boost/asio/awaitable.hpp> belongs in \
$boost_places only; go through what they offer"

put core/a.cpp <<<'#include <newlib/new.h>'
expect "a library nobody named" "core/a.cpp:1: <newlib/new.h> is not in scripts/confinement.txt; \
name the files that may include it"

repeat 300 '// line' | put core/a.h
expect "a file of 300 lines" ""
repeat 301 '// line' | put core/a.h
expect "a file of 301 lines" "core/a.h:301: file is over 300 lines; split it"

{ echo 'int f() {' && repeat 58 '  g();' && echo '}'; } | put core/a.cpp
expect "a function of 60 lines" ""
{ echo 'int f() {' && repeat 59 '  g();' && echo '}'; } | put core/a.cpp
expect "a function of 61 lines" "core/a.cpp:1: function is over 60 lines; split it"

{ printf '%s\n' 'struct S {' '  S() : a{1} {' && repeat 59 '    g();' && printf '%s\n' '  }' '};'; } |
  put core/a.cpp
expect "a long constructor in a class" "core/a.cpp:2: function is over 60 lines; split it"

{ echo 'const int table[] = {' && repeat 70 '    int{1},  // row' && echo '};'; } | put core/a.cpp
expect "a long table is no function" ""

{
  printf '%s\n' 'auto text() {' '  return R"(' && repeat 3 '} {{{ "' && printf '%s\n' ')";' '}'
  printf '%s\n' "char brace = '{';  // {" 'int f() {' && repeat 58 '  g("{");' && echo '}'
} | put core/a.cpp
expect "braces in text do not count" ""

$failed && exit 1
echo "all cases as expected"
