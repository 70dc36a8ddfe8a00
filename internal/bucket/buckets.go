package bucket

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// CreateBucket makes a bucket. BadBucketName, BucketExists.
func (s *Store) CreateBucket(ctx context.Context, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	err := s.index.CreateBucket(ctx, Bucket{Name: name, Region: s.options.Region, Created: s.now()})
	if feature.KindOf(err) == feature.Exists {
		return failf(BucketExists, feature.Exists, "Your previous request to create the named bucket succeeded and you already own it.")
	}
	return err
}

// DeleteBucket removes a bucket that has no objects. BucketMissing, BucketNotEmpty.
func (s *Store) DeleteBucket(ctx context.Context, name string) error {
	err := s.index.DeleteBucket(ctx, name)
	switch feature.KindOf(err) {
	case feature.NotFound:
		return bucketMissing(name)
	case feature.Conflict:
		return failf(BucketNotEmpty, feature.Conflict, "The bucket you tried to delete is not empty: remove its objects and abort its multipart uploads first.")
	}
	return err
}

// Bucket reads one bucket. BucketMissing.
func (s *Store) Bucket(ctx context.Context, name string) (Bucket, error) {
	b, err := s.index.GetBucket(ctx, name)
	if feature.KindOf(err) == feature.NotFound {
		return Bucket{}, bucketMissing(name)
	}
	if err != nil {
		return Bucket{}, err
	}
	return *b, nil
}

// Buckets returns every bucket, sorted by name.
func (s *Store) Buckets(ctx context.Context) ([]Bucket, error) { return s.index.Buckets(ctx) }

func bucketMissing(name string) *Error {
	return failf(BucketMissing, feature.NotFound, "The specified bucket does not exist: %q. Create it first.", name)
}

// CheckName holds a name against S3's rules for general purpose buckets. BadBucketName.
func CheckName(name string) error {
	rule := ""
	switch {
	case len(name) < 3 || len(name) > 63:
		rule = "it must have 3 to 63 characters"
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" || strings.ContainsFunc(name, notInName):
		rule = "it may have lower-case letters, digits, dots and hyphens only"
	case !alphanumeric(name[0]) || !alphanumeric(name[len(name)-1]):
		rule = "it must begin and end with a letter or a digit"
	case strings.Contains(name, ".."):
		rule = "it must not have two dots in a row"
	case isIPv4(name):
		rule = "it must not look like an IP address"
	case slices.ContainsFunc([]string{"xn--", "sthree-", "amzn-s3-demo-"}, func(p string) bool { return strings.HasPrefix(name, p) }),
		slices.ContainsFunc([]string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"}, func(p string) bool { return strings.HasSuffix(name, p) }):
		rule = "its prefix or suffix is reserved"
	default:
		return nil
	}
	return failf(BadBucketName, feature.Invalid, "The specified bucket is not valid: %q: %s.", name, rule)
}

func notInName(r rune) bool {
	return r != '.' && r != '-' && (r > 0x7f || !alphanumeric(byte(r)))
}

func alphanumeric(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

func isIPv4(name string) bool {
	a, err := netip.ParseAddr(name)
	return err == nil && a.Is4()
}
