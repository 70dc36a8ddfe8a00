package query

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/serde"
	"github.com/larder-dev/larder/internal/table"
)

// createTableAs runs a query and makes a table of its rows: the table, its partitions, its files and SUCCEEDED are
// one commit.
func (s *Store) createTableAs(ctx context.Context, e *Execution, c *trino.CreateTableAs, o *outcome) error {
	database := sessionOf(e).Database
	if c.Database != "" {
		database = c.Database
	}
	switch _, err := s.tables.Table(ctx, database, c.Name); {
	case err == nil && c.IfNotExists:
		return s.stageManifest(ctx, e, o, nil)
	case err == nil:
		return tableExists(database, c.Name)
	case feature.KindOf(err) != feature.NotFound:
		return err
	}
	if _, err := s.tables.Database(ctx, database); feature.KindOf(err) == feature.NotFound {
		return refuse(typeNoEntity, "SCHEMA_NOT_FOUND: Schema '%s' does not exist", database)
	}
	options, err := writeOptions(c.Properties, createOptions)
	if err != nil {
		return err
	}
	location := options.text("external_location", strings.TrimRight(e.OutputFolder, "/")+"/tables/"+e.ID+"/")
	if err := s.writable(ctx, location); err != nil {
		return err
	}
	if err := s.empty(ctx, location, "table '"+database+"."+c.Name+"'"); err != nil {
		return err
	}
	return s.withPlan(ctx, e, c.Query, o, func(p *planned) error {
		w, t, err := newTable(p, options, location)
		if err != nil {
			return err
		}
		t.Database, t.Name, t.Description = database, c.Name, c.Comment
		if o.effect.Create, err = s.tables.Completed(t); err != nil {
			return err
		}
		if c.NoData {
			return s.stageManifest(ctx, e, o, nil)
		}
		if err := s.write(ctx, e, p, w, o); err != nil {
			return err
		}
		for _, v := range w.values() {
			o.effect.Partitions = append(o.effect.Partitions, s.newPartition(o.effect.Create, v))
		}
		return nil
	})
}

func tableExists(database, name string) error {
	return refuse(typeUser, "TABLE_ALREADY_EXISTS: line 1:1: Destination table '%s.%s.%s' already exists", catalogName, database, name)
}

func (s *Store) newPartition(t *table.Table, v []string) *table.Partition {
	p := partitionOf(t, v)
	p.Created = s.now()
	return p
}

// newTable is a table for the rows of a plan, and the sink that fills it.
func newTable(p *planned, options *options, location string) (*sink, *table.Table, error) {
	columns, err := hiveColumns(p.translation.Columns)
	if err != nil {
		return nil, nil, err
	}
	w, err := options.sink(p, columns)
	if err != nil {
		return nil, nil, err
	}
	t := &table.Table{Parameters: map[string]string{}}
	t.Location = location
	t.Columns, t.PartitionKeys = columns[:len(columns)-w.keys], columns[len(columns)-w.keys:]
	switch w.format {
	case formatParquet:
		t.InputFormat = "PARQUET"
		t.Parameters["parquet.compression"] = w.compression
	case formatJSON:
		t.SerDe = table.HiveJSONSerDe
		t.Parameters["write.compression"] = w.compression
	default:
		t.SerDe = table.LazySerDe
		t.SerDeParams = map[string]string{"field.delim": options.delimiter, "serialization.format": options.delimiter}
		t.Parameters["write.compression"] = w.compression
	}
	if err := w.writeText(t); err != nil {
		return nil, nil, err
	}
	w.folder = func(keys []string) (string, error) {
		folder := strings.TrimRight(location, "/") + "/"
		if len(keys) > 0 {
			folder += partitionName(t, keys) + "/"
		}
		return folder, nil
	}
	return w, t, nil
}

// insert runs a query and adds its rows to a table.
func (s *Store) insert(ctx context.Context, e *Execution, i *trino.Insert, o *outcome) error {
	database := sessionOf(e).Database
	if i.Database != "" {
		database = i.Database
	}
	t, err := s.tables.Table(ctx, database, i.Name)
	if feature.KindOf(err) == feature.NotFound {
		return i.Fail("TABLE_NOT_FOUND", "Table '"+catalogName+"."+database+"."+i.Name+"' does not exist")
	}
	if err != nil {
		return err
	}
	w, err := s.intoTable(ctx, t)
	if err != nil {
		return err
	}
	return s.withPlan(ctx, e, i.Query, o, func(p *planned) error {
		if w.targets, err = insertTargets(i, t, p.translation); err != nil {
			return err
		}
		if err := s.write(ctx, e, p, w, o); err != nil {
			return err
		}
		o.effect.Extend = t
		for _, v := range w.values() {
			o.effect.Partitions = append(o.effect.Partitions, s.newPartition(t, v))
		}
		return nil
	})
}

// intoTable is a sink for the rows of a table that is there.
func (s *Store) intoTable(ctx context.Context, t *table.Table) (*sink, error) {
	no := func(why string) (*sink, error) {
		return nil, refuse(typeNotSupported, "NOT_SUPPORTED: Cannot insert into %s.%s: %s", t.Database, t.Name, why)
	}
	switch {
	case isView(t):
		return no("Inserting into views is not supported")
	case t.Group != 0:
		return no("the table is that of a feature group, whose rows come with PutRecord and DeleteRecord")
	case t.Buckets > 0:
		return no("bucketed tables are not supported")
	}
	for _, name := range []string{"skip.header.line.count", "skip.footer.line.count"} {
		if n := t.Parameters[name]; n != "" && n != "0" {
			return no("tables with " + name + " are not supported")
		}
	}
	if err := table.Readable(t); err != nil {
		return nil, err
	}
	if err := s.writable(ctx, t.Location); err != nil {
		return nil, err
	}
	w := &sink{keys: len(t.PartitionKeys), compression: "GZIP"}
	switch t.SerDe {
	case table.ParquetSerDe:
		w.format = formatParquet
	case table.HiveJSONSerDe, table.OpenXJSONSerDe:
		w.format = formatJSON
	case table.LazySerDe:
		w.format = formatText
	default:
		return no("files of the SerDe " + t.SerDe + " cannot be written; use PARQUET, JSON or TEXTFILE")
	}
	if err := w.writeText(t); err != nil {
		return nil, err
	}
	for _, name := range []string{"write.compression", "parquet.compression", "parquet.compress"} {
		if given := t.Parameters[name]; given != "" {
			var ok bool
			if w.compression, ok = compressionOf(w.format, given); !ok {
				return no("its property " + name + " is '" + given + "', which is not supported")
			}
			break
		}
	}
	w.folder = func(keys []string) (string, error) {
		location, err := s.partitionFolder(ctx, t, w.text, keys)
		return strings.TrimRight(location, "/") + "/", err
	}
	return w, nil
}

// partitionFolder is where the rows of a partition of t go: a partition that is there may have a folder of its own,
// which must be one that may be written to, and files of the table's own format, text or if that is nil Parquet.
func (s *Store) partitionFolder(ctx context.Context, t *table.Table, text *serde.Format, keys []string) (string, error) {
	if len(keys) == 0 {
		return t.Location, nil
	}
	p, err := s.tables.Partition(ctx, t.Database, t.Name, keys)
	switch {
	case feature.KindOf(err) == feature.NotFound:
		return partitionOf(t, keys).Location, nil
	case err != nil:
		return "", err
	}
	own, err := table.FormatOf(t, p)
	if err == nil && !reflect.DeepEqual(own, text) {
		err = refuse(typeNotSupported, "NOT_SUPPORTED: Cannot insert into %s.%s: the partition %q has another format than the table", t.Database, t.Name, keys)
	}
	if err != nil {
		return "", err
	}
	return p.Location, s.writable(ctx, p.Location)
}

// writeText makes a sink write files as a table of text has them; one of Parquet stays as it is.
func (w *sink) writeText(t *table.Table) (err error) {
	if w.format == formatParquet {
		return nil
	}
	w.text, w.columns, err = table.TextOf(t)
	return err
}

// insertTargets says which column of a query goes where. Types must go by themselves, as in Trino.
func insertTargets(i *trino.Insert, t *table.Table, q *trino.Translation) ([]trino.Target, error) {
	all := slices.Concat(t.Columns, t.PartitionKeys)
	names := i.Columns
	if names == nil {
		for _, c := range all {
			names = append(names, c.Name)
		}
	}
	for _, n := range names {
		if !slices.ContainsFunc(all, func(c table.Column) bool { return c.Name == n }) {
			return nil, i.Fail("COLUMN_NOT_FOUND", "Insert column name does not exist in target table: "+n)
		}
	}
	var wants, gives []string
	fits := len(names) == len(q.Columns)
	targets := make([]trino.Target, len(all))
	for at, c := range all {
		typ, ok := trino.TypeOfHive(c.Type)
		if !ok {
			return nil, i.Fail("NOT_SUPPORTED", "the type "+c.Type+" of the column "+c.Name+" is not supported")
		}
		targets[at] = trino.Target{Name: c.Name, Type: typ, From: slices.Index(names, c.Name)}
	}
	for at, n := range names {
		target := targets[slices.IndexFunc(targets, func(t trino.Target) bool { return t.Name == n })]
		wants = append(wants, target.Type.String())
		fits = fits && q.Columns[at].Type.Coerces(target.Type)
	}
	for _, c := range q.Columns {
		gives = append(gives, c.Type.String())
	}
	if !fits {
		return nil, i.Fail("TYPE_MISMATCH", "Insert query has mismatched column types: Table: ["+strings.Join(wants, ", ")+"], Query: ["+strings.Join(gives, ", ")+"]")
	}
	return targets, nil
}

// unload runs a query and leaves its rows in files at a location.
func (s *Store) unload(ctx context.Context, e *Execution, u *trino.Unload, o *outcome) error {
	options, err := writeOptions(u.Properties, unloadOptions)
	if err != nil {
		return err
	}
	if err := s.writable(ctx, u.Location); err != nil {
		return err
	}
	if err := s.empty(ctx, u.Location, "UNLOAD"); err != nil {
		return err
	}
	return s.withPlan(ctx, e, u.Query, o, func(p *planned) error {
		w, _, err := newTable(p, options, u.Location)
		if err != nil {
			return err
		}
		return s.write(ctx, e, p, w, o)
	})
}

// options are those of CREATE TABLE AS and UNLOAD.
type options struct {
	given     map[string]trino.Value
	delimiter string // of fields, in TEXTFILE
}

var (
	createOptions = []string{"format", "external_location", "partitioned_by", "write_compression", "parquet_compression", "field_delimiter", "is_external", "table_type"}
	unloadOptions = []string{"format", "partitioned_by", "compression", "field_delimiter"}
)

// refusedOptions are those that Athena has and we have not, and what to do instead.
var refusedOptions = map[string]string{
	"bucketed_by": "bucketed tables are not supported; leave it out", "bucket_count": "bucketed tables are not supported; leave it out",
	"compression_level": "levels of compression are not supported; leave it out", "orc_compression": "ORC is not supported; use PARQUET",
}

func writeOptions(given map[string]trino.Value, known []string) (*options, error) {
	for name, v := range given {
		if why, ok := refusedOptions[name]; ok {
			return nil, v.Fail("NOT_SUPPORTED", name+": "+why)
		}
		if !slices.Contains(known, name) {
			return nil, v.Fail("INVALID_TABLE_PROPERTY", "Catalog '"+catalogName+"' table property '"+name+"' does not exist")
		}
		if v.IsList() != (name == "partitioned_by") {
			return nil, v.Fail("INVALID_TABLE_PROPERTY", "Invalid value for catalog '"+catalogName+"' table property '"+name+"': a text is due, or of partitioned_by an ARRAY of texts")
		}
	}
	o := &options{given: given, delimiter: "\x01"}
	if v, ok := given["table_type"]; ok && !strings.EqualFold(v.Text, "HIVE") {
		return nil, v.Fail("NOT_SUPPORTED", "table_type "+v.Text+" is not supported; use HIVE")
	}
	if v, ok := given["is_external"]; ok && !strings.EqualFold(v.Text, "true") {
		return nil, v.Fail("NOT_SUPPORTED", "is_external = "+v.Text+" is not supported: tables are external")
	}
	return o, nil
}

func (o *options) text(name, otherwise string) string {
	if v, ok := o.given[name]; ok {
		return v.Text
	}
	return otherwise
}

// sink is one for the columns of a plan.
func (o *options) sink(p *planned, columns []table.Column) (*sink, error) {
	w := &sink{format: strings.ToUpper(o.text("format", formatParquet))}
	if w.format != formatParquet && w.format != formatJSON && w.format != formatText {
		return nil, o.given["format"].Fail("NOT_SUPPORTED", "the format "+w.format+" is not supported; use PARQUET, JSON or TEXTFILE")
	}
	w.compression = "GZIP"
	for _, name := range []string{"write_compression", "parquet_compression", "compression"} {
		v, ok := o.given[name]
		if !ok {
			continue
		}
		if w.compression, ok = compressionOf(w.format, v.Text); !ok {
			return nil, v.Fail("NOT_SUPPORTED", "the compression "+v.Text+" of "+w.format+" is not supported; use "+strings.Join(compressions[w.format], ", "))
		}
	}
	if v, ok := o.given["field_delimiter"]; ok {
		if w.format != formatText {
			return nil, v.Fail("INVALID_TABLE_PROPERTY", "field_delimiter is for the format TEXTFILE")
		}
		if o.delimiter = v.Text; len([]rune(v.Text)) != 1 {
			return nil, v.Fail("INVALID_TABLE_PROPERTY", "field_delimiter must be one character, and is "+strconv.Quote(v.Text))
		}
	}
	keys := o.given["partitioned_by"]
	w.keys = len(keys.List)
	if w.keys > 0 && w.keys >= len(columns) {
		return nil, keys.Fail("INVALID_TABLE_PROPERTY", "Table must have at least one column that is not a partition column")
	}
	for i, c := range columns {
		typ := p.translation.Columns[i].Type
		// The type that the table says, which may be wider: an unknown length is none.
		if hive, ok := trino.TypeOfHive(c.Type); ok {
			typ = hive
		}
		w.targets = append(w.targets, trino.Target{Name: c.Name, Type: typ, From: i})
		if key := i - (len(columns) - w.keys); key >= 0 {
			if !strings.EqualFold(keys.List[key], c.Name) {
				return nil, keys.Fail("HIVE_COLUMN_ORDER_MISMATCH", "Partition keys must be the last columns in the table and in the same order as the table properties: ["+strings.Join(keys.List, ", ")+"]")
			}
			if !typ.Named() {
				return nil, keys.Fail("NOT_SUPPORTED", "Unsupported type ["+typ.String()+"] for partition: "+c.Name)
			}
		}
	}
	return w, nil
}

// compressions are what each format may have.
var compressions = map[string][]string{
	formatParquet: {"GZIP", "SNAPPY", "ZSTD", "LZ4", "NONE"}, formatJSON: {"GZIP", "ZSTD", "NONE"}, formatText: {"GZIP", "ZSTD", "NONE"},
}

// compressionOf is the compression of a name; ok is false for one that is not supported.
func compressionOf(format, name string) (compression string, ok bool) {
	if compression = strings.ToUpper(name); compression == "UNCOMPRESSED" {
		compression = "NONE"
	}
	return compression, slices.Contains(compressions[format], compression)
}
