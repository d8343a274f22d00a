# shellcheck shell=bash
# Processes of a cluster. Each has a file with its number and the time it started at: a number that the kernel gave
# to another process since is not ours, and is never ended.

# Field $2 of a process's stat, counted behind its name (which may hold anything): 1 is the state, 20 the start.
stat_field() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f"$2"; }

pid_of() { cut -d' ' -f1 "$home/pids/$1"; }

resident() { awk '/^VmRSS/ {kib = $2} END {print int(kib / 1024)}' "/proc/$1/status" 2>/dev/null || echo 0; }

alive() {
    local pid since
    read -r pid since 2>/dev/null <"$home/pids/$1" || return 1
    [[ -n $since && $(stat_field "$pid" 20) == "$since" && $(stat_field "$pid" 1) != Z ]]
}

# start NAME COMMAND...: unless it runs.
start() {
    local name=$1 pid
    shift
    ! alive "$name" || return 0
    # A session of its own: Ctrl-C at the caller's is not for it. The locks of this script are not for it either.
    setsid "$@" </dev/null >>"$home/logs/$name.log" 2>&1 6>&- 8>&- 9>&- &
    pid=$!
    echo "$pid $(stat_field "$pid" 20)" >"$home/pids/$name"
}

# stop NAME: asks, waits ten seconds, insists.
stop() {
    local name=$1 pid i
    if alive "$name"; then
        pid=$(pid_of "$name")
        kill "$pid" 2>/dev/null || true # it may have ended by itself
        for ((i = 0; i < 100; i++)); do
            alive "$name" || break
            sleep 0.1
        done
        ! alive "$name" || kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -f "$home/pids/$name"
}
