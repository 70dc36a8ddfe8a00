package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/signal"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

	"github.com/larder-dev/larder/internal/app"
)

type verifyCommand struct {
	dataFlag
	Group []string `placeholder:"NAME" help:"Feature group to compare; may be repeated (default all)."`
	Max   int      `placeholder:"N" default:"20" help:"How many differences of a group to print (default ${default})."`
}

// Run asks the running server to compare the two stores of each group, and prints what it found. The
// exit status is 1 if there is a difference.
func (v *verifyCommand) Run(c console) error {
	if v.Max < 0 || v.Max > 1000 {
		return fmt.Errorf("--max %d: it must be 0 to 1000", v.Max)
	}
	dir, err := v.dir()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	server, err := app.Running(ctx, dir)
	if err != nil {
		return err
	}
	key, err := app.ReadRootKey(dir)
	if err != nil {
		return err
	}
	o := newOwnAPI(server, key)
	names := v.Group
	if len(names) == 0 {
		if names, err = o.groups(ctx); err != nil {
			return err
		}
	}
	var differences int64
	for _, name := range names {
		var r verifyReport
		if err := o.call(ctx, "/larder/FeatureGroup/"+url.PathEscape(name)+"/Verify", map[string]int{"MaxResults": v.Max}, &r); err != nil {
			return fmt.Errorf("verify %s: %w", name, err)
		}
		differences += r.DifferenceCount
		r.print(c.out)
	}
	if differences > 0 {
		return status(1)
	}
	return nil
}

// A verifyReport is what VerifyFeatureGroup answers; docs/consistency.md says what the counts mean.
type verifyReport struct {
	FeatureGroupName string
	Skipped          string
	Held             struct{ Records, Tombstones, Expired, OnlineOnly int64 }
	Table            struct{ Files, FileRows, Unflushed, ForeignFiles, ForeignRows int64 }
	Newest           struct{ Agree, OnlineAlone, OfflineAlone, Removed, StaleDelete, Spellings int64 }
	DifferenceCount  int64
	Differences      []struct{ Kind, Identifier, EventTime, WriteTime, Column, Detail string }
}

func (r *verifyReport) print(w io.Writer) {
	// What cannot be written to the terminal, nobody misses.
	line := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	if r.Skipped != "" {
		line("%s: not compared, %s", r.FeatureGroupName, r.Skipped)
		return
	}
	if r.DifferenceCount == 0 {
		line("%s: no differences", r.FeatureGroupName)
	} else {
		line("%s: %d DIFFERENCES", r.FeatureGroupName, r.DifferenceCount)
	}
	line("  held online   %d records, %d tombstones", r.Held.Records, r.Held.Tombstones)
	line("  offline       %d rows in %d files, %d not in a file yet", r.Table.FileRows, r.Table.Files, r.Table.Unflushed)
	for _, count := range []struct {
		n    int64
		what string
	}{
		{r.Held.Expired, "records held have expired, and wait to be removed"},
		{r.Held.OnlineOnly, "records held were written to the online store alone"},
		{r.Table.ForeignRows, "rows in files that somebody else wrote; not compared"},
		{r.Newest.OnlineAlone, "identifiers: the online store alone has the newest write"},
		{r.Newest.OfflineAlone, "identifiers: the offline store alone has the newest write"},
		{r.Newest.Removed, "identifiers: deleted or expired last, and an older record or none is held"},
		{r.Newest.StaleDelete, "identifiers: deleted at the event time of the record held, which stays"},
		{r.Newest.Spellings, "numbers that are several identifiers online"},
	} {
		if count.n > 0 {
			line("  by contract   %d %s", count.n, count.what)
		}
	}
	for _, d := range r.Differences {
		line("  %s: identifier %q, event time %s, write time %s, column %q: %s", d.Kind, d.Identifier, d.EventTime, d.WriteTime, d.Column, d.Detail)
	}
	if more := r.DifferenceCount - int64(len(r.Differences)); more > 0 {
		line("  and %d more", more)
	}
}

// An ownAPI calls the server that runs on a data directory by the operations that AWS has not.
type ownAPI struct {
	server *app.Server
	aws    aws.Config
	http   *http.Client
}

func newOwnAPI(s *app.Server, key app.RootKey) *ownAPI {
	// The server is on this machine: no proxy of the environment.
	client := &http.Client{Transport: &http.Transport{}}
	return &ownAPI{server: s, http: client, aws: aws.Config{
		Region: s.Region, BaseEndpoint: aws.String(s.Endpoint), HTTPClient: client,
		Credentials: credentials.NewStaticCredentialsProvider(key.ID, key.Secret, ""),
	}}
}

// groups lists all groups.
func (o *ownAPI) groups(ctx context.Context) ([]string, error) {
	var names []string
	pages := sagemaker.NewListFeatureGroupsPaginator(sagemaker.NewFromConfig(o.aws), &sagemaker.ListFeatureGroupsInput{SortBy: "Name", SortOrder: "Ascending"})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, g := range page.FeatureGroupSummaries {
			names = append(names, aws.ToString(g.FeatureGroupName))
		}
	}
	return names, nil
}

// call posts in, and reads the answer into out. It waits as long as the server works.
func (o *ownAPI) call(ctx context.Context, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.server.Endpoint+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	keys, err := o.aws.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(hash[:]), "larder", o.server.Region, time.Now()); err != nil {
		return err
	}
	resp, err := o.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		var e struct{ Message string }
		if json.Unmarshal(answer, &e) != nil || e.Message == "" {
			e.Message = resp.Status
		}
		return fmt.Errorf("%s", e.Message)
	}
	return json.Unmarshal(answer, out)
}
