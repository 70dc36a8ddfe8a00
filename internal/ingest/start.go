package ingest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"github.com/larder-dev/larder/internal/feature"
)

const (
	maxSources = 10_000
	maxToken   = 128
)

// Start checks the request, keeps it and returns the import, which goes on in the background; or the
// import of the same Token that is there already. Invalid: the request; NotFound: the group, or a
// source; Conflict: the group is not Created, or the Token is that of an import of other sources.
func (s *Store) Start(ctx context.Context, r *Request) (*Import, error) {
	i, err := s.requested(ctx, r)
	if err != nil {
		return nil, err
	}
	held, err := s.imports.Create(ctx, i)
	if err != nil {
		return nil, err
	}
	if held.ID != i.ID && (held.GroupID != i.GroupID || !slices.Equal(held.Sources, i.Sources)) {
		return nil, feature.Errorf(feature.Conflict, "the token %q is that of the import %s, which has another group or other sources; give another token", i.Token, held.ID)
	}
	if !held.Status.Ended() {
		s.enqueue(held.ID)
	}
	return held, nil
}

// requested makes an import of a request.
func (s *Store) requested(ctx context.Context, r *Request) (*Import, error) {
	g, err := s.groups.Group(ctx, r.Group)
	if err != nil {
		return nil, err
	}
	if g.Status != feature.Created {
		return nil, feature.Errorf(feature.Conflict, "the feature group %s is %s; its records can be imported when it is Created", g.Name, g.Status)
	}
	stores, err := g.Targets(r.Stores)
	if err != nil {
		return nil, err
	}
	switch {
	case len(r.Sources) == 0 || len(r.Sources) > maxSources:
		return nil, feature.Errorf(feature.Invalid, "an import has 1 to %d sources, and this has %d", maxSources, len(r.Sources))
	case len(r.Token) > maxToken:
		return nil, feature.Errorf(feature.Invalid, "the token has %d bytes; the most is %d", len(r.Token), maxToken)
	case r.MaxErrors != nil && *r.MaxErrors < 0:
		return nil, feature.Errorf(feature.Invalid, "%d rows that may be refused are less than none; leave the number out for any", *r.MaxErrors)
	}
	i := &Import{
		ID: rand.Text(), Token: r.Token, Group: g.Name, GroupID: g.ID, Format: r.Format, Columns: r.Columns,
		Stores: stores, MaxErrors: r.MaxErrors, Status: Staging, Started: s.options.Now().UTC(),
	}
	for _, source := range r.Sources {
		if _, err := formatOf(r.Format, source.URI); err != nil {
			return nil, err
		}
		in, err := s.Open(ctx, source.URI)
		if err != nil {
			return nil, err
		}
		if err := in.Close(); err != nil {
			return nil, err
		}
		i.Sources = append(i.Sources, Source{URI: source.URI, Size: in.Size, Version: in.Version})
		i.Bytes += in.Size
	}
	if i.Token == "" {
		if i.Token, err = tokenOf(i); err != nil {
			return nil, err
		}
	}
	return i, nil
}

// tokenOf makes the token of an import whose caller gave none: two requests for the same rows of the
// same sources have the same.
func tokenOf(i *Import) (string, error) {
	text, err := json.Marshal([]any{i.GroupID, i.Sources, i.Format, i.Columns, i.Stores})
	if err != nil {
		return "", errors.Join(errors.New("make a token"), err)
	}
	sum := sha256.Sum256(text)
	return "auto-" + hex.EncodeToString(sum[:]), nil
}
