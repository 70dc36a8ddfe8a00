// Package larder is Larder's own API on the wire: what an operator asks of a server and AWS has no
// operation for. It is signed like any other, with the scope "larder", and its errors have the form of
// the other REST-JSON services (docs/decisions/own-api.md). It decides nothing.
package larder

import (
	"errors"
	"net/http"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/columnar"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/export"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/table"
	"github.com/larder-dev/larder/internal/usage"
	"github.com/larder-dev/larder/internal/verify"
)

// Config is what the operations work on. All but Now are required by those that use them.
type Config struct {
	Verifier *verify.Verifier
	Groups   *featurestore.Store
	Tables   *table.Store
	Imports  *ingest.Store
	Exports  *export.Store
	Datasets *dataset.Store
	Columnar *columnar.Store
	Meter    *usage.Meter
	Now      func() time.Time // nil: time.Now
}

// New returns the service.
func New(c Config) *awshttp.Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	a := &api{c}
	const group = "/larder/FeatureGroup/{FeatureGroupName}/"
	const named = "/larder/Dataset/{DatasetName}"
	return &awshttp.Service{
		Name:     "larder",
		Scope:    "larder",
		Protocol: awshttp.RESTJSON,
		Operations: []awshttp.Operation{
			{Name: "VerifyFeatureGroup", Method: http.MethodPost, Path: group + "Verify", Action: "larder:VerifyFeatureGroup", Handle: awshttp.JSON(a.verifyFeatureGroup)},
			{Name: "FlushFeatureGroup", Method: http.MethodPost, Path: group + "Flush", Action: "larder:FlushFeatureGroup", Handle: awshttp.JSON(a.flushFeatureGroup)},
			{Name: "Flush", Method: http.MethodPost, Path: "/larder/Flush", Action: "larder:Flush", Handle: awshttp.JSON(a.flush)},
			{Name: "DescribeUsage", Method: http.MethodGet, Path: "/larder/Usage", Action: "larder:DescribeUsage", Handle: awshttp.JSON(a.describeUsage)},
			{Name: "ExportFeatureGroup", Method: http.MethodPost, Path: group + "Export", Action: "larder:ExportFeatureGroup", Handle: a.exportFeatureGroup},
			{Name: "ReadRecords", Method: http.MethodPost, Path: group + "Read", Action: "larder:ReadRecords", Handle: a.readRecords},
			{Name: "WriteRecords", Method: http.MethodPost, Path: group + "Write", Action: "larder:WriteRecords", Handle: a.writeRecords},
			{Name: "StartImport", Method: http.MethodPost, Path: group + "Import", Action: "larder:StartImport", Handle: awshttp.JSON(a.startImport)},
			{Name: "ListImports", Method: http.MethodGet, Path: "/larder/Import", Action: "larder:ListImports", Handle: awshttp.JSON(a.listImports)},
			{Name: "DescribeImport", Method: http.MethodGet, Path: "/larder/Import/{ImportId}", Action: "larder:DescribeImport", Handle: awshttp.JSON(a.describeImport)},
			{Name: "GetImportErrors", Method: http.MethodGet, Path: "/larder/Import/{ImportId}/Errors", Action: "larder:GetImportErrors", Handle: a.getImportErrors},
			{Name: "CancelImport", Method: http.MethodPost, Path: "/larder/Import/{ImportId}/Cancel", Action: "larder:CancelImport", Handle: awshttp.JSON(a.cancelImport)},
			{Name: "CreateDataset", Method: http.MethodPost, Path: "/larder/Dataset", Action: "larder:CreateDataset", Handle: awshttp.JSON(a.createDataset)},
			{Name: "ListDatasets", Method: http.MethodGet, Path: "/larder/Dataset", Action: "larder:ListDatasets", Handle: awshttp.JSON(a.listDatasets)},
			{Name: "DescribeDataset", Method: http.MethodGet, Path: named, Action: "larder:DescribeDataset", Handle: awshttp.JSON(a.describeDataset)},
			{Name: "DeleteDataset", Method: http.MethodDelete, Path: named, Action: "larder:DeleteDataset", Handle: awshttp.JSON(a.deleteDataset)},
			{Name: "GetDatasetRows", Method: http.MethodGet, Path: named + "/Rows", Action: "larder:GetDatasetRows", Handle: a.getDatasetRows},
			{Name: "ExportDataset", Method: http.MethodPost, Path: named + "/Export", Action: "larder:ExportDataset", Handle: awshttp.JSON(a.exportDataset)},
			{Name: "VerifyDataset", Method: http.MethodPost, Path: named + "/Verify", Action: "larder:VerifyDataset", Handle: awshttp.JSON(a.verifyDataset)},
			{Name: "CancelDataset", Method: http.MethodPost, Path: named + "/Cancel", Action: "larder:CancelDataset", Handle: awshttp.JSON(a.cancelDataset)},
			{Name: "ListDatasetReads", Method: http.MethodGet, Path: "/larder/DatasetRead", Action: "larder:ListDatasetReads", Handle: a.listDatasetReads},
		},
		Error: toError,
	}
}

// api holds what the operations work on.
type api struct{ Config }

// empty is a request without members.
type empty struct{}

// codes gives each kind its code and status.
var codes = map[feature.Kind]struct {
	code   string
	status int
}{
	feature.Invalid:     {"ValidationException", http.StatusBadRequest},
	feature.Unsupported: {"ValidationException", http.StatusBadRequest},
	feature.Conflict:    {"ConflictException", http.StatusConflict},
	feature.NotFound:    {"ResourceNotFoundException", http.StatusNotFound},
	feature.Forbidden:   {"AccessDeniedException", http.StatusForbidden},
	feature.Throttled:   {"ThrottlingException", http.StatusBadRequest},
	feature.Unavailable: {"ServiceUnavailable", http.StatusServiceUnavailable},
}

// toError puts an error into the service's words, nil for a fault.
func toError(_ string, err error) *awshttp.Error {
	var e *feature.Error
	if !errors.As(err, &e) {
		return nil
	}
	c, ok := codes[e.Kind]
	if !ok {
		return nil
	}
	return &awshttp.Error{Status: c.status, Code: c.code, Message: e.Text}
}
