package glue

import "github.com/larder-dev/larder/internal/aws/awshttp"

// The shapes of contract §6.1, with the members that this server reads or writes. Members are
// pointers where being absent means something.

type getDatabaseRequest struct {
	CatalogId *string
	Name      *string
}

type getDatabaseResponse struct{ Database database }

type getDatabasesRequest struct {
	CatalogId         *string
	NextToken         *string
	MaxResults        *int
	ResourceShareType *string
	AttributesToGet   []string
}

type getDatabasesResponse struct {
	DatabaseList []database
	NextToken    *string `json:",omitempty"`
}

type getTableRequest struct {
	CatalogId       *string
	DatabaseName    *string
	Name            *string
	TransactionId   *string
	QueryAsOfTime   *awshttp.Timestamp
	AttributesToGet []string
}

type getTableResponse struct{ Table tableShape }

type getTablesRequest struct {
	CatalogId       *string
	DatabaseName    *string
	Expression      *string
	NextToken       *string
	MaxResults      *int
	TransactionId   *string
	QueryAsOfTime   *awshttp.Timestamp
	AttributesToGet []string
}

type getTablesResponse struct {
	TableList []tableShape
	NextToken *string `json:",omitempty"`
}

type database struct {
	Name        string
	Description string             `json:",omitempty"`
	LocationUri string             `json:",omitempty"`
	Parameters  map[string]string  `json:",omitempty"`
	CreateTime  *awshttp.Timestamp `json:",omitempty"`
	CatalogId   string             `json:",omitempty"`
}

type tableShape struct {
	Name                          string
	DatabaseName                  string             `json:",omitempty"`
	Description                   string             `json:",omitempty"`
	CreateTime                    *awshttp.Timestamp `json:",omitempty"`
	UpdateTime                    *awshttp.Timestamp `json:",omitempty"`
	Retention                     *int               `json:",omitempty"`
	StorageDescriptor             *storageDescriptor `json:",omitempty"`
	PartitionKeys                 *[]column          `json:",omitempty"`
	TableType                     string             `json:",omitempty"`
	Parameters                    map[string]string  `json:",omitempty"`
	IsRegisteredWithLakeFormation *bool              `json:",omitempty"`
	CatalogId                     string             `json:",omitempty"`
	VersionId                     string             `json:",omitempty"`
}

type storageDescriptor struct {
	Columns                []column
	Location               string
	InputFormat            string
	OutputFormat           string
	Compressed             bool
	NumberOfBuckets        int
	SerdeInfo              serdeInfo
	BucketColumns          []string
	SortColumns            []struct{}
	Parameters             map[string]string
	StoredAsSubDirectories bool
}

type column struct {
	Name    string
	Type    string
	Comment string `json:",omitempty"`
}

type serdeInfo struct {
	SerializationLibrary string
	Parameters           map[string]string
}
