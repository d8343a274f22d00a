# shellcheck shell=bash
# The node: what the machine must have, kubelet, kube-proxy, and what runs in the cluster before anybody asks.

# A command, or a file | the Debian package that brings it.
needed_by_all=("openssl|openssl" "setsid|util-linux" "flock|util-linux")
needed_by_node=(
    "containerd|containerd" "ctr|containerd" "runc|runc" "/usr/lib/cni/bridge|containernetworking-plugins"
    "iptables|iptables" "conntrack|conntrack" "ip|iproute2" "sysctl|procps"
)

missing_packages() {
    local needed=("${needed_by_all[@]}") line
    [[ $tier != node ]] || needed+=("${needed_by_node[@]}")
    for line in "${needed[@]}"; do
        command -v "${line%|*}" >/dev/null || echo "${line#*|}"
    done | sort -u
}

# Says all that is missing at once, with what to do.
check_machine() {
    local packages
    packages=$(missing_packages | xargs)
    [[ -z $packages ]] || fail "programs are missing here. On Debian or Ubuntu: apt-get install" \
        "--no-install-recommends $packages"
    [[ $tier != node || $(id -u) == 0 ]] ||
        fail "the node needs root. The tiers apiserver and control-plane do not: e2e/cluster --help"
}

start_node() {
    mkdir -p "$home/kubelet" "$home/volumes"
    chmod 711 "$home/volumes"
    start kubelet "$(stored kubelet)" --config="$conf/kubelet.yaml" --kubeconfig="$home/kubeconfig/kubelet" \
        --root-dir="$home/kubelet" --cert-dir="$home/kubelet/pki" --hostname-override="$node" \
        --node-ip="$node_address" --node-labels=topology.kubernetes.io/zone=one
    start kube-proxy "$(stored kube-proxy)" --config="$conf/kube-proxy.yaml"
    await 30 "the API server's own roles exist" kube-apiserver \
        kubectl get clusterrole system:persistent-volume-provisioner
    kubectl apply --server-side -f "$conf/addons.yaml" >/dev/null
    start provisioner "$(stored provisioner)" -kubeconfig "$home/kubeconfig/provisioner" -root "$home/volumes"
    await 90 "kubelet registers the node" kubelet kubectl get node "$node"
    await 90 "the node is ready" kubelet kubectl wait --for=condition=Ready "node/$node" --timeout=1s
    await 120 "CoreDNS is ready" kubelet \
        kubectl -n kube-system rollout status deployment/coredns --timeout=1s
    await 30 "kube-proxy is healthy" kube-proxy proxy_healthy
}

proxy_healthy() {
    local answer
    exec 7<>/dev/tcp/127.0.0.1/10256 || return 1
    printf 'GET /healthz HTTP/1.0\r\n\r\n' >&7
    read -r answer <&7
    exec 7>&-
    [[ $answer == *" 200 "* ]]
}
