#!/usr/bin/env bash
# Renders a panel of every type and variant, and dashboards given by name, in both themes, for a person to look at.
#   tests/tools/looks.sh OUT [DASHBOARD.json...]
# PROMDECK names the program (build/dev/bin/promdeck), SCALE the pixels per point (1). Needs the demo's servers, which
# it starts and stops.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source-path=SCRIPTDIR/../.. source=installer/demostack.sh
. installer/demostack.sh

[ $# -ge 1 ] || fail "usage: tests/tools/looks.sh OUT [DASHBOARD.json...]"
out=$1
shift
program=${PROMDECK:-build/dev/bin/promdeck}
[ -x "$program" ] || fail "$program is not there; build it, or set PROMDECK"
mkdir -p "$out"
fetch_servers
trap stop_stack EXIT
start_stack
python3 tests/tools/looks.py "$out/looks.json"

export QT_QPA_PLATFORM=offscreen QT_SCALE_FACTOR=${SCALE:-1} TZ=UTC
for file in "$out/looks.json" "$@"; do
    name=$(basename "$file" .json)
    for theme in dark light; do
        "$program" render "$file" --url "$prometheus_url" --theme "$theme" --png "$out/$name-$theme.png" --json "$out/$name-$theme.report.json" ||
            note "$name, $theme: see the panels' own errors"
        note "$out/$name-$theme.png"
    done
done
