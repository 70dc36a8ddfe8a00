package featurestore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// CreateGroup makes the group that asked describes (see feature.NewGroup), with its table and
// the marker object of its offline location, and returns it when all of that is durable: it is
// Created, or CreateFailed if another table has the name that asked gives to its table.
// Invalid, Unsupported: asked breaks a rule; Exists: the name is taken.
func (s *Store) CreateGroup(ctx context.Context, asked *feature.Group) (*feature.Group, error) {
	g, err := feature.NewGroup(asked, s.place, s.now(), s.extensions)
	if err != nil {
		return nil, err
	}
	if err := s.checkBucket(ctx, g); err != nil {
		return nil, err
	}
	if g, err = s.freshLocation(ctx, asked, g); err != nil {
		return nil, err
	}
	if err := s.groups.Create(ctx, g); err != nil {
		if feature.KindOf(err) == feature.Exists {
			return nil, feature.Errorf(feature.Exists, "FeatureGroup with name %s already exists. Choose a different name.\nInfo: Feature Group '%s' already exists.", g.Name, g.Name)
		}
		return nil, fmt.Errorf("create group %s: %w", g.Name, err)
	}
	// The group is there now. A caller that hangs up must not leave it half made.
	ctx = context.WithoutCancel(ctx)
	made, err := s.provision(ctx, g)
	if err != nil {
		// The caller will try again, and is to find the name free. If this fails too, Resume
		// finishes the group at the next start.
		return nil, errors.Join(err, s.groups.Delete(ctx, g.Name))
	}
	return made, nil
}

// checkBucket holds the rules on the bucket of an offline store (contract §1.3 rule 8).
func (s *Store) checkBucket(ctx context.Context, g *feature.Group) error {
	if g.Offline == nil {
		return nil
	}
	name, _ := g.Offline.Location()
	b, err := s.buckets.Bucket(ctx, name)
	switch {
	case feature.KindOf(err) == feature.NotFound:
		return feature.Errorf(feature.Invalid, "Invalid S3Uri provided: there is no bucket %q, which S3Uri %q names; create the bucket first", name, g.Offline.S3URI)
	case err != nil:
		return fmt.Errorf("find bucket %s: %w", name, err)
	case b.Region != s.place.Region:
		return feature.Errorf(feature.Invalid, "Invalid S3Uri provided: the bucket %q is in region %s and the feature group would be in %s; use a bucket of the same region", name, b.Region, s.place.Region)
	}
	return nil
}

// freshLocation gives g an offline location that nobody has used. Locations name the second of
// creation; a group deleted and made again within one second would write into the files of the
// first, so its creation time moves to the next free second.
func (s *Store) freshLocation(ctx context.Context, asked, g *feature.Group) (*feature.Group, error) {
	at := g.Created
	for g.Offline != nil {
		used, err := s.locationUsed(ctx, asked, g)
		if err != nil {
			return nil, err
		}
		if !used {
			break
		}
		at = at.Truncate(time.Second).Add(time.Second)
		if g, err = feature.NewGroup(asked, s.place, at, s.extensions); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// locationUsed tells whether objects or a table of an earlier group are where g's would be. Only
// a table with a name of our choice counts: one that the caller named has no second in its name.
func (s *Store) locationUsed(ctx context.Context, asked, g *feature.Group) (bool, error) {
	name, prefix := g.Offline.Location()
	for _, err := range s.buckets.List(ctx, name, prefix+"/", "") {
		if err != nil {
			return false, fmt.Errorf("list %s: %w", g.Offline.Resolved, err)
		}
		return true, nil
	}
	t := g.Offline.Table
	if t == nil || asked.Offline.Table != nil {
		return false, nil
	}
	_, err := s.tables.Table(ctx, t.Database, t.Table)
	if feature.KindOf(err) == feature.NotFound {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find table %s: %w", t.Table, err)
	}
	return true, nil
}

// provision makes what a Creating group needs, and settles its status. Repeating it changes
// nothing more, so that Resume can finish what a crash cut off.
func (s *Store) provision(ctx context.Context, g *feature.Group) (*feature.Group, error) {
	status := feature.Created
	failure, err := s.provisionOffline(ctx, g)
	if err != nil {
		return nil, fmt.Errorf("provision group %s: %w", g.Name, err)
	}
	if failure != "" {
		status = feature.CreateFailed
	}
	g, err = s.groups.Update(ctx, g.Name, func(g *feature.Group) error {
		g.Status, g.Failure = status, failure
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("settle group: %w", err)
	}
	return g, nil
}

// provisionOffline makes the table and the marker object of g, if it has an offline store. A
// failure is why they cannot be made, for the group's owner to read.
func (s *Store) provisionOffline(ctx context.Context, g *feature.Group) (failure string, err error) {
	if g.Offline == nil {
		return "", nil
	}
	if err := s.tables.Define(ctx, g); feature.KindOf(err) == feature.Exists {
		return err.Error(), nil
	} else if err != nil {
		return "", err
	}
	// Scripts wait for more than one object under the location (contract §4.1, §11.24); with
	// the marker there are two as soon as there is a file.
	name, prefix := g.Offline.Location()
	marker := bucket.ObjectRef{Bucket: name, Key: prefix + "/"}
	_, err = s.buckets.Put(ctx, marker, strings.NewReader(""), bucket.Content{}, nil)
	if feature.KindOf(err) == feature.NotFound {
		return fmt.Sprintf("the bucket %q was removed while the feature group was made", name), nil
	}
	return "", err
}

// Resume finishes what a crash left half done: groups that are Creating or Deleting, and updates
// that are InProgress. Call it before the first request is served.
func (s *Store) Resume(ctx context.Context) error {
	var half []*feature.Group
	for g, err := range s.groups.List(ctx) {
		if err != nil {
			return fmt.Errorf("list groups: %w", err)
		}
		updating := g.LastUpdate != nil && g.LastUpdate.Status == feature.UpdateInProgress
		if g.Status == feature.Creating || g.Status == feature.Deleting || updating {
			half = append(half, g)
		}
	}
	for _, g := range half {
		var err error
		switch g.Status {
		case feature.Deleting:
			err = s.groups.Delete(ctx, g.Name)
		case feature.Creating:
			_, err = s.provision(ctx, g)
		default:
			_, err = s.settleUpdate(ctx, g)
		}
		if err != nil {
			return fmt.Errorf("finish group %s, which is %s: %w", g.Name, g.Status, err)
		}
	}
	return nil
}
