package awshttp

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm   = "AWS4-HMAC-SHA256"
	stampLayout = "20060102T150405Z"
	maxSkew     = 15 * time.Minute
	maxExpires  = 7 * 24 * time.Hour
)

// A claim is the signature that a request carries, as read: nothing of it is proven.
type claim struct {
	keyID         string
	scope         string // date/region/service/aws4_request
	date          string // of the scope: 20261123
	region        string
	service       string
	signedHeaders string // a;b;c, as sent
	signature     string // hex
	stamp         string // 20261123T101112Z
	at            time.Time
	presigned     bool          // it stands in the query string
	expires       time.Duration // of a presigned request
	payloadHash   string        // X-Amz-Content-Sha256 of header or query string; may be ""
	older         *http.Request // the request without its signature, if that is of Version 2; at is its end then
}

// IsSigned tells whether a request carries a signature, good or bad, in its headers or in its
// query string. Such a request is an AWS request, whatever its path.
func IsSigned(r *http.Request) bool {
	return len(r.Header["Authorization"]) > 0 || isPresigned(r.URL.RawQuery)
}

// isPresigned looks for a query-string signature, of today's form or of the one before (SigV2).
func isPresigned(query string) bool {
	for rest := query; rest != ""; {
		var part string
		part, rest, _ = strings.Cut(rest, "&")
		if len(part) < len("X-Amz-") || part[0] != 'X' && part[0] != 'A' {
			continue
		}
		switch name, _, _ := strings.Cut(part, "="); name {
		case "X-Amz-Signature", "X-Amz-Algorithm", "X-Amz-Credential", "AWSAccessKeyId":
			return true
		}
	}
	return false
}

// olderScheme is said to signatures of another kind.
const olderScheme = "The authorization mechanism you have provided is not supported. Please use " + algorithm + "."

// A flaw is what is wrong with a request before its protocol is known.
type flaw struct {
	why  reason
	text string
}

// readClaim reads the signature of r.
func readClaim(r *http.Request) (claim, *flaw) {
	headers := r.Header["Authorization"]
	presigned := isPresigned(r.URL.RawQuery)
	switch {
	case len(headers) == 0 && !presigned:
		return claim{}, &flaw{unsigned, "the request is not signed; sign it with an access key of this server (larder env prints one)"}
	case len(headers) > 1 || len(headers) == 1 && presigned:
		return claim{}, &flaw{twoSignatures, "the request carries more than one signature; send either one Authorization header or one query-string signature"}
	case presigned:
		return readQueryClaim(r)
	default:
		return readHeaderClaim(r, headers[0])
	}
}

func readHeaderClaim(r *http.Request, authorization string) (claim, *flaw) {
	c, f := parseAuthorization(authorization)
	if f != nil {
		return c, f
	}
	c.payloadHash = first(r.Header, "X-Amz-Content-Sha256")
	c.stamp = first(r.Header, "X-Amz-Date")
	if c.stamp == "" {
		// Date is the older way to say when; the text to sign then holds it in the newer form.
		if at, err := http.ParseTime(first(r.Header, "Date")); err == nil {
			c.stamp = at.UTC().Format(stampLayout)
		}
	}
	at, err := time.Parse(stampLayout, c.stamp)
	if err != nil {
		return c, &flaw{malformedAuth, "X-Amz-Date " + strconv.Quote(c.stamp) + " is not of the form YYYYMMDDTHHMMSSZ"}
	}
	c.at = at
	return c, nil
}

// parseAuthorization reads
// AWS4-HMAC-SHA256 Credential=ID/20261123/us-east-1/s3/aws4_request, SignedHeaders=a;b, Signature=hex.
func parseAuthorization(text string) (claim, *flaw) {
	scheme, rest, _ := strings.Cut(text, " ")
	if scheme != algorithm {
		return claim{}, &flaw{unsupportedAuth, olderScheme}
	}
	var c claim
	var credential string
	for rest != "" {
		var part string
		part, rest, _ = strings.Cut(rest, ",")
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		var into *string
		switch name {
		case "Credential":
			into = &credential
		case "SignedHeaders":
			into = &c.signedHeaders
		case "Signature":
			into = &c.signature
		default:
			return claim{}, &flaw{malformedAuth, "the Authorization header holds a part that is not Credential, SignedHeaders or Signature"}
		}
		if *into != "" {
			return claim{}, &flaw{malformedAuth, "the Authorization header holds " + name + " twice"}
		}
		*into = value
	}
	if credential == "" || c.signedHeaders == "" || c.signature == "" {
		return claim{}, &flaw{malformedAuth, "the Authorization header needs Credential, SignedHeaders and Signature"}
	}
	if !c.readCredential(credential) {
		return claim{}, &flaw{malformedAuth, "Credential is not of the form <key id>/<YYYYMMDD>/<region>/<service>/aws4_request"}
	}
	return c, nil
}

// readCredential reads ID/date/region/service/aws4_request.
func (c *claim) readCredential(text string) bool {
	id, scope, _ := strings.Cut(text, "/")
	date, rest, _ := strings.Cut(scope, "/")
	region, rest, _ := strings.Cut(rest, "/")
	service, end, _ := strings.Cut(rest, "/")
	c.keyID, c.scope, c.date, c.region, c.service = id, scope, date, region, service
	return id != "" && len(date) == 8 && region != "" && service != "" && end == "aws4_request"
}

func readQueryClaim(r *http.Request) (claim, *flaw) {
	// Of repeated parameters the first counts for us and all are signed; a request of ours never repeats one.
	params, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return claim{}, &flaw{presignMalformed, "the query string cannot be read: percent-encode it"}
	}
	if isOlder(params) {
		if params.Has("X-Amz-Signature") || params.Has("X-Amz-Credential") {
			return claim{}, &flaw{twoSignatures, "the request carries more than one signature"}
		}
		return readOlderClaim(r, params)
	}
	if params.Get("X-Amz-Algorithm") != algorithm {
		return claim{}, &flaw{unsupportedAuth, olderScheme}
	}
	c := claim{
		presigned:     true,
		signedHeaders: params.Get("X-Amz-SignedHeaders"),
		signature:     params.Get("X-Amz-Signature"),
		stamp:         params.Get("X-Amz-Date"),
		payloadHash:   first(r.Header, "X-Amz-Content-Sha256"),
	}
	if c.payloadHash == "" {
		c.payloadHash = params.Get("X-Amz-Content-Sha256")
	}
	if !c.readCredential(params.Get("X-Amz-Credential")) {
		return c, &flaw{presignMalformed, "X-Amz-Credential is not of the form <key id>/<YYYYMMDD>/<region>/<service>/aws4_request"}
	}
	if c.signedHeaders == "" || c.signature == "" {
		return c, &flaw{presignMalformed, "a presigned request needs X-Amz-SignedHeaders and X-Amz-Signature"}
	}
	if c.at, err = time.Parse(stampLayout, c.stamp); err != nil {
		return c, &flaw{presignMalformed, "X-Amz-Date " + strconv.Quote(c.stamp) + " is not of the form YYYYMMDDTHHMMSSZ"}
	}
	seconds, err := strconv.ParseInt(params.Get("X-Amz-Expires"), 10, 64)
	if err != nil || seconds < 1 || seconds > int64(maxExpires/time.Second) {
		return c, &flaw{presignMalformed, "X-Amz-Expires must be a number of seconds from 1 to 604800 (7 days)"}
	}
	c.expires = time.Duration(seconds) * time.Second
	return c, nil
}

// checkClock tells whether the claim is of now: made within 15 minutes or, if presigned, not yet expired.
func (c *claim) checkClock(now time.Time) *flaw {
	if c.older != nil {
		if now.After(c.at) {
			return &flaw{presignExpired, "Request has expired: it was valid until " + c.at.UTC().Format(stampLayout) + " and now is " + now.UTC().Format(stampLayout)}
		}
		return nil
	}
	if !strings.HasPrefix(c.stamp, c.date) {
		why := malformedAuth
		if c.presigned {
			why = presignMalformed
		}
		return &flaw{why, "the date of the credential scope, " + strconv.Quote(c.date) + ", is not that of X-Amz-Date, " + c.stamp}
	}
	if c.presigned {
		if end := c.at.Add(c.expires); now.After(end) {
			return &flaw{presignExpired, "Request has expired: it was valid until " + end.Format(stampLayout) + " and now is " + now.UTC().Format(stampLayout)}
		}
	} else if now.Sub(c.at) > maxSkew {
		return &flaw{skewed, "Signature expired: " + c.stamp + " is more than 15 minutes before this server's time, " + now.UTC().Format(stampLayout)}
	}
	if c.at.Sub(now) > maxSkew {
		return &flaw{skewed, "Signature not yet current: " + c.stamp + " is more than 15 minutes after this server's time, " + now.UTC().Format(stampLayout)}
	}
	return nil
}

// signs tells whether a header, named in lower case, is among the signed ones.
func (c *claim) signs(header string) bool {
	for rest := c.signedHeaders; rest != ""; {
		var name string
		if name, rest, _ = strings.Cut(rest, ";"); name == header {
			return true
		}
	}
	return false
}

// first is Header.Get for a key that is canonical already.
func first(h http.Header, key string) string {
	if v := h[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}
