package s3

import (
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// members makes the list of an operation's members from their paths. What many operations have is
// said once, in shared; own says what is the operation's alone.
func members(paths string, own ...awshttp.Member) []awshttp.Member {
	var all []awshttp.Member
	for path := range strings.FieldsSeq(paths) {
		m := shared(path)
		m.Path = path
		if at := slices.IndexFunc(own, func(o awshttp.Member) bool { return o.Path == path }); at >= 0 {
			m = own[at]
		}
		all = append(all, m)
	}
	return all
}

func refused(path, why string) awshttp.Member {
	return awshttp.Member{Path: path, Support: awshttp.Refused, Note: why}
}

func noted(path, note string) awshttp.Member { return awshttp.Member{Path: path, Note: note} }

func withoutEffect(path, why string) awshttp.Member {
	return awshttp.Member{Path: path, Support: awshttp.WithoutEffect, Note: why}
}

// shared says what is done about the members that many operations have.
func shared(path string) awshttp.Member {
	last := path[strings.LastIndexByte(path, '.')+1:]
	switch last {
	case "RequestPayer":
		return withoutEffect(path, "nothing costs anything")
	case "BypassGovernanceRetention":
		return withoutEffect(path, "no object is retained")
	case "MFA":
		return refused(path, "there are no devices")
	case "WebsiteRedirectLocation":
		return refused(path, "there are no websites")
	case "WriteOffsetBytes":
		return refused(path, "objects do not grow")
	case "AnnotationDirective":
		return refused(path, "there are no annotations")
	case "VersionId":
		return noted(path, "null, the version that every object has; others are refused")
	case "ACL":
		return noted(path, "private and bucket-owner-full-control, which is how it is; others are AccessControlListNotSupported")
	case "ServerSideEncryption":
		return noted(path, "AES256 and aws:kms are kept and shown, the disk's protection is that of all; others are refused")
	case "SSEKMSKeyId", "BucketKeyEnabled", "SSEKMSEncryptionContext":
		return withoutEffect(path, "shown again; no key is used")
	case "StorageClass":
		return noted(path, "kept and shown, and all are alike; those whose objects must be restored first, and those of other kinds of buckets, are refused")
	case "ChecksumMD5", "ChecksumSHA512", "ChecksumXXHASH128", "ChecksumXXHASH3", "ChecksumXXHASH64":
		return refused(path, "CRC32, CRC32C, CRC64NVME, SHA1 and SHA256 are there")
	case "OptionalObjectAttributes":
		return withoutEffect(path, "no object is being restored")
	}
	switch {
	case strings.HasPrefix(last, "Grant") && last != "Grants" && last != "Grantee":
		return refused(path, "every object belongs to the bucket's owner")
	case strings.HasPrefix(last, "ObjectLock"):
		return refused(path, "there is no object lock")
	case strings.Contains(last, "SSECustomer"):
		return refused(path, "keys of callers are not used")
	}
	return awshttp.Member{Path: path}
}
