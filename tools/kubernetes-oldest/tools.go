//go:build tools

// Package tools pins the oldest API server that is supported, built from its
// own module, unchanged.
package tools

import _ "k8s.io/kubernetes/cmd/kube-apiserver"
