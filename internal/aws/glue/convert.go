package glue

import (
	"strconv"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

func fromDatabase(c *awshttp.Call, d *table.Database) database {
	everybody := allPrincipals
	return database{
		Name: d.Name, Description: d.Description, LocationUri: d.LocationURI, Parameters: d.Parameters,
		CreateTime: awshttp.NewTimestamp(d.Created), CatalogId: c.Principal.Account,
		CreateTableDefaultPermissions: []permissions{{Principal: &principal{&everybody}, Permissions: []string{allPermissions}}},
	}
}

func fromTable(c *awshttp.Call, t *table.Table) tableShape {
	registered, keys := false, fromColumns(t.PartitionKeys)
	return tableShape{
		Name: t.Name, DatabaseName: t.Database, Description: t.Description, Owner: t.Owner,
		CreateTime: awshttp.NewTimestamp(t.Created), UpdateTime: awshttp.NewTimestamp(t.Updated),
		LastAccessTime: awshttp.NewTimestamp(t.LastAccess), LastAnalyzedTime: awshttp.NewTimestamp(t.LastAnalyzed),
		Retention:         &t.Retention,
		StorageDescriptor: fromStorage(&t.Storage),
		PartitionKeys:     &keys, // of a group's table there are none, for all its folders: contract §4.5
		ViewOriginalText:  t.ViewOriginalText, ViewExpandedText: t.ViewExpandedText,
		TableType: t.TableType, Parameters: filled(t.Parameters), CreatedBy: t.CreatedBy, IsRegisteredWithLakeFormation: &registered,
		CatalogId: c.Principal.Account, VersionId: strconv.FormatInt(t.Version, 10),
	}
}

func fromStorage(s *table.Storage) *storageDescriptor {
	d := &storageDescriptor{
		Columns: fromColumns(s.Columns), Location: s.Location, AdditionalLocations: s.AdditionalLocations,
		InputFormat: s.InputFormat, OutputFormat: s.OutputFormat, Compressed: s.Compressed, NumberOfBuckets: s.Buckets,
		BucketColumns: append([]string{}, s.BucketColumns...), SortColumns: make([]sortColumn, len(s.SortColumns)),
		Parameters: filled(s.StorageParameters), StoredAsSubDirectories: s.SubDirectories,
	}
	if s.SerDe != "" || s.SerDeName != "" || len(s.SerDeParams) > 0 {
		d.SerdeInfo = &serdeInfo{Name: s.SerDeName, SerializationLibrary: s.SerDe, Parameters: filled(s.SerDeParams)}
	}
	for i, c := range s.SortColumns {
		d.SortColumns[i] = sortColumn{Column: c.Column, SortOrder: c.Order}
	}
	if k := s.Skew; k != nil {
		d.SkewedInfo = &skewedInfo{SkewedColumnNames: k.Columns, SkewedColumnValues: k.Values, SkewedColumnValueLocationMaps: k.Locations}
	}
	return d
}

func fromColumns(in []table.Column) []column {
	columns := make([]column, len(in))
	for i, c := range in {
		columns[i] = column(c)
	}
	return columns
}

func fromPartition(c *awshttp.Call, p *table.Partition) partition {
	return partition{
		Values: p.Values, DatabaseName: p.Database, TableName: p.Table, CreationTime: awshttp.NewTimestamp(p.Created),
		LastAccessTime: awshttp.NewTimestamp(p.LastAccess), LastAnalyzedTime: awshttp.NewTimestamp(p.LastAnalyzed),
		StorageDescriptor: fromStorage(&p.Storage), Parameters: filled(p.Parameters), CatalogId: c.Principal.Account,
	}
}

// filled returns m, or an empty map for none: clients index it.
func filled(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
