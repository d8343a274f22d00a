# shellcheck shell=bash
# Finds programs that work on clusters. To be sourced (bash):
#
#   . .mvn/find-tools.sh
#   find_tool helm || exit 1      # sets SYNOD_TOOL to its path, or says what to install
#
# Asked in this order: SYNOD_HELM or SYNOD_KUBECTL (if it is set, nothing else is tried), the PATH, and what
# e2e/cluster has built for itself.

find_tool() {
    local name=$1 variable=SYNOD_${1^^} found
    local cache=${SYNOD_E2E_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/synod-e2e}
    if [[ -n ${!variable:-} ]]; then
        SYNOD_TOOL=${!variable}
        [[ -x $SYNOD_TOOL ]] && return 0
        echo "$variable is '$SYNOD_TOOL', which cannot be run. Point it at $name, or unset it." >&2
        return 1
    fi
    for found in "$(command -v "$name" || true)" "$cache/bin/$name"; do
        if [[ -n $found && -x $found ]]; then
            # shellcheck disable=SC2034 # for the caller
            SYNOD_TOOL=$found
            return 0
        fi
    done
    echo "No $name was found: install it, point $variable at it, or build one: e2e/cluster build $name" >&2
    return 1
}
