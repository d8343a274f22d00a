# shellcheck shell=sh
# Starts one of the programs of this folder, wherever it lies. Sourced by bin/synod and bin/synodctl, which set:
#   home   the folder          program   name of the options and of the cache in lib
#   main   main class          jar       start of the name of its jar; the jar names the others
#   own    options of its own; nothing for none
#
# Environment: SYNOD_JAVA_OPTIONS   further options for java, separated by spaces; the last of two that differ wins
#              SYNOD_AOT_CACHE      another AOT cache than lib/<program>.aot, or "none": start without, and say nothing

# shellcheck disable=SC2154 # home, jar, program, main and own come from the caller
for class_path in "$home/lib/$jar"-*.jar; do :; done
if [ ! -f "$class_path" ] || [ ! -x "$home/runtime/bin/java" ]; then
    echo "$0: '$home' is no whole distribution: lib/$jar-*.jar or runtime/bin/java is missing in it." \
        "Build one with sidecar/image/build." >&2
    exit 78
fi

# shellcheck disable=SC2154
cache=${SYNOD_AOT_CACHE:-$home/lib/$program.aot}
if [ "$cache" = none ]; then
    cache=
elif [ ! -f "$cache" ]; then
    echo "$0: there is no AOT cache '$cache': the start takes several times as long without. sidecar/image/build" \
        "makes one; SYNOD_AOT_CACHE=none says that none is wanted." >&2
    cache=
fi

options=${SYNOD_JAVA_OPTIONS:-}
unset SYNOD_JAVA_OPTIONS SYNOD_AOT_CACHE # they are for this start, not for what it starts
# shellcheck disable=SC2086,SC2154 # options is a list; the others come from the caller
exec "$home/runtime/bin/java" "@$home/lib/$program.options" ${cache:+"-XX:AOTCache=$cache"} $options \
    ${own:+"$own"} -cp "$class_path" "$main" "$@"
