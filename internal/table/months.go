package table

import (
	"fmt"
	"iter"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// months yields the months of a group that have files of this server in a folder, "" for all, with the
// runs that are given of them.
func months(snap Snapshot, g *feature.Group, folder string, runs []*Run) iter.Seq2[*month, error] {
	return func(yield func(*month, error) bool) {
		name, prefix := g.Offline.Location()
		root := prefix + "/"
		var m *month
		for o, err := range snap.Objects(name, root+folder) {
			if err != nil {
				yield(nil, fmt.Errorf("list the files of group %s: %w", g.Name, err))
				return
			}
			if !isOurs(o, prefix) {
				continue
			}
			if m == nil || monthOf(root, o.Key) != m.folder {
				if m != nil && !yield(m, nil) {
					return
				}
				m = newMonth(root, monthOf(root, o.Key), runs)
			}
			m.files = append(m.files, o)
		}
		if m != nil {
			yield(m, nil)
		}
	}
}

// newMonth returns a month without files, with its runs of those that are given.
func newMonth(root, folder string, runs []*Run) *month {
	m := &month{root: root, folder: folder}
	for _, r := range runs {
		if strings.HasPrefix(r.Folder, folder) {
			m.runs = append(m.runs, r)
		}
	}
	return m
}
