package duckdbtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// customers is a feature group whose event time is text: epoch seconds, and ISO-8601 of any zone.
var customers = entry{
	columns("customer_id string,event_time string event,total_purchases double,loyalty_score double,write_time timestamp,api_invocation_time timestamp,is_deleted boolean"),
	`SELECT * FROM (VALUES
		('C001', '1704067200', 10.5, 0.5, TIMESTAMP '2024-01-02 00:00:00.000001', TIMESTAMP '2024-01-02 00:00:00', false),
		('C001', '2024-01-01T12:00:00Z', 11.5, 0.6, TIMESTAMP '2024-01-02 00:00:00.000002', TIMESTAMP '2024-01-02 00:00:00', false),
		('C001', '2024-01-02T01:00:00.5+02:00', 12.5, NULL, TIMESTAMP '2024-01-03 00:00:00', TIMESTAMP '2024-01-03 00:00:00', false),
		('C002', '2024-01-01T00:00:00Z', 20.0, 0.9, TIMESTAMP '2024-01-02 00:00:00', TIMESTAMP '2024-01-02 00:00:00', true)
	) v(customer_id, event_time, total_purchases, loyalty_score, write_time, api_invocation_time, is_deleted)`,
}

var labels = entry{
	columns("customer_id string,purchased int,event_timestamp timestamp"),
	`SELECT * FROM (VALUES
		('C001', 1, TIMESTAMP '2024-01-01 12:00:00'), ('C001', 0, TIMESTAMP '2024-01-03 00:00:00'), ('C003', 1, TIMESTAMP '2024-01-01 00:00:00')
	) v(customer_id, purchased, event_timestamp)`,
}

var tables = catalog{
	db + ".customer_features_1704067200": customers,
	db + ".labels_table":                 labels,
}

func TestStatements(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		want      [][]string
	}{
		{"the walkthrough's training query", `
SELECT customer_id,
       total_purchases,
       loyalty_score
FROM "customer_features_1704067200"
WHERE loyalty_score IS NOT NULL
ORDER BY 1, 2`, [][]string{{"C001", "10.5", "0.5"}, {"C001", "11.5", "0.6"}, {"C002", "20", "0.9"}}},
		{"the walkthrough's point-in-time query", `
SELECT labels.customer_id,
       labels.purchased,
       labels.event_timestamp,
       features.total_purchases,
       features.loyalty_score
FROM labels_table AS labels
LEFT JOIN "customer_features_1704067200" AS features
    ON labels.customer_id = features.customer_id
    AND features.event_time <= labels.event_timestamp
    AND features.event_time >= labels.event_timestamp - INTERVAL '24' HOUR
ORDER BY labels.event_timestamp DESC, 4
`, [][]string{
			{"C001", "0", "2024-01-03", "NULL", "NULL"},
			{"C001", "1", "2024-01-01 12:00:00.000000", "10.5", "0.5"},
			{"C001", "1", "2024-01-01 12:00:00.000000", "11.5", "0.6"},
			{"C003", "1", "2024-01-01", "NULL", "NULL"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr, rows, err := run(t, tables, c.sql)
			if err != nil {
				t.Fatalf("%v\n%+v", err, tr)
			}
			if diff := cmp.Diff(c.want, rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s\n%s", diff, tr.SQL)
			}
		})
	}
}
