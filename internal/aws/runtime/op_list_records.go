package runtime

import (
	"context"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// ListRecords: POST /FeatureGroup/{FeatureGroupName}/ListRecords, sagemaker:ListRecords
//
// Supported: every member. Identifiers come in the order of their bytes, 100 a page unless told
// otherwise, in every storage type. Every page of a listing has the same IncludeSoftDeletedRecords.
// Refused:   nothing.
// Differs:   a page has fewer identifiers than MaxResults, and a NextToken, if there are more than
// 10,000 deleted records among them.
func (a *api) listRecords(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	group, err := groupOf(c)
	if err != nil {
		return err
	}
	in, err := decodeListRecords(c.Body)
	if err != nil {
		return err
	}
	listing, err := toListing(group, in)
	if err != nil {
		return err
	}
	ids, next, err := a.store.Records(ctx, listing)
	if err != nil {
		return err
	}
	return c.WriteJSON(w, appendIdentifiers(nil, ids, next))
}

// The limits of contract §2.7.
const (
	maxListed = 100
	maxToken  = 8192
)

func toListing(group feature.GroupRef, in *listRecordsRequest) (featurestore.RecordListing, error) {
	l := featurestore.RecordListing{Group: group, Deleted: in.IncludeSoftDeletedRecords}
	if n := in.MaxResults; n != nil {
		if *n < 1 || *n > maxListed {
			return l, feature.Errorf(feature.Invalid, "MaxResults is %d; it must be 1 to %d", *n, maxListed)
		}
		l.Limit = int(*n)
	}
	if t := in.NextToken; t != nil {
		if len(*t) < 1 || len(*t) > maxToken {
			return l, feature.Errorf(feature.Invalid, "NextToken has %d characters; it must have 1 to %d", len(*t), maxToken)
		}
		l.Token = *t
	}
	return l, nil
}

func appendIdentifiers(b []byte, ids []string, next string) []byte {
	b = appendTexts(append(b, `{"RecordIdentifiers":`...), ids)
	if next != "" {
		b = appendText(append(b, `,"NextToken":`...), next)
	}
	return append(b, '}')
}

var listRecordsMembers = []awshttp.Member{
	{Path: "FeatureGroupName"},
	{Path: "MaxResults"},
	{Path: "NextToken"},
	{Path: "IncludeSoftDeletedRecords"},
}
