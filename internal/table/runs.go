package table

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// Runs sets how sorted runs are made (docs/decisions/sorted-runs.md). The zero value is ready for use.
type Runs struct {
	// Off makes none, and drops none but with its group or table.
	Off bool
	// Quiet is how long nothing must have come into a month of event time, or been merged there, before
	// a run of it is made; 0: an hour.
	Quiet time.Duration
	// Files is how many files a run stands for at least, and also how many that came later are read
	// beside it before it is made again; 0: 8.
	Files int
	// Most is how many bytes of files a run stands for at most. A month that is larger has a run for
	// each day, a larger day none; 0: 32 MiB.
	Most int64
	// Rest is how long a folder is left alone after a run of it was made; 0: 6 hours.
	Rest time.Duration
	// Slow is how long nothing must have come if few files came since the run was made; 0: a day.
	Slow time.Duration
}

func (r Runs) withDefaults() Runs {
	if r.Quiet <= 0 {
		r.Quiet = time.Hour
	}
	if r.Files <= 0 {
		r.Files = 8
	}
	if r.Most <= 0 {
		r.Most = 32 << 20
	}
	if r.Rest <= 0 {
		r.Rest = 6 * time.Hour
	}
	if r.Slow <= 0 {
		r.Slow = 24 * time.Hour
	}
	return r
}

// runShare bounds how often a row is written again because others came late: before a day has passed,
// one file for so many that a run stands for has to have come.
const runShare = 8

// A month is what one month of event time of a group has: the files that this server wrote, in the
// order of their keys, and the runs.
type month struct {
	root   string // what the keys of the files begin with, before the folders of runs
	folder string // year=…/month=…/
	files  []*bucket.Object
	runs   []*Run // in the order of their folders: that of the month before those of its days
}

// monthOf and dayOf cut the folders from the key of a file below root, which isOurs told to have them.
func monthOf(root, key string) string { return cutFolder(key[len(root):], 2) }

func dayOf(root, key string) string { return cutFolder(key[len(root):], 3) }

// cutFolder returns the first n folders of a path.
func cutFolder(path string, n int) string {
	end := 0
	for range n {
		end += strings.IndexByte(path[end:], '/') + 1
	}
	return path[:end]
}

// of returns the files in a folder, of those that are given.
func (m *month) of(folder string, files []*bucket.Object) []*bucket.Object {
	var in []*bucket.Object
	for _, o := range files {
		if strings.HasPrefix(o.Key[len(m.root):], folder) {
			in = append(in, o)
		}
	}
	return in
}

// settle returns the runs that stand for files of the month as they are, and the files that none of
// those stands for. Each row is in one of what it returns, because no file is in two runs, and a run that
// lacks one of its files, or has another, is not returned.
func (m *month) settle() (runs []*Run, beside []*bucket.Object) {
	beside = m.files
	for _, r := range m.runs {
		var its, others []*bucket.Object
		for _, o := range beside {
			if strings.HasPrefix(o.Key[len(m.root):], r.Folder) && feature.Position(o.Rows.LastPosition) <= r.Through {
				its = append(its, o)
			} else {
				others = append(others, o)
			}
		}
		if int64(len(its)) == r.Files && digestOf(its) == r.Digest {
			runs, beside = append(runs, r), others
		}
	}
	return runs, beside
}

// newRun describes a run of files, in the order of their keys, that is still to be written.
func newRun(g feature.GroupID, folder string, files []*bucket.Object) *Run {
	return &Run{
		Group: g, Folder: folder, Through: feature.Position(together(files).LastPosition),
		Files: int64(len(files)), Digest: digestOf(files),
	}
}

// digestOf is the digest of files: that of their keys, their ETags and what their bytes are in.
func digestOf(files []*bucket.Object) [32]byte {
	h := sha256.New()
	var b []byte
	for _, o := range files {
		b = appendWord(appendWord(b[:0], o.Key), o.ETag)
		b = binary.AppendUvarint(b, uint64(len(o.Blobs)))
		for _, part := range o.Blobs {
			b = binary.AppendVarint(appendWord(b, string(part.ID)), part.Size)
		}
		h.Write(b) // never fails
	}
	return [32]byte(h.Sum(nil))
}

func appendWord(b []byte, word string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(word))), word...)
}

// An agenda is what is to be done about runs at a time.
type agenda struct {
	now     time.Time
	resting func(folder string) time.Time // until when a folder is left alone
	folders []string                      // of which runs are to be made now
	again   time.Time                     // when to look again; zero if only after another file came
}

// plan adds to an agenda what is to be done in a month.
func (r Runs) plan(m *month, a *agenda) {
	runs, beside := m.settle()
	whole := len(runs) > 0 && runs[0].Folder == m.folder
	if bytesOf(m.files) <= r.Most || whole && len(beside) < r.Files {
		r.add(m.folder, m.files, beside, a)
		return
	}
	if whole {
		beside = m.files // the first run of a day takes the place of that of the month
	}
	for files := m.files; len(files) > 0; {
		day := dayOf(m.root, files[0].Key)
		its := m.of(day, files)
		files = files[len(its):]
		if bytesOf(its) <= r.Most {
			r.add(day, its, m.of(day, beside), a)
		}
	}
}

// add adds a folder to an agenda if a run of it is to be made, now or later. files are in the folder; no
// run that it has stands for those that are beside.
func (r Runs) add(folder string, files, beside []*bucket.Object, a *agenda) {
	covered := len(files) - len(beside)
	if len(files) < r.Files || len(beside) == 0 || covered > 0 && len(beside) < r.Files {
		return
	}
	last := slices.MaxFunc(files, func(a, b *bucket.Object) int { return a.Modified.Compare(b.Modified) }).Modified
	at := last.Add(r.Quiet)
	if len(beside)*runShare < covered {
		at = last.Add(r.Slow)
	}
	if rested := a.resting(folder); rested.After(at) {
		at = rested
	}
	if at.After(a.now) {
		a.again = earlier(a.again, at)
		return
	}
	a.folders = append(a.folders, folder)
}

// earlier returns the earlier of two times; zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func bytesOf(files []*bucket.Object) int64 {
	var n int64
	for _, o := range files {
		n += o.Size
	}
	return n
}
