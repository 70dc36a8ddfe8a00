package s3

import (
	"context"
	"encoding/xml"
	"errors"

	"github.com/larder-dev/larder/internal/bucket"
)

type deleteXML struct {
	XMLName xml.Name `xml:"Delete"`
	Quiet   bool
	Object  []deleteKeyXML
}

type deleteKeyXML struct {
	Key              keyText
	VersionID        string `xml:"VersionId"`
	ETag             string
	LastModifiedTime *string
	Size             *string
}

type deletedXML struct {
	XMLName xml.Name        `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
	Deleted []deletedKeyXML `xml:"Deleted"`
	Error   []keyErrorXML   `xml:"Error"`
}

type deletedKeyXML struct {
	Key       keyText
	VersionID string `xml:"VersionId,omitempty"`
}

type keyErrorXML struct {
	Key       keyText
	VersionID string `xml:"VersionId,omitempty"`
	Code      string
	Message   string
}

// DeleteObjects: POST /{Bucket}?delete, s3:DeleteObject
//
// Supported: up to 1,000 keys, Quiet, VersionId null, ETag of an object. Keys with characters that XML 1.0 has not may
// be written as they are or as references.
// Refused:   LastModifiedTime and Size of an object. Another version is an Error of its key.
// Differs:   all keys without ETag go in one commit, or none. A checksum of the body is not required.
func (s *service) deleteObjects(ctx context.Context, r *request) error {
	var in deleteXML
	if err := r.needXML(&in); err != nil {
		return err
	}
	if len(in.Object) == 0 || len(in.Object) > maxKeys {
		return malformedXML("it names %d objects, and may name 1 to %d", len(in.Object), maxKeys)
	}
	var keys []string
	for _, o := range in.Object {
		switch {
		case o.LastModifiedTime != nil || o.Size != nil:
			return notImplemented("Conditions on the LastModifiedTime and the Size of an object are not implemented: use its ETag.")
		case o.Key == "":
			return malformedXML("an Object has no Key")
		case o.ETag == "" && o.current():
			keys = append(keys, string(o.Key))
		}
	}
	if err := s.store.Delete(ctx, r.bucket, keys, nil); err != nil {
		return err
	}
	var out deletedXML
	for _, o := range in.Object {
		failed, err := s.deleteOne(ctx, r, o)
		switch {
		case err != nil:
			return err
		case failed != nil:
			out.Error = append(out.Error, *failed)
		case !in.Quiet:
			out.Deleted = append(out.Deleted, deletedKeyXML{Key: o.Key, VersionID: o.VersionID})
		}
	}
	return r.writeXML(out)
}

// current tells whether the version that there is is meant.
func (o deleteKeyXML) current() bool { return o.VersionID == "" || o.VersionID == "null" }

// deleteOne deletes what goes by itself, and says why it did not.
func (s *service) deleteOne(ctx context.Context, r *request, o deleteKeyXML) (*keyErrorXML, error) {
	if !o.current() {
		return &keyErrorXML{Key: o.Key, VersionID: o.VersionID, Code: "NoSuchVersion", Message: "The specified version does not exist."}, nil
	}
	if o.ETag == "" {
		return nil, nil
	}
	err := s.store.Delete(ctx, r.bucket, []string{string(o.Key)}, bucket.Only{IfMatch: o.ETag}.Check())
	var e *bucket.Error
	if errors.As(err, &e) {
		return &keyErrorXML{Key: o.Key, VersionID: o.VersionID, Code: codeOf(e.Reason).name, Message: e.Error()}, nil
	}
	return nil, err
}

var deleteObjectsMembers = members(`Bucket Delete Delete.Objects Delete.Quiet Delete.Objects.Key Delete.Objects.ETag
	Delete.Objects.LastModifiedTime Delete.Objects.Size Delete.Objects.VersionId BypassGovernanceRetention ChecksumAlgorithm
	ExpectedBucketOwner MFA RequestPayer`,
	refused("Delete.Objects.LastModifiedTime", "it is for directory buckets"),
	refused("Delete.Objects.Size", "it is for directory buckets"))
