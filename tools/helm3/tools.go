//go:build tools

// Package tools pins Helm 3, built from its own module, unchanged.
package tools

import _ "helm.sh/helm/v3/cmd/helm"
