//go:build !profile

package main

import "log/slog"

// profiles does nothing: profiles are written by binaries that are built for it (profile_on.go).
func profiles(*slog.Logger) (stop func()) { return func() {} }
