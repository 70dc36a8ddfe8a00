package app

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/larder-dev/larder/internal/table"
)

// DefaultListen is where a server listens if it is not told.
const DefaultListen = "127.0.0.1:9444"

// Defaults of a new data directory. The account is the one of AWS's own examples, which is nobody's,
// and the same everywhere: an ARN written into a program, a test or a notebook fits every server.
const (
	DefaultRegion  = "us-east-1"
	DefaultAccount = "123456789012"
)

// Config says how a server runs.
type Config struct {
	Dir    string // the data directory, made if it is not there; required
	Listen string // host:port; "": DefaultListen
	// Region and Account are fixed by the first start on a directory: "" takes what is there, or the
	// defaults.
	Region, Account string
	// TLSCert and TLSKey name PEM files. "": the port's TLS has a certificate for localhost.
	TLSCert, TLSKey string
	// InsecureHTTP lets other machines in without TLS.
	InsecureHTTP bool
	// FlushAge is how long a row may wait before it is in a file; 0: the default of package table.
	FlushAge time.Duration
	// Runs says when sorted runs are made.
	Runs table.Runs
	// Retention is how long what was replaced or deleted is kept on the disk, and UploadAge how long an
	// upload that nobody completes: bucket.Options's of these names. 0: their defaults; UploadAge below
	// 0: for ever.
	Retention, UploadAge time.Duration
	// KeepQueries is how long executions are remembered; 0: the default of package query.
	KeepQueries time.Duration
	// Cache is how many bytes of what was read of the database stay in memory, once so much was read; 0: an
	// eighth of the machine's, 4 GiB at most.
	Cache int64
	// QueryMemory is how many bytes all queries together may hold; 0: a third of the machine's.
	QueryMemory int64
	// Extensions and Throttle are featurestore.Options's of these names.
	Extensions, Throttle bool
	// ImportFiles lets imports name files of this machine although other machines may call. They may
	// if none can.
	ImportFiles bool
	Worker      []string // the command that starts a query worker; required
	Release     string   // of this program, which datasets remember

	// Getenv and Upstream are the environment: which roots to trust, and through which proxy to reach
	// an https URL. nil: the process's own.
	Getenv   func(string) string
	Upstream func(*http.Request) (*url.URL, error)

	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // nil: nothing is logged
}

// The least that may be kept. Queries of this server hold their files by themselves; engines elsewhere
// list the files first and read them then.
const (
	leastRetention = time.Minute
	leastUploadAge = time.Hour
)

// check refuses what no server should run with.
func (c Config) check() error {
	switch {
	case c.KeepQueries < 0 || c.KeepQueries > 0 && c.KeepQueries < time.Hour:
		return fmt.Errorf("--keep-queries %s: clients come back for results; say 1h or more", c.KeepQueries)
	case c.FlushAge < 0:
		return fmt.Errorf("--flush-age %s: a time to wait cannot be negative; say 10s, or 1m", c.FlushAge)
	case c.Retention != 0 && c.Retention < leastRetention:
		return fmt.Errorf("--retention %s: a query of another engine must still find the files that it listed when it began; say %s or more, and more than such a query takes", c.Retention, leastRetention)
	case c.UploadAge > 0 && c.UploadAge < leastUploadAge:
		return fmt.Errorf("--upload-age %s: an upload in parts that is under way must not be taken away from its client; say %s or more, or 0 for ever", c.UploadAge, leastUploadAge)
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = DefaultListen
	}
	if c.Getenv == nil {
		c.Getenv = os.Getenv
	}
	if c.Upstream == nil {
		c.Upstream = http.ProxyFromEnvironment
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// The names of what lies in a data directory: docs/formats/data-directory.md.
const (
	settingsName = "larder.json"
	rootKeyName  = "root-key.json"
	lockName     = "lock"
	serverName   = "server.json"
	databaseName = "db"
	blobsName    = "blobs"
	scratchName  = "scratch"
	importsName  = "imports"
	datasetsName = "datasets"
)

// A directory is a data directory, by its absolute path.
type directory string

func (d directory) path(name string) string { return filepath.Join(string(d), name) }
