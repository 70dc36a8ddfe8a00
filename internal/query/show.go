package query

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

// text makes the columns of a result of Hive's: all are texts.
func texts(names ...string) []Column {
	out := make([]Column, len(names))
	for i, n := range names {
		out[i] = Column{Name: n, Type: "string"}
	}
	return out
}

// show returns the lines of a SHOW or a DESCRIBE, as Hive prints them, and their columns.
func (d *ddl) show(ctx context.Context, s *trino.Show) ([]string, []Column, error) {
	switch s.Kind {
	case trino.ShowDatabases:
		lines, err := d.showDatabases(ctx, s)
		return lines, texts("database_name"), err
	case trino.ShowTables:
		lines, err := d.showTables(ctx, s, func(*table.Table) bool { return true })
		return lines, texts("tab_name"), err
	case trino.ShowViews:
		lines, err := d.showTables(ctx, s, isView)
		return lines, texts("views"), err
	case trino.ShowFunctions:
		lines, err := showFunctions(s.Pattern)
		return lines, texts("Function", "Return Type", "Argument Types", "Function Type", "Deterministic", "Description"), err
	case trino.ShowCatalogs:
		fits, err := like(s.Pattern)
		if err != nil || !fits(catalogName) {
			return nil, texts("Catalog"), err
		}
		return []string{catalogName}, texts("Catalog"), nil
	}
	t, err := d.table(ctx, s.TableName)
	if err != nil {
		return nil, nil, err
	}
	switch s.Kind {
	case trino.ShowColumns:
		var lines []string
		for _, c := range slices.Concat(t.Columns, t.PartitionKeys) {
			lines = append(lines, fmt.Sprintf("%-20s", c.Name))
		}
		return lines, texts("field"), nil
	case trino.ShowPartitions:
		lines, err := d.showPartitions(ctx, t, s.Of)
		return lines, texts("partition"), err
	case trino.ShowCreateTable:
		if isView(t) {
			return nil, nil, refuse(typeDDL, "FAILED: SemanticException: %s.%s is a view; use SHOW CREATE VIEW", t.Database, t.Name)
		}
		return createStatement(t), texts("createtab_stmt"), nil
	case trino.ShowCreateView:
		lines, err := createViewStatement(t)
		return lines, texts("create view"), err
	case trino.ShowProperties:
		return showProperties(t, s.Property), texts("prpt_name", "prpt_value"), nil
	case trino.Describe:
		lines, err := d.describe(ctx, t, s)
		return lines, texts("col_name", "data_type", "comment"), err
	}
	return nil, nil, fmt.Errorf("a statement shows %s", s.Kind)
}

// showFunctions are lines of the functions whose names are like a pattern of SQL's.
func showFunctions(pattern string) ([]string, error) {
	fits, err := like(pattern)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, f := range trino.Functions() {
		if fits(f.Name) {
			lines = append(lines, strings.Join([]string{f.Name, f.Result, f.Arguments, f.Kind, fmt.Sprint(f.Deterministic), f.Description}, "\t"))
		}
	}
	return lines, nil
}

// like tells of names whether a pattern of SQL's fits them: % is any text, _ any character. No pattern fits all.
func like(pattern string) (fits func(name string) bool, err error) {
	if pattern == "" {
		return func(string) bool { return true }, nil
	}
	re, err := regexp.Compile("(?is)^" + strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(pattern)) + "$")
	if err != nil {
		return nil, err
	}
	return re.MatchString, nil
}

func (d *ddl) showDatabases(ctx context.Context, s *trino.Show) ([]string, error) {
	all, err := d.tables.Databases(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = one.Name
	}
	return matching(names, s.Pattern)
}

func (d *ddl) showTables(ctx context.Context, s *trino.Show, wanted func(*table.Table) bool) ([]string, error) {
	database := d.of(s.TableName)
	all, err := d.tables.Tables(ctx, database)
	if feature.KindOf(err) == feature.NotFound {
		return nil, noDatabase(database)
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, t := range all {
		if wanted(t) {
			names = append(names, t.Name)
		}
	}
	return matching(names, s.Pattern)
}

// matching are the names that a pattern of Hive's fits: a regular expression for the whole name, in any case, in
// which a '*' alone stands for anything.
func matching(names []string, pattern string) ([]string, error) {
	if pattern == "" {
		return names, nil
	}
	var b strings.Builder
	for i := range len(pattern) {
		if pattern[i] == '*' && (i == 0 || !strings.ContainsRune(".)]*+?", rune(pattern[i-1]))) {
			b.WriteByte('.')
		}
		b.WriteByte(pattern[i])
	}
	re, err := regexp.Compile("(?is)^(?:" + b.String() + ")$")
	if err != nil {
		return nil, refuse(typeDDL, "FAILED: SemanticException: the pattern '%s' is not a regular expression: %v", pattern, err)
	}
	return slices.DeleteFunc(names, func(n string) bool { return !re.MatchString(n) }), nil
}

// showPartitions are the names of a table's partitions, of those alone that have the values of a specification,
// which may leave keys out.
func (d *ddl) showPartitions(ctx context.Context, t *table.Table, of *trino.PartitionSpec) ([]string, error) {
	if len(t.PartitionKeys) == 0 {
		return nil, refuse(typeDDL, "FAILED: SemanticException [Error 10241]: Table %s.%s is not a partitioned table", t.Database, t.Name)
	}
	wanted := map[int]string{}
	if of != nil {
		for _, v := range of.Values {
			i, value, err := keyValue(t, v)
			if err != nil {
				return nil, err
			}
			wanted[i] = value
		}
	}
	var lines []string
	for p, err := range d.tables.Partitions(ctx, t, nil) {
		if err != nil {
			return nil, err
		}
		if len(p.Values) == len(t.PartitionKeys) && hasValues(p.Values, wanted) {
			lines = append(lines, partitionName(t, p.Values))
		}
	}
	return lines, nil
}

// hasValues tells whether values have those of some places.
func hasValues(values []string, wanted map[int]string) bool {
	for i, v := range wanted {
		if values[i] != v {
			return false
		}
	}
	return true
}

func showProperties(t *table.Table, property string) []string {
	if property != "" {
		value, ok := t.Parameters[property]
		if !ok {
			value = fmt.Sprintf("Table %s.%s does not have property: %s", t.Database, t.Name, property)
		}
		return []string{property + "\t" + value}
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(t.Parameters)) {
		lines = append(lines, oneLine(name)+"\t"+oneLine(t.Parameters[name]))
	}
	return lines
}

// oneLine keeps a text from making more lines or fields than it has.
func oneLine(text string) string {
	return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text)
}

// createStatement is the statement that would make a table, as Hive writes it.
func createStatement(t *table.Table) []string {
	lines := []string{"CREATE EXTERNAL TABLE `" + t.Database + "." + t.Name + "`("}
	lines = append(lines, columnLines(t.Columns)...)
	if t.Description != "" {
		lines = append(lines, "COMMENT "+quoted(t.Description))
	}
	if len(t.PartitionKeys) > 0 {
		lines = append(append(lines, "PARTITIONED BY ( "), columnLines(t.PartitionKeys)...)
	}
	if t.SerDe != "" {
		lines = append(lines, "ROW FORMAT SERDE ", "  "+quoted(t.SerDe)+" ")
		if len(t.SerDeParams) > 0 {
			lines = append(append(lines, "WITH SERDEPROPERTIES ( "), pairs(t.SerDeParams)...)
		}
	}
	if t.InputFormat != "" {
		lines = append(lines, "STORED AS INPUTFORMAT ", "  "+quoted(t.InputFormat)+" ", "OUTPUTFORMAT ", "  "+quoted(t.OutputFormat))
	}
	lines = append(lines, "LOCATION", "  "+quoted(t.Location))
	if len(t.Parameters) > 0 {
		lines = append(append(lines, "TBLPROPERTIES ("), pairs(t.Parameters)...)
	}
	return lines
}

func columnLines(columns []table.Column) []string {
	lines := make([]string, len(columns))
	for i, c := range columns {
		lines[i] = "  `" + strings.ReplaceAll(oneLine(c.Name), "`", "``") + "` " + c.Type
		if c.Comment != "" {
			lines[i] += " COMMENT " + quoted(c.Comment)
		}
		if i < len(columns)-1 {
			lines[i] += ", "
		} else {
			lines[i] += ")"
		}
	}
	return lines
}

func pairs(of map[string]string) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		lines = append(lines, "  "+quoted(name)+"="+quoted(of[name])+", ")
	}
	last := len(lines) - 1
	lines[last] = strings.TrimSuffix(lines[last], ", ") + ")"
	return lines
}

// quoted writes a text as a string of Hive's, in one line.
func quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\x00", `\0`).Replace(text) + "'"
}
