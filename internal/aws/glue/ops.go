// Package glue answers the AWS Glue Data Catalog API (JSON 1.1, AWSGlue.<Operation>): the tables
// behind the SQL. It turns shapes into nouns and back, and decides nothing else.
package glue

import (
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

// New returns the service over the tables.
func New(tables *table.Store) *awshttp.Service {
	panic("not written yet")
}
