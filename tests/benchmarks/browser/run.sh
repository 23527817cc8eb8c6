#!/bin/sh
# Compares Promdeck with uPlot and Grafana's own panel component in Chromium, on the same text, in one run.
# Needs: apt packages chromium, nodejs, npm; a release build with benchmarks. Grafana's component is built from
# the shared reference folder (PROMDECK_SHARED/reference/grafana-panels) and left out when there is none.
# PROMDECK_BENCH_FIRST=1 (as root) lets this comparison go before everything else on a busy machine: the browser and
# Promdeck alike, because the browser opens a session of its own and would be left behind.
# Usage: tests/benchmarks/browser/run.sh [ROUNDS]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
bench=${BENCH_PANELS:-$root/build/release/bin/bench_panels}
work=${WORK:-$root/build/browser}
shared=${PROMDECK_SHARED:-$root/../shared}
[ -x "$bench" ] || { echo "build bench_panels first: ninja -C build/release bench_panels" >&2; exit 2; }
mkdir -p "$work"
cp "$here/package.json" "$here/compare.mjs" "$here/uplot.html" "$work/"
(cd "$work" && npm install --no-audit --no-fund --silent)
if [ -d "$shared/reference/grafana-panels" ] && [ ! -e "$work/grafana/dist/perf.html" ]; then
    mkdir -p "$work/grafana"
    cp -r "$shared/reference/grafana-panels/." "$work/grafana/"
    chmod -R u+w "$work/grafana"
    (cd "$work/grafana" && npm install --legacy-peer-deps --no-audit --no-fund --silent \
        && node node_modules/esbuild/install.js && NODE_ENV=production npx vite build --logLevel warn)
fi
if [ -n "${PROMDECK_BENCH_FIRST:-}" ]; then
    printf '#!/bin/sh\necho -15 >/proc/self/autogroup\nexec %s "$@"\n' "${CHROMIUM:-/usr/bin/chromium}" >"$work/chromium-first"
    chmod +x "$work/chromium-first"
    export CHROMIUM="$work/chromium-first"
    exec setsid -w sh -c 'echo -15 >/proc/self/autogroup; exec node "$@"' sh "$work/compare.mjs" "$work" "$bench" "${1:-5}"
fi
exec node "$work/compare.mjs" "$work" "$bench" "${1:-5}"
