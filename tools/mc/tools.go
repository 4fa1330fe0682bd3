//go:build tools

// Package tools pins mc, MinIO's command line, built from its own module,
// unchanged: the tests follow the page about MinIO with it.
package tools

import _ "github.com/minio/mc"
