#!/usr/bin/env bash
# The whole application against a real Prometheus: opening, scrolling, starting, idling. Prints one table.
# Needs a release build (promdeck, bench_app), and the packages xvfb, curl, python3; for the peer chromium, nodejs
# and npm. The dashboard is node-exporter-full from the shared folder (PROMDECK_SHARED).
# Usage: tests/benchmarks/app/run.sh [ROUNDS]      NO_BROWSER=1 leaves the peer out
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
# shellcheck source=installer/lib.sh
. installer/lib.sh
rounds=${1:-5}
bin=${BIN:-build/release/bin}
work=${WORK:-build/appbench}
shared=${PROMDECK_SHARED:-../shared}
source_board=$shared/corpus/dashboards/node-exporter-full.json
export TZ=UTC
for program in "$bin/promdeck" "$bin/bench_app"; do
    [ -x "$program" ] || fail "$program is missing: cmake --preset release && ninja -C build/release promdeck bench_app"
done
[ -f "$source_board" ] || fail "no $source_board: set PROMDECK_SHARED"
fetch_servers
mkdir -p "$work"

pids=()
stop_all() {
    local pid
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}
trap stop_all EXIT

wait_for_url() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        if curl -fs --noproxy '*' -o /dev/null "$1"; then return; fi
        sleep 0.2
    done
    fail "$1 does not answer"
}

if [ ! -f "$work/range.json" ]; then
    step "Making 24 hours of samples (once)"
    port=$((20000 + RANDOM % 10000))
    "$servers_dir/usr/bin/prometheus-node-exporter" --web.listen-address="127.0.0.1:$port" --collector.processes \
        --collector.interrupts --collector.tcpstat 2>/dev/null &
    exporter=$!
    pids+=("$exporter")
    wait_for_url "http://127.0.0.1:$port/"
    curl -fs --noproxy '*' "http://127.0.0.1:$port/metrics" >"$work/page.txt"
    kill "$exporter"
    python3 "$here/makedata.py" "$work/page.txt" "$work" "$servers_dir/usr/bin/promtool"
fi
from=$(sed 's/.*"fromMs": \([0-9]*\).*/\1/' "$work/range.json")
to=$(sed 's/.*"toMs": \([0-9]*\).*/\1/' "$work/range.json")

step "Starting Prometheus on the samples"
port=$((20000 + RANDOM % 10000))
url=http://127.0.0.1:$port
printf 'global:\n  scrape_interval: 15s\n' >"$work/prometheus.yml"
# No compaction and no retention: the blocks stay as they were made.
"$servers_dir/usr/bin/prometheus" --web.listen-address="127.0.0.1:$port" --config.file="$work/prometheus.yml" \
    --storage.tsdb.path="$work/tsdb" --storage.tsdb.retention.time=20y --storage.tsdb.min-block-duration=2h \
    --storage.tsdb.max-block-duration=2h >"$work/prometheus.log" 2>&1 &
pids+=($!)
wait_for_url "$url/-/ready"

if [ -z "${QT_QPA_PLATFORM:-}" ]; then
    rm -f "$work/display"
    Xvfb -displayfd 3 -screen 0 1440x900x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
    pids+=($!)
    for ((tries = 0; tries < 50; tries++)); do
        [ ! -s "$work/display" ] || break
        sleep 0.1
    done
    DISPLAY=:$(cat "$work/display")
    export DISPLAY QT_QPA_PLATFORM=xcb
fi

python3 "$here/boards.py" expand "$source_board" "$work/full.json"
python3 "$here/boards.py" expand "$source_board" "$work/full-5s.json" 5s
python3 "$here/boards.py" hundred "$work/hundred.json"
range=(--url "$url" --from "$from" --to "$to")

# measure NAME COMMAND...: the command's last line is one JSON object, kept for the table.
measure() {
    local name=$1
    shift
    step "$name"
    "$@" | tail -n 1 | tee "$work/$name.json"
}

"$bin/bench_app" open "${range[@]}" --dashboard "$work/full.json" >/dev/null # page cache
measure open-visible "$bin/bench_app" open "${range[@]}" --dashboard "$work/full.json" --rounds "$rounds" \
    --queries "$work/visible-queries.json"
measure open-all "$bin/bench_app" open "${range[@]}" --dashboard "$work/full.json" --rounds "$rounds" --all \
    --queries "$work/all-queries.json"
rm -f "$work"/browser-*.json "$work"/open-*-again.json
if [ -z "${NO_BROWSER:-}" ]; then
    cp tests/benchmarks/browser/package.json "$work/"
    (cd "$work" && npm install --no-audit --no-fund --silent)
    # Where the imports of the script are looked for.
    cp "$here/browser.mjs" "$here/opening.html" "$work/"
    measure browser-visible node "$work/browser.mjs" "$work" "$url" "$work/visible-queries.json" "$rounds"
    measure browser-all node "$work/browser.mjs" "$work" "$url" "$work/all-queries.json" "$rounds"
    # Once more afterwards: whoever runs first must not win by it.
    measure open-visible-again "$bin/bench_app" open "${range[@]}" --dashboard "$work/full.json" --rounds "$rounds"
    measure open-all-again "$bin/bench_app" open "${range[@]}" --dashboard "$work/full.json" --rounds "$rounds" --all
fi
for part in visible all; do
    measure "floor-$part" python3 "$here/floor.py" "$url" "$work/$part-queries.json" "$rounds" 6
done
measure scroll-full "$bin/bench_app" scroll "${range[@]}" --dashboard "$work/full.json"
measure scroll-hundred "$bin/bench_app" scroll "${range[@]}" --dashboard "$work/hundred.json"
measure start-empty python3 "$here/process.py" start "$bin/promdeck" 11
measure start-dashboard python3 "$here/process.py" start "$bin/promdeck" 11 --url "$url" --dashboard builtin:linux-host
measure idle python3 "$here/process.py" idle "$bin/promdeck" "${IDLE_SECONDS:-60}" --url "$url" \
    --dashboard "$work/full-5s.json" --from now-24h --size 1440x900
python3 "$here/table.py" "$work"
