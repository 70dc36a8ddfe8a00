package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/requests"
	"github.com/larder-dev/larder/test/wiretest"
)

const lake = "lake" // the bucket of offline stores

// A larder is a running server.
type larder struct {
	*process.Process
	b       *bench
	data    string
	addr    string // host:port
	startup time.Duration
	env     map[string]string
	clients *wiretest.Clients
	signer  *requests.Signer
}

var (
	readyLine  = regexp.MustCompile(`http://([0-9.]+:[0-9]+)`)
	exportLine = regexp.MustCompile(`^export ([A-Za-z_]+)=(.*)$`)
)

// serve starts a server on a data directory below the bench's, and returns when it is ready.
func (b *bench) serve(ctx context.Context, data string, flags ...string) (_ *larder, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	l := &larder{b: b, data: filepath.Join(b.dir, data)}
	began := time.Now()
	l.Process, err = process.Start(ours, b.dir, b.profileEnv(), append([]string{b.binary, "serve", "--data", l.data, "--listen", "127.0.0.1:0"}, flags...)...)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.Stop())
		}
	}()
	l.addr, err = l.Await(ctx, func(line string) string {
		if m := readyLine.FindStringSubmatch(line); m != nil {
			return m[1]
		}
		return ""
	})
	if err != nil {
		return nil, err
	}
	if err := l.ready(ctx); err != nil {
		return nil, err
	}
	l.startup = time.Since(began)
	if l.env, err = l.environment(ctx); err != nil {
		return nil, err
	}
	l.clients, l.signer = wiretest.NewClients(l.env), requests.NewSigner(l.addr, l.env)
	return l, nil
}

// ready returns when /readyz is good.
func (l *larder) ready(ctx context.Context) error {
	for {
		if err := l.Ended(); err != nil {
			return err // somebody else may answer there
		}
		if _, err := l.fetch(ctx, "/readyz"); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("larder serve does not get ready: %s", l.Said())
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func (l *larder) fetch(ctx context.Context, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.addr+path, nil)
	if err != nil {
		return nil, err
	}
	return do(r)
}

func do(r *http.Request) ([]byte, error) {
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %.300s", r.Method, r.URL.Path, reply.Status, body)
	}
	return body, err
}

// environment reads what `larder env` exports.
func (l *larder) environment(ctx context.Context) (map[string]string, error) {
	out, err := l.command(ctx, "env")
	if err != nil {
		return nil, err
	}
	env := map[string]string{}
	for line := range strings.Lines(out) {
		if m := exportLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			env[m[1]] = strings.Trim(m[2], `'";`)
		}
	}
	return env, nil
}

// command runs a command of the binary on the server's data directory.
func (l *larder) command(ctx context.Context, args ...string) (string, error) {
	c := exec.CommandContext(ctx, l.b.binary, append(args, "--data", l.data)...)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("larder %s: %w: %s", args[0], err, said.String())
	}
	return string(out), nil
}

// createGroup creates a feature group of n features with both stores.
func (l *larder) createGroup(ctx context.Context, name string, features []records.Feature) error {
	if _, err := l.clients.S3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(lake)}); err != nil && !strings.Contains(err.Error(), "BucketAlreadyOwnedByYou") {
		return err
	}
	in := &sagemaker.CreateFeatureGroupInput{
		FeatureGroupName: aws.String(name), RecordIdentifierFeatureName: aws.String(features[0].Name), EventTimeFeatureName: aws.String(features[1].Name),
		OnlineStoreConfig:  &types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true)},
		OfflineStoreConfig: &types.OfflineStoreConfig{S3StorageConfig: &types.S3StorageConfig{S3Uri: aws.String("s3://" + lake + "/f")}},
		RoleArn:            aws.String("arn:aws:iam::123456789012:role/larder"),
	}
	for _, f := range features {
		kind := map[records.Kind]types.FeatureType{records.Text: types.FeatureTypeString, records.Whole: types.FeatureTypeIntegral, records.Decimal: types.FeatureTypeFractional}[f.Kind]
		in.FeatureDefinitions = append(in.FeatureDefinitions, types.FeatureDefinition{FeatureName: aws.String(f.Name), FeatureType: kind})
	}
	_, err := l.clients.SageMaker.CreateFeatureGroup(ctx, in)
	return err
}

// most entries of a BatchWriteRecord.
const entries = 25

// write writes a version of records from ≤ i < to by BatchWriteRecord.
func (l *larder) write(ctx context.Context, group string, features []records.Feature, from, to, version int) error {
	for from < to {
		// So many at a time that their requests fit into memory.
		end := min(to, from+max(entries, 500_000/len(features)))
		var all []load.Request
		for at := from; at < end; at += entries {
			all = append(all, l.signer.BatchWrite(group, features, span(at, min(at+entries, end)), version))
		}
		got, err := load.Run(ctx, load.Plan{Addr: l.addr, Conns: 8, Count: int64(len(all)), For: 5 * time.Minute, Requests: all, Check: requests.CheckBatchWrite})
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case got.Errors > 0:
			return fmt.Errorf("write to %s: %d errors, the first: %s", group, got.Errors, got.Error)
		}
		from = end
	}
	return nil
}

func span(from, to int) []int {
	ids := make([]int, 0, to-from)
	for i := from; i < to; i++ {
		ids = append(ids, i)
	}
	return ids
}

// fill creates a group and writes version 0 of its records.
func (l *larder) fill(ctx context.Context, group string, features, n int) error {
	began := time.Now()
	f := records.Features(features)
	if err := l.createGroup(ctx, group, f); err != nil {
		return err
	}
	if err := l.write(ctx, group, f, 0, n, 0); err != nil {
		return err
	}
	l.b.say("  group %s: %d records of %d features in %.1f s", group, n, features, time.Since(began).Seconds())
	return nil
}

// flush returns when all rows are in files.
func (l *larder) flush(ctx context.Context, groups ...string) error {
	args := []string{"flush"}
	for _, g := range groups {
		args = append(args, "--group", g)
	}
	_, err := l.command(ctx, args...)
	return err
}

// counter reads a metric of the server.
func (l *larder) counter(ctx context.Context, name string) (float64, error) {
	text, err := l.fetch(ctx, "/metrics")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			return strconv.ParseFloat(strings.TrimSpace(rest), 64)
		}
	}
	return 0, fmt.Errorf("the server has no metric %s", name)
}

// bytes is what the data directory takes.
func (l *larder) bytes(ctx context.Context) (all, online int64, err error) {
	out, err := l.command(ctx, "du", "--json")
	if err != nil {
		return 0, 0, err
	}
	var u struct {
		Bytes    int64
		Database struct{ OnlineBytes int64 }
	}
	err = json.Unmarshal([]byte(out), &u)
	return u.Bytes, u.Database.OnlineBytes, err
}

// one returns the answer to a request, which is sent once.
func (l *larder) one(ctx context.Context, r load.Request) ([]byte, error) {
	var body []byte
	got, err := load.Run(ctx, load.Plan{Addr: l.addr, Conns: 1, Count: 1, For: time.Minute, Requests: []load.Request{r}, Check: func(_ int, a load.Answer) error {
		body = slices.Clone(a.Body)
		return nil
	}})
	if err == nil && got.Errors > 0 {
		err = errors.New(got.Error)
	}
	return body, err
}

// remove stops the server and removes its data.
func (l *larder) remove() error {
	return errors.Join(l.Stop(), os.RemoveAll(l.data))
}
