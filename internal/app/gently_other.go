//go:build !linux

package app

// gently runs work and returns when it has ended.
func gently(work func()) { work() }
