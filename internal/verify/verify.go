// Package verify compares the two stores of a group in full: what is held online with the rows of the
// offline table, as both stand at one moment. docs/consistency.md says which differences the contract
// explains. It changes nothing, and knows no wire format and no engine but the dialect of its plans.
package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// A Verifier compares stores. It is safe for concurrent use.
type Verifier struct {
	groups  feature.Catalog
	tables  *table.Store
	offline table.Offline
	engine  query.Engine
	o       Options
}

// Options of a Verifier. The zero value is ready for use.
type Options struct {
	// PassBytes is how much the engine joins or sorts at a time, about; 0: 64 MiB, which fits into a
	// worker of 256 MiB. A larger group takes several passes over its files.
	PassBytes int64
	Now       func() time.Time // nil: time.Now
}

// New returns a Verifier. It does no I/O.
func New(groups feature.Catalog, tables *table.Store, offline table.Offline, engine query.Engine, o Options) *Verifier {
	if o.PassBytes <= 0 {
		o.PassBytes = 64 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Verifier{groups: groups, tables: tables, offline: offline, engine: engine, o: o}
}

// Group compares the stores of a group. The report has at most most differences; it counts them all.
// Its memory does not grow with the group. NotFound.
func (v *Verifier) Group(ctx context.Context, name feature.GroupName, most int) (_ *Report, err error) {
	snap, err := v.offline.Snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("take a snapshot: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	// After the snapshot: it may know a feature that the snapshot does not, never the other way round.
	g, err := v.groups.Get(ctx, name)
	if feature.KindOf(err) == feature.NotFound {
		return nil, &feature.Error{Kind: feature.NotFound, Text: feature.NoGroup(name)}
	}
	if err != nil {
		return nil, err
	}
	c := &comparison{g: g, snap: snap, engine: v.engine, most: most, report: &Report{Group: g.Name, At: v.o.Now().UTC()}}
	if err := c.look(); err != nil {
		return nil, err
	}
	switch {
	case g.Online == nil:
		c.report.Skipped = "it has no online store"
	case g.Offline == nil:
		c.report.Skipped = "it has no offline store"
	}
	if c.report.Skipped != "" {
		return c.report, nil
	}
	view, err := v.tables.GroupView(ctx, snap, g)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	c.use(view)
	err = c.run(ctx, v.o.PassBytes)
	var bad *query.EngineError
	if errors.As(err, &bad) && unreadable(bad) {
		c.report.found(most, Difference{Kind: Unreadable, Detail: bad.Message})
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("compare the stores of %s: %w", name, err)
	}
	return c.report, nil
}

// unreadable tells an error of a data file from one of ours.
func unreadable(e *query.EngineError) bool {
	return e.Code == "HIVE_BAD_DATA" || e.Code == "HIVE_CANNOT_OPEN_SPLIT"
}
