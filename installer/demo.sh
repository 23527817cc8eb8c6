#!/usr/bin/env bash
# Builds Promdeck, starts a demo stack on free loopback ports and opens Promdeck on it.
# Usage: installer/demo.sh [--keep | --stop]
#   --keep   leaves the stack running when the window closes; says where it is and how to stop it
#   --stop   stops a stack that --keep left running
# Writes to the build folder and to ~/.cache/promdeck only; no service is installed on this machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=installer/demostack.sh
. installer/demostack.sh

usage() {
    sed -n '2,6s/^# \{0,1\}//p' "$0"
}

keep=no
case ${1:-} in
    '') ;;
    --keep) keep=yes ;;
    --stop)
        stop_kept_stack
        exit 0
        ;;
    --help | -h)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac

has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

packages=("${build_packages[@]}" "${test_packages[@]}" "${demo_packages[@]}")
if [ -n "${WAYLAND_DISPLAY:-}" ] && [ -z "${DISPLAY:-}" ]; then
    packages+=(qt6-wayland)
fi
need_packages "${packages[@]}"
fetch_servers

step "Building Promdeck (release)"
cmake --preset release >/dev/null
cmake --build --preset release --target promdeck -j "$(build_jobs)"
promdeck=$PWD/build/release/bin/promdeck

trap 'stop_stack' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
start_stack
wait_for_data "$(has_display && echo 2 || echo 6)"
if [ "$keep" = yes ]; then
    trap - EXIT
    keep_stack
fi

if has_display; then
    step "Opening Promdeck on $prometheus_url"
    [ "$keep" = yes ] || note "the stack stops when the window closes"
    "$promdeck" --url "$prometheus_url" --dashboard builtin:linux-host --from now-15m
else
    step "There is no display here, so the dashboard becomes a picture"
    picture=$PWD/build/release/linux-host.png
    "$promdeck" render builtin:linux-host --url "$prometheus_url" --from now-3m --png "$picture"
    note "$picture"
fi
