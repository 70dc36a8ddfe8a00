package glue

import (
	"strconv"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

func fromDatabase(c *awshttp.Call, d *table.Database) database {
	return database{
		Name: d.Name, Description: d.Description, LocationUri: d.LocationURI, Parameters: d.Parameters,
		CreateTime: awshttp.NewTimestamp(d.Created), CatalogId: c.Principal.Account,
	}
}

func fromTable(c *awshttp.Call, t *table.Table) tableShape {
	columns := make([]column, len(t.Columns))
	for i, col := range t.Columns {
		columns[i] = column{Name: col.Name, Type: col.Type, Comment: col.Comment}
	}
	retention, registered := 0, false
	return tableShape{
		Name: t.Name, DatabaseName: t.Database, Description: t.Description,
		CreateTime: awshttp.NewTimestamp(t.Created), UpdateTime: awshttp.NewTimestamp(t.Updated),
		Retention: &retention,
		StorageDescriptor: &storageDescriptor{
			Columns: columns, Location: t.Location, InputFormat: t.InputFormat, OutputFormat: t.OutputFormat,
			NumberOfBuckets: -1, // Hive's way to say that there are none
			SerdeInfo:       serdeInfo{SerializationLibrary: t.SerDe, Parameters: filled(t.SerDeParams)},
			BucketColumns:   []string{}, SortColumns: []struct{}{}, Parameters: map[string]string{},
		},
		// Folders year=…/month=… are not partitions: contract §4.5.
		PartitionKeys: &[]column{},
		TableType:     t.TableType, Parameters: filled(t.Parameters), IsRegisteredWithLakeFormation: &registered,
		CatalogId: c.Principal.Account, VersionId: strconv.FormatInt(t.Version, 10),
	}
}

// filled returns m, or an empty map for none: clients index it.
func filled(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
