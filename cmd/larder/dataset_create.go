package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/dataset"
)

type datasetCreateCommand struct {
	dataFlag
	Name     string   `arg:"" placeholder:"NAME" help:"Name of the dataset; there may be versions of it already."`
	Labels   string   `placeholder:"FILE" help:"Parquet or CSV file of this machine, or s3://BUCKET/KEY of the server, that has the label rows."`
	Format   string   `placeholder:"FORMAT" help:"Format of the file: parquet or csv (default by the end of its name)."`
	Table    string   `placeholder:"TABLE" help:"Table that has the label rows, as NAME or DATABASE.NAME."`
	SQL      string   `name:"sql" placeholder:"TEXT" help:"SELECT that gives the label rows; @FILE reads it from a file."`
	Database string   `placeholder:"DATABASE" help:"Database of names without one in TABLE and TEXT (default sagemaker_featurestore)."`
	Time     string   `required:"" placeholder:"COLUMN" help:"Label column that has the time for which features are wanted."`
	Group    []string `required:"" sep:"none" placeholder:"GROUP" help:"Feature group, in quotes with what is wanted of it: \"NAME on=COLUMN features=A,B look-back=30d prefix=P_ skip-deletes\". May be repeated."`
	AsOf     string   `placeholder:"TIME" help:"Leave out what was written later, as 2024-01-31T12:00:00Z (default now)."`
	Detach   bool     `help:"Return when the dataset is on record; larder dataset show says how far it is."`
	JSON     bool     `name:"json" help:"Print the server's answer as it is."`
}

// A datasetRequest is what CreateDataset takes.
type datasetRequest struct {
	DatasetName string
	Labels      labelsRequest
	Groups      []datasetGroupRequest
	AsOf        string `json:",omitempty"`
}

type labelsRequest struct {
	Source     string `json:",omitempty"`
	Format     string `json:",omitempty"`
	Table      string `json:",omitempty"`
	SQL        string `json:"Sql,omitempty"`
	Database   string `json:",omitempty"`
	TimeColumn string
}

type datasetGroupRequest struct {
	FeatureGroupName string
	JoinColumn       string   `json:",omitempty"`
	Features         []string `json:",omitempty"`
	LookBackSeconds  int64    `json:",omitempty"`
	SkipDeletes      bool     `json:",omitempty"`
	Prefix           *string  `json:",omitempty"`
}

// Run asks for the dataset, and follows it to its end. The server goes on without this command, but not after a
// restart. The exit status is 0 if the dataset is Ready, 1 if it is not, 130 if it was left alone.
func (d *datasetCreateCommand) Run(c console) error {
	in, err := d.request()
	if err != nil {
		return err
	}
	ctx, o, stop, err := d.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	var answer json.RawMessage
	if err := o.call(ctx, "/larder/Dataset", in, &answer); err != nil {
		return fmt.Errorf("dataset create: %w", err)
	}
	var r datasetReport
	if err := json.Unmarshal(answer, &r); err != nil {
		return err
	}
	if !d.Detach {
		if answer, err = r.follow(ctx, o, c); err != nil {
			if ctx.Err() == nil {
				return fmt.Errorf("dataset create: %w; larder dataset show %s says how far it is", err, r.ref())
			}
			fmt.Fprintf(c.err, "larder: the server goes on with the dataset %s; larder dataset show %s says how far it is\n", r.ref(), r.ref())
			return status(130)
		}
	}
	if d.JSON {
		if err := printRaw(c.out, answer); err != nil {
			return err
		}
		if !d.Detach && r.Status != "Ready" {
			return status(1)
		}
		return nil
	}
	return r.end(c, d.Detach)
}

func (r *datasetReport) end(c console, detached bool) error {
	switch {
	case detached:
		fmt.Fprintf(c.out, "dataset %s: %s\n", r.ref(), r.Status)
	case r.Status == "Ready":
		fmt.Fprintf(c.out, "dataset %s: %d rows, %d columns, %s; hash %s\n", r.ref(), r.Rows, len(r.Columns), bytesText(r.FileBytes), r.Hash)
	default:
		return fmt.Errorf("dataset %s: %s: %s", r.ref(), r.Status, r.FailureReason)
	}
	return nil
}

// follow shows how far the dataset is until it has ended, and returns what the server said last.
func (r *datasetReport) follow(ctx context.Context, o *ownAPI, c console) (json.RawMessage, error) {
	bar := newDatasetBar(c)
	defer bar.end()
	named := datasetArg{r.DatasetName, r.Version}
	tick := time.NewTicker(datasetTick)
	defer tick.Stop()
	for {
		var answer json.RawMessage
		if err := o.get(ctx, named.path("", nil), &answer); err != nil {
			return nil, err
		}
		next := datasetReport{}
		if err := json.Unmarshal(answer, &next); err != nil {
			return nil, err
		}
		*r = next
		if r.Status != "Running" {
			return answer, nil
		}
		bar.show(r.Progress)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

func (d *datasetCreateCommand) request() (*datasetRequest, error) {
	in := &datasetRequest{DatasetName: d.Name, AsOf: d.AsOf, Labels: labelsRequest{Source: d.Labels, Format: d.Format, Table: d.Table, SQL: d.SQL, Database: d.Database, TimeColumn: d.Time}}
	if d.Labels != "" && !strings.HasPrefix(d.Labels, "s3://") {
		path, err := filepath.Abs(d.Labels)
		if err != nil {
			return nil, err
		}
		in.Labels.Source = (&url.URL{Scheme: "file", Path: path}).String()
	}
	if file, ok := strings.CutPrefix(d.SQL, "@"); ok {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("--sql %s: %w", d.SQL, err)
		}
		in.Labels.SQL = string(text)
	}
	for _, text := range d.Group {
		g, err := groupOf(text)
		if err != nil {
			return nil, fmt.Errorf("--group %q: %w", text, err)
		}
		in.Groups = append(in.Groups, *g)
	}
	return in, nil
}

// groupOf is what the text of a --group asks for.
func groupOf(text string) (*datasetGroupRequest, error) {
	g, err := dataset.ParseGroup(text)
	if err != nil {
		return nil, err
	}
	out := &datasetGroupRequest{
		FeatureGroupName: string(g.Group), JoinColumn: g.Column, LookBackSeconds: int64(g.LookBack / time.Second), SkipDeletes: g.SkipDeletes, Prefix: g.Prefix,
	}
	for _, name := range g.Features {
		out.Features = append(out.Features, string(name))
	}
	return out, nil
}
