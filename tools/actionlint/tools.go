//go:build tools

// Package tools pins actionlint, which checks GitHub Actions workflows, built
// from its own module, unchanged.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
