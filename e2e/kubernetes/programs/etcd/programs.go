//go:build programs

// Package etcd pins the version of etcd that Kubernetes 1.34 is released with.
package etcd

import _ "go.etcd.io/etcd/server/v3"
