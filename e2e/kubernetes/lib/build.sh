# shellcheck shell=bash
# The programs of a cluster, built from their Go modules (programs/, one go.mod a folder), and the two images that the
# node cannot do without. Each is kept under a checksum of what it is made of: a change is built again, nothing else.

kubernetes_version=v1.34.4
go_needed=1.24
go_that_fetches=1.21 # the first that gets a later one by itself
store=$cache/store

# program | folder of its module | package | seconds on two idle cores with nothing compiled yet, in this order
programs=(
    "etcd|etcd|go.etcd.io/etcd/server/v3|60"
    "kube-apiserver|kubernetes|k8s.io/kubernetes/cmd/kube-apiserver|240"
    "kubectl|kubernetes|k8s.io/kubernetes/cmd/kubectl|25"
    "kube-controller-manager|kubernetes|k8s.io/kubernetes/cmd/kube-controller-manager|45"
    "kube-scheduler|kubernetes|k8s.io/kubernetes/cmd/kube-scheduler|15"
    "kubelet|kubernetes|k8s.io/kubernetes/cmd/kubelet|40"
    "kube-proxy|kubernetes|k8s.io/kubernetes/cmd/kube-proxy|12"
    "coredns|coredns|.|60"
    "provisioner|node|./provisioner|90"
    "pause|node|./pause|2"
    "probe|node|./probe|5"
    "helm|helm|helm.sh/helm/v3/cmd/helm|80"
)

# A program built from its module does not know its version unless it is told; clients ask for it.
linker_flags() {
    local version=k8s.io/component-base/version helm=helm.sh/helm/v3
    case $1 in
        kubernetes)
            echo "-s -w -X $version.gitVersion=$kubernetes_version -X $version.gitMajor=1 -X $version.gitMinor=34" \
                "-X k8s.io/client-go/pkg/version.gitVersion=$kubernetes_version"
            ;;
        helm)
            echo "-s -w -X $helm/internal/version.version=$(module_version helm helm.sh/helm/v3)" \
                "-X $helm/pkg/lint/rules.k8sVersionMajor=1 -X $helm/pkg/lint/rules.k8sVersionMinor=34" \
                "-X $helm/pkg/chartutil.k8sVersionMajor=1 -X $helm/pkg/chartutil.k8sVersionMinor=34"
            ;;
        *) echo "-s -w" ;;
    esac
}

module_version() { sed -n "s|.*$2 \(v[^ ]*\).*|\1|p" "$kubernetes/programs/$1/go.mod" | head -n 1; }

# Which programs a tier needs, or all.
wanted_programs() {
    case $tier in
        apiserver) echo etcd kube-apiserver kubectl ;;
        control-plane) echo etcd kube-apiserver kubectl kube-controller-manager kube-scheduler ;;
        node)
            echo etcd kube-apiserver kubectl kube-controller-manager kube-scheduler kubelet kube-proxy coredns \
                provisioner pause
            ;;
        *) printf '%s\n' "${programs[@]%%|*}" ;;
    esac
}

program_line() {
    local line
    for line in "${programs[@]}"; do
        [[ $line != "$1|"* ]] || echo "$line"
    done
}

declare -A checksums=()

# Sets checksums[FOLDER]: of the sources of a module and of how they are built.
take_checksum() {
    [[ -z ${checksums[$1]:-} ]] || return 0
    local sum
    sum=$({
        cd "$kubernetes/programs/$1" || exit
        find . -type f | LC_ALL=C sort | xargs sha256sum
        linker_flags "$1"
        uname -m
    } | sha256sum)
    checksums[$1]=${sum:0:12}
}

# Where a program is, or will be once it is built.
stored() {
    local folder
    IFS='|' read -r _ folder _ <<<"$(program_line "$1")"
    take_checksum "$folder"
    echo "$store/$1-${checksums[$folder]}"
}

check_go() {
    local version
    command -v go >/dev/null || fail "Go $go_needed or later is needed to build Kubernetes, and there is no go on the" \
        "PATH. Distributions are often behind: take it from https://go.dev/dl/ and add its bin folder to the PATH"
    version=$(go env GOVERSION)
    version=${version#go}
    if at_least "$version" $go_needed; then return; fi
    at_least "$version" $go_that_fetches ||
        fail "Go $go_needed or later is needed to build Kubernetes, or $go_that_fetches or later, which fetches that by" \
            "itself; $(command -v go) is '$version'. Take a later one from https://go.dev/dl/"
    [[ $(go env GOTOOLCHAIN) != local ]] ||
        fail "Go $go_needed or later is needed to build Kubernetes; $(command -v go) is $version and may not fetch" \
            "another (GOTOOLCHAIN=local). Take a later one from https://go.dev/dl/"
}

# Whether version $1 is $2 or later.
at_least() { [[ $(printf '%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

# Sets missing to those of the programs named that are not built.
find_missing() {
    local name
    missing=()
    for name in "$@"; do
        [[ -x $(stored "$name") && $cache/bin/$name -ef $(stored "$name") ]] || missing+=("$name")
    done
}

# Builds what is missing of the programs named.
build_programs() {
    local name missing folder
    for name in "$@"; do
        [[ -n $(program_line "$name") ]] ||
            usage_error "there is no program '$name': $(printf '%s\n' "${programs[@]%%|*}" | xargs)"
    done
    for folder in kubernetes etcd coredns node helm; do take_checksum "$folder"; done
    find_missing "$@"
    ((${#missing[@]})) || return 0
    mkdir -p "$store" "$cache/bin"
    # Of two that build at once, one waits and finds it done.
    exec 9>"$cache/lock"
    flock -n 9 || { say "waiting for another build" && flock 9; }
    find_missing "$@"
    build_missing
    remove_the_old
    exec 9>&-
}

# What was built a month ago and is not what was built last, is of versions long gone; it could be built again.
remove_the_old() {
    local file name
    for file in $(find "$store" -maxdepth 1 -type f -mtime +30); do
        name=$(basename "$file" | sed 's/-[0-9a-f]*\(\.tar\)\?$//')
        [[ ${file%.tar} -ef $cache/bin/$name ]] || rm -f "$file"
    done
}

build_missing() {
    local name folder package seconds total=0 number=0 unbuilt=()
    for name in "${missing[@]}"; do
        [[ -x $(stored "$name") ]] || unbuilt+=("$name")
    done
    if ((${#unbuilt[@]})); then
        check_go
        for name in "${unbuilt[@]}"; do
            IFS='|' read -r _ _ _ seconds <<<"$(program_line "$name")"
            total=$((total + seconds))
        done
        say "building ${#unbuilt[@]} programs; about $(((total + 59) / 60)) min if nothing is compiled yet, once"
    fi
    for name in "${unbuilt[@]}"; do
        number=$((number + 1))
        IFS='|' read -r _ folder package seconds <<<"$(program_line "$name")"
        build_program "$name" "$folder" "$package" "$number of ${#unbuilt[@]}: $name (up to $seconds s)"
    done
    for name in "${missing[@]}"; do
        [[ $name != @(pause|coredns|probe) || -f $(stored "$name").tar ]] || make_image "$name"
        ln -sfn "$(stored "$name")" "$cache/bin/$name.new"
        mv -T "$cache/bin/$name.new" "$cache/bin/$name"
    done
}

build_program() {
    local name=$1 folder=$2 package=$3 text=$4 started=$SECONDS file log=$cache/build-$1.log child
    file=$(stored "$name")
    [[ -t 2 ]] || say "$text"
    (
        cd "$kubernetes/programs/$folder" || exit
        CGO_ENABLED=0 GOFLAGS="-mod=readonly -buildvcs=false" \
            exec go build -ldflags "$(linker_flags "$folder")" -o "$file.new" "$package"
    ) >"$log" 2>&1 9>&- &
    child=$!
    while [[ -t 2 ]] && kill -0 "$child" 2>/dev/null; do
        printf '\r\033[Ke2e/cluster: %s … %d s, %s' "$text" $((SECONDS - started)) \
            "$(tail -n 1 "$log" | cut -c1-60)" >&2
        sleep 0.5
    done
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
    if ! wait "$child"; then
        tail -n 20 "$log" >&2
        fail "building $name failed; the whole log is $log"
    fi
    mv "$file.new" "$file"
    say "built $name in $((SECONDS - started)) s"
}

# ---- Images ---------------------------------------------------------------------------------------------------------

image_name() { basename "$(stored "$1")" | sed 's|^\(.*\)-\([0-9a-f]*\)$|synod.e2e/\1:\2|'; }

# An image of one program and nothing else, as docker save would write it.
make_image() {
    local name=$1 file work layer
    file=$(stored "$name").tar
    work=$(mktemp -d "$cache/image.XXXXXX")
    mkdir "$work/root" "$work/image"
    chmod 755 "$work/root"
    cp "$(stored "$name")" "$work/root/$name"
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work/root" -cf "$work/image/layer.tar" .
    layer=$(sha256sum "$work/image/layer.tar" | cut -d' ' -f1)
    cat >"$work/image/config.json" <<TEXT
{"architecture": "$(go_architecture)", "os": "linux", "created": "1970-01-01T00:00:00Z",
 "config": {"User": "65532:65532", "Entrypoint": ["/$name"], "WorkingDir": "/"},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$layer"]}}
TEXT
    echo "[{\"Config\": \"config.json\", \"RepoTags\": [\"$(image_name "$name")\"], \"Layers\": [\"layer.tar\"]}]" \
        >"$work/image/manifest.json"
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work/image" -cf "$file.new" \
        manifest.json config.json layer.tar
    mv "$file.new" "$file"
    rm -r "$work"
}

go_architecture() {
    case $(uname -m) in
        x86_64) echo amd64 ;;
        aarch64) echo arm64 ;;
        *) uname -m ;;
    esac
}
