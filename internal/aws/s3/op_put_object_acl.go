package s3

import (
	"context"
	"net/http"
)

// PutObjectAcl: PUT /{Bucket}/{Key}?acl, s3:PutObjectAcl
//
// Supported: private and bucket-owner-full-control, or a list in which the owner has FULL_CONTROL and nobody else
// anything: how it is.
// Refused:   every other, as S3 does where the bucket's owner owns all; versionId other than null.
// Differs:   none known.
func (s *service) putObjectAcl(ctx context.Context, r *request) error {
	if err := r.version(); err != nil {
		return err
	}
	if err := s.checkACL(r); err != nil {
		return err
	}
	if _, err := s.store.Get(ctx, r.object()); err != nil {
		return err
	}
	r.w.WriteHeader(http.StatusOK)
	return nil
}

var putObjectAclMembers = members(`Bucket Key ACL AccessControlPolicy AccessControlPolicy.Grants AccessControlPolicy.Grants.Grantee
	AccessControlPolicy.Grants.Grantee.Type AccessControlPolicy.Grants.Grantee.DisplayName AccessControlPolicy.Grants.Grantee.EmailAddress
	AccessControlPolicy.Grants.Grantee.ID AccessControlPolicy.Grants.Grantee.URI AccessControlPolicy.Grants.Permission
	AccessControlPolicy.Owner AccessControlPolicy.Owner.DisplayName AccessControlPolicy.Owner.ID ChecksumAlgorithm ContentMD5
	ExpectedBucketOwner GrantFullControl GrantRead GrantReadACP GrantWrite GrantWriteACP RequestPayer VersionId`, aclNotes...)
