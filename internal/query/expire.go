package query

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

const (
	expiryEvery = time.Hour
	// expiryStep is how many executions one commit forgets.
	expiryStep = 200
)

// Run forgets, now and then, the executions that are older than Options.Keep, and the tables that the SDK left, until ctx ends. What their
// results left in buckets stays: it is the client's.
func (s *Store) Run(ctx context.Context) error {
	ticker := time.NewTicker(expiryEvery)
	defer ticker.Stop()
	for {
		if err := s.Expire(ctx); err != nil && ctx.Err() == nil {
			s.o.Log.Error("old executions could not be forgotten", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Expire forgets the executions, and the tables that the SageMaker SDK made of data frames and left, that are
// older than Options.Keep now, in steps.
func (s *Store) Expire(ctx context.Context) error {
	before := s.now().Add(-s.o.Keep)
	for {
		n, err := s.executions.Remove(ctx, before, expiryStep)
		if err != nil {
			return fmt.Errorf("remove executions: %w", err)
		}
		if n < expiryStep {
			return s.expireFrames(ctx, before)
		}
	}
}

// frameTable is what the SDK calls the table of a data frame that is the base of a dataset. It never drops
// one (client-behaviour §2).
var frameTable = regexp.MustCompile(`^dataframe_dataframe_base_[0-9]+_[0-9a-f]+$`)

func (s *Store) expireFrames(ctx context.Context, before time.Time) error {
	all, err := s.tables.Tables(ctx, table.FeatureStoreDatabase)
	if feature.KindOf(err) == feature.NotFound {
		return nil // somebody has deleted the database
	}
	if err != nil {
		return fmt.Errorf("list the tables of data frames: %w", err)
	}
	for _, t := range all {
		if t.Group != 0 || !t.Created.Before(before) || !frameTable.MatchString(t.Name) {
			continue
		}
		if err := s.tables.DeleteTable(ctx, t.Database, t.Name); err != nil && feature.KindOf(err) != feature.NotFound {
			return fmt.Errorf("forget the table %s: %w", t.Name, err)
		}
	}
	return nil
}

// Executions returns up to limit IDs of the executions of a work group, newest first, behind the one of the
// ID after, and whether there are more. Invalid: there is no such group, or no such execution.
func (s *Store) Executions(ctx context.Context, workGroup, after string, limit int) (ids []string, more bool, err error) {
	if _, err := s.WorkGroup(ctx, workGroup); err != nil {
		return nil, false, err
	}
	for e, err := range s.executions.List(ctx, workGroup, after) {
		if err != nil {
			return nil, false, err
		}
		if len(ids) == limit {
			return ids, true, nil
		}
		ids = append(ids, e.ID)
	}
	return ids, false, nil
}
