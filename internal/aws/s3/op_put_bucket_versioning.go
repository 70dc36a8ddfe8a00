package s3

import (
	"context"
	"encoding/xml"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

type versioningXML struct {
	XMLName   xml.Name `xml:"VersioningConfiguration"`
	Status    string
	MfaDelete string
}

// PutBucketVersioning: PUT /{Bucket}?versioning, s3:PutBucketVersioning
//
// Supported: Suspended, which is how it is: new objects have no versions.
// Refused:   Enabled, MFADelete Enabled.
// Differs:   GetBucketVersioning goes on to show nothing, and a delete leaves no marker.
func (s *service) putBucketVersioning(ctx context.Context, r *request) error {
	var in versioningXML
	if err := r.needXML(&in); err != nil {
		return err
	}
	switch {
	case in.Status == "Enabled" || in.MfaDelete == "Enabled":
		return notImplemented("Versions of objects are not implemented: Status may be Suspended, and MfaDelete Disabled.")
	case in.Status != "Suspended":
		return &awshttp.Error{Status: http.StatusBadRequest, Code: "IllegalVersioningConfigurationException", Message: "The Versioning element must be specified"}
	}
	if _, err := s.store.Bucket(ctx, r.bucket); err != nil {
		return err
	}
	r.w.WriteHeader(http.StatusOK)
	return nil
}

var putBucketVersioningMembers = members(`Bucket VersioningConfiguration VersioningConfiguration.MFADelete VersioningConfiguration.Status
	ChecksumAlgorithm ContentMD5 ExpectedBucketOwner MFA`,
	noted("VersioningConfiguration.MFADelete", "Disabled; Enabled is refused"),
	noted("VersioningConfiguration.Status", "Suspended; Enabled is refused"))
