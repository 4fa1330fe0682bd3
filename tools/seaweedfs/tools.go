//go:build tools

// Package tools pins SeaweedFS, built from its own module, unchanged.
package tools

import _ "github.com/seaweedfs/seaweedfs/weed"
