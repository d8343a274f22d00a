# shellcheck shell=bash
# containerd, its images, and the end of all that it started.

containerd_socket=$home/containerd/run/containerd.sock
cgroup=/synod-e2e

ctr_node() { ctr -a "$containerd_socket" -n k8s.io "$@"; }

start_containers() {
    mkdir -p "$home/containerd/run"
    make_cgroups
    start containerd containerd -c "$conf/containerd.toml" -l warn
    await 30 "containerd answers" containerd ctr_node version
    local name
    for name in pause coredns; do
        [[ -n $(ctr_node images ls -q name=="$(image_name "$name")") ]] ||
            ctr_node images import "$(stored "$name").tar" >/dev/null
    done
}

# Where a group of ours may be: in each hierarchy of version 1, or in the one of version 2. A machine that has both
# runs containers in version 1.
cgroup_hierarchies() {
    local folder
    if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
        echo /sys/fs/cgroup
        return
    fi
    for folder in /sys/fs/cgroup/*/; do
        folder=${folder%/}
        [[ -L $folder || ${folder##*/} == unified ]] || echo "$folder"
    done
}

# In version 2 a group has the controllers that the one above it hands on.
delegate_controllers() {
    local root=/sys/fs/cgroup name missing=()
    for name in cpuset cpu io memory pids; do
        [[ " $(<$root/cgroup.subtree_control) " == *" $name "* ]] || missing+=("+$name")
    done
    ((${#missing[@]})) || return 0
    { echo "${missing[*]}" >$root/cgroup.subtree_control; } 2>/dev/null ||
        fail "$root does not hand on the controllers ${missing[*]#+}: it has '$(<$root/cgroup.controllers)', and none" \
            "can be handed on while processes are in it, as in a container. Move them to a group below it," \
            "or use a machine of its own"
}

# kubelet wants its group to be there. All pods together are one group beside the processes of everybody else, each of
# which counts as much as a group unless it is told otherwise: beside a build, pods would starve.
make_cgroups() {
    local folder set=/sys/fs/cgroup/cpuset
    if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
        delegate_controllers
    fi
    for folder in $(cgroup_hierarchies); do mkdir -p "$folder$cgroup"; done
    [[ ! -f /sys/fs/cgroup/cpu$cgroup/cpu.shares ]] || echo 6144 >"/sys/fs/cgroup/cpu$cgroup/cpu.shares"
    [[ ! -f /sys/fs/cgroup$cgroup/cpu.weight ]] || echo 600 >"/sys/fs/cgroup$cgroup/cpu.weight"
    # In version 1 a new set has no processors and no memory, and takes no process.
    if [[ -f $set$cgroup/cpuset.cpus ]]; then
        cat $set/cpuset.cpus >$set$cgroup/cpuset.cpus
        cat $set/cpuset.mems >$set$cgroup/cpuset.mems
    fi
}

# ---- The end --------------------------------------------------------------------------------------------------------

end_pods() {
    local task
    alive containerd || return 0
    for task in $(ctr_node tasks ls -q 2>/dev/null); do ctr_node tasks kill -s SIGKILL "$task"; done >/dev/null 2>&1
    for task in $(ctr_node tasks ls -q 2>/dev/null); do ctr_node tasks rm -f "$task"; done >/dev/null 2>&1
}

# The shims of our pods are children of nobody here. Their command lines name our socket, which no other's does.
shims() {
    local process
    for process in /proc/[0-9]*; do
        if { tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null |
            grep -qE "^[^ ]*containerd-shim-runc-v2 .*-address $containerd_socket( |$)"; then
            echo "${process#/proc/}"
        fi
    done
}

# Processes in our cgroup: of pods, and of nobody else.
in_cgroup() {
    local folder=/sys/fs/cgroup$cgroup
    [[ -f /sys/fs/cgroup/cgroup.controllers ]] || folder=/sys/fs/cgroup/pids$cgroup
    find "$folder" -name cgroup.procs -exec cat {} + 2>/dev/null
}

end_shims() {
    local round process
    for process in $(shims); do kill "$process" 2>/dev/null; done
    for ((round = 0; round < 50; round++)); do
        [[ -n $(shims)$(in_cgroup) ]] || return 0
        # Pods go at once; shims, which were asked, after a second.
        for process in $(in_cgroup); do kill -KILL "$process" 2>/dev/null; done
        ((round < 10)) || for process in $(shims); do kill -KILL "$process" 2>/dev/null; done
        sleep 0.1
    done
}

our_mounts() { awk -v home="$home/" 'index($2, home) == 1 {print $2}' /proc/mounts | sort -r; }

remove_mounts() {
    local round mount
    for ((round = 0; round < 3; round++)); do
        for mount in $(our_mounts); do umount "$mount" 2>/dev/null || umount -l "$mount" 2>/dev/null; done
    done
}

remove_cgroups() {
    local folder
    for folder in $(cgroup_hierarchies) /sys/fs/cgroup/unified; do
        [[ ! -d $folder$cgroup ]] || find "$folder$cgroup" -depth -type d -exec rmdir {} \; 2>/dev/null
    done
}

# Paths outside the home that kubelet, the CNI plug-ins and the shims do not let us choose. Only what is ours goes.
remove_fixed_paths() {
    local socket
    find /var/log/containers -lname "$home/*" -delete 2>/dev/null
    grep -lsF "$home/" /var/lib/cni/results/* | xargs -r rm -f
    for socket in /var/lib/kubelet/device-plugins/kubelet.sock $(find /run/containerd/s -type s 2>/dev/null); do
        grep -q " $socket$" /proc/net/unix || rm -f "$socket"
    done
    rmdir /var/log/containers /var/lib/cni/results /var/lib/cni /var/lib/kubelet/device-plugins /var/lib/kubelet \
        /run/containerd/s /run/containerd 2>/dev/null
}

what_is_left() {
    local process folder
    our_mounts | sed 's/^/a mount: /'
    for process in $(shims) $(in_cgroup); do
        echo "a process: $process $(tr '\0' ' ' <"/proc/$process/cmdline")"
    done
    for folder in $(cgroup_hierarchies); do
        [[ ! -d $folder$cgroup ]] || echo "a cgroup: $folder$cgroup"
    done
    ! rules_are_ours ||
        iptables-save 2>/dev/null | grep -E '(KUBE|CNI|SYNOD-E2E)' | sed -e 's/^/a firewall rule: /' -e 3q
    ip -o link show "$bridge" 2>/dev/null | sed 's/^/an interface: /'
    ip -o addr show dev lo | grep " $node_address/" | sed 's/^/an address: /'
}
