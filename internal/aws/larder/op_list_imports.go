package larder

import (
	"context"
	"strconv"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// ListImports: GET /larder/Import, larder:ListImports
//
// Supported: MaxResults (query string), 1 to 1000, 100 if absent: the newest ones, newest first.
// Refused:   nothing.
func (a *api) listImports(ctx context.Context, c *awshttp.Call, _ *empty) (*listImportsResponse, error) {
	most := 100
	if text := c.Params.Get("MaxResults"); text != "" {
		var err error
		if most, err = strconv.Atoi(text); err != nil || most < 1 || most > 1000 {
			return nil, feature.Errorf(feature.Invalid, "MaxResults is %.64q; it must be 1 to 1000", text)
		}
	}
	out := &listImportsResponse{Imports: []*importShape{}}
	for i, err := range a.Imports.List(ctx) {
		if err != nil {
			return nil, err
		}
		if len(out.Imports) == most {
			out.More = true
			break
		}
		out.Imports = append(out.Imports, fromImport(i))
	}
	return out, nil
}
