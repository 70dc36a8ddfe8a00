package bulk

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"

	"github.com/larder-dev/larder/test/history"
)

const (
	// held is how many identifiers are asked for online, at most.
	held = 500
	// whole is of how many of them all rows are compared.
	whole = 10
)

// An oracle is what the generator says is to be found.
type oracle struct {
	rows   int64
	sums   [3]int64 // of n0, n1, n2
	hours  map[int64]*hourOracle
	newest map[int]history.Event
	all    map[string][]string // rows of a few identifiers, as SQL prints them
}

type hourOracle struct {
	rows int64
	x0   float64
}

// remember makes the oracle of rows, whose late ones come after the others.
func (l *load) remember(rows int64) *oracle {
	const every = history.IDs / held
	o := &oracle{rows: rows, newest: map[int]history.Event{}, all: map[string][]string{}, hours: map[int64]*hourOracle{}}
	for _, part := range []int64{20, 3, 2} {
		o.hours[history.Start/3600+l.history.Days*24/part] = &hourOracle{}
	}
	for i := range rows {
		e := l.history.Event(i)
		for k := range o.sums {
			o.sums[k] += e.N[k]
		}
		if h := o.hours[e.Hour()]; h != nil {
			h.rows++
			h.x0 += e.X[0]
		}
		if e.ID%every != 0 {
			continue
		}
		// Of equal event times the later row wins.
		if old, there := o.newest[e.ID]; !there || e.At >= old.At {
			o.newest[e.ID] = e
		}
		if e.ID < every*whole {
			o.all[e.Customer()] = append(o.all[e.Customer()], strings.Join(e.Texts(), " "))
		}
	}
	return o
}

// compare holds SQL and GetRecord against the oracle.
func (l *load) compare(rows int64) {
	l.b.Helper()
	o := l.remember(rows)
	begin := time.Now()
	totals := l.sql(`SELECT count(*), sum(n0), sum(n1), sum(n2) FROM %s`)[1]
	want := []string{fmt.Sprint(o.rows), fmt.Sprint(o.sums[0]), fmt.Sprint(o.sums[1]), fmt.Sprint(o.sums[2])}
	if !slices.Equal(totals, want) {
		l.b.Errorf("count and sums: %v, want %v", totals, want)
	}
	took := time.Since(begin)
	for hour, want := range o.hours {
		from := time.Unix(hour*3600, 0).UTC()
		got := l.sql(fmt.Sprintf(`SELECT count(*), sum(x0) FROM %%s WHERE at >= '%s' AND at < '%s'`, from.Format("2006-01-02T15"), from.Add(time.Hour).Format("2006-01-02T15")))[1]
		sum, err := strconv.ParseFloat(cmp.Or(got[1], "0"), 64)
		if err != nil || got[0] != fmt.Sprint(want.rows) || math.Abs(sum-want.x0) > 1e-9*want.x0 {
			l.b.Errorf("the hour %s: %v, want %d rows with the sum %v", from, got, want.rows, want.x0)
		}
	}
	for customer, want := range o.all {
		var got []string
		for _, row := range l.sql(fmt.Sprintf(`SELECT customer, at, n0, n1, n2, x0, x1, x2, x3, segment FROM %%s WHERE customer = '%s'`, customer))[1:] {
			got = append(got, strings.Join(row, " "))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			l.b.Errorf("the rows of %s: %d, and they are not the %d of the generator", customer, len(got), len(want))
		}
	}
	wrong := 0
	for _, e := range o.newest {
		if got := l.record(e.Customer()); !slices.Equal(got, e.Texts()) {
			wrong++
			l.b.Logf("GetRecord of %s: %q, want %q", e.Customer(), got, e.Texts())
		}
	}
	if wrong > 0 {
		l.b.Errorf("%d of %d records are not the newest", wrong, len(o.newest))
	}
	l.b.Logf("compared with the generator: count and sums of %d rows (%.1f s), %d event hours, all rows of %d identifiers, %d records of GetRecord",
		o.rows, took.Seconds(), len(o.hours), len(o.all), len(o.newest))
}

// record returns what GetRecord says, in the order of the features.
func (l *load) record(customer string) []string {
	l.b.Helper()
	out, err := l.clients.Runtime.GetRecord(l.b.Context(), &runtime.GetRecordInput{FeatureGroupName: aws.String(group), RecordIdentifierValueAsString: &customer})
	if err != nil {
		l.b.Fatal(err)
	}
	texts := []string{}
	for _, v := range out.Record {
		texts = append(texts, aws.ToString(v.ValueAsString))
	}
	return texts
}

// sql runs a statement with the table's name in it, and returns its rows, the header first. It may take as long
// as the table is large.
func (l *load) sql(text string) [][]string {
	l.b.Helper()
	ctx, cancel := context.WithTimeout(l.b.Context(), time.Hour)
	defer cancel()
	text = fmt.Sprintf(text, l.table(ctx))
	started, err := l.clients.Athena.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
		QueryString:           &text,
		QueryExecutionContext: &athenatypes.QueryExecutionContext{Database: aws.String("sagemaker_featurestore")},
		ResultConfiguration:   &athenatypes.ResultConfiguration{OutputLocation: aws.String("s3://" + lake + "/results/")},
	})
	if err != nil {
		l.b.Fatal(err)
	}
	for {
		got, err := l.clients.Athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: started.QueryExecutionId})
		if err != nil {
			l.b.Fatal(err)
		}
		switch e := got.QueryExecution; e.Status.State {
		case athenatypes.QueryExecutionStateQueued, athenatypes.QueryExecutionStateRunning:
			time.Sleep(20 * time.Millisecond)
		case athenatypes.QueryExecutionStateSucceeded:
			return l.result(ctx, aws.ToString(e.ResultConfiguration.OutputLocation))
		default:
			l.b.Fatalf("%s: %s: %s", text, e.Status.State, aws.ToString(e.Status.StateChangeReason))
		}
	}
}

func (l *load) result(ctx context.Context, uri string) [][]string {
	l.b.Helper()
	_, key, _ := strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
	object, err := l.clients.S3.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(lake), Key: &key})
	if err != nil {
		l.b.Fatal(err)
	}
	defer object.Body.Close()
	rows, err := csv.NewReader(object.Body).ReadAll()
	if err != nil {
		l.b.Fatal(err)
	}
	return rows
}

// table is the name of the group's table.
func (l *load) table(ctx context.Context) string {
	l.b.Helper()
	if l.name == "" {
		g, err := l.clients.SageMaker.DescribeFeatureGroup(ctx, &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: aws.String(group)})
		if err != nil {
			l.b.Fatal(err)
		}
		l.name = aws.ToString(g.OfflineStoreConfig.DataCatalogConfig.TableName)
	}
	return `"` + l.name + `"`
}
