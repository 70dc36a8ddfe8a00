// Package results is the file that the parts of the bench write and the page is made from: a JSON object a line, one a
// round. It knows no contender and no section.
package results

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
)

// A Row is one round of one contender on one path, or one figure. The page shows sections, and paths in them, in the
// order in which the file first has them; contenders of a path stand beside each other, their rounds in one line.
type Row struct {
	Section   string `json:"section"`   // heading: "Online reads"
	Path      string `json:"path"`      // what is measured: "GetRecord, 50 features, ceiling"
	Contender string `json:"contender"` // who: Larder, or "bare handler that verifies", "Redis HMGET"
	Round     int    `json:"round"`     // from 1

	// A round of load has a rate in Unit a second ("" is requests). Another figure has its Value in Unit: "MiB", "s".
	Rate  float64 `json:"rate,omitempty"`
	Value float64 `json:"value,omitempty"`
	Unit  string  `json:"unit,omitempty"`
	// Asked is the rate of an open loop; 0: it was a closed loop.
	Asked float64 `json:"asked,omitempty"`
	Conns int     `json:"conns,omitempty"`

	// How long answers took; of an open loop from when the request was due.
	P50   float64 `json:"p50_ms,omitempty"`
	P99   float64 `json:"p99_ms,omitempty"`
	P999  float64 `json:"p999_ms,omitempty"`
	Worst float64 `json:"worst_ms,omitempty"`

	Errors int64   `json:"errors"`
	CPU    float64 `json:"cpu_s,omitempty"`   // of the server, in this round
	Done   int64   `json:"done,omitempty"`    // with it: of what Rate counts, the warming included
	RSS    float64 `json:"rss_mib,omitempty"` // of the server, the most in this round
	// Note says what a reader must know of the row: the first error, how a peer was set up, why one is missing. A row
	// with a note and no figure says why there is none.
	Note string `json:"note,omitempty"`
}

// Loaded returns the row with what a run of load said.
func (r Row) Loaded(p *load.Plan, got load.Result) Row {
	r.Rate, r.Asked, r.Conns, r.Errors, r.Done = got.Rate(), p.Rate, p.Conns, got.Errors, got.All
	r.times(got.Times())
	if got.Error != "" {
		r.Note = join(r.Note, "first error: "+got.Error)
	}
	return r
}

// Each is the processor's time for each that was done, in µs; 0 if it is not known.
func (r *Row) Each() float64 {
	if r.Done == 0 {
		return 0
	}
	return r.CPU / float64(r.Done) * 1e6
}

func (r *Row) times(t load.Times) {
	in := func(q float64) float64 { return float64(t.Quantile(q)) / float64(time.Millisecond) }
	r.P50, r.P99, r.P999, r.Worst = in(0.5), in(0.99), in(0.999), in(1)
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

func (r *Row) check() error {
	if r.Section == "" || r.Path == "" || r.Contender == "" || r.Round < 1 {
		return fmt.Errorf("a row needs a section, a path, a contender and a round: %+v", *r)
	}
	return nil
}

// Write makes a file of rows.
func Write(file string, rows []Row) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, r := range rows {
		if err := Append(file, r); err != nil {
			return err
		}
	}
	return nil
}

// Append adds a row to a file, which is made if it is not there.
func Append(file string, r Row) (err error) {
	if err := r.check(); err != nil {
		return err
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// Read reads the rows of a file.
func Read(file string) ([]Row, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	rows, err := decode(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return rows, nil
}

func decode(in io.Reader) ([]Row, error) {
	var rows []Row
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var r Row
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&r); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		rows = append(rows, r)
	}
	return rows, lines.Err()
}
