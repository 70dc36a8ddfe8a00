package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/parquet-go/parquet-go"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/results"
	"github.com/larder-dev/larder/test/history"
)

// days of event time that the rows of an import have.
const days = 3

// bulk measures imports and exports of each format, and how fast the library alone decodes the same Parquet.
func (b *bench) bulk(ctx context.Context) (err error) {
	if err := b.room(int64(b.rows) * 3000); err != nil {
		return err
	}
	l, err := b.serve(ctx, "bulk")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.remove()) }()
	file := filepath.Join(b.dir, "rows.parquet")
	if err := (history.History{Rows: int64(b.rows), Days: days}).Write(file, 0, int64(b.rows)); err != nil {
		return err
	}
	defer os.Remove(file) //nolint:errcheck // the directory is removed with the run
	groups := 0
	load := func(source string) contender {
		return contender{name: ours, processes: process.Group{l.Process}, unit: "rows", note: "memory is the most that the server had", run: func(ctx context.Context, _ int) (results.Row, error) {
			groups++
			return b.importRows(ctx, l, fmt.Sprintf("import-%d", groups), source)
		}}
	}
	raw := contender{name: "parquet-go decodes all values, nothing else", unit: "rows", run: func(context.Context, int) (results.Row, error) {
		began := time.Now()
		rows, err := decode(file)
		return results.Row{Rate: float64(rows) / time.Since(began).Seconds()}, err
	}}
	what := fmt.Sprintf("%s rows of 10 features over %d days", records.Thousands(int64(b.rows)), days)
	if err := b.compare(ctx, "import of "+what+", Parquet", load(file), raw); err != nil {
		return err
	}
	for _, format := range []string{"parquet", "csv", "jsonl"} {
		out := filepath.Join(b.dir, "out."+format)
		export := contender{name: ours, processes: process.Group{l.Process}, unit: "rows", run: func(ctx context.Context, _ int) (results.Row, error) {
			return b.exportRows(ctx, l, "import-1", out)
		}}
		if err := b.compare(ctx, "export of "+what+", "+format, export); err != nil {
			return err
		}
		if format != "parquet" {
			if err := b.compare(ctx, "import of "+what+", "+format, load(out)); err != nil {
				return err
			}
		}
		if err := os.Remove(out); err != nil {
			return err
		}
	}
	return nil
}

// importRows imports a source into a new group of both stores, and removes the group.
func (b *bench) importRows(ctx context.Context, l *larder, group, source string) (results.Row, error) {
	var features []records.Feature
	kinds := map[feature.Type]records.Kind{feature.String: records.Text, feature.Integral: records.Whole, feature.Fractional: records.Decimal}
	for _, d := range history.Features() {
		features = append(features, records.Feature{Name: string(d.Name), Kind: kinds[d.Type]})
	}
	if err := l.createGroup(ctx, group, features); err != nil {
		return results.Row{}, err
	}
	l.ResetPeak()
	began, used := time.Now(), l.CPU()
	if _, err := l.command(ctx, "import", source, "--group", group, "--token", group); err != nil {
		return results.Row{}, err
	}
	row := results.Row{Rate: float64(b.rows) / time.Since(began).Seconds(), CPU: (l.CPU() - used).Seconds(), Done: int64(b.rows), RSS: l.Peak()}
	if group == "import-1" {
		return row, nil // it is exported later
	}
	_, err := l.clients.SageMaker.DeleteFeatureGroup(ctx, &sagemaker.DeleteFeatureGroupInput{FeatureGroupName: aws.String(group)})
	return row, err
}

// exportRows exports all rows of a group, as an import takes them.
func (b *bench) exportRows(ctx context.Context, l *larder, group, out string) (results.Row, error) {
	l.ResetPeak()
	began, used := time.Now(), l.CPU()
	if _, err := l.command(ctx, "export", out, "--group", group, "--features-only"); err != nil {
		return results.Row{}, err
	}
	return results.Row{Rate: float64(b.rows) / time.Since(began).Seconds(), CPU: (l.CPU() - used).Seconds(), Done: int64(b.rows), RSS: l.Peak()}, nil
}

// decode reads all values of a Parquet file, column by column, as the library gives them.
func decode(name string) (rows int64, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		return 0, err
	}
	values := make([]parquet.Value, 1024)
	for _, group := range file.RowGroups() {
		for _, chunk := range group.ColumnChunks() {
			if err := decodeColumn(chunk, values); err != nil {
				return 0, err
			}
		}
	}
	return file.NumRows(), nil
}

func decodeColumn(chunk parquet.ColumnChunk, values []parquet.Value) (err error) {
	pages := chunk.Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for in := page.Values(); err == nil; {
			_, err = in.ReadValues(values)
		}
		parquet.Release(page)
		if !errors.Is(err, io.EOF) {
			return err
		}
	}
}
