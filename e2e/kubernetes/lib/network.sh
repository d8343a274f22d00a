# shellcheck shell=bash
# The node's network: an address on lo, routes, and rules that keep pods inside this machine.

# What kubelet, kube-proxy and `up` change; put back by `down`.
kernel_settings=(
    net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables net.ipv4.conf.all.route_localnet
    net.netfilter.nf_conntrack_max kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys
    kernel.keys.root_maxbytes vm.overcommit_memory vm.panic_on_oom
)

# Whether this home has the one node of the machine: from before the first thing of it is made until after the last
# is gone. Another home must not clear up what is not its own.
holds_node() { [[ -f $home/sysctl ]]; }

# Made before any other rule, removed after all.
rules_are_ours() { iptables -w -n -L SYNOD-E2E >/dev/null 2>&1; }

# The node has to be the only Kubernetes of the machine: on the way down all rules go whose chains have the names that
# kube-proxy, kubelet and the CNI plug-ins give theirs, and nothing in a rule tells whose it is.
check_claim() {
    local foreign port
    if rules_are_ours; then
        holds_node || fail "another home holds the node of this machine: take that one down first"
        return
    fi
    foreign=$({ iptables-save; ip6tables-save; } 2>/dev/null | sed -nE 's/^:((KUBE|CNI)-[^ ]+).*/\1/p' | sed 3q) ||
        true # sed ends before the list does
    [[ -z $foreign ]] ||
        fail "another Kubernetes or CNI network is on this machine; its firewall has chains such as" \
            "$(xargs <<<"$foreign"). A node beside it would break it: use a machine without one, or set KUBECONFIG" \
            "and run on that Kubernetes. If it is gone and these are its remains, remove them or restart the machine"
    for port in 10248 10256; do
        ! (exec 7<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null ||
            fail "somebody answers on 127.0.0.1:$port, as a kubelet or kube-proxy does: there is another Kubernetes" \
                "on this machine, which a node beside it would break. Use a machine without one, or set KUBECONFIG"
    done
}

raise_network() {
    local chain setting value
    # Where they are built in or loaded there may be no modprobe; what is really missing is told below.
    modprobe -qa br_netfilter overlay 2>/dev/null || true
    if ! holds_node; then
        for setting in "${kernel_settings[@]}"; do
            ! value=$(sysctl -n "$setting" 2>/dev/null) || echo "$setting=$value"
        done >"$home/sysctl"
    fi
    sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1 ||
        fail "the kernel does not filter bridged packets: it needs br_netfilter (modprobe br_netfilter)"
    # The API server may not advertise a loopback address, so lo gets another one.
    [[ $(ip -4 addr show dev lo) == *" $node_address/32 "* ]] || ip addr add "$node_address/32" dev lo
    # A service's address without a rule ends here, and a pod's without a pod; never on the wire.
    ip route replace "$services" dev lo src "$node_address"
    ip route replace unreachable "$pods" metric 9000
    if ! rules_are_ours; then
        iptables -w -N SYNOD-E2E
        iptables -w -A SYNOD-E2E -i lo -j RETURN
        iptables -w -A SYNOD-E2E -s "$network" ! -d "$network" -j REJECT
        iptables -w -A SYNOD-E2E -i "$bridge" -j RETURN
        iptables -w -A SYNOD-E2E -d "$network" -j DROP
    fi
    for chain in FORWARD INPUT; do
        iptables -w -C "$chain" -j SYNOD-E2E 2>/dev/null || iptables -w -I "$chain" -j SYNOD-E2E
    done
}

lower_network() {
    local chain setting
    # A machine that was restarted has no rule of ours; what it has now is another's.
    if rules_are_ours; then
        [[ ! -x $(stored kube-proxy) ]] || "$(stored kube-proxy)" --cleanup >>"$home/logs/kube-proxy.log" 2>&1
        remove_chains
        for chain in FORWARD INPUT; do iptables -w -D "$chain" -j SYNOD-E2E; done 2>/dev/null
        { iptables -w -F SYNOD-E2E && iptables -w -X SYNOD-E2E; } 2>/dev/null
    fi
    ip link del "$bridge" 2>/dev/null
    ip route del "$services" dev lo 2>/dev/null
    ip route del unreachable "$pods" metric 9000 2>/dev/null
    ip addr del "$node_address/32" dev lo 2>/dev/null
    while read -r setting; do sysctl -qw "$setting" 2>/dev/null; done <"$home/sysctl"
    rm -f "$home/sysctl"
}

# What kube-proxy, kubelet and the portmap plug-in left: all their chains begin with KUBE- or CNI-.
remove_chains() {
    local family table
    for family in iptables ip6tables; do
        for table in nat filter mangle raw; do
            if "$family-save" -t "$table" 2>/dev/null | grep -qE -- '(KUBE|CNI)-'; then
                "$family-save" -t "$table" 2>/dev/null | grep -vE -- '(KUBE|CNI)-' | "$family-restore" -w -T "$table"
            fi
        done
    done
}
