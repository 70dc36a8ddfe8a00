package process

import "syscall"

// diesWithUs has the kernel end a process when the one that started it has ended, however it has.
func diesWithUs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
}
