#!/bin/sh
# Shows, finishes or undoes what a deployment left on this host. Works without Promdeck; see README beside it.
#   sh recover.sh                       what there is
#   sh recover.sh undo [UNIT]           takes back what was switched and not confirmed, and cleans up
#   sh recover.sh releases UNIT         versions that are kept
#   sh recover.sh restore UNIT RELEASE  puts the files of a release back and reloads
set -u
S=$(cd "$(dirname "$0")" && pwd) || exit 1
agent() { unit=$1 verb=$2; shift 2; sh "$S/$unit/agent.sh" "$verb" "$S" "$unit" "$@"; }
units() { for u in "$S"/*/agent.sh; do [ -f "$u" ] && { u=${u%/agent.sh}; echo "${u##*/}"; }; done; }
case ${1:-status} in
status) for u in $(units); do echo "$u:"; agent "$u" releases | sed 's/^/  /'; done ;;
undo) for u in ${2:-$(units)}; do agent "$u" recover force; done; sh "$0" status ;;
releases) agent "$2" releases ;;
restore) agent "$2" restore "$3" ;;
*) sed -n '2,7p' "$0"; exit 2 ;;
esac
