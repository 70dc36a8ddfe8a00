package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/serde"
)

// The formats of the files that statements write.
const (
	formatParquet = "PARQUET"
	formatJSON    = "JSON"
	formatText    = "TEXTFILE"
)

// mostPartitions is how many partitions one statement may write (Athena's limit).
const mostPartitions = 100

// manifestEnd is how the name of a manifest ends.
const manifestEnd = "-manifest.csv"

// A sink is where a statement writes the rows of its query.
type sink struct {
	format      string
	compression string         // NONE, GZIP, …
	text        *serde.Format  // of JSON and TEXTFILE
	columns     []serde.Column // of text: those that are in the files
	targets     []trino.Target // of the query's columns, the partition keys last
	keys        int            // how many of them are partition keys
	// folder is where the rows of a partition go: s3://bucket/prefix/. keys is empty if there are none.
	folder func(keys []string) (string, error)

	partitions map[string][]string // those that got a file, by their names
	files      []string            // URIs
}

// write runs a plan and stages the files of its rows, the manifest that lists them and the metadata. What is
// staged is in o also when it fails.
func (s *Store) write(ctx context.Context, e *Execution, p *planned, w *sink, o *outcome) error {
	w.partitions = map[string][]string{}
	stem := s.now().Format("20060102_150405") + "_" + e.ID[:8]
	started, noted := s.noting(ctx, e, o)
	defer noted()
	if err := s.writeFiles(ctx, e, p, w, o, stem, started); err != nil {
		return err
	}
	for _, object := range o.objects {
		o.written += object.Size
	}
	return s.stageManifest(ctx, e, o, w.files)
}

// stageManifest stages what a statement that wrote files leaves beside them (contract §5.4).
func (s *Store) stageManifest(ctx context.Context, e *Execution, o *outcome, files []string) error {
	o.columns = []Column{{Name: "rows", Type: "bigint", Precision: 19}}
	o.manifest = e.Output + manifestEnd
	var lines strings.Builder
	for _, f := range files {
		lines.WriteString(f + "\n")
	}
	for _, one := range []struct {
		uri  string
		body io.Reader
	}{{o.manifest, strings.NewReader(lines.String())}, {e.Output + ".metadata", metadataOf(e.ID, o.columns)}} {
		object, err := s.stage(ctx, e, one.uri, one.body)
		if object != nil {
			o.objects = append(o.objects, object)
		}
		if err != nil {
			return stageError(err)
		}
	}
	return nil
}

// writeFiles has the engine make the files.
func (s *Store) writeFiles(ctx context.Context, e *Execution, p *planned, w *sink, o *outcome, stem string, started func()) error {
	plan := *p.plan
	plan.SQL, plan.Spare = p.translation.Into(w.targets, w.keys)
	plan.Columns, plan.Layouts = nil, nil
	plan.Write = &Write{Format: "parquet", Compression: w.compression, Keys: w.keys}
	if w.text != nil {
		plan.Write.Format, plan.Write.Text, plan.Write.Columns = "text", w.text, w.columns
	}
	plan.Write.File = func(keys []*string, body io.Reader) error {
		uri, err := w.file(keys, stem)
		if err != nil {
			return err
		}
		object, err := s.stage(ctx, e, uri, body)
		if object != nil {
			o.objects = append(o.objects, object)
		}
		return stageError(err)
	}
	err := s.runEngine(ctx, e, p, &plan, o, started, func([][]*string) error { return errors.New("a plan that writes gives rows") })
	o.rows = plan.Write.Rows
	return err
}

// hiveNull is the value of a key that is NULL.
const hiveNull = "__HIVE_DEFAULT_PARTITION__"

// file returns the URI of the next file of a partition.
func (w *sink) file(keys []*string, stem string) (string, error) {
	values := make([]string, len(keys))
	for i, k := range keys {
		if values[i] = hiveNull; k != nil && *k != "" {
			values[i] = *k
		}
	}
	if len(values) > 0 {
		w.partitions[strings.Join(values, "\x00")] = values
	}
	if len(w.partitions) > mostPartitions {
		return "", refuse(typeUser, "HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of %d open writers for partitions", mostPartitions)
	}
	folder, err := w.folder(values)
	if err != nil {
		return "", err
	}
	uri := fmt.Sprintf("%s%s_%05d_%s", folder, stem, len(w.files), uuid.NewString())
	if w.format != formatParquet {
		uri += map[string]string{"GZIP": ".gz", "ZSTD": ".zst"}[w.compression]
	}
	w.files = append(w.files, uri)
	return uri, nil
}

// values are those of the partitions that got a file, in order.
func (w *sink) values() [][]string {
	var all [][]string
	for _, v := range w.partitions {
		all = append(all, v)
	}
	slices.SortFunc(all, slices.Compare[[]string])
	return all
}

// empty holds that nothing is at a location.
func (s *Store) empty(ctx context.Context, location, what string) error {
	name, prefix, err := splitURI(location)
	if err != nil {
		return err
	}
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	for o, err := range s.buckets.List(ctx, name, prefix, "") {
		var missing *bucket.Error
		if errors.As(err, &missing) && missing.Reason == bucket.BucketMissing {
			return refuse(typeBucketNotFound, "HIVE_METASTORE_ERROR: the bucket of the location '%s' does not exist; create it first", location)
		}
		if err != nil {
			return err
		}
		if o.Size > 0 || !strings.HasSuffix(o.Key, "/") {
			return refuse(typeUser, "HIVE_PATH_ALREADY_EXISTS: Target directory for %s already exists: %s. You may need to manually clean the data at location '%s' before retrying. "+
				"Athena will not delete data in your account.", what, location, location)
		}
	}
	return nil
}

// writable holds that no feature group writes at a location, and that it is one.
func (s *Store) writable(ctx context.Context, location string) error {
	if _, _, err := splitURI(location); err != nil {
		return refuse(typeUser, "INVALID_TABLE_PROPERTY: '%s' is not a location of the form s3://bucket/folder/", location)
	}
	group, err := s.tables.GroupAt(ctx, location)
	if err == nil && group != "" {
		err = refuse(typeUser, "NOT_SUPPORTED: the location %s is that of the feature group %s, which alone writes there; choose another", location, group)
	}
	return err
}
