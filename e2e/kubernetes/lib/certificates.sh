# shellcheck shell=bash
# Certificates of a cluster, made when it begins and thrown away with it: a CA of Kubernetes, one for aggregated
# API servers, one of etcd; every component has its own.

pki=$home/pki

certificate_authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
        -keyout "$pki/$1.key" -out "$pki/$1.crt" -subj "/CN=$2" \
        -addext basicConstraints=critical,CA:TRUE \
        -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature 2>/dev/null
}

# certificate NAME CA SUBJECT [ALTERNATIVE-NAMES]
certificate() {
    local file=$pki/$1 authority=$pki/$2 subject=$3 names=${4:-}
    # In the older form of a key (SEC 1): Java's client of Kubernetes takes the newer one for RSA unless it is told.
    openssl ecparam -name prime256v1 -genkey -noout -out "$file.key"
    openssl req -new -key "$file.key" -out "$file.csr" -subj "$subject" 2>/dev/null
    {
        echo "basicConstraints=CA:FALSE"
        echo "keyUsage=critical,digitalSignature,keyEncipherment"
        echo "extendedKeyUsage=serverAuth,clientAuth"
        [[ -z $names ]] || echo "subjectAltName=$names"
    } >"$file.ext"
    openssl x509 -req -in "$file.csr" -CA "$authority.crt" -CAkey "$authority.key" -CAcreateserial \
        -out "$file.crt" -days 3650 -extfile "$file.ext" 2>/dev/null
    rm "$file.csr" "$file.ext"
}

make_certificates() {
    [[ ! -f $pki/complete ]] || return 0
    local service=kubernetes.default.svc
    mkdir -p "$pki"
    chmod 700 "$pki"
    certificate_authority ca synod-e2e
    certificate_authority front synod-e2e-front-proxy
    certificate_authority etcd synod-e2e-etcd
    certificate apiserver ca /CN=kube-apiserver "IP:$node_address,IP:127.0.0.1,IP:${services%.*.*}.0.1,DNS:localhost,\
DNS:kubernetes,DNS:kubernetes.default,DNS:$service,DNS:$service.cluster.local"
    certificate apiserver-kubelet ca "/O=system:masters/CN=kube-apiserver-kubelet-client"
    certificate front-client front /CN=front-proxy-client
    certificate etcd-server etcd /CN=etcd "IP:127.0.0.1,DNS:localhost"
    certificate etcd-client etcd /CN=kube-apiserver
    certificate admin ca "/O=system:masters/CN=admin"
    certificate controller-manager ca /CN=system:kube-controller-manager
    certificate scheduler ca /CN=system:kube-scheduler
    if [[ $tier == node ]]; then
        certificate kubelet ca "/O=system:nodes/CN=system:node:$node" "IP:$node_address,DNS:$node"
        certificate kube-proxy ca /CN=system:kube-proxy
        certificate provisioner ca /CN=synod-e2e-provisioner
    fi
    openssl genrsa -out "$pki/service-accounts.key" 2048 2>/dev/null
    openssl rsa -in "$pki/service-accounts.key" -pubout -out "$pki/service-accounts.pub" 2>/dev/null
    touch "$pki/complete"
}
