#!/usr/bin/env bash
# Runs scripts/setup with stand-ins for dpkg-query and apt-get, and looks at what it calls.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/bin" "$tree/scripts"
cp "$root/scripts/setup" "$root"/scripts/debian-packages*.txt "$tree/scripts"
calls=$tree/calls
failed=false

stand_in() {
  printf '#!/bin/sh\n%s\n' "$2" >"$tree/bin/$1"
  chmod +x "$tree/bin/$1"
}
# shellcheck disable=SC2016
{
  stand_in apt-get 'echo "apt-get $*" >>"'"$calls"'"'
  stand_in sudo 'exec "$@"'
  stand_in node ''
  stand_in npm ''
}

# installed PACKAGE...: what dpkg-query answers; like the real one it fails when one is unknown.
installed() { stand_in dpkg-query "printf 'installed %s\n' $*; exit 1"; }

setup() {
  : >"$calls"
  PATH=$tree/bin:$PATH "$tree/scripts/setup" "$@" >/dev/null
}

# expect NAME PATTERN...: the calls of the last setup, in order, match the patterns; none else.
expect() {
  local name=$1 made i same=true
  shift
  local patterns=("$@")
  mapfile -t made <"$calls"
  if ((${#made[@]} != $#)); then same=false; fi
  for i in "${!patterns[@]}"; do
    # shellcheck disable=SC2053
    if [[ ${made[i]-} != ${patterns[i]} ]]; then same=false; fi
  done
  if ! $same; then
    printf 'FAILED: %s\n  expected: %s\n  got:      %s\n' "$name" "$*" "${made[*]}"
    failed=true
  fi
}

mapfile -t base < <(sed 's/#.*//;/^$/d' "$root/scripts/debian-packages.txt")

installed "${base[@]/ccache/}"
setup
expect "what is missing is installed, and nothing else" \
  "apt-get * update" "apt-get * install -y --no-install-recommends ccache"

installed "${base[@]}"
setup
expect "a second run installs nothing"

setup browser
expect "a part adds its own packages" \
  "apt-get * update" "apt-get * install -y --no-install-recommends chromium"

if setup no-such-part; then
  echo "FAILED: an unknown part is an error"
  failed=true
fi
expect "an unknown part installs nothing"

$failed && exit 1
echo "all cases as expected"
