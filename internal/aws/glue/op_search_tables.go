package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// SearchTables: AWSGlue.SearchTables, glue:SearchTables
//
// Supported: SearchText (in quotes: a whole name, description, owner, type, column or comment; else a part of one); Filters by Name,
// DatabaseName, Description, Owner, TableType, CreateTime, UpdateTime and LastAccessTime, with a Comparator for times; SortCriteria
// by the same; MaxResults, NextToken; ResourceShareType (nothing is shared).
// Refused:   other keys of Filters and SortCriteria.
// Differs:   a Filter on text fits a whole text, or one of its parts between signs, without regard to case.
func (a *api) searchTables(ctx context.Context, c *awshttp.Call, in *searchTablesRequest) (*searchTablesResponse, error) {
	r := &reader{}
	r.catalog(c, in.CatalogId)
	search := r.search(in)
	if r.err != nil {
		return nil, r.err
	}
	databases, err := a.tables.Databases(ctx)
	if err != nil {
		return nil, err
	}
	var found []*table.Table
	for _, d := range databases {
		all, err := a.tables.Tables(ctx, d.Name)
		if feature.KindOf(err) == feature.NotFound {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, err
		}
		for _, t := range all {
			if search.fits(t) {
				found = append(found, t)
			}
		}
	}
	found, next, err := search.page(found, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &searchTablesResponse{TableList: make([]tableShape, len(found)), NextToken: next}
	for i, t := range found {
		out.TableList[i] = fromTable(c, t)
	}
	return out, nil
}

var searchTablesMembers = members(catalogMember, pageMembers, []awshttp.Member{
	{Path: "SearchText"}, {Path: "Filters"}, {Path: "Filters.Key"}, {Path: "Filters.Value"}, {Path: "Filters.Comparator"},
	{Path: "SortCriteria"}, {Path: "SortCriteria.FieldName"}, {Path: "SortCriteria.Sort"},
	{Path: "ResourceShareType", Note: "nothing is shared: FOREIGN and FEDERATED find nothing"},
	{Path: "IncludeStatusDetails", Support: awshttp.WithoutEffect, Note: "no table here has a status"},
})

type searchTablesRequest struct {
	CatalogId         *string
	NextToken         *string
	Filters           []struct{ Key, Value, Comparator *string }
	SearchText        *string
	SortCriteria      []struct{ FieldName, Sort *string }
	MaxResults        *int
	ResourceShareType *string
}

type searchTablesResponse struct {
	TableList []tableShape
	NextToken *string `json:",omitempty"`
}
