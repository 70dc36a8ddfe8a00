package duckdb

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// lowered is the priority of workers: what serves records goes first.
const lowered = 10

// startConfined starts a worker at a lower priority, on every core but one of those that we may
// use, and first in line when memory runs out. All workers leave the same core alone.
func startConfined(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what a terminal sends is for the server
	result := make(chan error, 1)
	go func() {
		// A child inherits both from the thread that starts it. The thread is locked and never
		// unlocked, so it ends with this goroutine and nothing else ever runs on it.
		runtime.LockOSThread()
		if err := confineThread(); err != nil {
			result <- err
			return
		}
		result <- cmd.Start()
	}()
	if err := <-result; err != nil {
		return err
	}
	// Best effort: without it the kernel may choose the server when it runs out of memory.
	_ = os.WriteFile("/proc/"+strconv.Itoa(cmd.Process.Pid)+"/oom_score_adj", []byte("800"), 0)
	return nil
}

func confineThread() error {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return os.NewSyscallError("sched_getaffinity", err)
	}
	if set.Count() > 1 {
		first := 0
		for !set.IsSet(first) {
			first++
		}
		set.Clear(first)
		if err := unix.SchedSetaffinity(0, &set); err != nil {
			return os.NewSyscallError("sched_setaffinity", err)
		}
	}
	err := unix.Setpriority(unix.PRIO_PROCESS, 0, lowered)
	if err != nil && !errors.Is(err, unix.EACCES) { // the server itself is at a lower priority already
		return os.NewSyscallError("setpriority", err)
	}
	return nil
}

// cores is how many cores a worker may use.
func cores() int {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return max(1, runtime.NumCPU()-1)
	}
	return max(1, set.Count()-1)
}
