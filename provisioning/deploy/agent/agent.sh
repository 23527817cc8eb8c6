# The host's side of a deployment. Sent with every step, and kept on the host beside each transaction for its own
# rollback and for people (recover.sh). POSIX sh: dash, busybox and bash run it.
#
#   VERB STATE UNIT [ID] [ARGUMENT...]
#
# STATE/UNIT/tx/ID holds one transaction: conf (settings), plan (what changes), files (everything that is ours),
# stage/N (new content), old/N (what was there), inode/N (the very file that was there), foreign/ (what somebody else
# wrote meanwhile), and exactly one state.*: new, prepared, armed, committed, rollingback, rolledback, abandoned.
# Only renames move a transaction from state to state, so that of two who try, one wins.
# Plan lines: op n sha_old sha_new mode owner group how path; "-" is absent or unchanged; paths are encoded for printf %b.
# Exit codes: 40 changed on the host, 41 damaged upload, 42 no longer armed, 43 open transaction, 44 locked,
# 45 cannot be done here, 47 reload failed, 48 no watchdog.
set -u
LC_ALL=C; PATH=$PATH:/usr/local/bin:/usr/sbin:/sbin; export LC_ALL PATH; umask 077
exec 0</dev/null
verb=$1 S=$2 UNIT=$3; shift 3
U=$S/$UNIT nl='
'
die() { code=$1; shift; printf '%s\n' "$*" >&2; exit "$code"; }
now() { date +%s; }
sha() { if [ -e "$1" ]; then s=$(sha256sum <"$1") || s=unreadable; s=${s%% *}; else s=-; fi; }
decode() { case $1 in *\\*) p=$(printf '%bx' "$1"); p=${p%x} ;; *) p=$1 ;; esac; }
encode() { # any bytes, as printf %b reads them back
    e=$(printf '%s' "$1" | od -An -v -to1 | tr -s ' ' '\n' | sed -n 's/^\([0-7][0-7]*\)$/\\0\1/p' | tr -d '\n')
}
flush() { sync -- "$@" 2>/dev/null || sync; }
flush_all() { # the file systems that the plan writes to, in one go
    existing "$LIVE"; while read -r op n so sn mode owner group how enc; do decode "$enc"; case $p in "$LIVE"/*) ;; *) x=; break ;; esac; done <"$T/plan"
    { [ -n "$x" ] && sync -f "$T" "$x" 2>/dev/null; } || sync
}
folder() { d=${1%/*}; [ -n "$d" ] || d=/; }
enter() { ID=$1 T=$U/tx/$1; case $1 in ''|*/*|.*) die 45 "no transaction" ;; esac; [ -d "$T" ] || die 45 "there is no transaction $1"
    [ -f "$T/conf" ] && . "$T/conf"; X=.promdeck-$ID; }
# One at a time changes a unit. The file descriptor must not leak into what we start.
mutex() { exec 9>"$U/mutex" || die 45 "cannot write to $U"; flock -w 30 9 || die 44 "another step on this unit does not end"; }
unmutex() { exec 9>&-; }
state() { for st in armed rollingback committed rolledback prepared abandoned new; do [ -e "$T/state.$st" ] && return; done; st=none; }
become() { mv "$T/state.$1" "$T/state.$2" 2>/dev/null || return 1; flush "$T"; st=$2; }
audit() { # appends to a chain: every line holds the hash of the one before it
    (exec 8>>"$S/audit.lock"; flock -w 10 8
    last=$(tail -n 1 "$S/audit.log" 2>/dev/null) seq=0 prev=-
    if [ -n "$last" ]; then prev=$(printf '%s' "$last" | sha256sum); prev=${prev%% *}; seq=${last#?\"seq\":}; seq=${seq%%,*}; seq=$((seq + 1)); fi
    [ ! -s "$S/audit.log" ] || [ -z "$(tail -c 1 "$S/audit.log" | tr -d '\n')" ] || echo >>"$S/audit.log"
    printf '{"seq":%s,"time":%s,"unit":"%s","tx":"%s","action":"%s"%s,"prev":"%s"}\n' "$seq" "$(now)" "$UNIT" "$ID" "$1" "${AUDIT:+,$AUDIT}" "$prev" >>"$S/audit.log") 8>&-
}
plan() { # calls $1 for every line
    while read -r op n so sn mode owner group how enc; do
        [ -n "$op" ] || continue
        decode "$enc"; live=$p
        [ "${LAYOUT:-}" = symlink ] && in_current && live=$NEWTREE/$rel
        [ -f "$T/real/$n" ] && { live=$(cat "$T/real/$n"; echo x); live=${live%x}; }
        folder "$live"
        "$1" || return 1
    done <"$T/plan"
}
in_current() { case $p in "$LIVE"/*) rel=${p#"$LIVE"/} NEWTREE=${LIVE%/current}/releases/$ID; return 0 ;; esac; return 1; }

# --- preparing -------------------------------------------------------------------------------------------------------
f_check() {
    [ -d "$p" ] && { echo "DRIFT $enc a folder"; DRIFT=1; return 0; }
    sha "$p"; [ "$s" = "$so" ] || { echo "DRIFT $enc $s"; DRIFT=1; }
    [ "$op" = del ] || { sha "$T/stage/$n"; [ "$s" = "$sn" ] || { echo "DAMAGED $enc"; BAD=1; }; }
}
f_save() { # links are followed: the file behind them is what changes
    if [ -L "$p" ] && ! { [ "$LAYOUT" = symlink ] && in_current; }; then
        r=$(readlink -f -- "$p" && echo x) || die 45 "the link $enc leads nowhere"
        r=${r%x}; r=${r%"$nl"}; printf '%s' "$r" >"$T/real/$n"; live=$r; folder "$live"
    fi
    [ "$so" = - ] && return 0
    cp -p "$p" "$T/old/$n" || die 45 "cannot keep a copy of $enc"
    sha "$T/old/$n"; [ "$s" = "$so" ] || { echo "DRIFT $enc $s"; exit 40; }
}
make_folders() { # as their parent is
    [ -d "$1" ] && return 0
    up=${1%/*}; [ -n "$up" ] || up=/
    (make_folders "$up") || return 1
    [ -d "$1" ] && return 0
    (umask 022; mkdir "$1") || return 1
    up=${1%/*}; [ -n "$up" ] || up=/
    chmod "$(stat -c %a "$up/.")" "$1" || return 1
    [ "$(id -u)" != 0 ] || chown "$(stat -c %u:%g "$up/.")" "$1" || return 1
    printf '%s\0' "$1" >>"$T/newfolders"
}
attributes() { # of file $1
    [ "$mode" = - ] || chmod "$mode" "$1" || return 1
    [ "$owner" = - ] || chown "$owner" "$1" || return 1
    [ "$group" = - ] || chgrp "$group" "$1" || return 1
}
f_new() {
    if [ "$op" = put ]; then
        make_folders "$d" || die 45 "cannot make the folder of $enc"
        t=$d/$X-$n~
        [ "$how" = inplace ] && t=$T/new-$n
        if [ -e "$live" ]; then cp -p "$live" "$t" || die 45 "cannot write beside $enc"
        else (umask 027; : >"$t") || die 45 "cannot write beside $enc"
            [ "$(id -u)" != 0 ] || [ "$owner$group" != -- ] || chown "$(stat -c %u:%g "$d/.")" "$t"
        fi
        cat "$T/stage/$n" >"$t" || die 45 "cannot write beside $enc"
        attributes "$t" || die 45 "cannot set mode or owner of $enc"
        [ ! -d /sys/fs/selinux ] || [ ! -e "$live" ] || chcon --reference="$live" "$t" 2>/dev/null
        sha "$t"; [ "$s" = "$sn" ] || { echo "DAMAGED $enc"; exit 41; }
    fi
    # The old file itself is kept at hand, so that going back is a rename and needs no room.
    if [ "$so" != - ] && [ "$how" != inplace ]; then
        ln "$live" "$T/inode/$n" 2>/dev/null || cp -p "$live" "$d/$X-$n.old~" || die 45 "cannot keep a copy beside $enc"
    fi
}
f_tree() { # the symlink layout: a whole folder beside the one in use
    in_current || die 45 "a file outside of the folder cannot be switched with it: $enc"
    if [ "$op" = del ]; then rm -f "$live"; return 0; fi
    make_folders "$d" || die 45 "cannot make the folder of $enc"
    t=$d/$X-$n~
    if [ -e "$live" ]; then cp -p "$live" "$t"; else (umask 027; : >"$t"); [ "$(id -u)" != 0 ] || chown "$(stat -c %u:%g "$d/.")" "$t"; fi || die 45 "cannot write $enc"
    cat "$T/stage/$n" >"$t" && attributes "$t" && mv -f "$t" "$live" || die 45 "cannot write $enc"
    sha "$live"; [ "$s" = "$sn" ] || { echo "DAMAGED $enc"; exit 41; }
}
prepare() {
    DRIFT=0 BAD=0; plan f_check
    [ $DRIFT = 0 ] || exit 40
    [ ! -s "$T/SHA256SUMS" ] || (cd "$T" && sha256sum -c SHA256SUMS >/dev/null 2>&1) || BAD=1
    [ $BAD = 0 ] || exit 41
    mkdir -p "$T/old" "$T/real" "$T/inode" "$T/foreign" || die 45 "cannot write to $T"
    if [ "$LAYOUT" = symlink ]; then
        base=${LIVE%/current}; make_folders "$base/releases" || die 45 "cannot write to $base"
        if [ -L "$LIVE" ]; then readlink "$LIVE" >"$T/oldlink"; cp -a "$LIVE/." "$base/releases/$ID" || die 45 "cannot copy the release"
        elif [ -e "$LIVE" ]; then die 45 "$LIVE is no link: the symlink layout begins with a link, or with nothing"
        else echo - >"$T/oldlink"; make_folders "$base/releases/$ID" || die 45 "cannot write to $base"; fi
        plan f_save; plan f_tree
    else
        plan f_save; plan f_new
    fi
    flush_all
    become new prepared || die 42 "the transaction was given up"
}
# --- switching -------------------------------------------------------------------------------------------------------
f_swap() {
    sha "$live"
    [ "$s" = "$so" ] || { echo "DRIFT $enc $s"; return 1; }
    [ -d "$live" ] && { echo "DRIFT $enc a folder"; return 1; }
    if [ "$op" = del ]; then rm -f "$live"
    elif [ "$how" = inplace ]; then cat "$T/new-$n" >"$live"
    else mv -f "$d/$X-$n~" "$live"; fi || { why=45; echo "cannot put the new version of $enc in place" >&2; return 1; }
}
link_to() { base=${LIVE%/current}; rm -f "$base/$X~"; ln -s "$1" "$base/$X~" && mv -fT "$base/$X~" "$LIVE"; }
swap() {
    if [ "$LAYOUT" = symlink ]; then plan f_unedited || return 1; link_to "releases/$ID"; else plan f_swap; fi || return 1
    flush_all
}
f_unedited() { sha "$p"; [ "$s" = "$so" ] || { echo "DRIFT $enc $s"; return 1; }; }
f_foreign() { # what neither we nor the old version wrote is kept
    sha "$live"
    [ "$s" = "$so" ] || [ "$s" = "$sn" ] || [ "$s" = - ] || {
        k=1; while [ -e "$T/foreign/$n.$k" ]; do k=$((k + 1)); done
        cp -p "$live" "$T/foreign/$n.$k" && flush "$T/foreign/$n.$k" && printf '%s %s\n' "$n.$k" "$enc" >>"$T/foreign/names" || return 1
        echo "FOREIGN $enc"; }
}
f_back() {
    # Our new file still waits beside it: this one was not switched, and whatever it holds now is somebody else's.
    [ "$op" = put ] && [ "$how" != inplace ] && [ -e "$d/$X-$n~" ] && return 0
    f_foreign || return 1
    [ "$s" = "$so" ] && return 0
    if [ "$so" = - ]; then rm -f "$live"; return 0; fi
    if [ "$how" = inplace ]; then cat "$T/old/$n" >"$live"; return; fi
    for old in "$T/inode/$n" "$d/$X-$n.old~"; do
        if [ -e "$old" ]; then sha "$old"; [ "$s" = "$so" ] && mv -f "$old" "$live" && return 0; fi
    done
    [ -d "$d" ] || make_folders "$d"
    t=$d/$X-$n.$$~
    cp -p "$T/old/$n" "$t" && mv -f "$t" "$live"
}
f_clean() { rm -f "$d/$X-$n~" "$d/$X-$n.old~" "$d/$X-$n."*"~" "$T/new-$n" "$T/inode/$n"; }
remove_folders() { # those we made, the deepest first, where nothing is in them
    [ -f "$T/newfolders" ] || return 0
    tr '\0\n' '\n\001' <"$T/newfolders" | sed '1!G;h;$!d' | while IFS= read -r g; do
        g=$(printf '%s' "$g" | tr '\001' '\n'; echo x); rmdir "${g%x}" 2>/dev/null; done
}
# --- the component ---------------------------------------------------------------------------------------------------
limited() { if command -v timeout >/dev/null 2>&1; then timeout 60 "$@" 9>&-; else "$@" 9>&-; fi; }
compose() { if [ -n "$COMPOSE_FILE" ]; then limited docker compose --project-directory "$COMPOSE_DIR" -f "$COMPOSE_FILE" "$@"; else limited docker compose --project-directory "$COMPOSE_DIR" "$@"; fi; }
unit_pid() {
    pid=
    case $RUNNER in
    service) pid=$(systemctl show -p MainPID --value "$SERVICE" 2>/dev/null) ;;
    compose) c=$(compose ps -q "$COMPOSE_SERVICE" 2>/dev/null | head -n 1); [ -z "$c" ] || pid=$(docker inspect -f '{{.State.Pid}}' "$c" 2>/dev/null) ;;
    process) if [ -n "$PID_FILE" ]; then pid=$(head -n 1 "$PID_FILE" 2>/dev/null)
        else for c in $(grep -lsaF -e "$MATCH" /proc/[0-9]*/cmdline 2>/dev/null); do c=${c#/proc/}; c=${c%/cmdline}
            case $(cat "/proc/$c/comm" 2>/dev/null) in grep|sh|dash|bash|busybox|sudo|'') ;; *) pid=$c; break ;; esac; done; fi ;;
    esac
    case $pid in ''|0|*[!0-9]*) pid=; return 1 ;; esac
    [ -d "/proc/$pid" ] || { pid=; return 1; }
}
quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }
http() { # METHOD URL FILE: status in $status, body in FILE. Credentials go through a pipe.
    status=000
    if command -v curl >/dev/null 2>&1; then
        status=$({ printf 'url = "%s"\nrequest = "%s"\noutput = "%s"\n' "$(quoted "$2")" "$1" "$(quoted "$3")"
            case $2 in https://127.*|https://localhost[:/]*|https://\[::1\]*) echo insecure ;; esac # nobody is in between
            [ -z "${PD_AUTH:-}" ] || printf 'user = "%s"\n' "$(quoted "$PD_AUTH")"; } |
            curl -q -s -K - --noproxy '*' --max-time "${HTTP_LIMIT:-20}" -w '%{http_code}' 9>&-)
    elif command -v bash >/dev/null 2>&1 && [ -z "${PD_AUTH:-}" ]; then
        PD_METHOD=$1 PD_URL=$2 timeout "${HTTP_LIMIT:-20}" bash -c 'u=${PD_URL#http://}; hp=${u%%/*}; q=/${u#*/}; [ "$u" = "$hp" ] && q=/
            h=${hp%:*}; o=${hp##*:}; [ "$o" = "$hp" ] && o=80
            exec 3<>"/dev/tcp/$h/$o" && printf "%s %s HTTP/1.0\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" "$PD_METHOD" "$q" "$hp" >&3 && cat <&3' >"$3.raw" 2>/dev/null 9>&-
        status=$(head -n 1 "$3.raw" | cut -d' ' -f2); sed '1,/^\r*$/d' <"$3.raw" >"$3"; rm -f "$3.raw"; [ -n "$status" ] || status=000
    elif [ "$1" = GET ] || [ "$1" = POST ]; then
        if [ "$1" = POST ]; then set -- "$1" "$2" "$3" --post-data=; else set -- "$1" "$2" "$3"; fi
        u=$2 o=$3; shift 3; wget -q -T "${HTTP_LIMIT:-20}" -O "$o" "$@" "$u" 2>/dev/null 9>&- && status=200 || status=500
    fi
    [ -e "$3" ] || : >"$3"
}
compose_changes() { # whether the plan is about the project itself, which a signal does not make anybody read
    [ "$RUNNER" = compose ] && while read -r op n so sn mode owner group how enc; do
        decode "$enc"; case $p in "$COMPOSE_FILE"|"$COMPOSE_DIR"/compose.y*ml|"$COMPOSE_DIR"/docker-compose.y*ml|"$COMPOSE_DIR"/.env) return 0 ;; esac; done <"$T/plan"
    return 1
}
images() { for c in $(compose ps -q 2>/dev/null); do docker inspect -f '{{.Name}} {{.Image}}' "$c" 2>/dev/null 9>&-; done; }
reload() { # the methods of conf in turn; what they say goes to $T/reload.out
    rc=1; : >"$T/reload.out"; ways=$RELOAD
    compose_changes && ways=composeup
    for m in $ways; do
        case $m in
        none) rc=0 ;;
        http) http POST "${URL}-/reload" "$T/reload.body"; echo "http $status" >>"$T/reload.out"; head -c 2000 "$T/reload.body" >>"$T/reload.out"
            case $status in 2??) rc=0 ;; 403|404|405|401) rc=2 ;; 000) rc=2 ;; *) rc=1; break ;; esac ;;
        signal) unit_pid && kill -HUP "$pid" >>"$T/reload.out" 2>&1; rc=$? ;;
        service) limited systemctl reload "$SERVICE" >>"$T/reload.out" 2>&1; rc=$? ;;
        servicehup) limited systemctl kill -s HUP --kill-who=main "$SERVICE" >>"$T/reload.out" 2>&1; rc=$? ;;
        composehup) compose kill -s HUP "$COMPOSE_SERVICE" >>"$T/reload.out" 2>&1; rc=$? ;;
        composeup) [ -e "$T/images.before" ] || images >"$T/images.before"
            compose config -q >>"$T/reload.out" 2>&1 && compose up -d >>"$T/reload.out" 2>&1; rc=$?; images >"$T/images.after" ;;
        restartservice) limited systemctl restart "$SERVICE" >>"$T/reload.out" 2>&1; rc=$? ;;
        restartcompose) compose restart "$COMPOSE_SERVICE" >>"$T/reload.out" 2>&1; rc=$? ;;
        restartcommand) limited sh "$T/restart" >>"$T/reload.out" 2>&1; rc=$? ;;
        esac
        [ $rc = 0 ] && { echo "$m" >"$T/reload.method"; break; }
    done
    [ $rc = 0 ]
}
loaded_since() { # whether the component says that it took its files at or after second $1; 2 = it cannot be asked
    [ -n "${METRIC:-}" ] && [ -n "${URL:-}" ] || return 2
    i=0
    while [ $i -lt 50 ]; do
        HTTP_LIMIT=5 http GET "${URL}metrics" "$T/metrics"
        [ "$status" = 200 ] && awk -v m="$METRIC" -v t="$1" '$1 == m "_config_last_reload_successful" { ok = $2 } $1 == m "_config_last_reload_success_timestamp_seconds" { at = $2 }
            END { exit !(ok == 1 && at + 1 > t) }' "$T/metrics" && return 0
        case $status in 401|403) return 2 ;; esac
        i=$((i + 1)); sleep 0.2 2>/dev/null || sleep 1
    done
    return 1
}
# --- going back ------------------------------------------------------------------------------------------------------
rollback() {
    mutex
    become armed rollingback || [ -e "$T/state.rollingback" ] || { unmutex; return 0; }
    failed=0
    if [ "$LAYOUT" = symlink ]; then
        if [ "$(readlink "$LIVE")" = "releases/$ID" ]; then
            plan f_foreign && l=$(cat "$T/oldlink") || failed=1
            if [ $failed = 1 ]; then :; elif [ "$l" = - ]; then rm -f "$LIVE"; else link_to "$l"; fi || failed=1
        fi
    else
        while read -r op n so sn mode owner group how enc; do
            [ -n "$op" ] || continue
            decode "$enc"; live=$p; [ -f "$T/real/$n" ] && { live=$(cat "$T/real/$n"; echo x); live=${live%x}; }; folder "$live"
            f_back || failed=1
        done <"$T/plan"
        [ $failed = 1 ] || { plan f_clean; remove_folders; }
    fi
    flush_all
    [ $failed = 0 ] || { echo "files could not be put back" >"$T/needs-you"; unmutex; die 45 "could not put every file back; nothing of the old version is lost, it is in $T/old"; }
    unmutex
    rm -f "$T/needs-you"
    t0=$(now)
    if [ -e "$T/swapped" ] || [ -e "$T/reloaded" ]; then
        PD_AUTH=${PD_AUTH:-}
        if ! reload; then echo "the old files are back, but the component did not take them: $(head -c 300 "$T/reload.out" | tr '\n' ' ')" >"$T/needs-you"
        else loaded_since "$t0"; [ $? != 1 ] || echo "the old files are back, but the component does not confirm that it took them" >"$T/needs-you"; fi
    fi
    mutex
    if become rollingback rolledback; then audit rolledback; rm -rf "$T/stage"; drop_lock; watch_stop; fi
    unmutex
}
abandon() { # nothing live was touched yet
    case $st in new|prepared) ;; *) return 0 ;; esac
    become "$st" abandoned || return 0
    if [ -f "$T/plan" ] && [ -f "$T/conf" ]; then
        if [ "$LAYOUT" = symlink ]; then [ "$(readlink "$LIVE")" = "releases/$ID" ] || rm -rf "${LIVE%/current}/releases/$ID" "${LIVE%/current}/$X~"
        else plan f_clean; remove_folders; fi
    fi
    rm -rf "$T/stage" "$T/tree"; drop_lock
}
# --- the lock --------------------------------------------------------------------------------------------------------
lock_read() { l_id= l_who= l_at=0 l_lease=0; [ -f "$U/lock/owner" ] && { read -r l_id l_at l_lease l_who <"$U/lock/owner" || :; }; [ -n "$l_id" ]; }
lock_write() { printf '%s %s %s %s\n' "$1" "$(now)" "$2" "$3" >"$U/lock/owner.$$" && mv -f "$U/lock/owner.$$" "$U/lock/owner"; }
lock_alive() { lock_read || return 1; [ $((l_at + l_lease)) -gt "$(now)" ]; }
drop_lock() { lock_read && [ "$l_id" = "$ID" ] && rm -rf "$U/lock"; return 0; }
beat() { lock_read && [ "$l_id" = "$ID" ] && lock_write "$ID" "$l_lease" "$l_who"; }
mine() { lock_read && [ "$l_id" = "$ID" ] || die 44 "the lock of $ID is gone"; }
transactions() { for tx in "$U"/tx/*; do [ -d "$tx" ] && printf '%s\n' "${tx##*/}"; done; }
report() { printf 'tx %s %s %s %s\n' "$ID" "$st" "$({ cat "$T/deadline" 2>/dev/null || echo 0; } | head -n 1)" "$(cat "$T/needs-you" 2>/dev/null)"; }
recover() { # every open transaction to a state that can stay; says what is left to wait for
    for each in $(transactions); do
        (enter "$each"; state
        case $st in
        new|prepared) if lock_alive && [ "$l_id" = "$ID" ] && [ "${1:-}" != force ]; then :; else mutex; state; abandon; unmutex; fi ;;
        rollingback) rollback ;;
        armed) at=$(cat "$T/deadline" 2>/dev/null || echo 0); if [ "${1:-}" = force ] || [ "$(now)" -ge "${at:-0}" ]; then rollback; fi ;;
        none) rm -rf "$T" ;;
        committed) [ ! -e "$T/inode" ] || { mutex; tidy; unmutex; } ;;
        esac
        state; case $st in committed|rolledback|abandoned|none) ;; *) report ;; esac)
    done
    [ -d "$U/lock" ] || return 0
    mutex; lock_alive || { lock_read; T=$U/tx/$l_id; state; case $st in armed|rollingback) ;; *) rm -rf "$U/lock" ;; esac; }; unmutex
}
tidy() { # after a commit: nothing of ours stays beside the files
    if [ "$LAYOUT" != symlink ]; then plan f_clean; fi
    rm -rf "$T/inode" "$T/tree" "$T/metrics" "$T/reload.body"
}
current() { cur=; for each in $(transactions); do [ ! -e "$U/tx/$each/state.committed" ] || cur=$each; done; }
prune() { # 20 releases, and 20 that did not become one; foreign edits stay
    current
    for kind in committed 'rolledback abandoned'; do
        list=; for each in $(transactions); do for st in $kind; do [ ! -e "$U/tx/$each/state.$st" ] || list="$each $list"; done; done
        i=0; for each in $list; do i=$((i + 1)); [ $i -gt 20 ] && [ "$each" != "$cur" ] || continue
            [ ! -f "$U/tx/$each/foreign/names" ] || { mkdir -p "$U/foreign" && mv "$U/tx/$each/foreign" "$U/foreign/$each"; }
            rm -rf "$U/tx/$each"
            [ "${LAYOUT:-}" != symlink ] || [ "$(readlink "$LIVE")" = "releases/$each" ] || rm -rf "${LIVE%/current}/releases/$each"; done
    done
}
watch_start() {
    if [ -d /run/systemd/system ] && [ "$(id -u)" = 0 ] && command -v systemd-run >/dev/null 2>&1; then
        systemd-run --quiet --collect --unit="promdeck-watchdog-$UNIT-$ID" sh "$T/agent.sh" watchdog "$S" "$UNIT" "$ID" </dev/null >/dev/null 2>&1 9>&- || :
        watch_wait && return 0
    fi
    if command -v setsid >/dev/null 2>&1; then setsid sh "$T/agent.sh" watchdog "$S" "$UNIT" "$ID" </dev/null >/dev/null 2>&1 9>&- &
    else nohup sh "$T/agent.sh" watchdog "$S" "$UNIT" "$ID" </dev/null >/dev/null 2>&1 9>&- & fi
    watch_wait
}
watch_stop() { # it would end by itself within a second
    w=$(cat "$T/watchdog" 2>/dev/null) && [ "$w" != "$$" ] && grep -q watchdog "/proc/$w/cmdline" 2>/dev/null && kill "$w" 2>/dev/null
    rm -f "$T/watchdog"
}
watch_wait() { i=0; while [ $i -lt 100 ]; do [ -s "$T/watchdog" ] && return 0; i=$((i + 1)); sleep 0.05 2>/dev/null || sleep 1; done; return 1; }
arm() { printf '%s\n' $(($(now) + $1)) >"$T/deadline.$$" && mv -f "$T/deadline.$$" "$T/deadline" && flush "$T/deadline"; }

# --- looking ---------------------------------------------------------------------------------------------------------
version_of() { command -v "$1" >/dev/null 2>&1 && printf 'tool %s %s\n' "$1" "$("$1" --version 2>&1 | head -n 1 | tr -d '\r')"; }
existing() { x=$1; while [ ! -d "$x" ]; do y=${x%/*}; [ "$y" != "$x" ] || y=.; x=${y:-/}; done; }
mounted() { # whether path $1 is a mount of its own for process $2; the table writes blanks as octal numbers
    case $1 in *"$nl"*) return 1 ;; *[\\\ \	]*) set -- "$(printf '%s' "$1" | sed 's/\\/\\134/g; s/ /\\040/g; s/	/\\011/g')" "$2" ;; esac
    if [ "$2" = self ]; then case $mounts in *" $1 "*) return 0 ;; esac; return 1; fi
    grep -qF " $1 " "/proc/$2/mountinfo" 2>/dev/null
}
facts_of() { # $1 = path: what is there
    p=$1; kind=absent m=- o=- g=- r=- wr=no mnt=no; folder "$p"; target=$d
    if [ -L "$p" ]; then r=$(readlink -f -- "$p" && echo x) || r=; r=${r%x}; r=${r%"$nl"}
        if [ -n "$r" ]; then folder "$r"; target=$d; encode "$r"; r=$e; else r=broken; fi; fi
    if [ -f "$p" ]; then kind=file; elif [ -d "$p" ]; then kind=folder; elif [ -e "$p" ]; then kind=other; fi
    [ $kind != file ] || { set -- $(stat -L -c '%a %U %G' "$p" 2>/dev/null); m=${1:--} o=${2:--} g=${3:--}; }
    if [ $kind = file ] && [ -r "$p" ]; then sha "$p"; elif [ $kind = file ]; then s=unreadable; else s=-; fi
    existing "$target"; [ -w "$x" ] && wr=yes
    mounted "$p" self && mnt=yes
    [ -z "$pid" ] || [ -z "${SEEN_AS:-}" ] || case $p in "$LIVE"/*) mounted "$SEEN_AS/${p#"$LIVE"/}" "$pid" && mnt=yes ;; esac
}
inspect() {
    echo "now $(now)"; echo "uid $(id -u)"
    for tool in sha256sum flock tar od stat awk setsid timeout curl wget unshare systemctl docker; do command -v $tool >/dev/null 2>&1 && echo "tool $tool -"; done
    for tool in promtool amtool; do [ "${CHECK:-}" != $tool ] || version_of $tool; done
    for x in "$S" "$LIVE"; do existing "$x"; echo "disk $(df -Pk "$x" | awk 'NR == 2 { print $4 }') $([ -w "$x" ] && echo yes || echo no) $(stat -c %d "$x")"; done
    echo "live $([ -L "$LIVE" ] && echo link || { [ -d "$LIVE" ] && echo folder; } || { [ -e "$LIVE" ] && echo other; } || echo absent)"
    mounts=$(cut -d' ' -f 5 /proc/self/mountinfo 2>/dev/null | sed 's/.*/ & /')
    unit_pid; echo "pid ${pid:--}"
    if lock_read; then printf 'lock %s %s %s %s\n' "$l_id" "$l_at" "$l_lease" "$l_who"; fi
    for ID in $(transactions); do T=$U/tx/$ID; state; report; done
    current; [ -z "$cur" ] || { echo "current $cur"; sed 's/^/owned /' "$U/tx/$cur/files"; }
    i=0
    for enc in "$@"; do decode "$enc"; facts_of "$p"; echo "file $i $kind $s $m $o $g $wr $mnt $r"; i=$((i + 1)); done
    [ -z "$cur" ] || while read -r n so mode owner group enc; do [ -n "$n" ] || continue; case " $* " in *" $enc "*) continue ;; esac; decode "$enc"; facts_of "$p"; echo "have $n $kind $s $m $o $g $wr $mnt $r"; done <"$U/tx/$cur/files"
    echo tree; [ ! -d "$LIVE" ] || find "$LIVE/." -maxdepth 6 -type f -size -2048k -print0 2>/dev/null | head -c 400000
}
validate() { # the whole candidate as the component would find it, read by the host's own tool
    tree=$T/tree; rm -rf "$tree"; mkdir -p "$tree" || die 45 "no room for the candidate"
    if [ -d "$LIVE" ]; then
        kb=$(du -skL "$LIVE" 2>/dev/null | awk '{ print $1 }'); [ "${kb:-0}" -lt 102400 ] || { echo "checked toolarge"; return 0; }
        cp -a "$LIVE/." "$tree/" 2>/dev/null
    fi
    while read -r op n so sn mode owner group how enc; do
        [ -n "$op" ] || continue; decode "$enc"; case $p in "$LIVE"/*) ;; *) continue ;; esac
        q=$tree/${p#"$LIVE"/}; rm -rf "$q"; [ "$op" = put ] || continue
        mkdir -p "${q%/*}" && cp "$T/stage/$n" "$q" || die 45 "no room for the candidate"
    done <"$T/plan"
    [ -n "$CHECK" ] || { echo "checked none"; return 0; }
    if [ "$RUNNER" = compose ]; then
        c=$(compose ps -q "$COMPOSE_SERVICE" 2>/dev/null | head -n 1); image=
        [ -z "$c" ] || image=$(docker inspect -f '{{.Image}}' "$c" 2>/dev/null)
        [ -n "$image" ] || { echo "checked noimage"; return 0; }
        case $CHECK in promtool) set -- promtool check config ;; amtool) set -- amtool check-config ;; *) echo "checked none"; return 0 ;; esac
        entry=$1; shift
        out=$(limited docker run --rm --network none -v "$tree:$SEEN_AS:ro" --entrypoint "$entry" "$image" "$@" "$SEEN_AS/$MAIN" 2>&1); rc=$?
        echo "checked container"; echo "rc $rc"; printf '%s\n' "$out"; return 0
    fi
    case $CHECK in
    promtool) set -- promtool check config ${AGENT:+--agent} ;;
    amtool) set -- amtool check-config ;;
    blackbox) t=; for t in prometheus-blackbox-exporter blackbox_exporter ''; do [ -z "$t" ] || ! command -v "$t" >/dev/null 2>&1 || break; done; set -- "$t" --config.check ;;
    esac
    [ -n "$1" ] && command -v "$1" >/dev/null 2>&1 || { echo "checked notool"; return 0; }
    [ "$CHECK" = blackbox ] && pre=--config.file= || pre=
    user=; [ "$(id -u)" = 0 ] || user=-r
    at=tree
    if [ -d "$LIVE" ] && command -v unshare >/dev/null 2>&1 && unshare $user -m sh -c 'mount --bind "$1" "$2"' sh "$tree" "$LIVE" 2>/dev/null; then
        at=bind; out=$(limited unshare $user -m sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh "$tree" "$LIVE" "$@" "$pre$LIVE/$MAIN" 2>&1); rc=$?
    else out=$(limited "$@" "$pre$tree/$MAIN" 2>&1); rc=$?; fi
    echo "checked $at"; echo "rc $rc"; printf '%s\n' "$out" | sed "s#$tree#$LIVE#g" | head -c 20000
}

alive() {
    unit_pid; echo "pid ${pid:--} $(cat "$T/pid" 2>/dev/null || echo -)"
    [ -n "$pid" ] && [ -n "${SEEN_AS:-}" ] || return 0
    while read -r op n so sn mode owner group how enc; do
        [ -n "$op" ] || continue; decode "$enc"; q=$p; case $p in "$LIVE"/*) q=$SEEN_AS/${p#"$LIVE"/} ;; esac
        [ -r "/proc/$pid/root/" ] || { echo unseen; break; }
        sha "/proc/$pid/root$q"; [ "$s" = "$sn" ] || echo "stale $enc $s"
    done <"$T/plan"
    grep -q '//deleted' "/proc/$pid/mountinfo" 2>/dev/null && echo deleted
    return 0
}
get() { # URL...: what the component answers; of "metrics:URL" only the lines about itself
    t=$(mktemp -d) || die 45 "no room for temporary files"
    for u in "$@"; do f=
        case $u in metrics:*) f=1 u=${u#metrics:} ;; esac
        http GET "$u" "$t/b"
        [ -z "$f" ] || { grep -E '^([a-z_]*config_last_reload_|process_start_time_seconds|prometheus_build_info)' "$t/b" >"$t/c"; mv "$t/c" "$t/b"; }
        printf 'reply %s %s\n' "$status" "$(wc -c <"$t/b" | tr -d ' ')"; cat "$t/b"; echo; done
    rm -rf "$t"
}

case $verb in
inspect) inspect "$@" ;;
scratch) # what a lost connection left behind may hold secrets
    find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'promdeck.????????' -user "$(id -u)" -mmin +60 -exec rm -rf {} + 2>/dev/null
    mktemp -d "${TMPDIR:-/tmp}/promdeck.XXXXXXXX" ;;
unscratch) case $1 in */promdeck.????????) rm -rf "$1" ;; esac ;;
validate) T=$1; . "$T/conf"; validate; rm -rf "$T/tree" ;;
begin) # WHO LEASE: takes the lock, makes a transaction
    mkdir -p "$U/tx" && chmod 700 "$S" "$U" || die 45 "cannot write to $S"
    mutex
    for ID in $(transactions); do T=$U/tx/$ID; state; case $st in armed|rollingback) report; die 43 "a transaction is open" ;; esac; done
    if lock_alive; then printf 'held %s %s %s %s\n' "$l_id" "$l_at" "$l_lease" "$l_who"; die 44 "locked"; fi
    for ID in $(transactions); do T=$U/tx/$ID; state; case $st in new|prepared) (enter "$ID"; state; abandon) ;; esac; done
    rm -rf "$U/lock"
    max=0; for ID in $(transactions); do i=${ID%%-*}; while [ "${i#0}" != "$i" ]; do i=${i#0}; done; [ "${i:-0}" -gt $max ] 2>/dev/null && max=$i; done
    ID=$(printf '%06d-%s' $((max + 1)) "$(od -An -N3 -tx1 /dev/urandom | tr -d ' \n')")
    T=$U/tx/$ID; mkdir "$T" && mkdir "$T/stage" && : >"$T/state.new" && mkdir "$U/lock" && lock_write "$ID" "$2" "$1" || die 45 "cannot write to $U"
    echo "id $ID" ;;
prepare) enter "$1"; mutex; mine; beat; state; [ "$st" = new ] || die 42 "state $st"
    [ ! -f "$T/recover.sh" ] || { cp "$T/recover.sh" "$S/recover.sh.$$" && mv -f "$S/recover.sh.$$" "$S/recover.sh"; cp "$T/README" "$S/README.$$" && mv -f "$S/README.$$" "$S/README"; }
    cp "$T/agent.sh" "$U/agent.sh.$$" && mv -f "$U/agent.sh.$$" "$U/agent.sh"
    prepare; unit_pid; printf 'pid %s\n' "${pid:--}"; echo "state prepared" ;;
go) # SECONDS: arms the switch, swaps, reloads
    enter "$1"; mutex; mine; beat; state; [ "$st" = prepared ] || die 42 "state $st"
    unit_pid; echo "${pid:--}" >"$T/pid"
    arm "$2" || die 45 "cannot write the deadline"
    become prepared armed || die 42 "given up"
    audit armed
    watch_start || { unmutex; rollback; die 48 "the host's own rollback could not be started"; }
    : >"$T/swapped"; t0=$(now); echo "t0 $t0"
    why=40; swap || { unmutex; rollback; exit $why; }
    unmutex; : >"$T/reloaded"; flush "$T/reloaded"
    if reload; then echo "reload ok $(cat "$T/reload.method")"; else echo "reload failed"; tail -c 2000 "$T/reload.out"; exit 47; fi ;;
beat) enter "$1"; mutex; mine; beat; state; [ -z "${2:-}" ] || [ "$st" != armed ] || arm "$2"; report ;;
look) # ID URL...: heartbeat, the process, what it sees of the files, what it answers
    enter "$1"; shift; (mutex; beat); state; report; alive; get "$@" ;;
commit) enter "$1"; mutex; state
    [ "$st" = committed ] && { echo "state committed"; exit 0; }
    [ "$st" = armed ] || { echo "state $st"; die 42 "no longer armed: $st"; }
    mine; become armed committed || { state; echo "state $st"; die 42 "no longer armed: $st"; }
    audit committed; echo "state committed"; watch_stop; tidy; prune; drop_lock ;;
adopt) # a transaction whose files are what is there already
    enter "$1"; mutex; mine; state; [ "$st" = new ] || die 42 "state $st"
    cp "$T/agent.sh" "$U/agent.sh.$$" && mv -f "$U/agent.sh.$$" "$U/agent.sh"
    cp "$T/recover.sh" "$S/recover.sh"; cp "$T/README" "$S/README"
    while read -r n so mode owner group enc; do [ -n "$n" ] || continue; decode "$enc"
        [ "$so" = - ] && continue; cp -p "$p" "$T/stage/$n" || die 45 "cannot read $enc"; sha "$T/stage/$n"; [ "$s" = "$so" ] || { echo "DRIFT $enc"; exit 40; }; done <"$T/files"
    sync; become new committed; audit adopted; drop_lock; echo "state committed" ;;
take) # RELEASE: stages the files of an earlier release, by their hashes
    enter "$1"; mutex; mine; beat
    R=$U/tx/$2; [ -f "$R/files" ] || die 45 "there is no release $2"
    while read -r n so mode owner group enc; do [ -n "$n" ] && [ "$so" != - ] || continue
        while read -r rn rso rmode rowner rgroup renc; do
            [ "$renc" = "$enc" ] && [ "$rso" = "$so" ] && { cp "$R/stage/$rn" "$T/stage/$n" || die 45 "the release is damaged"; break; }; done <"$R/files"; done <"$T/files"
    echo taken ;;
restore) # RELEASE: a whole deployment by the host alone, for people without Promdeck
    R=$U/tx/$1; [ -e "$R/state.committed" ] && [ -d "$R/stage" ] || die 45 "there is no release $1"
    again() { v=$1; shift; sh "$0" "$v" "$S" "$UNIT" "$@"; }
    again recover; id=$(again begin rescue 600) || { echo "$id"; exit 44; }
    id=${id#id }; new=$U/tx/$id; current
    for f in conf agent.sh files restart SHA256SUMS; do [ ! -f "$R/$f" ] || cp "$R/$f" "$new/$f"; done; cp "$R"/stage/* "$new/stage/" 2>/dev/null
    k=100000; : >"$new/plan"
    while read -r n sn mode owner group enc; do [ -n "$n" ] || continue; decode "$enc"; sha "$p"; [ "$s" != "$sn" ] || continue
        if [ "$sn" = - ]; then k=$((k + 1)); echo "del $k $s - - - - rename $enc"; else echo "put $n $s $sn $mode $owner $group rename $enc"; fi; done <"$R/files" >>"$new/plan"
    [ -z "$cur" ] || while read -r n sn mode owner group enc; do [ -n "$n" ] || continue; grep -qF " $enc" "$R/files" && continue; decode "$enc"; sha "$p"; [ "$s" != - ] || continue
        k=$((k + 1)); echo "del $k $s - - - - rename $enc"; done <"$U/tx/$cur/files" >>"$new/plan"
    if [ ! -s "$new/plan" ]; then again giveup "$id" >/dev/null; echo "the files are those of $1 already"; exit 0; fi
    again prepare "$id" && again go "$id" 600 && again commit "$id" || { again giveup "$id"; again rollback "$id"; exit 47; } ;;
rollback) enter "$1"; state; rollback; state; report ;;
giveup) enter "$1"; mutex; state; abandon; state; report ;;
recover) [ -d "$U" ] || exit 0; recover "${1:-}" ;;
watchdog) trap '' HUP INT; enter "$1"; echo $$ >"$T/watchdog.$$"; mv -f "$T/watchdog.$$" "$T/watchdog"
    while [ -e "$T/state.armed" ]; do
        at=$(cat "$T/deadline" 2>/dev/null); if [ "$(now)" -ge "${at:-0}" ]; then rollback; break; fi; sleep 1; done
    rm -f "$T/watchdog" ;;
get) get "$@" ;;
discover) # components that run here: pid, name, service, folder they run in, command line
    for c in /proc/[0-9]*; do
        name=$(cat "$c/comm" 2>/dev/null) || continue
        case $name in prometheus|alertmanager|prometheus-aler*|blackbox_export*|prometheus-blac*) ;; *) continue ;; esac
        encode "$(readlink "$c/cwd" 2>/dev/null)"
        echo "found ${c#/proc/} $name $(sed -n 's#.*/\([^/]*\.service\).*#\1#p' "$c/cgroup" 2>/dev/null | head -n 1 | grep . || echo -) $e"
        printf 'args'; tr '\n\0' '\001\n' <"$c/cmdline" 2>/dev/null | while IFS= read -r a; do encode "$a"; printf ' %s' "$e"; done; echo
    done ;;
releases) for ID in $(transactions); do T=$U/tx/$ID; state; report
    [ "$st" = committed ] && printf 'at %s %s\n' "$ID" "$(ls -ldn --time-style=+%s "$T/state.committed" 2>/dev/null | awk '{print $6}')"; done ;;
esac
