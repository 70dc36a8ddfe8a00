package table

import (
	"context"
	"iter"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// CreatePartitions creates those that are not there, in one commit, and returns one error for each of
// parts: nil, Exists, or Invalid for one whose values do not go with the table's keys. NotFound: the
// table.
func (s *Store) CreatePartitions(ctx context.Context, database, name string, parts []*Partition) ([]error, error) {
	t, err := s.Table(ctx, database, name)
	if err != nil {
		return nil, err
	}
	errs := make([]error, len(parts))
	var fit []*Partition
	var places []int
	for i, p := range parts {
		if errs[i] = checkValues(t, p.Values); errs[i] == nil {
			c := *p
			c.Created, c.Columns = s.now(), foldColumns(p.Columns)
			fit, places = append(fit, &c), append(places, i)
		}
	}
	each, err := s.tables.CreatePartitions(ctx, t.Database, t.Name, fit)
	if err != nil {
		return nil, s.partitionError(ctx, t, err)
	}
	for i, err := range each {
		errs[places[i]] = err
		if feature.KindOf(err) == feature.Exists {
			errs[places[i]] = feature.Errorf(feature.Exists, "Partition already exists.")
		}
	}
	return errs, nil
}

// Partition returns the partition of these values. NotFound: it or the table; Invalid.
func (s *Store) Partition(ctx context.Context, database, name string, values []string) (*Partition, error) {
	t, err := s.Table(ctx, database, name)
	if err != nil {
		return nil, err
	}
	if err := checkValues(t, values); err != nil {
		return nil, err
	}
	p, err := s.tables.GetPartition(ctx, t.Database, t.Name, values)
	return p, s.partitionError(ctx, t, err)
}

// Partitions yields the partitions of t behind the one of these values, or all if there are none, in the
// order of their values. NotFound: the table.
func (s *Store) Partitions(ctx context.Context, t *Table, after []string) iter.Seq2[*Partition, error] {
	return func(yield func(*Partition, error) bool) {
		for p, err := range s.tables.ListPartitions(ctx, t.Database, t.Name, after) {
			if err != nil {
				err = s.partitionError(ctx, t, err)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// UpdatePartition puts p, which may have other values, in the place of the partition of these values. NotFound:
// it or the table; Exists: another has the new values; Invalid.
func (s *Store) UpdatePartition(ctx context.Context, database, name string, values []string, p *Partition) error {
	t, err := s.Table(ctx, database, name)
	if err != nil {
		return err
	}
	for _, v := range [][]string{values, p.Values} {
		if err := checkValues(t, v); err != nil {
			return err
		}
	}
	err = s.tables.UpdatePartition(ctx, t.Database, t.Name, values, func(held *Partition) error {
		next := *p
		next.Database, next.Table, next.Created, next.Columns = held.Database, held.Table, held.Created, foldColumns(p.Columns)
		*held = next
		return nil
	})
	return s.partitionError(ctx, t, err)
}

// DeletePartitions forgets those that are there, in one commit, and returns one error for each of values:
// nil, NotFound or Invalid. The data files stay. NotFound: the table.
func (s *Store) DeletePartitions(ctx context.Context, database, name string, values [][]string) ([]error, error) {
	t, err := s.Table(ctx, database, name)
	if err != nil {
		return nil, err
	}
	errs, err := s.tables.DeletePartitions(ctx, t.Database, t.Name, values)
	if err != nil {
		return nil, s.partitionError(ctx, t, err)
	}
	for i, err := range errs {
		if feature.KindOf(err) == feature.NotFound {
			errs[i] = noPartition()
			if err := checkValues(t, values[i]); err != nil {
				errs[i] = err
			}
		}
	}
	return errs, nil
}

// partitionError words an error of a partition of a table that was there. The table may be gone by now.
func (s *Store) partitionError(ctx context.Context, t *Table, err error) error {
	switch feature.KindOf(err) {
	case feature.NotFound:
		if _, gone := s.Table(ctx, t.Database, t.Name); gone != nil {
			return gone
		}
		return noPartition()
	case feature.Exists:
		return feature.Errorf(feature.Exists, "Partition already exists.")
	}
	return err
}

func noPartition() error { return feature.Errorf(feature.NotFound, "Cannot find partition.") }

// checkValues holds that there is one value for each key.
func checkValues(t *Table, values []string) error {
	if len(values) == len(t.PartitionKeys) && len(values) > 0 {
		return nil
	}
	keys := make([]string, len(t.PartitionKeys))
	for i, k := range t.PartitionKeys {
		keys[i] = k.Name
	}
	return feature.Errorf(feature.Invalid, "The number of partition values, %d, is not that of the partition keys of the table %s: %d (%s)",
		len(values), t.Name, len(keys), strings.Join(keys, ", "))
}
