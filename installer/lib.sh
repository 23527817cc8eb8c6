# shellcheck shell=bash
# What installer/demo.sh and tests/run.sh share: the package lists and how packages reach the machine.
# Sourced by scripts that run under `set -euo pipefail`.

# The one place that names Debian packages; the README explains what each is for.
# shellcheck disable=SC2034  # the lists are for the scripts that source this file
{
build_packages=(
    build-essential cmake ninja-build ccache pkg-config
    qt6-base-dev qt6-base-dev-tools qt6-charts-dev libqt6opengl6-dev qt6-svg-dev libqscintilla2-qt6-dev
    qcoro-qt6-dev qt6-websockets-dev qtkeychain-qt6-dev libsimdjson-dev libre2-dev libyaml-cpp-dev libyaml-dev
    libmimalloc-dev libarchive-dev libzstd-dev libsodium-dev libssl-dev libssh-dev
)
test_packages=(qt6-httpserver-dev libbenchmark-dev xvfb xauth openssl openssh-client busybox-static zstd curl)
demo_packages=(curl)
server_packages=(prometheus prometheus-alertmanager prometheus-node-exporter prometheus-blackbox-exporter)
server_programs=(prometheus promtool prometheus-alertmanager amtool prometheus-node-exporter
    prometheus-blackbox-exporter)
sshd_packages=(openssh-server openssh-sftp-server libwrap0)
}

promdeck_cache=${XDG_CACHE_HOME:-$HOME/.cache}/promdeck
servers_dir=$promdeck_cache/servers
sshd_dir=$promdeck_cache/sshd

if [ -t 1 ]; then
    bold=$'\e[1m' plain=$'\e[0m'
else
    bold='' plain=''
fi

# step TEXT: a progress line that stands out from what the tools print.
step() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }
note() { printf '    %s\n' "$*"; }
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# need_root COMMAND: stops with what to do when this user can become root in no way.
need_root() {
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1 ||
        fail "this step needs root, and there is no sudo here. As root, run
    $*
    and start this script again."
}

# env, because sudo drops the caller's environment. Of apt's talk only what shows progress is kept.
apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q -o Dpkg::Use-Pty=0 \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null |
        { grep --line-buffered -E '^(Get:|Setting up )' || true; } | cut -c 1-100 | sed -u 's/^/    /'
}

need_apt() {
    command -v apt-get >/dev/null 2>&1 ||
        fail "Promdeck is built from Debian packages, and there is no apt-get here. On other systems install
    what the README's table lists and use cmake --preset release."
}

package_installed() {
    case $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) in
        installed) return 0 ;;
        *) return 1 ;;
    esac
}

package_known() {
    local candidate
    candidate=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
    [ -n "$candidate" ] && [ "$candidate" != "(none)" ]
}

# Refreshes the package lists, once per run at most.
lists_are_fresh=no
update_lists() {
    [ "$lists_are_fresh" = no ] || return 0
    need_root "apt-get update"
    note "apt-get update"
    apt_get update || fail "apt-get update failed; see the messages above"
    lists_are_fresh=yes
}

# need_packages NAME...: installs what is missing, touches nothing else.
need_packages() {
    need_apt
    local package missing=()
    for package in "$@"; do
        package_installed "$package" || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    need_root "apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    step "Installing ${#missing[@]} packages: ${missing[*]}"
    for package in "${missing[@]}"; do
        package_known "$package" || update_lists
    done
    if ! apt_get install --no-install-recommends -y "${missing[@]}"; then
        # Lists that are older than the mirror name files that are gone.
        [ "$lists_are_fresh" = no ] || fail "apt-get could not install: ${missing[*]}"
        update_lists
        apt_get install --no-install-recommends -y "${missing[@]}" ||
            fail "apt-get could not install: ${missing[*]}"
    fi
}

servers_complete() {
    local program
    for program in "${server_programs[@]}"; do
        [ -x "$1/usr/bin/$program" ] || return 1
    done
    [ -x "$1/usr/libexec/prometheus-alertmanager" ]
}

# download_packages FOLDER PACKAGE...
download_packages() (
    # apt downloads as its own user where it can, so the folder must be readable and owned by it.
    chmod 755 "$1"
    if [ "$(id -u)" -eq 0 ] && id _apt >/dev/null 2>&1; then
        chown _apt "$1"
    fi
    cd "$1" && shift && apt-get -o Acquire::Retries=3 -qq download "$@" </dev/null
)

# unpack_packages FOLDER PACKAGE...: into a new folder, which must not exist.
unpack_packages() {
    local folder=$1 package work deb
    shift
    for package in "$@"; do
        package_known "$package" || update_lists
    done
    mkdir -p "$promdeck_cache"
    work=$(mktemp -d)
    if ! download_packages "$work" "$@"; then
        update_lists
        download_packages "$work" "$@" || fail "apt-get could not download: $*"
    fi
    mkdir "$folder"
    for deb in "$work"/*.deb; do
        note "$(basename "$deb")"
        dpkg -x "$deb" "$folder"
    done
    rm -rf "$work"
}

# Debian's alertmanager reads its default template below /usr/share, which is not there when the package is
# only unpacked. A relative path of the same length takes that path's place in our copy of the program, and a
# wrapper starts it in the folder which that path is relative to; file arguments must be absolute.
relocate_alertmanager() {
    local program=$1/usr/bin/prometheus-alertmanager
    mkdir -p "$1/usr/libexec"
    LC_ALL=C sed 's#/usr/share/prometheus/alertmanager#usr//share/prometheus/alertmanager#g' "$program" \
        >"$1/usr/libexec/prometheus-alertmanager"
    cat >"$program" <<'SH'
#!/bin/sh
cd "$(dirname "$0")/../.." && exec usr/libexec/prometheus-alertmanager "$@"
SH
    chmod +x "$program" "$1/usr/libexec/prometheus-alertmanager"
}

# Unpacks the demo's and the tests' servers into the user's cache. The packages are never installed: their
# scripts would create users and start services on this machine.
fetch_servers() {
    if servers_complete "$servers_dir"; then
        return 0
    fi
    need_apt
    step "Fetching the servers into $servers_dir (unpacked, not installed)"
    rm -rf "$servers_dir.new"
    unpack_packages "$servers_dir.new" "${server_packages[@]}"
    relocate_alertmanager "$servers_dir.new"
    servers_complete "$servers_dir.new" || fail "the unpacked packages lack one of: ${server_programs[*]}"
    # Moved into place as a whole: an interrupted run leaves nothing that looks complete.
    rm -rf "$servers_dir"
    mv "$servers_dir.new" "$servers_dir"
}

# The tests' SSH server, unpacked beside the others: installed, it would start and listen to the world.
fetch_sshd() {
    [ ! -x "$sshd_dir/usr/sbin/sshd" ] || return 0
    need_apt
    step "Fetching an SSH server into $sshd_dir (unpacked, not installed)"
    rm -rf "$sshd_dir.new"
    unpack_packages "$sshd_dir.new" "${sshd_packages[@]}"
    rm -rf "$sshd_dir"
    mv "$sshd_dir.new" "$sshd_dir"
}

# Two more jobs than cores keeps them busy; each compiler may take about 1 GB, so memory has a say too.
build_jobs() {
    local jobs memory
    jobs=$(($(nproc) + 1))
    memory=$(awk '/MemAvailable/ { print int($2 / 1000000) }' /proc/meminfo)
    [ "$memory" -ge 1 ] || memory=1
    echo $((jobs < memory ? jobs : memory))
}
