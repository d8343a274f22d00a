# shellcheck shell=bash
# Builds synodctl, and all that it can start, from this tree, without the static gates. To be sourced (bash):
#
#   . .mvn/find-jdk.sh
#   . .mvn/build-cli.sh
#   build_cli TREE || exit 1     # sets SYNOD_CLASS_PATH; says on standard error what it does
#
# Classes go to each module's target/fast, and are built again only when a source is newer than they are.

# What the classes are made of: all files of src/main, and the poms.
cli_sources() {
    local tree=$1
    shift
    find "$tree"/sidecar/{paxos,state,storage,member,log,node,api,client,cli} \
        \( -path '*/src/main/*' -o -name pom.xml \) -type f "$@" | LC_ALL=C sort
    find "$tree/pom.xml" "$tree/sidecar/pom.xml" "$@"
}

# Fresh: the same set of files as at the last build (one may have been deleted), and none changed since.
cli_fresh() {
    local tree=$1 stamp=$2
    [[ -f $stamp && -f $tree/sidecar/cli/target/fast/class-path ]] &&
        cli_sources "$tree" | cmp -s - "$stamp" && [[ -z $(cli_sources "$tree" -newer "$stamp") ]]
}

# Runs a command in the background and shows that it lives, when a person watches.
with_progress() {
    local text=$1 log=$2 started=$SECONDS
    shift 2
    "$@" >"$log" 2>&1 &
    local child=$!
    while kill -0 "$child" 2>/dev/null; do
        [[ -t 2 ]] && printf '\r%s … %d s ' "$text" $((SECONDS - started)) >&2
        sleep 0.5
    done
    local status=0
    wait "$child" || status=$?
    [[ -t 2 ]] && printf '\r\033[K' >&2
    return "$status"
}

build_cli() {
    local tree=$1
    local target=$tree/sidecar/cli/target/fast
    local stamp=$target/sources
    find_jdk || return 1
    mkdir -p "$target"
    (
        flock 9 # two at once build once
        if ! cli_fresh "$tree" "$stamp"; then
            if ! command -v mvn >/dev/null; then
                echo "Maven 3.8.7 or later is needed to build Synod, and there is no mvn on the PATH. Install" \
                    "it, for example the package maven." >&2
                exit 1
            fi
            cli_sources "$tree" >"$stamp.building" # taken first: what changes meanwhile is newer than this file
            # Offline first, because it is faster and usually enough. Maven runs on the same JDK, so that javac
            # runs inside it; the option stills a warning about Maven's own libraries.
            export JAVA_HOME=$SYNOD_JDK MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"
            maven=(mvn -q -B -Dfast -f "$tree/pom.xml" -pl :synod-cli -am compile)
            [[ -t 2 ]] || echo "building synodctl" >&2
            if ! with_progress "building synodctl" "$stamp.log" "${maven[@]}" -o &&
                ! with_progress "building synodctl, with downloads" "$stamp.log" "${maven[@]}"; then
                tail -n 40 "$stamp.log" >&2
                echo "The build failed; the whole log is $stamp.log" >&2
                exit 1
            fi
            mv "$stamp.building" "$stamp"
        fi
    ) 9>"$stamp.lock" || return 1
    # shellcheck disable=SC2034 # for the caller
    SYNOD_CLASS_PATH=$target/classes:$(cat "$target/class-path")
}
