//go:build tools

// Package tools pins kwok, which plays the kubelets of nodes that do not exist,
// built from its own module, unchanged.
package tools

import _ "sigs.k8s.io/kwok/cmd/kwok"
