package query

import (
	"strings"

	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

// hiveColumns are the columns of a table or a view that holds a result. Clients know the words of what is
// refused (client-behaviour §5).
func hiveColumns(results []trino.ResultColumn) ([]table.Column, error) {
	columns := make([]table.Column, len(results))
	seen := map[string]bool{}
	for i, r := range results {
		name := strings.ToLower(r.Name)
		switch {
		case r.Unnamed:
			return nil, refuse(typeUser, "MISSING_COLUMN_NAME: line 1:1: Column name not specified at position %d", i+1)
		case seen[name]:
			return nil, refuse(typeUser, "DUPLICATE_COLUMN_NAME: line 1:1: Column name '%s' specified more than once", name)
		case r.Type.Kind == trino.Unknown:
			return nil, refuse(typeUser, "COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown: %s", name)
		}
		seen[name] = true
		hive, ok := r.Type.HiveType()
		if !ok {
			return nil, refuse(typeNotSupported, "NOT_SUPPORTED: Unsupported Hive type: %s", r.Type)
		}
		columns[i] = table.Column{Name: name, Type: hive}
	}
	return columns, nil
}
