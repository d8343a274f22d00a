# shellcheck shell=bash
# What the builds of our images share: Maven, the runtime, the root file system, the packing. To be sourced (bash) by a
# build that sets:
#
#   self      how it is called in messages     tree      the repository
#   target    where it builds                  modules   what the runtime is made of

# shellcheck disable=SC2154 # self, tree, target, modules, SYNOD_JDK come from the caller
parts=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)

fail() {
    echo "$self: $1" >&2
    exit 1
}

# Runs a command with its output in a log, and shows that it lives.
step() {
    local what=$1 log=$target/log/$2 started=$SECONDS child status=0
    shift 2
    mkdir -p "$target/log"
    [[ -t 2 ]] || echo "$what" >&2
    "$@" >"$log" 2>&1 &
    child=$!
    while [[ -t 2 ]] && kill -0 "$child" 2>/dev/null; do
        printf '\r\033[K%s … %d s' "$what" $((SECONDS - started)) >&2
        sleep 0.5
    done
    wait "$child" || status=$?
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
    if ((status != 0)); then
        tail -n 30 "$log" >&2
        fail "$what failed with status $status; the whole log is $log"
    fi
    echo "$what: $((SECONDS - started)) s" >&2
}

maven() {
    command -v mvn >/dev/null || fail "Maven 3.8.7 or later is not on the PATH: install the package maven"
    # Maven runs on the same JDK, so that javac runs inside it; the option stills a warning about its own libraries.
    JAVA_HOME=$SYNOD_JDK MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow" mvn -q -B "$@"
}

# Offline first, because it is faster and usually enough; again only for what was not there.
maven_twice() {
    "$@" -o | tee "$target/log/offline" && return
    grep -q 'offline mode' "$target/log/offline" || return 1
    "$@"
}

# ---- Runtime --------------------------------------------------------------------------------------------------------

# Links the modules that the caller lists in "modules" into $target/runtime.
link_runtime() {
    rm -rf "$target/runtime"
    "$SYNOD_JDK/bin/jlink" --add-modules "$(IFS=, && echo "${modules[*]}")" \
        --strip-debug --no-header-files --no-man-pages --compress zip-6 --output "$target/runtime"
}

build_runtime() {
    local stamp=$target/runtime.made made
    made="$(cat "$SYNOD_JDK/release") $(declare -p modules) $(declare -f link_runtime)"
    if [[ -f $stamp && $(<"$stamp") == "$made" ]]; then
        return
    fi
    [[ -x $SYNOD_JDK/bin/jlink ]] || fail "'$SYNOD_JDK' has no bin/jlink: name a whole JDK in SYNOD_JDK"
    step "linking the runtime" runtime link_runtime
    echo "$made" >"$stamp"
}

# ---- Image ----------------------------------------------------------------------------------------------------------

mebibytes() { awk -v bytes="$1" 'BEGIN {printf "%.1f MiB", bytes / 1048576}'; }

# Shared libraries that the runtime needs from the system, and the loader: one path a line.
system_libraries() {
    find "$target/runtime" \( -name '*.so' -o -path '*/bin/*' -o -name jspawnhelper \) -type f -exec ldd {} + |
        sed -nE 's/^.* => (\/[^ ]+) .*|^[[:space:]]+(\/[^ ]+) .*/\1\2/p' | grep -v "^$target/" | LC_ALL=C sort -u
}

owner_of() {
    local file=$1 each
    for each in "$file" "/usr$file" "$(readlink -f "$file")"; do
        dpkg -S "$each" 2>/dev/null | sed -n '1s/[:,].*//p' | grep . && return
    done
    fail "no package of this machine owns '$file', so its licence is not known: build the image on Debian or Ubuntu"
}

# The file that a program is started with, for there is no shell in the images: the options of file $1 without comments,
# then whatever else is given: cache, class path, main class.
start_file() {
    sed -e '/^#/d' -e '/^$/d' "$1"
    shift
    printf '%s\n' "$@"
}

# The root file system without programs of ours, into $1.
stage_base() {
    local base=$1 library package
    mkdir -p "$base/tmp"
    cp -R "$parts/oci/rootfs/." "$base/"
    system_libraries | while read -r library; do
        mkdir -p "$base$(dirname "$library")"
        cp -L "$library" "$base$library"
        package=$(owner_of "$library") || exit 1
        mkdir -p "$base/usr/share/doc/$package" "$base/var/lib/dpkg/status.d"
        cp -L "/usr/share/doc/$package/copyright" "$base/usr/share/doc/$package/"
        dpkg-query -s "$package" >"$base/var/lib/dpkg/status.d/$package" # where scanners look
    done
}

# Packs what is staged in $target/layers as the image of program $1 into the tar $2, with ports $3, titled $4. Others go to Jib.
pack_image() {
    local program=$1 tar=$2 ports=$3 title=$4
    shift 4
    mkdir -p "$parts/oci/target/classes" # empty: Jib asks for classes, and there are none
    # By its prefix, a Maven that never had the plugin would not say that being offline is why it cannot find it.
    maven_twice maven -f "$parts/oci/pom.xml" com.google.cloud.tools:jib-maven-plugin:buildTar -Djib.console=plain \
        -Djib.useOnlyProjectCache=true -Djib.baseImageCache="$target/jib" -Djib.applicationCache="$target/jib" \
        "-Djib.container.ports=$ports" "-Dsynod.program=$program" "-Dsynod.title=$title" \
        "-Dsynod.layers=$target/layers" "-Dsynod.tar=$tar" "-Dsynod.architecture=$(dpkg --print-architecture)" \
        "-Dsynod.commit=$(git -C "$tree" rev-parse HEAD 2>/dev/null || echo unknown)" "$@"
}

# Files are newer than what was built from them, or others: $1 is the stamp, "sources" lists them.
is_built() {
    [[ -f $1 ]] && sources | cmp -s - "$1" && [[ -z $(sources -newer "$1") ]]
}
