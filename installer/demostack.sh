# shellcheck shell=bash
# The demo stack: prometheus, alertmanager, node_exporter and blackbox exporter on free loopback ports.
# Sourced by demo.sh after lib.sh, which says where the cache and the servers are.
# shellcheck source-path=SCRIPTDIR/.. source=installer/lib.sh
. installer/lib.sh

stack_dir=''
stack_pids=()
kept_file=$promdeck_cache/demo/kept

# free_ports N: N different loopback ports nobody listens on, below the range of outgoing connections.
free_ports() {
    local port found=' '
    while [ "$(wc -w <<<"$found")" -lt "$1" ]; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        case $found in *" $port "*) continue ;; esac
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || found+="$port "
    done
    echo "$found"
}

# launch NAME READY_URL PROGRAM ARGUMENT...: starts a server and waits until it answers.
launch() {
    local name=$1 ready=$2 program=$3 pid tries
    shift 3
    # A session of its own, so that Ctrl-C and a closed terminal reach the servers through this script only.
    setsid "$servers_dir/usr/bin/$program" "$@" >"$stack_dir/$name.log" 2>&1 </dev/null &
    pid=$!
    stack_pids+=("$pid")
    for ((tries = 0; tries < 150; tries++)); do
        if curl -fs --noproxy '*' -o /dev/null "$ready"; then
            note "$(printf '%-18s %s' "$name" "${ready%/-/*}")"
            return
        fi
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.2
    done
    tail -n 5 "$stack_dir/$name.log" >&2
    fail "$name did not start; the lines above are its last words"
}

start_stack() {
    step "Starting the demo stack"
    mkdir -p "$promdeck_cache/demo"
    stack_dir=$(mktemp -d "$promdeck_cache/demo/stack.XXXXXX")
    read -r prometheus_port alertmanager_port node_port blackbox_port dead_port < <(free_ports 5)
    cp installer/demo/*.yml "$stack_dir"
    sed -i -e "s/@PROMETHEUS@/127.0.0.1:$prometheus_port/g; s/@ALERTMANAGER@/127.0.0.1:$alertmanager_port/g" \
        -e "s/@NODE@/127.0.0.1:$node_port/g; s/@BLACKBOX@/127.0.0.1:$blackbox_port/g; s/@DEAD@/127.0.0.1:$dead_port/g" \
        "$stack_dir/prometheus.yml"
    prometheus_url=http://127.0.0.1:$prometheus_port
    alertmanager_url=http://127.0.0.1:$alertmanager_port
    launch node_exporter "http://127.0.0.1:$node_port/" prometheus-node-exporter \
        --web.listen-address="127.0.0.1:$node_port"
    launch blackbox_exporter "http://127.0.0.1:$blackbox_port/-/healthy" prometheus-blackbox-exporter \
        --web.listen-address="127.0.0.1:$blackbox_port" --config.file="$stack_dir/blackbox.yml"
    launch alertmanager "$alertmanager_url/-/ready" prometheus-alertmanager \
        --web.listen-address="127.0.0.1:$alertmanager_port" --cluster.listen-address= \
        --config.file="$stack_dir/alertmanager.yml" --storage.path="$stack_dir/alertmanager"
    launch prometheus "$prometheus_url/-/ready" prometheus \
        --web.listen-address="127.0.0.1:$prometheus_port" --web.enable-lifecycle --web.enable-admin-api \
        --config.file="$stack_dir/prometheus.yml" --storage.tsdb.path="$stack_dir/tsdb"
}

# has_result EXPR: whether the query answers with at least one series.
has_result() {
    curl -fs --noproxy '*' --data-urlencode "query=$1" "$prometheus_url/api/v1/query" | grep -q '"metric"'
}

# wait_for_data N: until the rates have N points to draw and the first alerts fire.
wait_for_data() {
    step "Waiting for the first samples"
    local tries
    for ((tries = 0; tries < 120; tries++)); do
        if has_result "count_over_time(node_load1[5m]) > $1" &&
            has_result 'rate(node_cpu_seconds_total[20s])' &&
            has_result 'ALERTS{alertstate="firing", alertname="TargetDown"}'; then
            return
        fi
        printf '.'
        sleep 1
    done
    fail "no data after two minutes; see the logs in $stack_dir"
}

stop_stack() {
    local pid
    for pid in "${stack_pids[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    for pid in "${stack_pids[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
    stack_pids=()
    [ -z "$stack_dir" ] || rm -rf "$stack_dir"
}

keep_stack() {
    printf '%s\n' "$stack_dir" "${stack_pids[@]}" >>"$kept_file"
    disown -a
    step "The stack keeps running"
    note "Prometheus    $prometheus_url"
    note "Alertmanager  $alertmanager_url"
    note "its files     $stack_dir"
    note "stop it with  installer/demo.sh --stop"
}

# Stops what --keep left behind. A process id may belong to somebody else by now, so only processes that
# still run from our folder of servers are touched.
stop_kept_stack() {
    [ -f "$kept_file" ] || {
        echo "no demo stack was left running"
        return
    }
    local line program kept_dirs=()
    while read -r line; do
        case $line in
            "$promdeck_cache"/demo/stack.*) [ ! -d "$line" ] || kept_dirs+=("$line") ;;
            *)
                program=$(readlink "/proc/$line/exe" 2>/dev/null || true)
                case $program in
                    "$(realpath "$servers_dir")"/usr/*) kill "$line" && note "stopped $(basename "$program")" ;;
                esac
                ;;
        esac
    done <"$kept_file"
    sleep 1
    rm -rf "$kept_file" "${kept_dirs[@]}"
}
