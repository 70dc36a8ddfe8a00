package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/larder-dev/larder/test/bench/records"
)

// readers is over how many connections ceilings of reads are measured.
const readers = 16

// reads measures GetRecord and BatchGetRecord beside bare handlers.
func (b *bench) reads(ctx context.Context) (err error) {
	l, err := b.serve(ctx, "reads")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.remove()) }()
	sizes := []struct {
		group       string
		features, n int
	}{{"g10", 10, b.records}, {"g50", 50, b.records}, {"g250", 250, b.wide}}
	for _, s := range sizes {
		if err := l.fill(ctx, s.group, s.features, s.n); err != nil {
			return err
		}
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	for _, s := range sizes {
		path := fmt.Sprintf("GetRecord, %d features, %s records, ceiling", s.features, records.Count(s.n))
		if err := l.against(ctx, path, l.gets(s.group, s.features, s.n), readers, 0, bareVerifies, bareNothing); err != nil {
			return err
		}
	}
	one := fmt.Sprintf("GetRecord, 50 features, %s records, one connection", records.Count(b.records))
	if err := l.against(ctx, one, l.gets("g50", 50, b.records), 1, 0, bareVerifies, bareNothing); err != nil {
		return err
	}
	batch := fmt.Sprintf("BatchGetRecord, 100 records of 50 features, %s records, ceiling", records.Count(b.records))
	if err := l.against(ctx, batch, l.batchGets([]string{"g50"}, 100, b.records), readers, 0, bareVerifies, bareNothing); err != nil {
		return err
	}
	return b.groups(ctx, l)
}

// groups measures BatchGetRecord of 100 records that are of 1, 5 or 20 groups, with as many records each.
func (b *bench) groups(ctx context.Context, l *larder) error {
	const most = 20
	n := b.records / most
	var names []string
	for i := range most {
		names = append(names, fmt.Sprintf("of20-%02d", i))
		if err := l.fill(ctx, names[i], 50, n); err != nil {
			return err
		}
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	var all []contender
	for _, groups := range []int{1, 5, most} {
		c := l.contender(l.batchGets(names[:groups], 100/groups, n), readers, 0)
		c.name = fmt.Sprintf("Larder, %d of %d groups", 100/groups, groups)
		if groups == 1 {
			c.name = "Larder, 100 of 1 group"
		}
		all = append(all, c)
	}
	return b.compare(ctx, "BatchGetRecord, 100 records of 50 features from 1, 5 and 20 groups, ceiling", all...)
}
