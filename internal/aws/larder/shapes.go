package larder

// The shapes of the requests and responses. What the counts mean: docs/consistency.md.

type verifyRequest struct {
	MaxResults *int
}

type verifyResponse struct {
	FeatureGroupName string
	VerifiedAt       string // ISO 8601
	Skipped          string `json:",omitempty"` // why there was nothing to compare
	Held             heldShape
	Table            tableShape
	Newest           newestShape
	DifferenceCount  int64
	Differences      []differenceShape // the first of them
}

type heldShape struct{ Records, Tombstones, Expired, OnlineOnly int64 }

type tableShape struct{ Files, FileRows, Unflushed, ForeignFiles, ForeignRows int64 }

type newestShape struct{ Agree, OnlineAlone, OfflineAlone, Removed, StaleDelete, Spellings int64 }

type differenceShape struct {
	Kind       string
	Identifier string `json:",omitempty"`
	EventTime  string `json:",omitempty"`
	WriteTime  string `json:",omitempty"` // ISO 8601, microseconds
	Column     string `json:",omitempty"`
	Detail     string `json:",omitempty"`
}
