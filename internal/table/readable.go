package table

import (
	"context"
	"fmt"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// Readable tells whether SQL can read t: clients may register tables of any kind. Unsupported; Invalid.
func Readable(t *Table) error {
	switch {
	case strings.EqualFold(t.Parameters["table_type"], "ICEBERG"):
		return feature.Errorf(feature.Unsupported, "the table %s is an Iceberg table, which SQL does not read here yet; read it with pyiceberg or Spark", t.Name)
	case t.TableType == "VIRTUAL_VIEW" || t.ViewOriginalText != "" && t.Location == "":
		return feature.Errorf(feature.Unsupported, "%s is a view, which SQL does not read here yet; query what it selects", t.Name)
	case len(t.AdditionalLocations) > 0:
		return feature.Errorf(feature.Unsupported, "the table %s has additional locations, which SQL does not read; give it one location", t.Name)
	}
	if err := refuseProjection(t); err != nil {
		return err
	}
	if len(t.Columns) == 0 {
		return feature.Errorf(feature.Invalid, "HIVE_INVALID_METADATA: the table %s has no columns", t.Name)
	}
	seen := map[string]bool{}
	for _, columns := range [][]Column{t.Columns, t.PartitionKeys} {
		for _, c := range columns {
			if seen[c.Name] {
				return feature.Errorf(feature.Invalid, "HIVE_INVALID_METADATA: Hive metadata for table %s is invalid: Table descriptor contains duplicate columns", t.Name)
			}
			seen[c.Name] = true
			if _, err := engineType(c.Type); err != nil {
				return fmt.Errorf("column %q: %w", c.Name, err)
			}
		}
	}
	if _, err := parseLocation(t.Location); err != nil {
		return err
	}
	_, err := formatOf(t)
	return err
}

// Places reports whether the rows of t, which is Readable, have places that an engine can tell: those of Parquet files have.
// Partitions may have files of another kind.
func Places(t *Table) bool { return t.SerDe == parquetSerDe && len(t.PartitionKeys) == 0 }

// refuseProjection refuses partitions that are made of nothing but a rule. The other properties of the
// rule mean nothing where it is not enabled; awswrangler gives every table of its own a projection.enabled
// of false.
func refuseProjection(t *Table) error {
	enabled, given := t.Parameters["projection.enabled"]
	if !given || strings.EqualFold(enabled, "false") {
		return nil
	}
	return feature.Errorf(feature.Unsupported, "the table property projection.enabled is %q: partition projection is not supported; leave it out, and register the partitions", enabled)
}

// addPartitions finds the data files of a table with partition keys: those of its partitions, and no others.
func (s *Store) addPartitions(ctx context.Context, snap Snapshot, t *Table, v *View) error {
	for p, err := range snap.Partitions(t.Database, t.Name) {
		if err != nil {
			return fmt.Errorf("list partitions of %s: %w", t.Name, err)
		}
		if len(p.Values) != len(t.PartitionKeys) {
			continue // of keys that the table had before
		}
		of, err := partitionTable(t, p)
		if err != nil {
			return err
		}
		first := len(v.Files)
		if err := s.addFiles(ctx, snap, of, v); err != nil {
			return fmt.Errorf("partition %q: %w", p.Values, err)
		}
		keys := make([]*string, len(p.Values))
		for i := range p.Values {
			if p.Values[i] != HiveNull {
				keys[i] = &p.Values[i]
			}
		}
		for i := first; i < len(v.Files); i++ {
			v.Files[i].Keys = keys
		}
	}
	return nil
}

// partitionTable is a table of the files of one partition. What the partition does not say is the table's.
func partitionTable(t *Table, p *Partition) (*Table, error) {
	of := *t
	if p.SerDe != "" {
		of.SerDe, of.SerDeParams, of.InputFormat, of.OutputFormat = p.SerDe, p.SerDeParams, p.InputFormat, p.OutputFormat
	}
	if p.Location == "" {
		return nil, feature.Errorf(feature.Invalid, "the partition %q of the table %s has no location; update it", p.Values, t.Name)
	}
	of.Location = p.Location
	return &of, nil
}
