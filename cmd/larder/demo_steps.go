package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"

	"github.com/larder-dev/larder/internal/app"
)

// A demo is a user of the server, with what it knows must come back.
type demo struct {
	screen  *screen
	aws     *byHand
	records *runtime.Client
	athena  *athena.Client
	bucket  string
	role    string
	table   string
	now     time.Time

	early, updated customer // C0001 before the ingest, C0042 after it
	customers      []customer
}

func newDemo(a *app.App, s *screen) *demo {
	server, key := a.Server(), a.RootKey()
	cfg := aws.Config{
		Region: server.Region, BaseEndpoint: aws.String(server.Endpoint),
		Credentials: credentials.NewStaticCredentialsProvider(key.ID, key.Secret, ""),
	}
	return &demo{
		screen: s,
		aws:    &byHand{aws: cfg, http: &http.Client{Transport: &http.Transport{}}}, records: runtime.NewFromConfig(cfg), athena: athena.NewFromConfig(cfg),
		bucket: "sagemaker-" + server.Region + "-" + server.Account,
		role:   "arn:aws:iam::" + server.Account + ":role/larder",
		now:    time.Now().UTC().Truncate(time.Second),
	}
}

func (d *demo) run(ctx context.Context) error {
	d.draw()
	for _, step := range []struct {
		title string
		run   func(context.Context) error
	}{
		{"Create a feature group (CreateFeatureGroup, DescribeFeatureGroup)", d.create},
		{"Put a record (PutRecord)", d.put},
		{"Ingest 1,000 customers (PutRecord, 8 at a time)", d.ingest},
		{"Read one customer (GetRecord)", d.get},
		{"Read three at once (BatchGetRecord)", d.batchGet},
		{"Update a customer (PutRecord with a newer event time)", d.update},
		{"Ask all that was ever written, in SQL (Athena)", d.sql},
		{"Make a training set: what was known at each label's time (Athena)", d.trainingSet},
		{"Find groups and their features (ListFeatureGroups, DescribeFeatureGroup)", d.discover},
	} {
		d.screen.step(step.title)
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("step %d: %w", d.screen.steps, err)
		}
	}
	return nil
}

// draw makes the customers. The same seed makes the same demo.
func (d *demo) draw() {
	rng := rand.New(rand.NewPCG(20, 26))
	d.early = customerAt(1, d.now.Add(-20*time.Hour), rng)
	for i := range demoCustomers {
		d.customers = append(d.customers, customerAt(i+1, d.now.Add(-12*time.Hour), rng))
	}
	d.updated = slices.Clone(d.customers[41])
	d.updated[1] = customerAt(42, d.now.Add(-time.Hour), rng)[1]
	d.updated[2], d.updated[9] = "1500.00", "0.950"
}

func (d *demo) create(ctx context.Context) error {
	if err := d.aws.createBucket(ctx, d.bucket); err != nil {
		return err
	}
	in := groupShape{
		FeatureGroupName: demoGroup, Description: "Customer behavioral features for recommendation models",
		RecordIdentifierFeatureName: "customer_id", EventTimeFeatureName: "event_time", RoleArn: d.role,
	}
	for i, name := range customerFeatures() {
		kind := "Fractional"
		if i < 2 || name == "preferred_category" {
			kind = "String"
		}
		in.FeatureDefinitions = append(in.FeatureDefinitions, definitionShape{name, kind})
	}
	in.OnlineStoreConfig.EnableOnlineStore = true
	in.OfflineStoreConfig.S3StorageConfig.S3Uri = "s3://" + d.bucket + "/feature-store/"
	if err := d.aws.createFeatureGroup(ctx, &in); err != nil {
		return err
	}
	for {
		g, err := d.aws.describeFeatureGroup(ctx, demoGroup)
		if err != nil {
			return err
		}
		if g.FeatureGroupStatus == "Creating" {
			continue
		}
		if g.FeatureGroupStatus != "Created" || g.OfflineStoreConfig.DataCatalogConfig == nil {
			return fmt.Errorf("status %s %s, want Created with a table", g.FeatureGroupStatus, g.FailureReason)
		}
		d.table = g.OfflineStoreConfig.DataCatalogConfig.TableName
		d.screen.result("%s is %s: %d features, online and offline", demoGroup, g.FeatureGroupStatus, len(g.FeatureDefinitions))
		return nil
	}
}

func (d *demo) putOne(ctx context.Context, c customer) error {
	_, err := d.records.PutRecord(ctx, &runtime.PutRecordInput{FeatureGroupName: aws.String(demoGroup), Record: c.values()})
	return err
}

func (d *demo) getOne(ctx context.Context, id string) (customer, error) {
	out, err := d.records.GetRecord(ctx, &runtime.GetRecordInput{FeatureGroupName: aws.String(demoGroup), RecordIdentifierValueAsString: &id})
	if err != nil {
		return nil, err
	}
	return customerFrom(out.Record), nil
}

// expect compares a customer with what must be held.
func expect(got, want customer) error {
	if !slices.Equal(got, want) {
		return fmt.Errorf("read %v, want %v", got, want)
	}
	return nil
}

func (d *demo) put(ctx context.Context) error {
	if err := d.putOne(ctx, d.early); err != nil {
		return err
	}
	d.screen.result("%s, as it was 20 hours ago, is on disk", d.early.get("customer_id"))
	got, err := d.getOne(ctx, d.early.get("customer_id"))
	if err != nil {
		return err
	}
	return expect(got, d.early)
}

func (d *demo) ingest(ctx context.Context) error {
	began := time.Now()
	bar := d.screen.progress(len(d.customers), "ingesting")
	todo := make(chan customer)
	errs := make([]error, 8)
	var workers sync.WaitGroup
	for i := range errs {
		workers.Go(func() {
			for c := range todo {
				if errs[i] == nil {
					errs[i] = d.putOne(ctx, c)
				}
				bar.Add(1) // a bar that cannot be drawn stops nothing
			}
		})
	}
	for _, c := range d.customers {
		todo <- c
	}
	close(todo)
	workers.Wait()
	bar.Finish() // as above
	if err := errors.Join(errs...); err != nil {
		return err
	}
	rate := float64(len(d.customers)) / time.Since(began).Seconds()
	d.screen.result("%d records, %.0f a second, each on disk before its answer", len(d.customers), rate)
	return nil
}

func shownFeatures() []string {
	return []string{"customer_id", "total_purchases", "avg_order_value", "preferred_category", "loyalty_score"}
}

func (d *demo) get(ctx context.Context) error {
	got, err := d.getOne(ctx, "C0042")
	if err != nil {
		return err
	}
	d.screen.result("C0042, %d features", len(got))
	d.screen.table([][]string{shownFeatures(), got.pick(shownFeatures())}, true)
	return expect(got, d.customers[41])
}

func (d *demo) batchGet(ctx context.Context) error {
	ids := []string{"C0001", "C0042", "C0100"}
	out, err := d.records.BatchGetRecord(ctx, &runtime.BatchGetRecordInput{
		Identifiers: []runtimetypes.BatchGetRecordIdentifier{{FeatureGroupName: aws.String(demoGroup), RecordIdentifiersValueAsString: ids}},
	})
	if err != nil {
		return err
	}
	if len(out.Records) != 3 || len(out.Errors) > 0 || len(out.UnprocessedIdentifiers) > 0 {
		return fmt.Errorf("%d records, %d errors, %d unprocessed; want 3 records", len(out.Records), len(out.Errors), len(out.UnprocessedIdentifiers))
	}
	d.screen.result("%d records in one call", len(out.Records))
	rows := [][]string{shownFeatures()}
	for i, r := range out.Records {
		got := customerFrom(r.Record)
		rows = append(rows, got.pick(shownFeatures()))
		if err := expect(got, d.customers[[]int{0, 41, 99}[i]]); err != nil {
			return err
		}
	}
	d.screen.table(rows, true)
	return nil
}

func (d *demo) update(ctx context.Context) error {
	if err := d.putOne(ctx, d.updated); err != nil {
		return err
	}
	got, err := d.getOne(ctx, "C0042")
	if err != nil {
		return err
	}
	d.screen.result("the new values are online at once; the old ones stay in the history")
	before, after := d.customers[41].pick(shownFeatures()), got.pick(shownFeatures())
	d.screen.table([][]string{
		append([]string{""}, shownFeatures()...), append([]string{"before"}, before...), append([]string{"after"}, after...),
	}, true)
	if err := expect(got, d.updated); err != nil {
		return err
	}
	// An older event time never beats a newer one.
	if err := d.putOne(ctx, d.customers[41]); err != nil {
		return err
	}
	if got, err = d.getOne(ctx, "C0042"); err != nil {
		return err
	}
	d.screen.result("a late record does not overwrite it; it joins the history only")
	return expect(got, d.updated)
}

func (d *demo) discover(ctx context.Context) error {
	names, err := d.aws.listFeatureGroups(ctx)
	if err != nil {
		return err
	}
	if len(names) != 1 || names[0] != demoGroup {
		return fmt.Errorf("the groups %q are listed, want %s alone", names, demoGroup)
	}
	g, err := d.aws.describeFeatureGroup(ctx, demoGroup)
	if err != nil {
		return err
	}
	if len(g.FeatureDefinitions) != len(customerFeatures()) {
		return fmt.Errorf("%d features are described, want %d", len(g.FeatureDefinitions), len(customerFeatures()))
	}
	d.screen.result("%s: %s", demoGroup, g.FeatureGroupStatus)
	rows := [][]string{{"feature", "type", ""}}
	for _, f := range g.FeatureDefinitions {
		role := ""
		switch f.FeatureName {
		case g.RecordIdentifierFeatureName:
			role = "record identifier"
		case g.EventTimeFeatureName:
			role = "event time"
		}
		rows = append(rows, []string{f.FeatureName, f.FeatureType, role})
	}
	d.screen.table(rows, true)
	d.screen.print("     table     %s", d.table)
	d.screen.print("     files in  %s", strings.TrimSuffix(g.OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri, "/"))
	return nil
}
