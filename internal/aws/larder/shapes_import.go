package larder

import "github.com/larder-dev/larder/internal/feature"

type importRequest struct {
	Sources            []string
	Format             string
	Columns            map[string]feature.Name
	ClientRequestToken string
	MaxErrors          *int64
	TargetStores       []string
	WaitSeconds        int
}

// An importShape is one import. Times are ISO 8601; "" is left out.
type importShape struct {
	ImportID           string `json:"ImportId"`
	FeatureGroupName   string
	Status             string
	FailureReason      string `json:",omitempty"`
	Sources            []sourceShape
	Format             string                  `json:",omitempty"`
	Columns            map[string]feature.Name `json:",omitempty"`
	ClientRequestToken string
	TargetStores       []string
	MaxErrors          *int64 `json:",omitempty"`
	StartedAt          string
	CommittedAt        string `json:",omitempty"` // when its rows came into the table
	EndedAt            string `json:",omitempty"`
	Bytes              int64  // of the sources
	RowsRead           int64  // those taken and those refused
	RowsTaken          int64
	RowsRefused        int64
	Files              int64          // that it made
	FirstWriteTime     string         `json:",omitempty"`
	LastWriteTime      string         `json:",omitempty"`
	OnlineRecords      int64          // that go to the online store: the newest of each identifier
	OnlineApplied      int64          // of them
	Progress           *progressShape `json:",omitempty"` // while it runs
}

type sourceShape struct {
	URI     string `json:"Uri"`
	Size    int64
	Version string
}

type progressShape struct {
	Phase            string // waiting, reading, writing, applying
	BytesRead        int64
	Rows             int64
	OfRows           int64
	RemainingSeconds float64
}

type listImportsResponse struct {
	Imports []*importShape
	More    bool // there are older ones
}
