#!/bin/sh
# promdeck check beside promtool and amtool, all in one run: run.sh [ROUNDS]. Needs a release build and the servers.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
rounds=${1:-7}
promdeck=${PROMDECK:-$root/build/release/bin/promdeck}
servers=${PROMDECK_SERVERS:-$HOME/.cache/promdeck/servers/usr/bin}
inputs=${PROMDECK_BENCH_INPUTS:-$root/build/configbench}
[ -x "$promdeck" ] || { echo "no $promdeck: build the release preset, or set PROMDECK" >&2; exit 2; }
[ -x "$servers/promtool" ] || { echo "no promtool in $servers: run tests/run.sh once, or set PROMDECK_SERVERS" >&2; exit 2; }
mkdir -p "$inputs"
python3 "$here/inputs.py" "$inputs"
exec python3 "$here/measure.py" "$rounds" "$promdeck" "$servers" "$inputs"
