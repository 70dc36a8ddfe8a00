package glue

import "github.com/larder-dev/larder/internal/aws/awshttp"

// The shapes of contract §6.1, with the members that this server reads or writes. Members are
// pointers where being absent means something. A *refused is a member that is refused if it is there.

type refused struct{}

type empty struct{}

type database struct {
	Name                          string
	Description                   string             `json:",omitempty"`
	LocationUri                   string             `json:",omitempty"`
	Parameters                    map[string]string  `json:",omitempty"`
	CreateTime                    *awshttp.Timestamp `json:",omitempty"`
	CreateTableDefaultPermissions []permissions      `json:",omitempty"`
	CatalogId                     string             `json:",omitempty"`
}

type permissions struct {
	Principal   *principal
	Permissions []string
}

type principal struct{ DataLakePrincipalIdentifier *string }

type databaseInput struct {
	Name                          *string
	Description                   *string
	LocationUri                   *string
	Parameters                    map[string]string
	CreateTableDefaultPermissions []permissions
	TargetDatabase                *refused
	FederatedDatabase             *refused
}

type tableShape struct {
	Name                          string
	DatabaseName                  string             `json:",omitempty"`
	Description                   string             `json:",omitempty"`
	Owner                         string             `json:",omitempty"`
	CreateTime                    *awshttp.Timestamp `json:",omitempty"`
	UpdateTime                    *awshttp.Timestamp `json:",omitempty"`
	LastAccessTime                *awshttp.Timestamp `json:",omitempty"`
	LastAnalyzedTime              *awshttp.Timestamp `json:",omitempty"`
	Retention                     *int               `json:",omitempty"`
	StorageDescriptor             *storageDescriptor `json:",omitempty"`
	PartitionKeys                 *[]column          `json:",omitempty"`
	ViewOriginalText              string             `json:",omitempty"`
	ViewExpandedText              string             `json:",omitempty"`
	TableType                     string             `json:",omitempty"`
	Parameters                    map[string]string  `json:",omitempty"`
	CreatedBy                     string             `json:",omitempty"`
	IsRegisteredWithLakeFormation *bool              `json:",omitempty"`
	CatalogId                     string             `json:",omitempty"`
	VersionId                     string             `json:",omitempty"`
}

type tableInput struct {
	Name              *string
	Description       *string
	Owner             *string
	LastAccessTime    *awshttp.Timestamp
	LastAnalyzedTime  *awshttp.Timestamp
	Retention         *int
	StorageDescriptor *storageInput
	PartitionKeys     []columnInput
	ViewOriginalText  *string
	ViewExpandedText  *string
	TableType         *string
	Parameters        map[string]string
	TargetTable       *refused
	FederatedTable    *refused
	ViewDefinition    *refused
}

type storageDescriptor struct {
	Columns                []column
	Location               string   `json:",omitempty"`
	AdditionalLocations    []string `json:",omitempty"`
	InputFormat            string   `json:",omitempty"`
	OutputFormat           string   `json:",omitempty"`
	Compressed             bool
	NumberOfBuckets        int
	SerdeInfo              *serdeInfo `json:",omitempty"`
	BucketColumns          []string
	SortColumns            []sortColumn
	Parameters             map[string]string
	SkewedInfo             *skewedInfo `json:",omitempty"`
	StoredAsSubDirectories bool
}

type storageInput struct {
	Columns                []columnInput
	Location               *string
	AdditionalLocations    []string
	InputFormat            *string
	OutputFormat           *string
	Compressed             *bool
	NumberOfBuckets        *int
	SerdeInfo              *serdeInput
	BucketColumns          []string
	SortColumns            []sortInput
	Parameters             map[string]string
	SkewedInfo             *skewedInfo
	StoredAsSubDirectories *bool
	SchemaReference        *refused
}

type column struct {
	Name       string
	Type       string            `json:",omitempty"`
	Comment    string            `json:",omitempty"`
	Parameters map[string]string `json:",omitempty"`
}

type columnInput struct {
	Name       *string
	Type       *string
	Comment    *string
	Parameters map[string]string
}

type serdeInfo struct {
	Name                 string `json:",omitempty"`
	SerializationLibrary string `json:",omitempty"`
	Parameters           map[string]string
}

type serdeInput struct {
	Name                 *string
	SerializationLibrary *string
	Parameters           map[string]string
}

type sortColumn struct {
	Column    string
	SortOrder int
}

type sortInput struct {
	Column    *string
	SortOrder *int
}

type skewedInfo struct {
	SkewedColumnNames             []string          `json:",omitempty"`
	SkewedColumnValues            []string          `json:",omitempty"`
	SkewedColumnValueLocationMaps map[string]string `json:",omitempty"`
}

type partition struct {
	Values            []string
	DatabaseName      string
	TableName         string
	CreationTime      *awshttp.Timestamp `json:",omitempty"`
	LastAccessTime    *awshttp.Timestamp `json:",omitempty"`
	LastAnalyzedTime  *awshttp.Timestamp `json:",omitempty"`
	StorageDescriptor *storageDescriptor
	Parameters        map[string]string
	CatalogId         string
}

type partitionInput struct {
	Values            []string
	LastAccessTime    *awshttp.Timestamp
	StorageDescriptor *storageInput
	Parameters        map[string]string
	LastAnalyzedTime  *awshttp.Timestamp
}

type valueList struct{ Values []string }

// ofTable is what every request about one table begins with.
type ofTable struct {
	CatalogId    *string
	DatabaseName *string
	TableName    *string
}

type errorDetail struct{ ErrorCode, ErrorMessage string }

type tableVersion struct {
	Table     tableShape
	VersionId string
}
