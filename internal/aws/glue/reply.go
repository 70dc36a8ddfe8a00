package glue

import (
	"strconv"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/table"
)

func fromVersion(c *awshttp.Call, t *table.Table) tableVersion {
	return tableVersion{Table: fromTable(c, t), VersionId: strconv.FormatInt(t.Version, 10)}
}

// detailOf words an error of one item of many. An error that is a fault is one of the whole call.
func detailOf(err error) (errorDetail, error) {
	e := toError("", err)
	if e == nil {
		return errorDetail{}, err
	}
	return errorDetail{ErrorCode: e.Code, ErrorMessage: e.Message}, nil
}

// partitionErrors words what became of many partitions, of which values are the values.
func partitionErrors(errs []error, values func(i int) []string) (*partitionErrorsResponse, error) {
	out := &partitionErrorsResponse{Errors: []partitionError{}}
	for i, err := range errs {
		if err == nil {
			continue
		}
		detail, err := detailOf(err)
		if err != nil {
			return nil, err
		}
		out.Errors = append(out.Errors, partitionError{PartitionValues: values(i), ErrorDetail: detail})
	}
	return out, nil
}

// noStatistics says of each column that it has none.
func noStatistics(columns []string) *statisticsResponse {
	out := &statisticsResponse{ColumnStatisticsList: []empty{}, Errors: []columnError{}}
	for _, name := range columns {
		out.Errors = append(out.Errors, columnError{ColumnName: name, Error: errorDetail{
			ErrorCode: "EntityNotFoundException", ErrorMessage: "Column statistics of " + name + " not found.",
		}})
	}
	return out
}

// catalogOf is the one catalog, the account's.
func catalogOf(c *awshttp.Call) catalog {
	return catalog{
		CatalogId: c.Principal.Account, Name: c.Principal.Account,
		ResourceArn: "arn:aws:glue:" + c.Region + ":" + c.Principal.Account + ":catalog",
	}
}
