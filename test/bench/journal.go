package main

import (
	"errors"
	"os"
	"sync"
)

// A journal is a file to which many append together: whoever comes while the disk syncs waits for the next sync, which
// is for all that came. It is the limit of what is durable before it is acknowledged. It is safe for concurrent use.
type journal struct {
	file *os.File
	wake chan struct{} // holds a token when waiting is not empty
	done chan struct{} // closed when the writer has ended

	mu      sync.Mutex // guards all below
	waiting []byte
	batch   *syncing // of waiting
}

// A syncing is one sync: err is good once done is closed.
type syncing struct {
	done chan struct{}
	err  error
}

// ahead is how much of the disk is reserved at a time, so that a sync need not write where the file is.
const ahead = 64 << 20

func openJournal(name string) (*journal, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{file: f, wake: make(chan struct{}, 1), done: make(chan struct{}), batch: &syncing{done: make(chan struct{})}}
	go j.run()
	return j, nil
}

// append returns when b is on the disk.
func (j *journal) append(b []byte) error {
	j.mu.Lock()
	j.waiting = append(j.waiting, b...)
	batch := j.batch
	j.mu.Unlock()
	select {
	case j.wake <- struct{}{}:
	default:
	}
	<-batch.done
	return batch.err
}

// run writes what waits, until the journal is closed.
func (j *journal) run() {
	defer close(j.done)
	var spare []byte
	size, reserved := int64(0), int64(0)
	for range j.wake {
		j.mu.Lock()
		if len(j.waiting) == 0 { // the last batch had what this is about
			j.mu.Unlock()
			continue
		}
		out, batch := j.waiting, j.batch
		j.waiting, j.batch = spare[:0], &syncing{done: make(chan struct{})}
		j.mu.Unlock()
		if size += int64(len(out)); size > reserved {
			// A file system that cannot reserve is slower, no more.
			_ = reserve(j.file, reserved, size-reserved+ahead)
			reserved = size + ahead
		}
		_, err := j.file.Write(out)
		batch.err = errors.Join(err, datasync(j.file))
		close(batch.done)
		spare = out
	}
}

// close closes the file. Nobody may append any more.
func (j *journal) close() error {
	close(j.wake)
	<-j.done
	return j.file.Close()
}
