package app

import (
	"runtime"
	"syscall"
)

// niceness of what nobody waits for: a merge of files takes what requests and flushes leave.
const niceness = 15

// gently runs work on a thread of its own of low priority, and returns when it has ended.
func gently(work func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// Never unlocked: the thread ends with the goroutine, and its priority with it.
		runtime.LockOSThread()
		// 0 is the calling thread. If it is refused the work is done all the same.
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, niceness)
		work()
	}()
	<-ended
}
