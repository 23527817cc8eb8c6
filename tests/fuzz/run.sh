#!/usr/bin/env bash
# Builds one fuzz target and runs it. Usage: tests/fuzz/run.sh TARGET [SECONDS]     for example: tests/fuzz/run.sh config 600
# What it found stays in build/fuzz/found/TARGET, what it learned in build/fuzz/grown/TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
target=${1:?which target: $(cd tests/fuzz && ls fuzz_*.cpp | sed 's/^fuzz_//; s/\.cpp$//' | tr '\n' ' ')}
seconds=${2:-600}
if [ -z "${PROMDECK_SHARED:-}" ] && [ -d ../shared/corpus ]; then
    PROMDECK_SHARED=$(cd ../shared && pwd)
fi

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "fuzz_$target" -j "$(nproc)"
cd build/fuzz
mkdir -p "grown/$target" "found/$target"
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
python3 ../../tests/fuzz/seeds.py "$target" "$seeds" ${PROMDECK_SHARED:+"$PROMDECK_SHARED"}
own=../../tests/fuzz/seeds/$target
export TZ=UTC UBSAN_OPTIONS=print_stacktrace=1
# Files larger than this cost speed and add nothing that smaller ones do not have.
nice -n 15 "bin/fuzz_$target" -max_total_time="$seconds" -max_len=8192 -rss_limit_mb=2048 -timeout=20 \
    -artifact_prefix="found/$target/" -print_final_stats=1 "grown/$target" "$seeds" $([ -d "$own" ] && echo "$own")
