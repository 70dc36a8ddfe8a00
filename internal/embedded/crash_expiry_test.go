package embedded

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// This file is the part of the crashes that is about what expires and what is updated.

func (c *crash) startLapsing() {
	c.t.Helper()
	c.lapsing = sampleGroup("lapsing")
	if err := c.s.Groups().Create(c.t.Context(), c.lapsing); err != nil {
		c.t.Fatal(err)
	}
	if err := c.s.Tables().CreateTable(c.t.Context(), &table.Table{Database: table.FeatureStoreDatabase, Name: "t"}); err != nil {
		c.t.Fatal(err)
	}
	c.promised.features = len(c.lapsing.Definitions)
}

// putLapsing puts a record that may expire, and may find that the one held has.
func (c *crash) putLapsing(rng *rand.Rand, name string) error {
	id := strconv.Itoa(rng.IntN(8))
	r := &feature.Record{
		ID: id, EventTime: feature.EventTime{Sec: rng.Int64N(40) - 20, Nsec: rng.Int32N(2)}, TTL: rng.Int64N(10),
		Values: []feature.Value{{Ordinal: 0, Text: id}, {Ordinal: 1, Text: "0"}, {Ordinal: 2, Text: name}},
	}
	accepted := time.Unix(rng.Int64N(60)-30, 0)
	err := c.s.Records().Do(context.Background(), c.lapsing, id, func(held *feature.Record) (feature.Decision, error) {
		return feature.DecidePut(c.lapsing, held, r, feature.OnlineStore|feature.OfflineStore, accepted), nil
	})
	if err == nil {
		c.promise(func(p *promises) { p.lapsed[name] = true })
	}
	return err
}

// expire removes what expires by some instant.
func (c *crash) expire(rng *rand.Rand) error {
	ctx, by := context.Background(), time.Unix(rng.Int64N(60)-30, 0)
	ids, err := c.s.Records().Expired(ctx, c.lapsing.ID, by, 3)
	if err != nil {
		return err
	}
	for _, id := range ids {
		var gone feature.Position
		err := c.s.Records().Do(ctx, c.lapsing, id, func(held *feature.Record) (feature.Decision, error) {
			if held != nil {
				gone = held.Position
			}
			return feature.DecideExpire(c.lapsing, held, by)
		})
		if feature.KindOf(err) == feature.NotFound {
			continue // a put came between
		}
		if err != nil {
			return err
		}
		c.promise(func(p *promises) { p.expired[gone] = true })
	}
	return nil
}

// extend gives the table a column, or the group a feature.
func (c *crash) extend(n int) error {
	ctx := context.Background()
	if n%2 == 0 {
		tb, err := c.s.Tables().UpdateTable(ctx, table.FeatureStoreDatabase, "t", func(tb *table.Table) error {
			tb.Columns = append(tb.Columns, table.Column{Name: fmt.Sprint("c", n)})
			return nil
		})
		if err == nil {
			c.promise(func(p *promises) { p.columns = len(tb.Columns) })
		}
		return err
	}
	g, err := c.s.Groups().Update(ctx, "lapsing", func(g *feature.Group) error {
		g.Definitions = append(g.Definitions, feature.Definition{Name: feature.Name(fmt.Sprint("f", n)), Type: feature.String})
		return nil
	})
	if err == nil {
		c.promise(func(p *promises) { p.features = len(g.Definitions) })
	}
	return err
}

// checkLapsing looks for what was promised, and replays the journal: it must leave what is held.
func (c *crash) checkLapsing(s *Store) {
	t := c.t
	sn, err := s.Offline().Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names, held := map[string]bool{}, map[string]*feature.Record{}
	for e, err := range sn.Entries(c.lapsing.ID) {
		if err != nil {
			t.Fatal(err)
		}
		if !e.Record.Deleted {
			names[e.Record.Values[2].Text] = true
		}
		switch e.Outcome {
		case feature.OnlineWritten:
			held[e.Record.ID] = &e.Record
			e.Record.Position = e.Position
		case feature.OnlineRemoved:
			delete(held, e.Record.ID)
		}
	}
	for r, err := range sn.Records(c.lapsing.ID) {
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(held[r.ID], r); diff != "" {
			t.Errorf("record %s (-by the journal +held):\n%s", r.ID, diff)
		}
		if c.promised.expired[r.Position] {
			t.Errorf("record %s of entry %d has expired and is back", r.ID, r.Position)
		}
		delete(held, r.ID)
	}
	for id := range held {
		t.Errorf("record %s is lost", id)
	}
	for name := range c.promised.lapsed {
		if !names[name] {
			t.Errorf("row %s was promised and is lost", name)
		}
	}
	tb, err := sn.Table(table.FeatureStoreDatabase, "t")
	if err != nil {
		t.Fatal(err)
	}
	if len(tb.Columns) < c.promised.columns || int(tb.Version) != len(tb.Columns) {
		t.Errorf("the table has %d columns and version %d, want %d columns at least, each with its version", len(tb.Columns), tb.Version, c.promised.columns)
	}
	g, err := s.Groups().Get(t.Context(), "lapsing")
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Definitions) < c.promised.features {
		t.Errorf("the group has %d features, want %d at least", len(g.Definitions), c.promised.features)
	}
	if err := sn.Close(); err != nil {
		t.Fatal(err)
	}
}
