package ingest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/feature"
)

// errCancelled is why the work on an import stops that was cancelled.
var errCancelled = errors.New("the import was cancelled")

// errStopped is why the work on an import stops that the next start goes on with.
var errStopped = errors.New("the server stops")

// errOver is why a change of an import is not made that came too late.
var errOver = errors.New("the import is further than that")

// maxReason is the most bytes of the reason of a refused row: a reason may quote a value.
const maxReason = 1000

// An errorFile takes the refused rows. It is for one goroutine.
type errorFile struct {
	file vfs.File
	out  *bufio.Writer
}

func createErrorFile(fs vfs.FS, name string) (*errorFile, error) {
	f, err := fs.Create(name, category)
	if err != nil {
		return nil, fmt.Errorf("make the file of refused rows: %w", err)
	}
	return &errorFile{file: f, out: bufio.NewWriter(f)}, nil
}

// A refusal is a line of the file.
type refusal struct {
	Source string `json:"source"`
	Row    int64  `json:"row"`
	Reason string `json:"reason"`
}

func (e *errorFile) add(source string, row int64, reason string) error {
	if len(reason) > maxReason {
		reason = reason[:maxReason] + "…"
	}
	line, err := json.Marshal(refusal{source, row, reason})
	if err != nil {
		return err
	}
	_, err = e.out.Write(append(line, '\n'))
	return err
}

// close returns when the lines are durable.
func (e *errorFile) close() error {
	return errors.Join(e.out.Flush(), e.file.Sync(), e.file.Close())
}

// failure says for the caller of an import why it failed. told is false for a fault of ours.
func failure(err error) (text string, told bool) {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return "the disk of the server is full; nothing of the import was kept: make room, and start it again", true
	case feature.KindOf(err) != feature.Fault:
		return err.Error(), true
	}
	return "the server could not carry it out; nothing of it was kept. Its log says why", false
}
