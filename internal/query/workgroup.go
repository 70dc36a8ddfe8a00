package query

import (
	"context"
	"regexp"

	"github.com/larder-dev/larder/internal/feature"
)

// PrimaryWorkGroup is the work group of requests that name none. It is always there.
const PrimaryWorkGroup = "primary"

// leastCutoff is the least limit of bytes that a query may scan (contract §5.1).
const leastCutoff = 10_000_000

var workGroupName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,128}$`)

// apply gives r what its work group says: what r leaves out, or all if the group insists.
func (g *WorkGroup) apply(r *Request) {
	if g.Enforced {
		r.OutputFolder, r.Result = g.Output, g.Result
	} else {
		if r.OutputFolder == "" {
			r.OutputFolder = g.Output
		}
		if r.Result == (ResultOptions{}) {
			r.Result = g.Result
		}
	}
	r.cutoff = g.Cutoff
}

// WorkGroup returns a work group. Invalid: there is none of the name, in Athena's words.
func (s *Store) WorkGroup(ctx context.Context, name string) (*WorkGroup, error) {
	g, err := s.executions.GetWorkGroup(ctx, name)
	return g, noWorkGroup(name, err)
}

// WorkGroups returns all, sorted by name.
func (s *Store) WorkGroups(ctx context.Context) ([]*WorkGroup, error) {
	return s.executions.ListWorkGroups(ctx)
}

// CreateWorkGroup makes g; Created is set. Invalid: a rule is broken, or the name is taken.
func (s *Store) CreateWorkGroup(ctx context.Context, g *WorkGroup) error {
	c := *g
	c.Created = s.now()
	if err := c.check(); err != nil {
		return err
	}
	err := s.executions.CreateWorkGroup(ctx, &c)
	if feature.KindOf(err) == feature.Exists {
		return feature.Errorf(feature.Invalid, "WorkGroup %s already exists", g.Name)
	}
	return err
}

// UpdateWorkGroup changes a work group. Invalid: there is none, or it would break a rule.
func (s *Store) UpdateWorkGroup(ctx context.Context, name string, change func(*WorkGroup)) error {
	err := s.executions.UpdateWorkGroup(ctx, name, func(g *WorkGroup) error {
		change(g)
		return g.check()
	})
	return noWorkGroup(name, err)
}

// DeleteWorkGroup forgets a work group, with all that is of it if all is set. Its executions end as they
// would, and are found by their IDs. Invalid: it is the primary one, is not there, or is not empty and all is
// not set.
func (s *Store) DeleteWorkGroup(ctx context.Context, name string, all bool) error {
	if name == PrimaryWorkGroup {
		return feature.Errorf(feature.Invalid, "The primary workgroup cannot be deleted.")
	}
	err := s.executions.DeleteWorkGroup(ctx, name, all)
	if feature.KindOf(err) == feature.Conflict {
		return feature.Errorf(feature.Invalid, "WorkGroup %s is not empty", name)
	}
	return noWorkGroup(name, err)
}

// noWorkGroup words the error of a work group that is not there.
func noWorkGroup(name string, err error) error {
	if feature.KindOf(err) == feature.NotFound {
		return feature.Errorf(feature.Invalid, "WorkGroup %s is not found.", name)
	}
	return err
}

// check holds the rules of a work group.
func (g *WorkGroup) check() error {
	if !workGroupName.MatchString(g.Name) {
		return feature.Errorf(feature.Invalid, "Name is %q; it must be 1 to 128 letters, digits, dots, underscores and hyphens", g.Name)
	}
	if g.Cutoff != 0 && g.Cutoff < leastCutoff {
		return feature.Errorf(feature.Invalid, "BytesScannedCutoffPerQuery is %d; it must be at least %d", g.Cutoff, leastCutoff)
	}
	if g.Output != "" {
		if _, _, err := splitURI(g.Output); err != nil {
			return err
		}
	}
	return nil
}
