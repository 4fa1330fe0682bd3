//go:build tools

// Package tools pins the Kubernetes programs that the demo, the tests and the
// benchmark run: they are built from their own module, unchanged.
package tools

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
