package embedded

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// formatVersion is the version of the layout. It grows when an older Larder could not read, or
// would damage, what this one writes.
const formatVersion = 7

// checkFormat refuses what it cannot read, and marks an empty database as ours.
func (s *Store) checkFormat(now func() time.Time) error {
	version, found, err := s.number(metaFormat)
	if err != nil {
		return err
	}
	switch {
	case found && version > formatVersion:
		return feature.Errorf(feature.Unsupported,
			"a newer Larder wrote it: its format is %d and this Larder reads up to %d; use the newer Larder", version, formatVersion)
	case found && version < formatVersion:
		return s.raiseFormat(version, now)
	case found:
		return nil
	}
	if other, err := some(s.db, []byte{0}, []byte{0xff}); err != nil || other {
		if err != nil {
			return err
		}
		return feature.Errorf(feature.Unsupported, "it holds a database that is not Larder's; choose another directory")
	}
	b := s.db.NewBatch()
	setNumber(b, metaFormat, formatVersion)
	// The database of the groups' tables is there before any group is (client-behaviour §2).
	for name, description := range map[string]string{
		table.FeatureStoreDatabase: "Tables of the feature groups",
		table.DefaultDatabase:      defaultDescription,
	} {
		if err := setDatabase(b, name, description, now()); err != nil {
			return err
		}
	}
	if err := setPrimary(b, now()); err != nil {
		return err
	}
	s.finish(s.apply(b))
	return nil
}

// setPrimary makes the work group that is there from the beginning.
func setPrimary(b *pebble.Batch, now time.Time) error {
	value, err := toJSON(&query.WorkGroup{Name: query.PrimaryWorkGroup, Created: now.UTC()})
	set(b, key1(workGroupKeys, query.PrimaryWorkGroup), value)
	return err
}

// defaultDescription is what Hive says of its own.
const defaultDescription = "Default Hive database"

func setDatabase(b *pebble.Batch, name, description string, now time.Time) error {
	value, err := toJSON(&table.Database{Name: name, Description: description, Created: now.UTC()})
	if err != nil {
		return err
	}
	set(b, key1(databaseKeys, name), value)
	return nil
}

// raiseFormat makes a database of an older format one of today's, in one commit. Format 3 has the database
// "default", from the beginning; format 4 the work group "primary", and rows that find executions; format 7 rows
// that find datasets. From here on an older Larder refuses it: it would leave expiries, versions, partitions,
// executions and runs behind that are none, take the files of datasets for nobody's, and begin datasets that
// nothing finds.
func (s *Store) raiseFormat(from uint64, now func() time.Time) error {
	b := s.db.NewBatch()
	setNumber(b, metaFormat, formatVersion)
	if from < 3 {
		held, err := has(s.db, key1(databaseKeys, table.DefaultDatabase))
		if err == nil && !held {
			err = setDatabase(b, table.DefaultDatabase, defaultDescription, now())
		}
		if err != nil {
			return err
		}
	}
	if from < 4 {
		if err := errors.Join(setPrimary(b, now()), s.indexExecutions(b)); err != nil {
			return err
		}
	}
	if from < 7 {
		if err := s.indexDatasets(b); err != nil {
			return err
		}
	}
	s.finish(s.apply(b))
	return nil
}

// indexExecutions adds what format 4 has for each execution.
func (s *Store) indexExecutions(b *pebble.Batch) error {
	for row, err := range rows(s.db, []byte{executionKeys}, []byte{executionKeys + 1}, nil) {
		if err != nil {
			return err
		}
		e, err := fromJSON[query.Execution](row.value)
		if err != nil {
			return err
		}
		indexExecution(b, e)
	}
	return nil
}

// lastPosition returns the largest position that was ever given out, as far as anything remembers.
func (s *Store) lastPosition() (feature.Position, error) {
	n, _, err := s.number(metaPosition)
	if err != nil {
		return 0, err
	}
	last := feature.Position(n)
	waiting, err := s.waiting()
	if err != nil {
		return 0, err
	}
	for _, w := range waiting {
		for row, err := range backwards(s.db, journalKey(w.Group, 0), groupEnd(journalKeys, w.Group), nil) {
			if err != nil {
				return 0, err
			}
			_, p, err := splitJournalKey(row.key)
			if err != nil {
				return 0, err
			}
			last = max(last, p)
			break
		}
	}
	for row, err := range backwards(s.db, []byte{garbageKeys}, []byte{garbageKeys + 1}, nil) {
		if err != nil {
			return 0, err
		}
		at, _, err := splitNumberKey(row.key)
		if err != nil {
			return 0, err
		}
		last = max(last, feature.Position(at))
		break
	}
	return last, nil
}

// number reads one of the numbers under metaKeys.
func (s *Store) number(name string) (n uint64, found bool, err error) {
	found, err = get(s.db, key1(metaKeys, name), func(value []byte) error {
		d := decode(value)
		n = d.uvarint()
		return d.end()
	})
	return n, found, err
}

func setNumber(b *pebble.Batch, name string, n uint64) {
	set(b, key1(metaKeys, name), binary.AppendUvarint([]byte{valueVersion}, n))
}
