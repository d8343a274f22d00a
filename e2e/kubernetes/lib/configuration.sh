# shellcheck shell=bash
# Where a cluster is, and the files that its programs read: the templates in conf/ with @NAME@ filled in.

# Fixed for the node, whose addresses lie in the range for benchmarks (RFC 2544), which no network in use has.
node=synod-node
node_address=198.18.255.1
network=198.18.0.0/15
pods=198.18.0.0/16
node_pods=198.18.0.0/24
services=198.19.0.0/16
dns_address=198.19.0.10
bridge=synod0

conf=$home/conf
export KUBECONFIG=$home/kubeconfig/admin

check_home() {
    [[ $home == /* ]] || fail "SYNOD_E2E_HOME is '$home': it must be an absolute path"
    [[ ! -e $home || -f $home/.synod-e2e || -z $(ls -A "$home") ]] ||
        fail "SYNOD_E2E_HOME is '$home', which holds something else: name a folder that is empty or does not exist"
    # Unix sockets lie below it, and their paths are bounded by the kernel.
    ((${#home} <= 70)) || fail "SYNOD_E2E_HOME is '$home': ${#home} characters are too long, 70 are allowed"
    if [[ -f $home/tier && -n $tier && $(cat "$home/tier") != "$tier" ]]; then
        fail "a cluster of tier $(cat "$home/tier") is at $home, not $tier: take it down first, or set SYNOD_E2E_HOME"
    fi
}

claim_home() {
    mkdir -p "$home"/{logs,pids,conf,kubeconfig}
    chmod 700 "$home/kubeconfig"
    touch "$home/.synod-e2e"
    [[ -f $home/tier ]] || rm -f "$home"/logs/*
    echo "$tier" >"$home/tier"
    draw_ports
    if [[ $tier == node ]]; then
        api_address=$node_address api_port=6443
    else
        api_address=127.0.0.1 api_port=$(port apiserver)
    fi
}

# A port a door, free when the cluster began and kept since; below those that the kernel gives to clients.
draw_ports() {
    [[ ! -s $home/ports ]] || return 0
    local name candidate taken=' ' hexadecimal
    for hexadecimal in $(awk 'FNR > 1 {split($2, at, ":"); print at[2]}' /proc/net/tcp /proc/net/tcp6 2>/dev/null); do
        taken+="$((16#$hexadecimal)) "
    done
    for name in etcd etcd-peer apiserver controller-manager scheduler; do
        until candidate=$((20000 + RANDOM % 10000)) && [[ $taken != *" $candidate "* ]]; do :; done
        taken+="$candidate "
        echo "$name $candidate"
    done >"$home/ports.new"
    mv "$home/ports.new" "$home/ports"
}

port() { awk -v name="$1" '$1 == name {print $2}' "$home/ports"; }

# A template with its names filled in. None of the values holds a | or an &.
filled() {
    sed -e "s|@HOME@|$home|g" -e "s|@NODE@|$node|g" -e "s|@NODE_ADDRESS@|$node_address|g" \
        -e "s|@PODS@|$pods|g" -e "s|@NODE_PODS@|$node_pods|g" -e "s|@DNS@|$dns_address|g" \
        -e "s|@BRIDGE@|$bridge|g" -e "s|@CGROUP@|$cgroup|g" \
        -e "s|@PAUSE_IMAGE@|$(image_name pause)|g" -e "s|@COREDNS_IMAGE@|$(image_name coredns)|g" \
        "$kubernetes/conf/$1"
}

# configure TEMPLATE FILE: only when it differs, because kube-proxy ends itself when its file is written again, even
# with the same text.
configure() {
    mkdir -p "$(dirname "$2")"
    filled "$1" >"$2.new"
    if cmp -s "$2.new" "$2"; then rm "$2.new"; else mv "$2.new" "$2"; fi
}

make_kubeconfig() {
    local user=$1 file=$home/kubeconfig/$1
    [[ ! -f $file ]] || return 0
    cat >"$file.new" <<TEXT
apiVersion: v1
kind: Config
clusters:
- name: synod-e2e
  cluster:
    server: https://$api_address:$api_port
    certificate-authority-data: $(base64 -w0 "$pki/ca.crt")
users:
- name: $user
  user:
    client-certificate-data: $(base64 -w0 "$pki/$user.crt")
    client-key-data: $(base64 -w0 "$pki/$user.key")
contexts:
- name: synod-e2e
  context: {cluster: synod-e2e, user: $user}
current-context: synod-e2e
TEXT
    chmod 600 "$file.new"
    mv "$file.new" "$file"
}

make_configuration() {
    local user
    for user in admin controller-manager scheduler; do make_kubeconfig "$user"; done
    [[ $tier == node ]] || return 0
    for user in kubelet kube-proxy provisioner; do make_kubeconfig "$user"; done
    configure containerd.toml "$conf/containerd.toml"
    configure bridge.conflist "$conf/cni/10-synod.conflist"
    configure kubelet.yaml "$conf/kubelet.yaml"
    configure kube-proxy.yaml "$conf/kube-proxy.yaml"
    configure resolv.conf "$conf/resolv.conf"
    configure addons.yaml "$conf/addons.yaml"
}
