# shellcheck shell=bash
# etcd, the API server, the controllers and the scheduler.

start_etcd() {
    local clients peers
    clients=https://127.0.0.1:$(port etcd)
    peers=http://127.0.0.1:$(port etcd-peer)
    # Without fsync: the store is thrown away, and the disk is needed by what is tested.
    start etcd "$(stored etcd)" --name e2e --data-dir "$home/etcd" --unsafe-no-fsync --log-level warn \
        --listen-client-urls "$clients" --advertise-client-urls "$clients" \
        --listen-peer-urls "$peers" --initial-advertise-peer-urls "$peers" --initial-cluster "e2e=$peers" \
        --cert-file "$pki/etcd-server.crt" --key-file "$pki/etcd-server.key" \
        --client-cert-auth --trusted-ca-file "$pki/etcd.crt"
}

start_apiserver() {
    local flags=(
        --bind-address="$api_address" --advertise-address="$api_address" --secure-port="$api_port"
        --client-ca-file="$pki/ca.crt"
        --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key"
        --etcd-servers="https://127.0.0.1:$(port etcd)" --etcd-cafile="$pki/etcd.crt"
        --etcd-certfile="$pki/etcd-client.crt" --etcd-keyfile="$pki/etcd-client.key"
        --authorization-mode=Node,RBAC
        --enable-admission-plugins=NodeRestriction # beside the default ones: PodSecurity, webhooks, CEL policies
        --allow-privileged=true
        --service-cluster-ip-range="$services"
        --service-account-issuer=https://kubernetes.default.svc.cluster.local
        --service-account-key-file="$pki/service-accounts.pub"
        --service-account-signing-key-file="$pki/service-accounts.key"
        --requestheader-client-ca-file="$pki/front.crt" --requestheader-allowed-names=front-proxy-client
        --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group
        --requestheader-username-headers=X-Remote-User
        --proxy-client-cert-file="$pki/front-client.crt" --proxy-client-key-file="$pki/front-client.key"
        --profiling=false
    )
    if [[ $tier == node ]]; then
        flags+=(--kubelet-client-certificate="$pki/apiserver-kubelet.crt"
            --kubelet-client-key="$pki/apiserver-kubelet.key" --kubelet-certificate-authority="$pki/ca.crt"
            --kubelet-preferred-address-types=InternalIP)
    else
        # A loopback address cannot be an endpoint of the Service kubernetes, and no pod asks for it.
        flags+=(--endpoint-reconciler-type=none)
    fi
    # Without the controllers nobody makes the service accounts that this plug-in wants a pod to have.
    [[ $tier != apiserver ]] || flags+=(--disable-admission-plugins=ServiceAccount)
    start kube-apiserver "$(stored kube-apiserver)" "${flags[@]}"
    await 90 "kube-apiserver is ready" kube-apiserver kubectl get --raw /readyz
}

start_controllers() {
    local user=$home/kubeconfig/controller-manager
    start kube-controller-manager "$(stored kube-controller-manager)" \
        --kubeconfig="$user" --authentication-kubeconfig="$user" --authorization-kubeconfig="$user" \
        --bind-address=127.0.0.1 --secure-port="$(port controller-manager)" --leader-elect=false --profiling=false \
        --controllers='*,bootstrapsigner,tokencleaner' --use-service-account-credentials=true \
        --service-account-private-key-file="$pki/service-accounts.key" --root-ca-file="$pki/ca.crt" \
        --client-ca-file="$pki/ca.crt" --requestheader-client-ca-file="$pki/front.crt" \
        --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key" \
        --allocate-node-cidrs=true --cluster-cidr="$pods" --node-cidr-mask-size=24 \
        --service-cluster-ip-range="$services" --flex-volume-plugin-dir="$home/kubelet/volumeplugins"
}

start_scheduler() {
    local user=$home/kubeconfig/scheduler
    start kube-scheduler "$(stored kube-scheduler)" \
        --kubeconfig="$user" --authentication-kubeconfig="$user" --authorization-kubeconfig="$user" \
        --bind-address=127.0.0.1 --secure-port="$(port scheduler)" --leader-elect=false --profiling=false
}
