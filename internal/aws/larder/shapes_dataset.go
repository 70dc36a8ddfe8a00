package larder

import "github.com/larder-dev/larder/internal/feature"

type datasetRequest struct {
	DatasetName string
	Labels      labelsShape
	Groups      []datasetGroupRequest
	AsOf        string
	WaitSeconds int
}

type labelsShape struct {
	Source     string `json:",omitempty"`
	Format     string `json:",omitempty"`
	Table      string `json:",omitempty"`
	SQL        string `json:"Sql,omitempty"`
	Database   string `json:",omitempty"`
	TimeColumn string
}

type datasetGroupRequest struct {
	FeatureGroupName string
	JoinColumn       string
	Features         []feature.Name
	LookBackSeconds  int64
	SkipDeletes      bool
	Prefix           *string
}

// A datasetShape is one version of a dataset. Times are ISO 8601; "" is left out.
type datasetShape struct {
	DatasetName   string
	Version       int64
	Status        string
	FailureReason string `json:",omitempty"`
	CreatedBy     string
	StartedAt     string
	EndedAt       string `json:",omitempty"`
	// AsOf is the last write time that the rows may come from, to the microsecond.
	AsOf         string
	Labels       labelsShape
	Groups       []datasetGroupShape
	Rows         int64
	Hash         string                `json:",omitempty"`
	Columns      []datasetColumnShape  `json:",omitempty"`
	FileBytes    int64                 `json:",omitempty"`
	FileHash     string                `json:",omitempty"`
	Release      string                `json:",omitempty"`
	ScratchBytes int64                 `json:",omitempty"`
	Progress     *datasetProgressShape `json:",omitempty"` // while it is made, or verified
	Verification *verificationShape    `json:",omitempty"` // the last one
}

type datasetGroupShape struct {
	FeatureGroupName string
	JoinColumn       string
	Features         []feature.Name
	LookBackSeconds  int64 `json:",omitempty"`
	SkipDeletes      bool  `json:",omitempty"`
	// SchemaVersion is how many features the group had. Features are only ever added.
	SchemaVersion int
	OfflineRows   int64 // that were written up to AsOf
}

type datasetColumnShape struct {
	Name             string
	Type             string
	FeatureGroupName string `json:",omitempty"`
	FeatureName      string `json:",omitempty"`
	Values           int64
	Nulls            int64
	Distinct         int64    `json:",omitempty"` // an estimate
	Min              string   `json:",omitempty"`
	Max              string   `json:",omitempty"`
	Mean             *float64 `json:",omitempty"`
	Hash             string   `json:",omitempty"`
}

type datasetProgressShape struct {
	Phase            string // waiting, labels, keys, features
	Detail           string `json:",omitempty"` // of waiting: what for
	Rows             int64  // that the phase has done
	OfRows           int64  // 0: nobody can say
	LabelRows        int64  // of the dataset
	RemainingSeconds float64
}

type verificationShape struct {
	VerifiedAt string
	VerifiedBy string
	Outcome    string // Same, Differs, Forgotten
	Reason     string `json:",omitempty"`
	Rows       int64
	Hash       string
	SameFile   *bool `json:",omitempty"`
	Seconds    float64
}

type listDatasetsResponse struct {
	Datasets []*datasetShape
	More     bool
}

type datasetVersionRequest struct{ Version int64 }

type exportDatasetRequest struct {
	Version int64
	Format  string
	Target  string
}

type exportDatasetResponse struct {
	DatasetName string
	Version     int64
	Rows        int64
	File        exportedFile
}

// A datasetReadShape is an entry of the audit trail.
type datasetReadShape struct {
	At                string
	By                string
	Act               string // Create, Verify, Export, Download, Delete
	DatasetName       string
	Version           int64
	Format            string              `json:",omitempty"`
	Target            string              `json:",omitempty"`
	Labels            string              `json:",omitempty"`
	FeatureGroupNames []feature.GroupName `json:",omitempty"`
	AsOf              string              `json:",omitempty"`
}
