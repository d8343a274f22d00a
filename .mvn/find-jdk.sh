# shellcheck shell=bash
# Finds a JDK that can build and run Synod. To be sourced (bash):
#
#   . .mvn/find-jdk.sh
#   find_jdk || exit 1        # sets SYNOD_JDK to the JDK's folder, or says what to install
#
# Asked in this order: SYNOD_JDK (if it is set, nothing else is tried), JAVA_HOME, the java on the PATH,
# and then the folders where packages and version managers put theirs (Maven's own search knows the same ones).

SYNOD_JDK_VERSION_MIN=25

# Prints the major version of the JDK in folder $1, or nothing if there is none (a runtime without javac is none).
jdk_version() {
    [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 0
    local version
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    printf '%s' "$version"
}

jdk_suits() {
    local version
    version=$(jdk_version "$1")
    [[ -n $version && $version -ge $SYNOD_JDK_VERSION_MIN ]]
}

find_jdk() {
    local folder java
    if [[ -n ${SYNOD_JDK:-} ]]; then
        jdk_suits "$SYNOD_JDK" && return 0
        folder=$(jdk_version "$SYNOD_JDK")
        echo "SYNOD_JDK is '$SYNOD_JDK', which holds ${folder:+JDK }${folder:-no JDK (no bin/javac)}." \
            "Point it at the folder of a JDK $SYNOD_JDK_VERSION_MIN or later, or unset it." >&2
        return 1
    fi
    local candidates=("${JAVA_HOME:-}")
    if java=$(command -v java); then
        java=$(readlink -f "$java") && candidates+=("${java%/bin/java}")
    fi
    candidates+=(/usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*
        /Library/Java/JavaVirtualMachines/*/Contents/Home)
    for folder in "${candidates[@]}"; do
        if [[ -n $folder ]] && jdk_suits "$folder"; then
            SYNOD_JDK=$folder
            return 0
        fi
    done
    echo "No JDK $SYNOD_JDK_VERSION_MIN or later was found (looked at JAVA_HOME, the java on the PATH, /usr/lib/jvm," \
        "\$HOME/.sdkman, \$HOME/.jdks). Install one, for example the package temurin-25-jdk or openjdk-25-jdk-headless," \
        "or set SYNOD_JDK to its folder." >&2
    return 1
}
