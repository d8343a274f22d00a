# shellcheck shell=bash
# Who uses a cluster: runs share a node that somebody brought up by hand; a run that brings one up has it alone.

# shellcheck disable=SC2034,SC2154 # home comes from the caller, who knows the others

# Of two `up` or `down` on one home at once, one waits.
changing=${home%/}.lock
# Held by `run` for as long as its command lives: shared, or alone.
using=${home%/}.users

# lock DESCRIPTOR FILE TEXT [OPTION]: holds the lock until the descriptor is closed; says the text if it has to wait.
lock() {
    local descriptor=$1 file=$2 text=$3
    shift 3
    mkdir -p "$(dirname "$file")"
    while :; do
        { eval "exec $descriptor>\"\$file\""; } 2>/dev/null ||
            fail "$file cannot be written: the cluster at $home is somebody else's; set SYNOD_E2E_HOME"
        flock -n "$@" "$descriptor" || { say "$text" && flock "$@" "$descriptor"; }
        # Whoever was there may have taken the file away, which is then nobody's lock.
        [[ ! $file -ef /proc/self/fd/$descriptor ]] || return 0
    done
}

# Whether this is part of the run that has the cluster alone, and holds the lock for all its parts.
is_part_of_run() { [[ ${SYNOD_E2E_OWN:-} == "$home" ]]; }

# Holds the node for a command. Sets own to yes if there is none: the caller then brings it up, has it alone, and
# takes it down. A node that is there is somebody's, is never mended and never taken down.
use_node() {
    local there
    while :; do
        lock 6 "$using" "waiting for a run that has the node at $home alone" --shared
        if [[ -f $home/tier ]]; then
            there=$(<"$home/tier")
            [[ $there == node ]] ||
                fail "a cluster of tier $there is at $home, and this needs a node: take it down, or set SYNOD_E2E_HOME"
            "$(dirname "${BASH_SOURCE[0]}")/../../cluster" status >/dev/null 2>&1 ||
                fail "not all of the node at $home is up (e2e/cluster status): e2e/cluster up starts again what" \
                    "ended, e2e/cluster down takes it away"
            return
        fi
        lock 6 "$using" "waiting for others at $home" --exclusive
        if [[ ! -f $home/tier ]]; then
            # shellcheck disable=SC2034 # for the caller
            own=yes
            export SYNOD_E2E_OWN=$home
            return
        fi
    done
}

# Nobody may take a cluster away from a run.
check_unused() {
    ! is_part_of_run || return 0
    [[ -f $using ]] || return 0
    local file process users=()
    { exec 6>"$using"; } 2>/dev/null || return 0
    ! flock -n 6 || return 0
    for file in /proc/[0-9]*/fd/6; do
        process=${file#/proc/}
        [[ ! $file -ef $using || ${process%%/*} == "$$" ]] || users+=("${process%%/*}")
    done
    fail "a run uses the cluster at $home: end it first, or wait for it (processes: ${users[*]})"
}
