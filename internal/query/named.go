package query

import (
	"context"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/larder-dev/larder/internal/feature"
)

// CreateNamedQuery keeps q and returns its ID; one with the Token of another is that one. WorkGroup "" is
// PrimaryWorkGroup. Invalid: a rule is broken, the work group is not there, or the token was sent with another
// query.
func (s *Store) CreateNamedQuery(ctx context.Context, q *NamedQuery) (id string, err error) {
	c := *q
	c.ID = uuid.NewString()
	if c.WorkGroup == "" {
		c.WorkGroup = PrimaryWorkGroup
	}
	if err := c.check(); err != nil {
		return "", err
	}
	held, err := s.executions.CreateNamedQuery(ctx, &c)
	if err != nil {
		return "", noWorkGroup(c.WorkGroup, err)
	}
	same := *held
	same.ID = c.ID
	if same != c {
		return "", feature.Errorf(feature.Invalid, "Idempotent parameters do not match: ClientRequestToken %q was sent before with another request; send a new one", q.Token)
	}
	return held.ID, nil
}

// NamedQuery returns a named query. NotFound.
func (s *Store) NamedQuery(ctx context.Context, id string) (*NamedQuery, error) {
	q, err := s.executions.GetNamedQuery(ctx, id)
	return q, noNamedQuery(id, err)
}

// NamedQueries returns those of a work group, sorted by ID. Invalid: there is no such group.
func (s *Store) NamedQueries(ctx context.Context, workGroup string) ([]*NamedQuery, error) {
	if _, err := s.WorkGroup(ctx, workGroup); err != nil {
		return nil, err
	}
	return s.executions.ListNamedQueries(ctx, workGroup)
}

// UpdateNamedQuery changes a named query. NotFound; Invalid: it would break a rule.
func (s *Store) UpdateNamedQuery(ctx context.Context, id string, change func(*NamedQuery)) error {
	err := s.executions.UpdateNamedQuery(ctx, id, func(q *NamedQuery) error {
		change(q)
		return q.check()
	})
	return noNamedQuery(id, err)
}

// DeleteNamedQuery forgets a named query. NotFound.
func (s *Store) DeleteNamedQuery(ctx context.Context, id string) error {
	return noNamedQuery(id, s.executions.DeleteNamedQuery(ctx, id))
}

func noNamedQuery(id string, err error) error {
	if feature.KindOf(err) == feature.NotFound {
		return feature.Errorf(feature.NotFound, "NamedQuery %s was not found", id)
	}
	return err
}

func (q *NamedQuery) check() error {
	if strings.TrimSpace(q.Name) == "" {
		return feature.Errorf(feature.Invalid, "Name is empty; a named query needs one")
	}
	return checkStatement(q.SQL)
}

// checkStatement holds the rule of the text of a statement that is kept.
func checkStatement(sql string) error {
	switch {
	case strings.TrimSpace(sql) == "":
		return feature.Errorf(feature.Invalid, "QueryString is empty; it must hold a statement")
	case len(sql) > maxSQL:
		return feature.Errorf(feature.Invalid, "QueryString has %d bytes; it must have at most %d", len(sql), maxSQL)
	}
	return nil
}

var preparedName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_@:]{0,255}$`)

// PutPrepared keeps p; Modified is set. WorkGroup "" is PrimaryWorkGroup. NotFound, if how is MustBeThere;
// Invalid: a rule is broken, the work group is not there, or, if how is MustBeNew, the name is taken.
func (s *Store) PutPrepared(ctx context.Context, p *Prepared, how Putting) error {
	c := *p
	c.Modified = s.now()
	if !preparedName.MatchString(c.Name) {
		return feature.Errorf(feature.Invalid, "StatementName is %q; it must be a letter or an underscore, and up to 255 letters, digits, '_', '@' and ':'", c.Name)
	}
	if err := checkStatement(c.SQL); err != nil {
		return err
	}
	if _, err := s.WorkGroup(ctx, c.WorkGroup); err != nil {
		return err
	}
	err := s.executions.PutPrepared(ctx, &c, how)
	if feature.KindOf(err) == feature.Exists {
		return feature.Errorf(feature.Invalid, "PreparedStatement %s already exists in workgroup %s", c.Name, c.WorkGroup)
	}
	return noPrepared(c.Name, err)
}

// Prepared returns a prepared statement. NotFound.
func (s *Store) Prepared(ctx context.Context, workGroup, name string) (*Prepared, error) {
	p, err := s.executions.GetPrepared(ctx, workGroup, name)
	return p, noPrepared(name, err)
}

// PreparedStatements returns those of a work group, sorted by name. Invalid: there is no such group.
func (s *Store) PreparedStatements(ctx context.Context, workGroup string) ([]*Prepared, error) {
	if _, err := s.WorkGroup(ctx, workGroup); err != nil {
		return nil, err
	}
	return s.executions.ListPrepared(ctx, workGroup)
}

// DeletePrepared forgets a prepared statement. NotFound.
func (s *Store) DeletePrepared(ctx context.Context, workGroup, name string) error {
	return noPrepared(name, s.executions.DeletePrepared(ctx, workGroup, name))
}

func noPrepared(name string, err error) error {
	if feature.KindOf(err) == feature.NotFound {
		return feature.Errorf(feature.NotFound, "PreparedStatement %s was not found", name)
	}
	return err
}
