//go:build programs

// Package helm pins the version of helm. The k8s.io modules below it are those of the cluster.
package helm

import _ "helm.sh/helm/v3/cmd/helm"
