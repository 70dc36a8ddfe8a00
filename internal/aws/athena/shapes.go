package athena

import "github.com/larder-dev/larder/internal/aws/awshttp"

// The shapes of contract §5.1, with the members that this server reads or writes. Members are
// pointers where being absent means something.

type startQueryExecutionRequest struct {
	QueryString              *string
	ClientRequestToken       *string
	QueryExecutionContext    *queryExecutionContext
	ResultConfiguration      *resultConfiguration
	WorkGroup                *string
	ExecutionParameters      []string
	ResultReuseConfiguration *resultReuseConfiguration
	EngineConfiguration      *struct{}
}

type startQueryExecutionResponse struct{ QueryExecutionId string }

type queryExecutionContext struct {
	Catalog  *string `json:",omitempty"`
	Database *string `json:",omitempty"`
}

type resultConfiguration struct {
	OutputLocation          *string                  `json:",omitempty"`
	EncryptionConfiguration *encryptionConfiguration `json:",omitempty"`
	ExpectedBucketOwner     *string                  `json:",omitempty"`
	AclConfiguration        *aclConfiguration        `json:",omitempty"`
}

type encryptionConfiguration struct {
	EncryptionOption *string `json:",omitempty"`
	KmsKey           *string `json:",omitempty"`
}

type aclConfiguration struct {
	S3AclOption *string `json:",omitempty"`
}

type resultReuseConfiguration struct {
	ResultReuseByAgeConfiguration *resultReuseByAgeConfiguration `json:",omitempty"`
}

type resultReuseByAgeConfiguration struct {
	Enabled         *bool
	MaxAgeInMinutes *int `json:",omitempty"`
}

type queryExecutionRequest struct{ QueryExecutionId *string }

type getQueryExecutionResponse struct{ QueryExecution queryExecution }

type queryExecution struct {
	QueryExecutionId         string
	Query                    string
	StatementType            string `json:",omitempty"`
	SubstatementType         string `json:",omitempty"`
	ResultConfiguration      resultConfiguration
	QueryExecutionContext    queryExecutionContext
	ResultReuseConfiguration *resultReuseConfiguration `json:",omitempty"`
	Status                   queryExecutionStatus
	Statistics               queryExecutionStatistics
	WorkGroup                string
	EngineVersion            engineVersion
	ExecutionParameters      []string `json:",omitempty"`
}

type queryExecutionStatus struct {
	State              string
	StateChangeReason  string `json:",omitempty"`
	SubmissionDateTime *awshttp.Timestamp
	CompletionDateTime *awshttp.Timestamp `json:",omitempty"`
	AthenaError        *athenaError       `json:",omitempty"`
}

type athenaError struct {
	ErrorCategory int
	ErrorType     int
	Retryable     bool
	ErrorMessage  string
}

type queryExecutionStatistics struct {
	EngineExecutionTimeInMillis      *int64 `json:",omitempty"`
	DataScannedInBytes               *int64 `json:",omitempty"`
	DataManifestLocation             string `json:",omitempty"`
	TotalExecutionTimeInMillis       *int64 `json:",omitempty"`
	QueryQueueTimeInMillis           *int64 `json:",omitempty"`
	QueryPlanningTimeInMillis        *int64 `json:",omitempty"`
	ServicePreProcessingTimeInMillis *int64 `json:",omitempty"`
	ServiceProcessingTimeInMillis    *int64 `json:",omitempty"`
	ResultReuseInformation           struct{ ReusedPreviousResult bool }
}

type engineVersion struct {
	SelectedEngineVersion  string
	EffectiveEngineVersion string
}

type getQueryResultsRequest struct {
	QueryExecutionId *string
	NextToken        *string
	MaxResults       *int
	QueryResultType  *string
}

type getQueryResultsResponse struct {
	UpdateCount int64
	ResultSet   resultSet
	NextToken   string `json:",omitempty"`
}

type resultSet struct {
	Rows              []row
	ResultSetMetadata resultSetMetadata
}

type row struct{ Data []datum }

type datum struct {
	VarCharValue *string `json:",omitempty"`
}

type resultSetMetadata struct{ ColumnInfo []columnInfo }

type columnInfo struct {
	CatalogName   string
	SchemaName    string
	TableName     string
	Name          string
	Label         string
	Type          string
	Precision     int
	Scale         int
	Nullable      string
	CaseSensitive bool
}

type getWorkGroupRequest struct{ WorkGroup *string }

type getWorkGroupResponse struct{ WorkGroup workGroup }

type workGroup struct {
	Name          string
	State         string
	Configuration workGroupConfiguration
	Description   string
	CreationTime  *awshttp.Timestamp `json:",omitempty"`
}

type workGroupConfiguration struct {
	ResultConfiguration             resultConfiguration
	EnforceWorkGroupConfiguration   bool
	PublishCloudWatchMetricsEnabled bool
	BytesScannedCutoffPerQuery      *int64 `json:",omitempty"`
	RequesterPaysEnabled            bool
	EngineVersion                   engineVersion
}

type nothing struct{}
