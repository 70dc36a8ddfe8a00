// Package runtime is the Feature Store runtime on the wire: it turns requests on records into
// calls of package featurestore and back. It decides nothing that a store should decide. Its
// bodies are read and written by hand (see docs/decisions/record-json.md).
package runtime

import (
	"net/http"
	"sync"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/featurestore"
)

// New returns the service over a store.
func New(store *featurestore.Store) *awshttp.Service {
	a := &api{store: store}
	a.bodies.New = func() any { return new([]byte) }
	const group = "/FeatureGroup/{FeatureGroupName}"
	return &awshttp.Service{
		Name:     "sagemaker-featurestore-runtime",
		Scope:    "sagemaker",
		Protocol: awshttp.RESTJSON,
		Operations: []awshttp.Operation{
			{Name: "GetRecord", Method: http.MethodGet, Path: group, Action: "sagemaker:GetRecord", Handle: a.getRecord, Members: getRecordMembers},
			{Name: "PutRecord", Method: http.MethodPut, Path: group, Action: "sagemaker:PutRecord", Handle: a.putRecord, Members: putRecordMembers},
			{Name: "DeleteRecord", Method: http.MethodDelete, Path: group, Action: "sagemaker:DeleteRecord", Handle: a.deleteRecord, Members: deleteRecordMembers},
			{Name: "UpdateRecord", Method: http.MethodPost, Path: group + "/Record", Action: "sagemaker:PutRecord", Handle: a.updateRecord, Members: updateRecordMembers},
			{Name: "ListRecords", Method: http.MethodPost, Path: group + "/ListRecords", Action: "sagemaker:ListRecords", Handle: a.listRecords, Members: listRecordsMembers},
			{Name: "BatchGetRecord", Method: http.MethodPost, Path: "/BatchGetRecord", Action: "sagemaker:BatchGetRecord", Handle: a.batchGetRecord, Members: batchGetRecordMembers},
			{Name: "BatchWriteRecord", Method: http.MethodPost, Path: "/BatchWriteRecord", Action: "sagemaker:BatchWriteRecord", Handle: a.batchWriteRecord, Members: batchWriteRecordMembers},
		},
		Error: toError,
	}
}

// api holds what the operations work on.
type api struct {
	store  *featurestore.Store
	bodies sync.Pool // of *[]byte: replies that are written
}
