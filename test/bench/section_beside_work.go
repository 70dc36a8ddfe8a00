package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

	"github.com/larder-dev/larder/test/bench/records"
)

// during runs work and measures meanwhile, until the work is done. Both have ended when it returns.
func (w *work) during(ctx context.Context, work, measure func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		err := work(ctx)
		cancel()
		ended <- err
	}()
	err := measure(ctx)
	cancel()
	worked := <-ended
	if errors.Is(worked, context.Canceled) {
		worked = nil // there was more of it than was measured
	}
	return errors.Join(err, worked)
}

// rows that are written to a group before it is flushed.
func (w *work) flushRows() int { return max(20_000, 2*w.records) }

// group writes rows to a new group.
func (w *work) group(ctx context.Context, rows int) (string, error) {
	w.made++
	name := fmt.Sprintf("beside-%d", w.made)
	return name, w.larder.fill(ctx, name, 10, rows)
}

// flushing flushes four groups, one after the other, and measures until that is done.
func (w *work) flushing(ctx context.Context, path string, round int) error {
	const groups = 4
	var names []string
	for range groups {
		name, err := w.group(ctx, w.flushRows()/2)
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	return w.during(ctx, func(ctx context.Context) error { return w.larder.flush(ctx, names...) }, func(ctx context.Context) error {
		return w.reads(ctx, path, round, longest, func() string {
			return fmt.Sprintf("until %s rows of 10 features in %d groups were in files", records.Thousands(int64(groups*(w.flushRows()/2))), groups)
		})
	})
}

// fanout is how many files of about the same size a merge begins with.
const fanout = 8

// compaction merges eight files of an hour and measures until that is done. The last file is the smallest that counts
// with the others, so that its flush is the smallest part of what is measured.
func (w *work) compaction(ctx context.Context, path string, round int) error {
	each := w.flushRows() / 2
	last := 1
	for last*fanout <= each { // tiers of files are powers of the fanout
		last *= fanout
	}
	last = max(last, (each+3)/4) // a larger one would not be merged with it
	features := records.Features(10)
	w.made++
	name := fmt.Sprintf("beside-%d", w.made)
	if err := w.larder.createGroup(ctx, name, features); err != nil {
		return err
	}
	rows := 0
	for i := range fanout {
		n := each
		if i == fanout-1 {
			n = last
		}
		// All of one event hour.
		if err := w.larder.write(ctx, name, features, rows, rows+n, 0); err != nil {
			return err
		}
		rows += n
		if i == fanout-1 {
			break
		}
		if err := w.larder.flush(ctx, name); err != nil {
			return err
		}
	}
	const merged = "larder_compaction_rows_total"
	before, err := w.larder.counter(ctx, merged)
	if err != nil {
		return err
	}
	return w.during(ctx, func(ctx context.Context) error {
		if err := w.larder.flush(ctx, name); err != nil {
			return err
		}
		for {
			now, err := w.larder.counter(ctx, merged)
			if err != nil || now > before {
				return err
			}
			if err := pause(ctx, 50*time.Millisecond); err != nil {
				return err
			}
		}
	}, func(ctx context.Context) error {
		return w.reads(ctx, path, round, longest, func() string {
			return fmt.Sprintf("until %d files of %s rows were one, the flush of the last, of %s rows, and up to a second until the server looks included", fanout, records.Thousands(int64(rows)), records.Thousands(int64(last)))
		})
	})
}

// query has a statement run that has work for minutes.
func (w *work) query(ctx context.Context, path string, round int) (err error) {
	group, err := w.larder.clients.SageMaker.DescribeFeatureGroup(ctx, &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: aws.String("g50")})
	if err != nil {
		return err
	}
	table := aws.ToString(group.OfflineStoreConfig.DataCatalogConfig.TableName)
	text := fmt.Sprintf(`SELECT sum(a.f002 * b.f004 + c.f006) FROM "%[1]s" a CROSS JOIN "%[1]s" b CROSS JOIN "%[1]s" c WHERE a.f002 + b.f004 < c.f008 * 2`, table)
	started, err := w.larder.clients.Athena.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
		QueryString:           &text,
		QueryExecutionContext: &athenatypes.QueryExecutionContext{Database: aws.String("sagemaker_featurestore")},
		ResultConfiguration:   &athenatypes.ResultConfiguration{OutputLocation: aws.String("s3://" + lake + "/r")},
	})
	if err != nil {
		return err
	}
	id := started.QueryExecutionId
	defer func() {
		_, stop := w.larder.clients.Athena.StopQueryExecution(context.WithoutCancel(ctx), &athena.StopQueryExecutionInput{QueryExecutionId: id})
		err = errors.Join(err, stop)
	}()
	// It plans and opens its files first.
	if err := pause(ctx, time.Second); err != nil {
		return err
	}
	if err := w.reads(ctx, path, round, 2*w.long, func() string { return "a cross join of three tables of 50 features beside" }); err != nil {
		return err
	}
	if err := w.limit(ctx, path, round, 2*w.long); err != nil {
		return err
	}
	state, err := w.larder.clients.Athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: id})
	if err != nil {
		return err
	}
	if s := state.QueryExecution.Status; s.State != athenatypes.QueryExecutionStateRunning {
		return fmt.Errorf("the heavy query is %s: %s", s.State, aws.ToString(s.StateChangeReason))
	}
	return nil
}
