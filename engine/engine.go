//go:build engine

// Package engine pins Pulumi's own command line, which `make engine` builds from its Go modules.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
