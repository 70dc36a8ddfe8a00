package s3

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// A target is what the host and the path of a request name.
type target struct {
	bucket, key string
}

func (t target) level() level {
	switch {
	case t.bucket == "":
		return ofService
	case t.key == "":
		return ofBucket
	}
	return ofObject
}

// match names the operation of a request, "" if there is none.
func (s *service) match(r *http.Request) string {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return ""
	}
	level := s.target(r).level()
	copies := headers(r, query).Get("X-Amz-Copy-Source") != ""
	for _, o := range s.operations {
		if o.method == r.Method && o.level == level && o.copies == copies && o.fits(query) {
			return o.name
		}
	}
	return ""
}

// fits holds the query string against the lists of the operation.
func (o operation) fits(query url.Values) bool {
	needed := 0
	for name, values := range query {
		switch {
		case slices.Contains(o.needs, name), slices.Contains(o.needs, name+"="+values[0]):
			needed++
		case slices.Contains(o.takes, name):
		// A signature in the query string, and what callers write there for their logs, as SDKs do in x-id.
		case strings.HasPrefix(strings.ToLower(name), "x-"):
		default:
			return false
		}
	}
	return needed == len(o.needs)
}

// target reads the bucket from the host, or else from the path. The path is taken unescaped and
// as it is: "//", "." and ".." are parts of keys like any other.
func (s *service) target(r *http.Request) target {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if name := s.hostBucket(r); name != "" {
		return target{bucket: name, key: path}
	}
	name, key, _ := strings.Cut(path, "/")
	return target{bucket: name, key: key}
}

// hostBucket returns the bucket that the host name begins with, "" if it names none. What the
// server's own name is, only its clients know. Sure signs of virtual-host style are a known
// ending, and a request that makes no sense in path style; failing these, that the bucket is there.
func (s *service) hostBucket(r *http.Request) string {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || !strings.Contains(host, ".") {
		return ""
	}
	if name, ok := beforeAddress(host); ok {
		return name
	}
	if name, ok := strings.CutSuffix(host, ".localhost"); ok {
		return name
	}
	if strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".amazonaws.com.cn") {
		return beforeS3(host)
	}
	first, _, _ := strings.Cut(host, ".")
	if r.URL.Path == "/" && (r.Method != http.MethodGet || !s.operations[0].fits(r.URL.Query())) {
		return s.bucketBefore(r.Context(), host, first)
	}
	return s.bucketBefore(r.Context(), host, "")
}

// bucketBefore returns the longest beginning of a host name that is a bucket, whose name may have
// dots.
func (s *service) bucketBefore(ctx context.Context, host, otherwise string) string {
	for at := strings.LastIndexByte(host, '.'); at > 0; at = strings.LastIndexByte(host[:at], '.') {
		if s.has(ctx, host[:at]) {
			return host[:at]
		}
	}
	return otherwise
}

// beforeAddress returns what stands before an IPv4 address, where some clients put a bucket's name
// that has dots.
func beforeAddress(host string) (string, bool) {
	labels := strings.Split(host, ".")
	if len(labels) < 5 {
		return "", false
	}
	_, err := netip.ParseAddr(strings.Join(labels[len(labels)-4:], "."))
	return strings.Join(labels[:len(labels)-4], "."), err == nil
}

// beforeS3 returns what stands before s3.amazonaws.com, s3.<region>.amazonaws.com, s3-<region>….
func beforeS3(host string) string {
	labels := strings.Split(host, ".")
	for i := len(labels) - 1; i > 0; i-- {
		if labels[i] == "s3" || strings.HasPrefix(labels[i], "s3-") {
			return strings.Join(labels[:i], ".")
		}
	}
	return ""
}

func (s *service) has(ctx context.Context, name string) bool {
	_, err := s.store.Bucket(ctx, name)
	return err == nil
}
