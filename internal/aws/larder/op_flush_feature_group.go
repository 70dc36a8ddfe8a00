package larder

import (
	"context"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// FlushFeatureGroup: POST /larder/FeatureGroup/{FeatureGroupName}/Flush, larder:FlushFeatureGroup
//
// Supported: FeatureGroupName (a name or an ARN).
// Refused:   a group without an offline store, which has nothing to flush.
//
// It answers when every row of the group that was acknowledged before is in a file.
func (a *api) flushFeatureGroup(ctx context.Context, c *awshttp.Call, _ *empty) (*flushResponse, error) {
	asked := a.Now()
	g, err := a.Groups.Group(ctx, feature.GroupRef(c.Path["FeatureGroupName"]))
	if err != nil {
		return nil, err
	}
	if g.Offline == nil {
		return nil, feature.Errorf(feature.Invalid, "the feature group %s has no offline store, so nothing of it can be flushed", g.Name)
	}
	if err := a.Tables.FlushGroupNow(ctx, g.ID); err != nil {
		return nil, whole(err)
	}
	return flushed(asked), nil
}

func flushed(through time.Time) *flushResponse {
	return &flushResponse{FlushedThrough: instant(through)}
}

// whole tells the caller all of an error that has a kind: which group it is about, and of several the
// others too. A fault stays one.
func whole(err error) error {
	if kind := feature.KindOf(err); kind != feature.Fault {
		return &feature.Error{Kind: kind, Text: strings.ReplaceAll(err.Error(), "\n", "; ")}
	}
	return err
}

// instant writes a time as ISO 8601; "" for the zero time.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
