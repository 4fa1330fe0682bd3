//go:build tools

// Package tools pins kubeconform, which checks manifests against schemas, built
// from its own module, unchanged.
package tools

import _ "github.com/yannh/kubeconform/cmd/kubeconform"
