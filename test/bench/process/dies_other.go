//go:build !linux

package process

import "syscall"

// diesWithUs is what Linux alone can do.
func diesWithUs() *syscall.SysProcAttr { return nil }
