package embedded

import (
	"errors"
	"fmt"
	"iter"

	"github.com/cockroachdb/pebble/v2"
)

// row is one key and its value. Both are overwritten by the next.
type row struct{ key, value []byte }

// rows yields, from the database, a snapshot or a batch, the rows of lower ≤ key < upper as they stand when ranging begins. ready, if there
// is one, runs after that moment and before the first row.
func rows(r pebble.Reader, lower, upper []byte, ready func() error) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		if err := walk(r, lower, upper, false, ready, yield); err != nil {
			yield(row{}, err)
		}
	}
}

// backwards is rows in reverse order.
func backwards(r pebble.Reader, lower, upper []byte, ready func() error) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		if err := walk(r, lower, upper, true, ready, yield); err != nil {
			yield(row{}, err)
		}
	}
}

// walk returns no error once yield has said that it wants no more.
func walk(r pebble.Reader, lower, upper []byte, reverse bool, ready func() error, yield func(row, error) bool) error {
	it, err := r.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	// What went wrong in reading is it.Error, which is looked at; Close would repeat it.
	defer func() { _ = it.Close() }()
	if ready != nil {
		if err := ready(); err != nil {
			return err
		}
	}
	first, next := it.First, it.Next
	if reverse {
		first, next = it.Last, it.Prev
	}
	for ok := first(); ok; ok = next() {
		value, err := it.ValueAndErr()
		if err != nil {
			return fmt.Errorf("read the database: %w", err)
		}
		if !yield(row{it.Key(), value}, nil) {
			return nil
		}
	}
	if err := it.Error(); err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	return nil
}

// get calls use with the value of key, which is valid until use returns, and tells whether there
// is one.
func get(r pebble.Reader, key []byte, use func(value []byte) error) (bool, error) {
	value, closer, err := r.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the database: %w", err)
	}
	err = use(value)
	return true, errors.Join(err, closer.Close())
}

// has tells whether key is there.
func has(r pebble.Reader, key []byte) (bool, error) {
	return get(r, key, func([]byte) error { return nil })
}

// some tells whether there is a row of lower ≤ key < upper.
func some(r pebble.Reader, lower, upper []byte) (bool, error) {
	for _, err := range rows(r, lower, upper, nil) {
		return err == nil, err
	}
	return false, nil
}

// set, remove and removeRange change a batch. The error of a batch could only be that it has no
// database; ours all have one.
func set(b *pebble.Batch, key, value []byte)         { _ = b.Set(key, value, nil) }
func remove(b *pebble.Batch, key []byte)             { _ = b.Delete(key, nil) }
func removeRange(b *pebble.Batch, from, upTo []byte) { _ = b.DeleteRange(from, upTo, nil) }
