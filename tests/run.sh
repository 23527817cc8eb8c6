#!/usr/bin/env bash
# Installs what is missing, builds the `ci` preset and runs every test.
# Usage: tests/run.sh [CTEST ARGUMENT]...     for example: tests/run.sh -R dashboards
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=installer/lib.sh
. installer/lib.sh

need_packages "${build_packages[@]}" "${test_packages[@]}"
fetch_servers
fetch_sshd

step "Configuring"
cmake --preset ci >/dev/null
step "Building with $(build_jobs) jobs"
cmake --build --preset ci -j "$(build_jobs)"

if [ -z "${PROMDECK_SHARED:-}" ] && [ -d ../shared/golden ]; then
    PROMDECK_SHARED=$(cd ../shared && pwd)
fi
if [ -n "${PROMDECK_SHARED:-}" ]; then
    export PROMDECK_SHARED
    step "Testing, shared cases included ($PROMDECK_SHARED)"
else
    step "Testing"
    note "left out: the cases that compare with the shared files (PROMDECK_SHARED names their folder)"
fi
export QT_QPA_PLATFORM=offscreen PROMDECK_SERVERS=$servers_dir/usr/bin PROMDECK_SSHD=$sshd_dir
# The last lines are ctest's summary, and its exit code is ours.
exec ctest --preset ci "$@"
