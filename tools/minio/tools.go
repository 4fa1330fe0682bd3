//go:build tools

// Package tools pins the MinIO server, built from its own module, unchanged.
package tools

import _ "github.com/minio/minio"
