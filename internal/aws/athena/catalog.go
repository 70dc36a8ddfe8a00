package athena

import (
	"maps"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// catalogName is the one data catalog there is.
const catalogName = "AwsDataCatalog"

// catalog reads the name of a catalog: the one there is, in any case, or the account's ID.
func (r *reader) catalog(c *awshttp.Call, member string, name *string) {
	if n := r.text(member, name, 1, 256); r.err == nil && !strings.EqualFold(n, catalogName) && n != c.Principal.Account {
		r.fail("Data catalog %s was not found; there is %s", n, catalogName)
	}
}

type dataCatalog struct {
	Name        string
	Description string `json:",omitempty"`
	Type        string
	Parameters  map[string]string `json:",omitempty"`
}

type databaseShape struct {
	Name        string
	Description string            `json:",omitempty"`
	Parameters  map[string]string `json:",omitempty"`
}

func fromDatabase(d *table.Database) databaseShape {
	return databaseShape{Name: d.Name, Description: d.Description, Parameters: d.Parameters}
}

type tableMetadata struct {
	Name           string
	CreateTime     *awshttp.Timestamp `json:",omitempty"`
	LastAccessTime *awshttp.Timestamp `json:",omitempty"`
	TableType      string             `json:",omitempty"`
	Columns        []columnShape
	PartitionKeys  []columnShape
	Parameters     map[string]string
}

type columnShape struct {
	Name    string
	Type    string `json:",omitempty"`
	Comment string `json:",omitempty"`
}

func fromColumns(columns []table.Column) []columnShape {
	out := make([]columnShape, len(columns))
	for i, c := range columns {
		out[i] = columnShape{c.Name, c.Type, c.Comment}
	}
	return out
}

// fromTable flattens a table of the catalog as Athena does (contract §5.1).
func fromTable(t *table.Table) tableMetadata {
	parameters := maps.Clone(t.Parameters)
	if parameters == nil {
		parameters = map[string]string{}
	}
	for name, value := range map[string]string{
		"location": t.Location, "inputformat": t.InputFormat, "outputformat": t.OutputFormat,
		"serde.serialization.lib": t.SerDe, "comment": t.Description,
	} {
		if value != "" {
			parameters[name] = value
		}
	}
	for name, value := range t.SerDeParams {
		parameters["serde.param."+name] = value
	}
	return tableMetadata{
		Name: t.Name, CreateTime: awshttp.NewTimestamp(t.Created), LastAccessTime: awshttp.NewTimestamp(t.LastAccess), TableType: t.TableType,
		Columns: fromColumns(t.Columns), PartitionKeys: fromColumns(t.PartitionKeys), Parameters: parameters,
	}
}
