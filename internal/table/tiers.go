package table

import (
	"cmp"
	"math/bits"
	"slices"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/parquet"
)

// Compaction sets how the files of an event hour are merged (docs/decisions/compaction.md). The zero
// value is ready for use.
type Compaction struct {
	Off bool
	// Fanout is how many files of about the same number of rows are merged into one; 0: 8. From 2.
	Fanout int
	// Target is how large a file may become by merging, in bytes; 0: 128 MiB. A file of half of it
	// is left alone.
	Target int64
	// Cold is how long nothing must have come into an hour before its small files are merged, few as
	// they are; 0: 10 minutes.
	Cold time.Duration
	// Frozen is how long before they are merged into its large file, whatever that costs; 0: a day.
	Frozen time.Duration
}

func (c Compaction) withDefaults() Compaction {
	if c.Fanout < 2 {
		c.Fanout = 8
	}
	if c.Target <= 0 {
		c.Target = 128 << 20
	}
	if c.Cold <= 0 {
		c.Cold = 10 * time.Minute
	}
	if c.Frozen <= 0 {
		c.Frozen = 24 * time.Hour
	}
	return c
}

const (
	// mergeFiles is the most files of one merge.
	mergeFiles = 64
	// mergeMemory bounds what the files of one merge have in memory, by a generous estimate.
	mergeMemory = 256 << 20
	// columnMemory is the most that a column of a file has in memory: a page and a dictionary.
	columnMemory = 1<<20 + 256<<10
)

// choose returns which files of one event hour are to be merged now, none if none are, and then when
// to look again, zero if only after another file came. files are what this server wrote there;
// columns is how many they have.
//
// Files belong to tiers: with a fanout of 8, of 1 to 7 rows, 8 to 63, 64 to 511, … Eight files of one
// tier and all that are smaller become one, which is of a higher tier: so a row is written once for
// each tier, and a tier has at most seven files.
func (c Compaction) choose(files []*bucket.Object, columns int, now time.Time) (merge []*bucket.Object, again time.Time) {
	var small []*bucket.Object
	var last time.Time
	for _, o := range files {
		if o.Modified.After(last) {
			last = o.Modified
		}
		if o.Size < c.Target/2 {
			small = append(small, o)
		}
	}
	slices.SortFunc(small, func(a, b *bucket.Object) int {
		return cmp.Or(cmp.Compare(a.Rows.Count, b.Rows.Count), cmp.Compare(a.Key, b.Key))
	})
	if merge := c.affordable(small[:c.full(small)], columns); merge != nil {
		return merge, time.Time{}
	}
	quiet := now.Sub(last)
	if quiet >= c.Cold {
		if merge := c.affordable(small[:c.alike(small)], columns); merge != nil {
			return merge, time.Time{}
		}
	}
	if quiet >= c.Frozen {
		return c.affordable(small, columns), time.Time{}
	}
	if c.affordable(small, columns) == nil {
		return nil, time.Time{}
	}
	if quiet >= c.Cold {
		return nil, last.Add(c.Frozen)
	}
	return nil, last.Add(c.Cold)
}

// full returns how many of the files, sorted by rows, are of the lowest tier that has Fanout files,
// or of lower ones; 0 if no tier has.
func (c Compaction) full(files []*bucket.Object) int {
	for i := 0; i < len(files); {
		tier := c.tier(files[i].Rows.Count)
		n := i + 1
		for n < len(files) && c.tier(files[n].Rows.Count) == tier {
			n++
		}
		if n-i >= c.Fanout {
			return n
		}
		i = n
	}
	return 0
}

// tier is the logarithm of rows to the base Fanout.
func (c Compaction) tier(rows int64) int {
	if c.Fanout == 8 {
		return (bits.Len64(uint64(max(rows, 1))) - 1) / 3
	}
	n := 0
	for rows >= int64(c.Fanout) {
		rows /= int64(c.Fanout)
		n++
	}
	return n
}

// alike returns how many of the files, sorted by rows, can be merged without writing a large one again
// for the sake of much smaller ones: each is at most half of Fanout times those before it.
func (c Compaction) alike(files []*bucket.Object) int {
	n := 0
	var rows int64
	for i, o := range files {
		if 2*o.Rows.Count <= int64(c.Fanout)*rows {
			n = i + 1
		}
		rows += o.Rows.Count
	}
	return n
}

// affordable returns as many of the files, from the first on, as one merge may have. It returns nil
// if they are fewer than two.
func (c Compaction) affordable(files []*bucket.Object, columns int) []*bucket.Object {
	var size, memory int64
	n := 0
	for n < len(files) && n < mergeFiles {
		size += files[n].Size
		memory += memoryOf(files[n].Size, columns)
		if size > c.Target || memory > mergeMemory && n >= 2 {
			break
		}
		n++
	}
	if n < 2 {
		return nil
	}
	return files[:n]
}

// memoryOf estimates what a file has in memory while it is merged.
func memoryOf(size int64, columns int) int64 {
	return min(8*size, int64(columns)*columnMemory) + parquet.SourceMemory(size, columns)
}
