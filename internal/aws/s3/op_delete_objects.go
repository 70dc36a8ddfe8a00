package s3

import (
	"context"
	"encoding/xml"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

type deleteXML struct {
	XMLName xml.Name `xml:"Delete"`
	Quiet   bool
	Object  []struct {
		Key              string
		VersionID        string `xml:"VersionId"`
		ETag             *string
		LastModifiedTime *string
		Size             *string
	}
}

type deletedXML struct {
	XMLName xml.Name        `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
	Deleted []deletedKeyXML `xml:"Deleted"`
	Error   []keyErrorXML   `xml:"Error"`
}

type deletedKeyXML struct {
	Key       string
	VersionID string `xml:"VersionId,omitempty"`
}

type keyErrorXML struct {
	Key       string
	VersionID string `xml:"VersionId,omitempty"`
	Code      string
	Message   string
}

// DeleteObjects: POST /{Bucket}?delete, s3:DeleteObject
//
// Supported: up to 1,000 keys, Quiet, VersionId null.
// Refused:   ETag, LastModifiedTime and Size of an object. Another version is an Error of its key.
// Differs:   all keys go in one commit, or none. A checksum of the body is not required.
func (s *service) deleteObjects(ctx context.Context, r *request) error {
	var in deleteXML
	if some, err := r.readXML(&in); err != nil {
		return err
	} else if !some {
		return malformedXML("there is no document")
	}
	if len(in.Object) == 0 || len(in.Object) > maxKeys {
		return malformedXML("it names %d objects, and may name 1 to %d", len(in.Object), maxKeys)
	}
	var out deletedXML
	var keys []string
	for _, o := range in.Object {
		if o.ETag != nil || o.LastModifiedTime != nil || o.Size != nil {
			return notImplemented("Conditions on the objects of a multi-object delete are not implemented: ETag, LastModifiedTime, Size.")
		}
		switch {
		case o.Key == "":
			return &awshttp.Error{Status: http.StatusBadRequest, Code: "UserKeyMustBeSpecified", Message: "The bucket POST must contain the specified field name: every Object needs a Key."}
		case o.VersionID != "" && o.VersionID != "null":
			out.Error = append(out.Error, keyErrorXML{Key: o.Key, VersionID: o.VersionID, Code: "NoSuchVersion", Message: "The specified version does not exist."})
		default:
			keys = append(keys, o.Key)
			out.Deleted = append(out.Deleted, deletedKeyXML{Key: o.Key, VersionID: o.VersionID})
		}
	}
	if err := s.store.Delete(ctx, r.bucket, keys, nil); err != nil {
		return err
	}
	if in.Quiet {
		out.Deleted = nil
	}
	return r.writeXML(out)
}
