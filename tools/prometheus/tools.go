//go:build tools

// Package tools pins promtool, which checks and tries the alerts, built from
// its own module, unchanged.
package tools

import _ "github.com/prometheus/prometheus/cmd/promtool"
