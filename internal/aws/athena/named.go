package athena

import "github.com/larder-dev/larder/internal/query"

type namedQuery struct {
	Name         string
	Description  string `json:",omitempty"`
	Database     string
	QueryString  string
	NamedQueryId string
	WorkGroup    string
}

func fromNamedQuery(q *query.NamedQuery) namedQuery {
	return namedQuery{Name: q.Name, Description: q.Description, Database: q.Database, QueryString: q.SQL, NamedQueryId: q.ID, WorkGroup: q.WorkGroup}
}

type namedQueryRequest struct{ NamedQueryId *string }
