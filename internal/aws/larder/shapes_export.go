package larder

type exportRequest struct {
	Format       string
	Latest       bool
	AsOf         string // ISO 8601
	FeaturesOnly bool
	FileRows     int64
	Target       string // s3://…; "" for the answer's body
}

type exportResponse struct {
	Rows  int64
	Files []exportedFile
}

type exportedFile struct {
	URI  string `json:"Uri"`
	Size int64
}
