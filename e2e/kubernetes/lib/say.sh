# shellcheck shell=bash
# Words to the caller: progress and errors go to standard error, so that what a command prints stays usable.

say() { echo "e2e/cluster: $*" >&2; }

fail() {
    say "$*"
    exit 1
}

usage_error() {
    say "$* (e2e/cluster --help)"
    exit 64
}

# Fails with the last lines of a component's log.
fail_with_log() {
    local what=$1 log=$home/logs/$2.log
    [[ ! -s $log ]] || { tail -n 15 "$log" | cut -c1-300; } >&2
    fail "$what; the whole log is $log. e2e/cluster down clears up"
}

# await SECONDS WHAT COMPONENT COMMAND...: polls until the command succeeds. The component is who would make it so.
await() {
    local seconds=$1 what=$2 component=$3 end=$((SECONDS + $1))
    shift 3
    until "$@" >/dev/null 2>&1; do
        alive "$component" || fail_with_log "$component died before this was so: $what" "$component"
        ((SECONDS < end)) || fail_with_log "not within $seconds s: $what" "$component"
        sleep 0.2
    done
}
