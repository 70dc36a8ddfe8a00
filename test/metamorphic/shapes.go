package metamorphic

// The shapes of the service as the tests write them: contract §1.1, §2.1. A pointer or nil is absent.

type featureValue struct {
	FeatureName       string
	ValueAsString     *string  `json:",omitempty"`
	ValueAsStringList []string `json:",omitzero"`
}

type ttl struct {
	Unit  string
	Value int64
}

// seconds returns how long t is.
func (t *ttl) seconds() int64 {
	if t == nil {
		return 0
	}
	return t.Value * map[string]int64{"Seconds": 1, "Minutes": 60, "Hours": 3600, "Days": 86400, "Weeks": 604800}[t.Unit]
}

type definition struct {
	FeatureName      string
	FeatureType      string
	CollectionType   string            `json:",omitempty"`
	CollectionConfig *collectionConfig `json:",omitempty"`
}

type collectionConfig struct{ VectorConfig vectorConfig }

type vectorConfig struct{ Dimension int }

type onlineConfig struct {
	EnableOnlineStore bool
	TtlDuration       *ttl   `json:",omitempty"`
	StorageType       string `json:",omitempty"`
}

type offlineConfig struct {
	S3StorageConfig          s3Config
	DisableGlueTableCreation *bool          `json:",omitempty"`
	DataCatalogConfig        *catalogConfig `json:",omitempty"`
	TableFormat              string         `json:",omitempty"`
}

type s3Config struct {
	S3Uri               string
	ResolvedOutputS3Uri string `json:",omitempty"`
}

type catalogConfig struct{ TableName, Catalog, Database string }

type throughput struct {
	ThroughputMode                string
	ProvisionedReadCapacityUnits  *int64 `json:",omitempty"`
	ProvisionedWriteCapacityUnits *int64 `json:",omitempty"`
}

type tag struct{ Key, Value string }

type status struct{ Status string }

type parameter struct{ Key, Value string }
