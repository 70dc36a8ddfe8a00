//go:build !linux

package app

// machineMemory returns how many bytes of memory this process may have.
func machineMemory() int64 { return assumedMemory }
