//go:build tools

// Package tools pins the emulator of Google Cloud Storage, built from its own
// module, unchanged.
package tools

import _ "github.com/fsouza/fake-gcs-server"
