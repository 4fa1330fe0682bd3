//go:build tools

// Package tools pins Helm, built from its own module, unchanged.
package tools

import _ "helm.sh/helm/v4/cmd/helm"
