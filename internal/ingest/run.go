package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// carryOut does what is still to be done of an import. Whatever happens is noted in it. It returns
// false if it could not be ended, and is to be tried again.
func (s *Store) carryOut(ctx context.Context, w *work) (ended bool) {
	ctx, cancel := context.WithCancelCause(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-w.cancelled:
			cancel(errCancelled)
		case <-ctx.Done():
		}
	}()
	defer func() { cancel(nil); <-watched }()
	i, err := s.imports.Get(ctx, w.id)
	if err != nil {
		s.options.Log.Error("an import cannot be read", "import", w.id, "error", err)
		return feature.KindOf(err) == feature.NotFound
	}
	switch i.Status {
	case Staging:
		if i, err = s.stage(ctx, w, i); err != nil {
			if ended := context.Cause(ctx); ended != nil {
				err = ended // whatever it was that noticed
			}
			return s.fail(ctx, w.id, err)
		}
	case Applying:
	default:
		s.removeScratch(w.id) // it ended, and that was all that could be noted
	}
	if i.Status != Applying {
		return true
	}
	if err := s.apply(ctx, w, i); err != nil && context.Cause(ctx) == nil {
		s.stuck(ctx, i, err)
		return false
	}
	return true
}

// stuck notes that an import is in the table and cannot go on.
func (s *Store) stuck(ctx context.Context, i *Import, cause error) {
	const what = "the import is in the table, and not all of it in the online store; the server tries again until it is, and its log says why"
	s.options.Log.Error("the records of an import cannot be applied; this is tried again", "import", i.ID, "error", cause)
	if i.Failure == what {
		return
	}
	_, err := s.imports.Update(ctx, i.ID, func(i *Import) error {
		if i.Status != Applying {
			return errOver // it is Done, and nobody heard of it
		}
		i.Failure = what
		return nil
	})
	if err != nil && !errors.Is(err, errOver) {
		s.options.Log.Error("it cannot be noted that an import does not go on", "import", i.ID, "error", err)
	}
}

// fail notes that an import was not carried out, and removes what it left. It returns false if the
// import may not have failed: what it left may be needed then.
func (s *Store) fail(ctx context.Context, id string, cause error) (failed bool) {
	if errors.Is(cause, errStopped) {
		return true
	}
	ctx = context.WithoutCancel(ctx)
	text, told := failure(cause)
	if !told && !errors.Is(cause, errCancelled) {
		s.options.Log.Error("an import failed", "import", id, "error", cause)
	}
	committed := false
	_, err := s.imports.Update(ctx, id, func(i *Import) error {
		if i.Status != Staging {
			committed = i.Status == Applying // whatever the error was
			return errOver
		}
		i.Status, i.Failure, i.Ended = Failed, text, s.options.Now().UTC()
		return nil
	})
	if err != nil && !errors.Is(err, errOver) && feature.KindOf(err) != feature.NotFound {
		s.options.Log.Error("it cannot be noted that an import failed", "import", id, "error", err)
		return false
	}
	if !committed {
		s.removeScratch(id)
	}
	return !committed
}

func (s *Store) removeScratch(id string) {
	if err := s.options.FS.RemoveAll(s.scratch(id)); err != nil {
		s.options.Log.Warn("what an import sorted cannot be removed; the next start tries again", "import", id, "error", err)
	}
}

// stage reads the sources, writes files that nobody sees, and commits them.
func (s *Store) stage(ctx context.Context, w *work, i *Import) (*Import, error) {
	g, err := s.groups.Group(ctx, feature.GroupRef(i.Group))
	if err == nil && g.ID != i.GroupID {
		err = feature.Errorf(feature.NotFound, "the feature group %s was deleted", i.Group)
	}
	if err != nil {
		return nil, err
	}
	fs := s.options.FS
	if err := errors.Join(fs.RemoveAll(s.scratch(i.ID)), fs.MkdirAll(s.scratch(i.ID), 0o700)); err != nil {
		return nil, fmt.Errorf("make a directory to sort in: %w", err)
	}
	sorted := newSorting(fs, s.scratch(i.ID), i.Stores, s.options.Memory)
	in, err := s.read(ctx, w, i, g, sorted)
	if err != nil {
		return nil, err
	}
	taken := in.read.Load() - in.refused.Load()
	online, err := sorted.writeOnline(ctx, s.onlineName(i.ID))
	if err != nil {
		return nil, err
	}
	var objects []*bucket.Object
	if sorted.hours != nil {
		w.begin(phaseWriting, taken)
		st := &stager{
			store: s, group: g, idAt: in.idAt, accepted: i.Started.UnixMicro(), rows: &w.rows,
			memory: make(chan struct{}, max(s.options.Memory/2, fileBytes)/share),
		}
		if objects, err = st.stage(ctx, sorted.hours.merge); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(s.syncDir(s.scratch(i.ID)), s.syncDir(s.options.Dir)); err != nil {
		s.buckets.Discard(context.WithoutCancel(ctx), objects...)
		return nil, fmt.Errorf("sync the directory of the import: %w", err)
	}
	return s.commit(ctx, i.ID, objects, func(i *Import) {
		i.Read, i.Taken, i.Refused = in.read.Load(), taken, in.refused.Load()
		i.First, i.Last, i.Files, i.Online = in.first, in.used, int64(len(objects)), online
	})
}

// commit makes all of an import visible in the table at once.
func (s *Store) commit(ctx context.Context, id string, objects []*bucket.Object, change func(*Import)) (*Import, error) {
	i, err := s.loader.Commit(ctx, id, objects, func(i *Import) error {
		if i.Status != Staging {
			return feature.Errorf(feature.Conflict, "the import %s is %s", id, i.Status)
		}
		change(i)
		i.Status, i.Committed = Applying, s.options.Now().UTC()
		if i.Stores&feature.OnlineStore == 0 {
			i.Status, i.Ended = Done, i.Committed
		}
		return nil
	})
	if err == nil {
		if i.Status == Done {
			s.removeScratch(id)
		}
		return i, nil
	}
	if feature.KindOf(err) != feature.Fault {
		// Certainly not committed. After a fault nobody knows, and the files are left alone.
		s.buckets.Discard(context.WithoutCancel(ctx), objects...)
	}
	return nil, err
}
