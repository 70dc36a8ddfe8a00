package larder

// What the numbers mean: docs/offline-store.md, and package usage.

type flushResponse struct {
	FlushedThrough string // ISO 8601: what was acknowledged before is in files
}

type usageResponse struct {
	MeasuredAt   string // ISO 8601
	Bytes        int64  // of all files: Database.Bytes, Blobs.Bytes and the three below
	Database     databaseShape
	Blobs        blobsShape
	ImportBytes  int64
	ScratchBytes int64
	OtherBytes   int64
	Buckets      []bucketShape
	Tables       []tableUsageShape
}

type databaseShape struct {
	Bytes   int64
	Log     int64 `json:"LogBytes"`
	Online  int64 `json:"OnlineBytes"`
	Journal int64 `json:"JournalBytes"`
}

type blobsShape struct {
	Files, Bytes int64
	Objects      int64 `json:"ObjectBytes"`
	Runs         int64 `json:"RunBytes"`
	Datasets     int64 `json:"DatasetBytes"`
	Replaced     int64 `json:"ReplacedBytes"`
	Uploads      int64 `json:"UploadBytes"`
	Nobody       int64 `json:"UnclaimedBytes"`
}

type bucketShape struct {
	Name                          string
	Objects, Bytes                int64
	Stored                        int64 `json:"StoredBytes"`
	Replaced                      int64 `json:"ReplacedObjects"`
	ReplacedBytes                 int64
	Uploads, Parts, UploadedBytes int64
}

type tableUsageShape struct {
	Database, Table, FeatureGroupName string `json:",omitempty"`
	Location                          string
	Files, Bytes, Rows                int64
	ForeignFiles, ForeignBytes        int64
	UnflushedRows, UnflushedBytes     int64
	ReplacedFiles, ReplacedBytes      int64
	Runs, RunBytes                    int64
}
