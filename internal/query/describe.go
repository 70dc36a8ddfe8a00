package query

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

// described is a line of DESCRIBE.
func described(name, dataType, comment string) string {
	return fmt.Sprintf("%-20s\t%-20s\t%-20s", oneLine(name), dataType, oneLine(comment))
}

// describe prints a table, a partition or a column, as Hive does.
func (d *ddl) describe(ctx context.Context, t *table.Table, s *trino.Show) ([]string, error) {
	columns, partition := t.Columns, (*table.Partition)(nil)
	if s.Of != nil {
		v, err := values(t, *s.Of)
		if err != nil {
			return nil, err
		}
		partition, err = d.tables.Partition(ctx, t.Database, t.Name, v)
		if feature.KindOf(err) == feature.NotFound {
			return nil, refuse(typeDDL, "FAILED: SemanticException [Error 10006]: Partition not found (%s)", partitionName(t, v))
		}
		if err != nil {
			return nil, err
		}
		if len(partition.Columns) > 0 { // else Glue was told of none, and they are the table's
			columns = partition.Columns
		}
	}
	if s.Path != nil {
		return describeColumn(t, columns, s)
	}
	lines := describeColumns(columns, t.PartitionKeys, s.Formatted)
	switch {
	case s.Formatted && partition != nil:
		lines = append(lines, describePartition(t, partition)...)
	case s.Formatted:
		lines = append(lines, describeTable(t)...)
	}
	return lines, nil
}

// describeColumn prints one column, or what a path leads to in it. Of that the catalog keeps no comment.
func describeColumn(t *table.Table, columns []table.Column, s *trino.Show) ([]string, error) {
	no := refuse(typeDDL, "FAILED: SemanticException [Error 10002]: Invalid column reference %s", strings.Join(s.Path, "."))
	all := slices.Concat(columns, t.PartitionKeys)
	i := slices.IndexFunc(all, func(c table.Column) bool { return c.Name == s.Path[0] })
	if i < 0 {
		return nil, no
	}
	c := all[i]
	for _, step := range s.Path[1:] {
		of, ok := trino.HiveElement(c.Type, step)
		if !ok {
			return nil, no
		}
		c = table.Column{Name: step, Type: of, Comment: "from deserializer"}
	}
	var lines []string
	if s.Formatted {
		lines = append(lines, described("# col_name", "data_type", "comment"), emptyLine)
	}
	return append(lines, described(c.Name, c.Type, c.Comment)), nil
}

// emptyLine parts the sections of DESCRIBE.
const emptyLine = "\t \t "

// describeColumns prints columns and partition keys.
func describeColumns(columns, keys []table.Column, formatted bool) []string {
	var lines []string
	if formatted {
		lines = append(lines, described("# col_name", "data_type", "comment"), emptyLine)
	}
	for _, c := range columns {
		lines = append(lines, described(c.Name, c.Type, c.Comment))
	}
	if !formatted {
		for _, c := range keys {
			lines = append(lines, described(c.Name, c.Type, c.Comment))
		}
	}
	if len(keys) > 0 {
		lines = append(lines, emptyLine, "# Partition Information\t \t ", described("# col_name", "data_type", "comment"), emptyLine)
		for _, c := range keys {
			lines = append(lines, described(c.Name, c.Type, c.Comment))
		}
	}
	return lines
}

// facts are the lines below the columns.
type facts []string

func (f *facts) add(name, value string) {
	*f = append(*f, fmt.Sprintf("%-20s\t%-20s\t ", name, oneLine(value)))
}

// section begins with a line of its own.
func (f *facts) section(title string) { *f = append(*f, emptyLine, "# "+title+"\t \t ") }

func (f *facts) all(title string, of map[string]string) {
	*f = append(*f, title+"\t \t ")
	for _, name := range slices.Sorted(maps.Keys(of)) {
		*f = append(*f, fmt.Sprintf("\t%-20s\t%-20s", oneLine(name), oneLine(of[name])))
	}
}

func (f *facts) storage(s *table.Storage) {
	f.section("Storage Information")
	f.add("SerDe Library:", s.SerDe)
	f.add("InputFormat:", s.InputFormat)
	f.add("OutputFormat:", s.OutputFormat)
	f.add("Compressed:", map[bool]string{true: "Yes", false: "No"}[s.Compressed])
	f.add("Num Buckets:", fmt.Sprint(s.Buckets))
	f.add("Bucket Columns:", fmt.Sprint(s.BucketColumns))
	f.add("Sort Columns:", "[]")
	f.all("Storage Desc Params:", s.SerDeParams)
}

func describeTable(t *table.Table) facts {
	var f facts
	f.section("Detailed Table Information")
	f.add("Database:", t.Database)
	f.add("Owner:", t.Owner)
	f.add("CreateTime:", t.Created.UTC().Format(time.UnixDate))
	f.add("LastAccessTime:", "UNKNOWN")
	f.add("Protect Mode:", "None")
	f.add("Retention:", fmt.Sprint(t.Retention))
	f.add("Location:", t.Location)
	f.add("Table Type:", t.TableType)
	f.all("Table Parameters:", t.Parameters)
	f.storage(&t.Storage)
	return f
}

func describePartition(t *table.Table, p *table.Partition) facts {
	var f facts
	f.section("Detailed Partition Information")
	f.add("Partition Value:", "["+strings.Join(p.Values, ", ")+"]")
	f.add("Database:", t.Database)
	f.add("Table:", t.Name)
	f.add("CreateTime:", p.Created.UTC().Format(time.UnixDate))
	f.add("LastAccessTime:", "UNKNOWN")
	f.add("Protect Mode:", "None")
	f.add("Location:", p.Location)
	f.all("Partition Parameters:", p.Parameters)
	f.storage(&p.Storage)
	return f
}
