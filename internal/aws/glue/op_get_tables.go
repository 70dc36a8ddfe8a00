package glue

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// GetTables: AWSGlue.GetTables, glue:GetTables
//
// Supported: DatabaseName, in any case; Expression; MaxResults and NextToken; CatalogId, the own
// account's; AttributesToGet NAME. AuditContext and IncludeStatusDetails have no effect at AWS
// either on such tables.
// Refused:   TransactionId, QueryAsOfTime, other AttributesToGet.
// Differs:   Expression has no back references and no look-around.
func (a *api) getTables(ctx context.Context, c *awshttp.Call, in *getTablesRequest) (*getTablesResponse, error) {
	if err := checkCatalog(c, in.CatalogId); err != nil {
		return nil, err
	}
	db, err := required("DatabaseName", in.DatabaseName)
	if err != nil {
		return nil, err
	}
	if err := refusePast(in.TransactionId, in.QueryAsOfTime); err != nil {
		return nil, err
	}
	nameOnly, err := attributes(in.AttributesToGet)
	if err != nil {
		return nil, err
	}
	matches, err := matcher(in.Expression)
	if err != nil {
		return nil, err
	}
	all, err := a.tables.Tables(ctx, db)
	if err != nil {
		return nil, err
	}
	if t := in.ResourceShareType; t != nil && *t != "ALL" {
		if *t != "FEDERATED" {
			return nil, feature.Errorf(feature.Invalid, "ResourceShareType is %q; it must be ALL or FEDERATED", *t)
		}
		all = nil
	}
	all = slices.DeleteFunc(slices.Clone(all), func(t *table.Table) bool { return !matches(t.Name) })
	all, next, err := page(all, func(t *table.Table) string { return t.Name }, in.NextToken, in.MaxResults, pageSize)
	if err != nil {
		return nil, err
	}
	out := &getTablesResponse{TableList: make([]tableShape, len(all)), NextToken: next}
	for i, t := range all {
		if nameOnly {
			out.TableList[i].Name = t.Name
		} else {
			out.TableList[i] = fromTable(c, t)
		}
	}
	return out, nil
}

var getTablesMembers = members(databaseNameMembers, pageMembers, []awshttp.Member{
	{Path: "Expression"},
	{Path: "ResourceShareType", Note: "nothing is shared: FEDERATED finds nothing"},
	attributesMember, statusMember, transactionMember, pastMember,
}, auditMembers)

type getTablesRequest struct {
	CatalogId         *string
	DatabaseName      *string
	Expression        *string
	NextToken         *string
	MaxResults        *int
	TransactionId     *string
	QueryAsOfTime     *awshttp.Timestamp
	ResourceShareType *string
	AttributesToGet   []string
}

type getTablesResponse struct {
	TableList []tableShape
	NextToken *string `json:",omitempty"`
}

// matcher reads an Expression: a regular expression for the whole name. Hive's older form, in
// which a '*' alone stands for anything, is understood too; a name that fits either way is found.
func matcher(expression *string) (func(name string) bool, error) {
	if expression == nil || *expression == "" {
		return func(string) bool { return true }, nil
	}
	e := *expression
	if n := utf8.RuneCountInString(e); n > 2048 {
		return nil, feature.Errorf(feature.Invalid, "Expression has %d characters; the most is 2048", n)
	}
	// Names are lower case, whatever the caller's are.
	whole, err := regexp.Compile(`(?is)^(?:` + e + `)$`)
	var globs []*regexp.Regexp
	if strings.Trim(e, "*|_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == "" {
		for glob := range strings.SplitSeq(e, "|") {
			glob = strings.ReplaceAll(regexp.QuoteMeta(glob), `\*`, `.*`)
			globs = append(globs, regexp.MustCompile(`(?is)^`+glob+`$`))
		}
	} else if err != nil {
		return nil, feature.Errorf(feature.Invalid, "Expression %q is not a regular expression: %v", e, err)
	}
	return func(name string) bool {
		return err == nil && whole.MatchString(name) ||
			slices.ContainsFunc(globs, func(g *regexp.Regexp) bool { return g.MatchString(name) })
	}, nil
}
