// Package history generates the rows that the benches of bulk loads import, and is the oracle of what
// is to be found then: a row is a function of its number.
package history

import (
	"bufio"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// IDs is how many identifiers there are: customers.
const IDs = 1_000_000

// Start is when the history begins, in seconds since 1970.
const Start = 1_690_000_000

// A History is that of customers, each with events at any time of some days: first Rows events in their order, as a log
// has them, then any number of late ones at any time of the days.
type History struct {
	Rows int64
	Days int64
}

// An Event is a row.
type Event struct {
	ID      int
	At      int64 // milliseconds since 1970
	N       [3]int64
	X       [4]float64
	Segment int
}

// mix is a number that has nothing to do with its neighbours.
func mix(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// Event is row i, from 0; from Rows on late ones.
func (h History) Event(i int64) Event {
	r := mix(uint64(i)*2 + 1)
	span := h.Days * 86_400_000
	e := Event{ID: int(r % IDs), Segment: int(r >> 60)}
	if i < h.Rows {
		e.At = Start*1000 + int64(float64(i)/float64(h.Rows)*float64(span))
	} else {
		e.At = Start*1000 + int64(mix(r+99)%uint64(span))
	}
	for k := range e.N {
		e.N[k] = int64(mix(r+uint64(k)) % 10_000)
	}
	for k := range e.X {
		e.X[k] = float64(mix(r+uint64(10+k))%1_000_000) / 100
	}
	return e
}

// Time is the text of the event time.
func (e *Event) Time() string { return string(e.appendTime(nil)) }

func (e *Event) appendTime(b []byte) []byte {
	return time.UnixMilli(e.At).UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
}

// Customer is the identifier.
func (e *Event) Customer() string { return Customer(e.ID) }

// Customer is the text of an identifier.
func Customer(id int) string { return fmt.Sprintf("customer-%07d", id) }

// Hour is the event hour, in hours since 1970.
func (e *Event) Hour() int64 { return int64(math.Floor(float64(e.At) / 3_600_000)) }

// Features are the features of a row: customer is the identifier, at the event time.
func Features() []feature.Definition {
	return []feature.Definition{
		{Name: "customer", Type: feature.String}, {Name: "at", Type: feature.String},
		{Name: "n0", Type: feature.Integral}, {Name: "n1", Type: feature.Integral}, {Name: "n2", Type: feature.Integral},
		{Name: "x0", Type: feature.Fractional}, {Name: "x1", Type: feature.Fractional}, {Name: "x2", Type: feature.Fractional}, {Name: "x3", Type: feature.Fractional},
		{Name: "segment", Type: feature.String},
	}
}

// Texts are the values of a row as a put would bring them, in the order of Features.
func (e *Event) Texts() []string {
	texts := []string{e.Customer(), e.Time()}
	for _, n := range e.N {
		texts = append(texts, strconv.FormatInt(n, 10))
	}
	for _, x := range e.X {
		text := strconv.FormatFloat(x, 'f', -1, 64)
		if x == math.Trunc(x) {
			text += ".0"
		}
		texts = append(texts, text)
	}
	return append(texts, segment(e.Segment))
}

func segment(n int) string { return "segment-" + strconv.Itoa(n) }

// Write writes the rows from ≤ i < to as a Parquet file.
func (h History) Write(name string, from, to int64) (err error) {
	var columns []parquet.Column
	for _, d := range Features() {
		columns = append(columns, parquet.Column{Name: string(d.Name), Type: map[feature.Type]parquet.Type{
			feature.String: parquet.Text, feature.Integral: parquet.Int64, feature.Fractional: parquet.Float64}[d.Type]})
	}
	schema, err := parquet.NewSchema(columns)
	if err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	w := parquet.NewWriter(out, schema)
	for i := from; i < to; i++ {
		if err := writeRow(w, h.Event(i)); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.Flush()
}

func writeRow(w *parquet.Writer, e Event) error {
	row := w.BeginRow()
	row.Text([]byte(e.Customer()))
	row.Text([]byte(e.Time()))
	for _, n := range e.N {
		row.Int64(n)
	}
	for _, x := range e.X {
		row.Float64(x)
	}
	row.Text([]byte(segment(e.Segment)))
	return row.End()
}
