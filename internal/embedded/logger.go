package embedded

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/cockroachdb/pebble/v2"
)

// logger passes on what Pebble says.
type logger struct {
	log   *slog.Logger
	fatal func(error)
}

func (l *logger) Infof(format string, args ...any) {
	l.log.Debug("database: " + fmt.Sprintf(format, args...))
}

func (l *logger) Errorf(format string, args ...any) {
	l.log.Error("database: " + fmt.Sprintf(format, args...))
}

// Fatalf does not return.
func (l *logger) Fatalf(format string, args ...any) {
	l.fatal(fmt.Errorf(format, args...))
	panic("embedded: Options.Fatal returned")
}

func (l *logger) listener() *pebble.EventListener {
	return &pebble.EventListener{
		BackgroundError: func(err error) {
			l.log.Error("The database could not write in the background and will try again", "error", err)
		},
		DataCorruption: func(info pebble.DataCorruptionInfo) {
			l.Fatalf("a file is damaged: %s", info)
		},
		DiskSlow: func(info pebble.DiskSlowInfo) {
			l.log.Warn("The disk is slow", "operation", info.OpType.String(), "took", info.Duration)
		},
		WriteStallBegin: func(info pebble.WriteStallBeginInfo) {
			l.log.Warn("Writes wait for the disk", "reason", info.Reason)
		},
		WriteStallEnd: func() { l.log.Info("Writes go on") },
	}
}

// exit is what Options.Fatal does if nobody says otherwise.
func exit(log *slog.Logger) func(error) {
	return func(err error) {
		log.Error("The database cannot keep what it acknowledges, so the server stops; nothing acknowledged is lost", "error", err)
		os.Exit(1)
	}
}
