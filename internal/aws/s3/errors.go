package s3

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// code is S3's word for a reason.
type code struct {
	status int
	name   string
}

func codeOf(reason bucket.Reason) code {
	switch reason {
	case bucket.BucketMissing:
		return code{404, "NoSuchBucket"}
	case bucket.KeyMissing:
		return code{404, "NoSuchKey"}
	case bucket.UploadMissing:
		return code{404, "NoSuchUpload"}
	case bucket.BucketExists:
		return code{409, "BucketAlreadyOwnedByYou"}
	case bucket.BucketNotEmpty:
		return code{409, "BucketNotEmpty"}
	case bucket.PreconditionFails:
		return code{412, "PreconditionFailed"}
	case bucket.BadBucketName:
		return code{400, "InvalidBucketName"}
	case bucket.BadKey:
		return code{400, "InvalidURI"}
	case bucket.KeyTooLong:
		return code{400, "KeyTooLongError"}
	case bucket.WrongChecksum:
		return code{400, "BadDigest"}
	case bucket.EntityTooLarge:
		return code{400, "EntityTooLarge"}
	case bucket.PartTooSmall:
		return code{400, "EntityTooSmall"}
	case bucket.PartMissing:
		return code{400, "InvalidPart"}
	case bucket.PartsUnordered:
		return code{400, "InvalidPartOrder"}
	case bucket.PartsNone:
		return code{400, "MalformedXML"}
	case bucket.PartNumberRange:
		return code{400, "InvalidArgument"}
	case bucket.RangeUnsatisfied:
		return code{416, "InvalidRange"}
	}
	return code{400, "InvalidRequest"}
}

// inWords gives an error of a verb S3's words, with what S3 says beside them.
func inWords(err error, r *request) error {
	var e *bucket.Error
	if !errors.As(err, &e) {
		return err
	}
	c := codeOf(e.Reason)
	out := &awshttp.Error{Status: c.status, Code: c.name, Message: e.Error(), Members: map[string]any{}}
	switch e.Reason {
	case bucket.KeyMissing:
		out.Members["Key"] = r.key
	case bucket.UploadMissing:
		out.Members["UploadId"] = r.query.Get("uploadId")
	case bucket.RangeUnsatisfied:
		out.Members["RangeRequested"] = r.header.Get("Range")
	default:
		if r.bucket != "" {
			out.Members["BucketName"] = r.bucket
		}
	}
	return out
}

// errorOf answers for errors that inWords left alone.
func errorOf(_ string, err error) *awshttp.Error {
	switch feature.KindOf(err) {
	case feature.Invalid:
		return &awshttp.Error{Status: http.StatusBadRequest, Code: "InvalidRequest", Message: err.Error()}
	case feature.NotFound:
		return &awshttp.Error{Status: http.StatusNotFound, Code: "NoSuchKey", Message: err.Error()}
	case feature.Exists, feature.Conflict:
		return &awshttp.Error{Status: http.StatusConflict, Code: "OperationAborted", Message: err.Error()}
	case feature.Forbidden:
		return &awshttp.Error{Status: http.StatusForbidden, Code: "AccessDenied", Message: err.Error()}
	case feature.Unsupported:
		return notImplemented("%s", err.Error())
	case feature.Unavailable:
		return &awshttp.Error{Status: http.StatusServiceUnavailable, Code: "SlowDown", Message: err.Error()}
	}
	return nil
}

func notImplemented(format string, args ...any) *awshttp.Error {
	return &awshttp.Error{Status: http.StatusNotImplemented, Code: "NotImplemented", Message: fmt.Sprintf(format, args...)}
}

func invalidRequest(format string, args ...any) *awshttp.Error {
	return &awshttp.Error{Status: http.StatusBadRequest, Code: "InvalidRequest", Message: fmt.Sprintf(format, args...)}
}

func invalidArgument(name, value, format string, args ...any) *awshttp.Error {
	return &awshttp.Error{
		Status: http.StatusBadRequest, Code: "InvalidArgument", Message: fmt.Sprintf(format, args...),
		Members: map[string]any{"ArgumentName": name, "ArgumentValue": value},
	}
}
