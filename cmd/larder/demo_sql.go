package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
)

// query runs a statement and returns its result; the first row of a SELECT's is its heading.
func (d *demo) query(ctx context.Context, sql string) ([][]string, error) {
	started, err := d.athena.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
		QueryString:           &sql,
		QueryExecutionContext: &types.QueryExecutionContext{Catalog: aws.String("AwsDataCatalog"), Database: aws.String("sagemaker_featurestore")},
		ResultConfiguration:   &types.ResultConfiguration{OutputLocation: aws.String("s3://" + d.bucket + "/query-results/")},
	})
	if err != nil {
		return nil, err
	}
	if err := d.wait(ctx, started.QueryExecutionId); err != nil {
		return nil, err
	}
	var rows [][]string
	pages := athena.NewGetQueryResultsPaginator(d.athena, &athena.GetQueryResultsInput{QueryExecutionId: started.QueryExecutionId})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range page.ResultSet.Rows {
			var row []string
			for _, cell := range r.Data {
				if cell.VarCharValue == nil {
					row = append(row, "NULL")
					continue
				}
				row = append(row, *cell.VarCharValue)
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func (d *demo) wait(ctx context.Context, id *string) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		out, err := d.athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: id})
		if err != nil {
			return err
		}
		switch s := out.QueryExecution.Status; s.State {
		case types.QueryExecutionStateSucceeded:
			return nil
		case types.QueryExecutionStateFailed, types.QueryExecutionStateCancelled:
			return fmt.Errorf("query %s: %s", s.State, aws.ToString(s.StateChangeReason))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (d *demo) sql(ctx context.Context) error {
	text := `SELECT preferred_category, count(*) AS rows, count(DISTINCT customer_id) AS customers,
       round(avg(loyalty_score), 3) AS loyalty
FROM "` + d.table + `"
WHERE loyalty_score IS NOT NULL
GROUP BY preferred_category
ORDER BY rows DESC`
	d.screen.code(text)
	rows, err := d.query(ctx, text)
	if err != nil {
		return err
	}
	total := 0
	for _, row := range rows[min(1, len(rows)):] {
		n, err := strconv.Atoi(row[1])
		if err != nil {
			return fmt.Errorf("count %q: %w", row[1], err)
		}
		total += n
	}
	d.screen.result("%d rows: each put of this demo, the last one included", total)
	d.screen.table(rows, true)
	// The early record, the ingested ones, the update, and the late one.
	if want := 1 + len(d.customers) + 2; total != want {
		return fmt.Errorf("%d rows in SQL, want %d", total, want)
	}
	return nil
}

// labels are what a model is to learn: C0001 and C0042 at two instants each, between which their
// features have changed, and 98 other customers.
func (d *demo) labels() []label {
	hours := func(h int) time.Time { return d.now.Add(time.Duration(h) * time.Hour) }
	out := []label{
		{customerID(1), true, hours(-15), d.early},
		{customerID(1), false, hours(-10), d.customers[0]},
		{customerID(42), false, hours(-6), d.customers[41]},
		{customerID(42), true, hours(0), d.updated},
	}
	for i := 101; i < 199; i++ {
		out = append(out, label{customerID(i), i%3 == 0, hours(-2).Add(time.Duration(-i) * time.Minute), d.customers[i-1]})
	}
	return out
}

func (d *demo) trainingSet(ctx context.Context) error {
	labels := d.labels()
	if err := d.aws.putObject(ctx, d.bucket, "labels/labels.csv", []byte(labelsCSV(labels))); err != nil {
		return err
	}
	_, err := d.query(ctx, `CREATE EXTERNAL TABLE labels_table (customer_id string, purchased boolean, event_timestamp timestamp)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
LOCATION 's3://`+d.bucket+`/labels/'`)
	if err != nil {
		return err
	}
	d.screen.result("labels.csv is in the bucket, and labels_table (CREATE EXTERNAL TABLE) reads it")
	text := `SELECT customer_id, purchased, event_timestamp, total_purchases, loyalty_score
FROM (
  SELECT labels.customer_id, labels.purchased, labels.event_timestamp,
         features.total_purchases, features.loyalty_score,
         row_number() OVER (PARTITION BY labels.customer_id, labels.event_timestamp
                            ORDER BY features.event_time DESC, features.write_time DESC) AS latest
  FROM labels_table AS labels
  LEFT JOIN "` + d.table + `" AS features
      ON labels.customer_id = features.customer_id
      AND features.event_time <= labels.event_timestamp
      AND features.event_time >= labels.event_timestamp - INTERVAL '24' HOUR
)
WHERE latest = 1
ORDER BY customer_id, event_timestamp`
	d.screen.code(text)
	rows, err := d.query(ctx, text)
	if err != nil {
		return err
	}
	if len(rows) != len(labels)+1 {
		return fmt.Errorf("%d rows for %d labels, want one each", len(rows)-1, len(labels))
	}
	d.screen.result("%d labels, one row each, no value from after its label", len(labels))
	d.screen.table(append(rows[:7:7], []string{"…"}), true)
	return checkTrainingSet(rows[1:], labels)
}

// checkTrainingSet looks every label up in the result.
func checkTrainingSet(rows [][]string, labels []label) error {
	got := make(map[string][]string)
	for _, row := range rows {
		got[row[0]+" "+row[2]] = row
	}
	for _, l := range labels {
		key := l.id + " " + l.at.Format("2006-01-02 15:04:05.000")
		row := got[key]
		if row == nil {
			return fmt.Errorf("no row for label %s", key)
		}
		if row[1] != strconv.FormatBool(l.purchased) || !sameNumber(row[3], l.want.get("total_purchases")) || !sameNumber(row[4], l.want.get("loyalty_score")) {
			return fmt.Errorf("label %s has %v, want the values of %v", key, row, l.want)
		}
	}
	return nil
}

func sameNumber(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && x == y
}
