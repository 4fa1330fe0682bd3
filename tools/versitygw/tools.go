//go:build tools

// Package tools pins versitygw, built from its own module, unchanged.
package tools

import _ "github.com/versity/versitygw/cmd/versitygw"
