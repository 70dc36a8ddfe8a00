package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/proxy"
)

// formatVersion is the version of the files of a data directory that are kept here.
const formatVersion = 1

// settings are what the first start on a directory fixes: they are in every ARN and key of its data.
type settings struct {
	Version int       `json:"version"`
	Account string    `json:"account"`
	Region  string    `json:"region"`
	Created time.Time `json:"created"`
}

var (
	accountForm = regexp.MustCompile(`^[0-9]{12}$`)
	regionForm  = regexp.MustCompile(`^[a-z]{2,4}(-[a-z0-9]+)+$`)
)

// openDirectory makes the directory if it is not there and locks it until the closer is closed.
func openDirectory(path string) (directory, io.Closer, error) {
	if path == "" {
		return "", nil, errors.New("no data directory was named")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", nil, fmt.Errorf("data directory %s: %w", path, err)
	}
	if err := makeDurable(abs); err != nil {
		return "", nil, fmt.Errorf("data directory: %w", err)
	}
	// One directory has one name, or two servers could each hold a lock on it.
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return "", nil, fmt.Errorf("data directory: %w", err)
	}
	dir := directory(abs)
	if err := dir.check(); err != nil {
		return "", nil, err
	}
	lock, err := vfs.Default.Lock(dir.path(lockName))
	if err != nil {
		return "", nil, dir.inUse(err)
	}
	if err := dir.sweep(); err != nil {
		return "", nil, errors.Join(fmt.Errorf("data directory: %w", err), lock.Close())
	}
	return dir, lock, nil
}

// makeDurable makes a directory and those above it that are missing. What is acknowledged later must not
// vanish because the name of its directory did.
func makeDurable(path string) error {
	var missing []string
	for at := path; ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		missing = append(missing, at)
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	for _, made := range missing {
		if err := syncDir(filepath.Dir(made)); err != nil {
			return err
		}
	}
	return nil
}

// check refuses a directory that is somebody else's.
func (d directory) check() error {
	entries, err := os.ReadDir(string(d))
	if err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	ours := []string{settingsName, rootKeyName, lockName, serverName, databaseName, blobsName, scratchName, importsName, datasetsName, proxy.BundleName}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == settingsName }) {
		return nil
	}
	for _, e := range entries {
		if !slices.Contains(ours, e.Name()) && !strings.HasPrefix(e.Name(), temporaryPrefix) {
			return fmt.Errorf("data directory %s holds %s and was not made by larder; name an empty or a new one", d, e.Name())
		}
	}
	return nil
}

// sweep removes what a process was writing when it was killed.
func (d directory) sweep() error {
	entries, err := os.ReadDir(string(d))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), temporaryPrefix) {
			err = errors.Join(err, os.Remove(d.path(e.Name())))
		}
	}
	return err
}

func (d directory) inUse(cause error) error {
	s, err := ReadServer(string(d))
	if err != nil {
		return fmt.Errorf("data directory %s is in use by another larder server; stop it, or name another directory (%w)", d, cause)
	}
	return fmt.Errorf("data directory %s is in use by the larder server at %s (process %d); stop it, or name another directory", d, s.Endpoint, s.PID)
}

// loadSettings reads the settings, and makes them at the first start. What the caller asks for must be
// what is there.
func (d directory) loadSettings(region, account string, now time.Time) (settings, error) {
	var s settings
	err := readJSON(d.path(settingsName), &s)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s = settings{Version: formatVersion, Account: or(account, DefaultAccount), Region: or(region, DefaultRegion), Created: now.UTC().Truncate(time.Second)}
		if err := s.check(); err != nil {
			return s, err
		}
		return s, writeJSON(d.path(settingsName), s)
	case err != nil:
		return s, err
	}
	if s.Version != formatVersion {
		return s, fmt.Errorf("%s has version %d; this larder knows version %d: use the larder that wrote it, or a newer one", d.path(settingsName), s.Version, formatVersion)
	}
	if err := s.check(); err != nil {
		return s, fmt.Errorf("%s: %w", d.path(settingsName), err)
	}
	if region != "" && region != s.Region {
		return s, fmt.Errorf("the data in %s was made for region %s, and its ARNs say so; leave --region %s out, or name another directory", d, s.Region, region)
	}
	if account != "" && account != s.Account {
		return s, fmt.Errorf("the data in %s was made for account %s, and its ARNs say so; leave --account %s out, or name another directory", d, s.Account, account)
	}
	return s, nil
}

func (s settings) check() error {
	if !accountForm.MatchString(s.Account) {
		return fmt.Errorf("account %q is not 12 digits", s.Account)
	}
	if !regionForm.MatchString(s.Region) || len(s.Region) > 32 {
		return fmt.Errorf("region %q does not look like us-east-1", s.Region)
	}
	return nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// temporaryPrefix marks files that were being written when a process ended.
const temporaryPrefix = ".tmp-"

// writeJSON replaces a file, readable by its owner only, and returns when that is durable.
func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return writeFile(path, append(text, '\n'), 0o600)
}

// writeFile replaces a file and returns when that is durable: a reader finds the old bytes or the new.
func writeFile(path string, text []byte, mode os.FileMode) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), temporaryPrefix)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name()) // it is of no use to anybody
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	if err = f.Chmod(mode); err != nil {
		return err
	}
	if _, err = f.Write(text); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes names in a directory durable.
func syncDir(path string) error {
	d, err := vfs.Default.OpenDir(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func readJSON(path string, v any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}
