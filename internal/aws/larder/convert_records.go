package larder

import (
	"errors"
	"mime"
	"net/http"
	"slices"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// mediaType tells what the body is said to be: arrowStream, mediaJSON, or "" if nothing is said. Invalid: it is neither.
func mediaType(c *awshttp.Call) (string, error) {
	said := c.Request.Header.Get("Content-Type")
	if said == "" {
		return "", nil
	}
	kind, _, err := mime.ParseMediaType(said)
	if err != nil || kind != arrowStream && kind != mediaJSON {
		return "", feature.Errorf(feature.Invalid, "the Content-Type is %.100q; it must be %s, or %s where JSON is taken", said, arrowStream, mediaJSON)
	}
	return kind, nil
}

// The media types of bodies.
const (
	arrowStream = "application/vnd.apache.arrow.stream"
	mediaJSON   = "application/json"
)

// onlyParams holds that the query string has no parameter but these.
func onlyParams(c *awshttp.Call, known ...string) error {
	for name := range c.Params {
		if !slices.Contains(known, name) {
			return feature.Errorf(feature.Invalid, "the query string has %.64q; it may have %v", name, known)
		}
	}
	return nil
}

// toStores reads TargetStores: none gives 0.
func toStores(names []string) (stores feature.Stores, err error) {
	for _, name := range names {
		switch name {
		case "OnlineStore":
			stores |= feature.OnlineStore
		case "OfflineStore":
			stores |= feature.OfflineStore
		default:
			return 0, feature.Errorf(feature.Invalid, "TargetStores has %.64q; it may have OnlineStore and OfflineStore", name)
		}
	}
	return stores, nil
}

// giveTime lets the client take until stall has passed with what is written next.
func giveTime(c *http.ResponseController) error {
	return setDeadline(c, time.Now().Add(stall)) // it is the connection's time, not the server's
}

// takeTime gives the next request of the connection its own time.
func takeTime(c *http.ResponseController) error { return setDeadline(c, time.Time{}) }

func setDeadline(c *http.ResponseController, at time.Time) error {
	if err := c.SetWriteDeadline(at); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}
