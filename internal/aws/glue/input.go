package glue

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// A reader reads the members of a request. The first one that breaks a rule is its error, and what it
// returns after is of no use.
type reader struct{ err error }

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = feature.Errorf(feature.Invalid, format, args...)
	}
}

// unsupported notes a member that is there and refused.
func (r *reader) unsupported(there bool, member, why string) {
	if there && r.err == nil {
		r.err = feature.Errorf(feature.Unsupported, "%s is not supported: %s; leave it out", member, why)
	}
}

// line reads a text of one line with a range of characters; an absent one is "".
func (r *reader) line(member string, s *string, least, most int) string {
	text := r.lines(member, s, least, most)
	if strings.ContainsAny(text, "\r\n") {
		r.fail("%s has more than one line; it must be one", member)
	}
	return text
}

// lines reads a text that may have more than one line.
func (r *reader) lines(member string, s *string, least, most int) string {
	if s == nil {
		return ""
	}
	n := utf8.RuneCountInString(*s)
	if n < least || n > most {
		r.fail("%s has %d characters; it must have %d to %d", member, n, least, most)
	}
	if strings.ContainsFunc(*s, func(c rune) bool { return unicode.IsControl(c) && !strings.ContainsRune("\t\r\n", c) && c < 0x80 }) {
		r.fail("%s has a control character; it must be text", member)
	}
	return *s
}

// name reads a text of one line that must be there, of 1 to 255 characters.
func (r *reader) name(member string, s *string) string {
	if s == nil {
		r.fail("%s is missing; it is required", member)
	}
	return r.line(member, s, 1, 255)
}

func (r *reader) count(member string, n, most int) {
	if n > most {
		r.fail("%s has %d items; the most is %d", member, n, most)
	}
}

func (r *reader) parameters(member string, m map[string]string) map[string]string {
	for key, value := range m {
		r.line("a key of "+member, &key, 1, 255)
		if n := len(value); n > 512_000 {
			r.fail("%s.%s has %d bytes; the most is 512000", member, key, n)
		}
	}
	return m
}

func (r *reader) columns(member string, in []columnInput) []table.Column {
	columns := make([]table.Column, len(in))
	for i, c := range in {
		columns[i] = table.Column{
			Name: r.name(member+".Name", c.Name), Type: r.line(member+".Type", c.Type, 0, 131072),
			Comment: r.line(member+".Comment", c.Comment, 0, 255), Parameters: r.parameters(member+".Parameters", c.Parameters),
		}
	}
	return columns
}

func (r *reader) storage(member string, in *storageInput) table.Storage {
	if in == nil {
		return table.Storage{}
	}
	r.unsupported(in.SchemaReference != nil, member+".SchemaReference", "there is no schema registry")
	s := table.Storage{
		Columns:             r.columns(member+".Columns", in.Columns),
		Location:            r.lines(member+".Location", in.Location, 0, 2056),
		AdditionalLocations: in.AdditionalLocations,
		InputFormat:         r.line(member+".InputFormat", in.InputFormat, 0, 128),
		OutputFormat:        r.line(member+".OutputFormat", in.OutputFormat, 0, 128),
		Compressed:          in.Compressed != nil && *in.Compressed,
		BucketColumns:       in.BucketColumns,
		StorageParameters:   r.parameters(member+".Parameters", in.Parameters),
		SubDirectories:      in.StoredAsSubDirectories != nil && *in.StoredAsSubDirectories,
	}
	if in.NumberOfBuckets != nil {
		s.Buckets = *in.NumberOfBuckets
	}
	if d := in.SerdeInfo; d != nil {
		s.SerDeName = r.line(member+".SerdeInfo.Name", d.Name, 1, 255)
		s.SerDe = r.line(member+".SerdeInfo.SerializationLibrary", d.SerializationLibrary, 1, 255)
		s.SerDeParams = r.parameters(member+".SerdeInfo.Parameters", d.Parameters)
	}
	for _, c := range in.SortColumns {
		order := -1
		if c.SortOrder != nil {
			order = *c.SortOrder
		}
		if order != 0 && order != 1 {
			r.fail("%s.SortColumns.SortOrder is %d or missing; it must be 1 (ascending) or 0 (descending)", member, order)
		}
		s.SortColumns = append(s.SortColumns, table.SortColumn{Column: r.name(member+".SortColumns.Column", c.Column), Order: order})
	}
	if k := in.SkewedInfo; k != nil {
		s.Skew = &table.Skew{Columns: k.SkewedColumnNames, Values: k.SkewedColumnValues, Locations: k.SkewedColumnValueLocationMaps}
	}
	return s
}

// table reads a TableInput for a database.
func (r *reader) table(db string, in *tableInput) *table.Table {
	if in == nil {
		r.fail("TableInput is missing; it is required")
		return &table.Table{}
	}
	r.unsupported(in.TargetTable != nil, "TableInput.TargetTable", "there are no resource links")
	r.unsupported(in.FederatedTable != nil, "TableInput.FederatedTable", "there are no federated catalogs")
	r.unsupported(in.ViewDefinition != nil, "TableInput.ViewDefinition", "there are no views of many dialects")
	t := &table.Table{
		Database:         db,
		Name:             r.name("TableInput.Name", in.Name),
		Storage:          r.storage("TableInput.StorageDescriptor", in.StorageDescriptor),
		Parameters:       r.parameters("TableInput.Parameters", in.Parameters),
		TableType:        r.line("TableInput.TableType", in.TableType, 0, 255),
		Description:      r.lines("TableInput.Description", in.Description, 0, 2048),
		Owner:            r.line("TableInput.Owner", in.Owner, 1, 255),
		LastAccess:       instant(in.LastAccessTime),
		LastAnalyzed:     instant(in.LastAnalyzedTime),
		PartitionKeys:    r.columns("TableInput.PartitionKeys", in.PartitionKeys),
		ViewOriginalText: r.lines("TableInput.ViewOriginalText", in.ViewOriginalText, 0, 409600),
		ViewExpandedText: r.lines("TableInput.ViewExpandedText", in.ViewExpandedText, 0, 409600),
	}
	if n := in.Retention; n != nil {
		if t.Retention = *n; *n < 0 {
			r.fail("TableInput.Retention is %d; it must not be negative", *n)
		}
	}
	return t
}

func (r *reader) partition(member string, in *partitionInput) *table.Partition {
	if in == nil {
		r.fail("%s is missing; it is required", member)
		return &table.Partition{}
	}
	return &table.Partition{
		Values:       r.values(member+".Values", in.Values),
		Storage:      r.storage(member+".StorageDescriptor", in.StorageDescriptor),
		Parameters:   r.parameters(member+".Parameters", in.Parameters),
		LastAccess:   instant(in.LastAccessTime),
		LastAnalyzed: instant(in.LastAnalyzedTime),
	}
}

func (r *reader) values(member string, in []string) []string {
	for _, v := range in {
		r.lines(member, &v, 0, 1024)
	}
	return in
}

// allPrincipals and allPermissions are what a database grants where there is no Lake Formation.
const (
	allPrincipals  = "IAM_ALLOWED_PRINCIPALS"
	allPermissions = "ALL"
)

// database reads a DatabaseInput.
func (r *reader) database(in *databaseInput) *table.Database {
	if in == nil {
		r.fail("DatabaseInput is missing; it is required")
		return &table.Database{}
	}
	r.unsupported(in.TargetDatabase != nil, "DatabaseInput.TargetDatabase", "there are no resource links")
	r.unsupported(in.FederatedDatabase != nil, "DatabaseInput.FederatedDatabase", "there are no federated catalogs")
	for _, p := range in.CreateTableDefaultPermissions {
		usual := p.Principal != nil && p.Principal.DataLakePrincipalIdentifier != nil && *p.Principal.DataLakePrincipalIdentifier == allPrincipals &&
			len(p.Permissions) == 1 && p.Permissions[0] == allPermissions
		r.unsupported(!usual, "DatabaseInput.CreateTableDefaultPermissions other than ALL for IAM_ALLOWED_PRINCIPALS", "there is no Lake Formation")
	}
	return &table.Database{
		Name:        r.name("DatabaseInput.Name", in.Name),
		Description: r.lines("DatabaseInput.Description", in.Description, 0, 2048),
		LocationURI: r.lines("DatabaseInput.LocationUri", in.LocationUri, 1, 1024),
		Parameters:  r.parameters("DatabaseInput.Parameters", in.Parameters),
	}
}

// ofTable reads what a request about one table begins with.
func (r *reader) ofTable(c *awshttp.Call, in ofTable) (db, name string) {
	r.catalog(c, in.CatalogId)
	return r.name("DatabaseName", in.DatabaseName), r.name("TableName", in.TableName)
}

func (r *reader) catalog(c *awshttp.Call, id *string) {
	if err := checkCatalog(c, id); err != nil && r.err == nil {
		r.err = err
	}
}

// instant is zero for no time.
func instant(t *awshttp.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
