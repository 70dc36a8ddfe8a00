package process

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ticks of a second, in which the kernel counts the time of a processor for programs.
const ticks = 100

// CPU is how much of a processor's time the process and all that it started have used.
func (p *Process) CPU() time.Duration {
	used := processorTime(p.Pid(), true)
	for _, pid := range descendants(p.Pid()) {
		used += processorTime(pid, false)
	}
	return used
}

// RSS is how much memory they have now, in MiB; what they share counts once.
func (p *Process) RSS() float64 {
	all := memory(p.Pid(), "Pss:")
	for _, pid := range descendants(p.Pid()) {
		all += memory(pid, "Pss:")
	}
	return all
}

// Own is how much memory the process alone has, without what it started, in MiB.
func (p *Process) Own() float64 { return memory(p.Pid(), "Rss:") }

// Anonymous is Own without pages of files.
func (p *Process) Anonymous() float64 { return memory(p.Pid(), "Anonymous:") }

// ResetPeak forgets the most memory that the process had.
func (p *Process) ResetPeak() {
	// Where it cannot be done the peak is that of the whole life, which is not too little.
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.Pid()), []byte("5"), 0)
}

// Peak is the most memory that the process alone had since ResetPeak, in MiB.
func (p *Process) Peak() float64 { return line(fmt.Sprintf("/proc/%d/status", p.Pid()), "VmHWM:") }

func memory(pid int, what string) float64 {
	return line(fmt.Sprintf("/proc/%d/smaps_rollup", pid), what)
}

// line reads a figure in kB of a file of the kernel, in MiB; 0 if there is none.
func line(file, name string) float64 {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0 // the process has ended
	}
	for l := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(l, name); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

// stat reads the fields of /proc/<pid>/stat after the name: the first is the state, the second the parent.
func stat(pid int) ([]string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	at := bytes.LastIndex(text, []byte(") "))
	fields := strings.Fields(string(text[max(at, 0):]))
	if at < 0 || len(fields) < 16 {
		return nil, fmt.Errorf("process %d: its state cannot be read: %q", pid, text)
	}
	return fields[1:], nil
}

func parentOf(pid int) (int, error) {
	fields, err := stat(pid)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(fields[1])
}

// processorTime is that of a process, with that of those that it started and that have ended.
func processorTime(pid int, ended bool) time.Duration {
	fields, err := stat(pid)
	if err != nil {
		return 0 // it has ended
	}
	n := 2 // utime, stime
	if ended {
		n = 4 // cutime, cstime
	}
	sum := int64(0)
	for _, f := range fields[11 : 11+n] {
		v, _ := strconv.ParseInt(f, 10, 64)
		sum += v
	}
	return time.Duration(sum) * time.Second / ticks
}

// descendants are all processes that pid started, and that those did.
func descendants(pid int) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	children := map[int][]int{}
	for _, e := range entries {
		n, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if parent, err := parentOf(n); err == nil {
			children[parent] = append(children[parent], n)
		}
	}
	all := children[pid]
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// A Group is processes that answer together. None: the bench does it itself.
type Group []*Process

// CPU is what they have used together.
func (g Group) CPU() (used time.Duration) {
	for _, p := range g {
		used += p.CPU()
	}
	return used
}

// RSS is what memory they have together, in MiB.
func (g Group) RSS() (mib float64) {
	for _, p := range g {
		mib += p.RSS()
	}
	return mib
}
