package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
)

// refusedStatus is the exit status of an import that is done, and refused rows.
const refusedStatus = 3

type importCommand struct {
	dataFlag
	Files     []string          `arg:"" name:"file" placeholder:"FILE" help:"Parquet, CSV or JSON Lines file of this machine, or s3://BUCKET/KEY of the server."`
	Group     string            `required:"" placeholder:"NAME" help:"Feature group to load into."`
	Format    string            `placeholder:"FORMAT" help:"parquet, csv or jsonl (default by the ends of the files' names)."`
	Column    map[string]string `mapsep:"none" placeholder:"COLUMN=FEATURE" help:"Feature of a column of another name; COLUMN= leaves the column out. May be repeated."`
	Stores    []string          `placeholder:"STORE,…" help:"online, offline (default all that the group has)."`
	MaxErrors *int64            `placeholder:"N" help:"How many rows may be refused before nothing is kept (default any number)."`
	Errors    string            `placeholder:"FILE" help:"File to write the refused rows to, one JSON object a line."`
	Token     string            `placeholder:"TEXT" help:"Name of this import: it is carried out once (default made of the files as they are)."`
}

// Run starts the import, or finds the one that the same command started before, and follows it to its
// end. The server carries it out: it goes on without this command, and after a restart. The exit status
// is 0 if all rows were taken, 3 if some were refused, 1 if nothing was kept, 130 if it was left alone.
func (i *importCommand) Run(c console) error {
	in, err := i.request()
	if err != nil {
		return err
	}
	ctx, o, stop, err := i.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	var r importReport
	if err := o.call(ctx, "/larder/FeatureGroup/"+url.PathEscape(i.Group)+"/Import", in, &r); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	if err := r.follow(ctx, o, c); err != nil {
		if ctx.Err() == nil {
			return fmt.Errorf("import %s: %w; larder imports show %s says how far it is", r.ImportID, err, r.ImportID)
		}
		fmt.Fprintf(c.err, "larder: the server goes on with the import %s; the same command follows it again\n", r.ImportID)
		return status(130)
	}
	err = r.end(c.out)
	if i.Errors == "" {
		return err
	}
	if failed := saveErrors(ctx, o, r.ImportID, i.Errors); failed != nil {
		failed = fmt.Errorf("write the refused rows: %w; larder imports errors %s prints them", failed, r.ImportID)
		if _, told := err.(status); told {
			return failed
		}
		return errors.Join(err, failed)
	}
	return err
}

// An importRequest is what StartImport takes.
type importRequest struct {
	Sources            []string
	Format             string            `json:",omitempty"`
	Columns            map[string]string `json:",omitempty"`
	ClientRequestToken string            `json:",omitempty"`
	MaxErrors          *int64            `json:",omitempty"`
	TargetStores       []string          `json:",omitempty"`
}

func (i *importCommand) request() (*importRequest, error) {
	in := &importRequest{Format: i.Format, Columns: i.Column, ClientRequestToken: i.Token, MaxErrors: i.MaxErrors}
	for _, name := range i.Files {
		if !strings.HasPrefix(name, "s3://") {
			path, err := filepath.Abs(name)
			if err != nil {
				return nil, err
			}
			name = (&url.URL{Scheme: "file", Path: path}).String()
		}
		in.Sources = append(in.Sources, name)
	}
	for _, name := range i.Stores {
		switch name {
		case "online":
			in.TargetStores = append(in.TargetStores, "OnlineStore")
		case "offline":
			in.TargetStores = append(in.TargetStores, "OfflineStore")
		default:
			return nil, fmt.Errorf("--stores %s: say online, offline, or both with a comma between them", name)
		}
	}
	return in, nil
}

// An importReport is what DescribeImport answers.
type importReport struct {
	ImportID                                string `json:"ImportId"`
	FeatureGroupName, Status, FailureReason string
	Sources                                 []struct {
		URI string `json:"Uri"`
	}
	StartedAt, CommittedAt, EndedAt         string
	Bytes, RowsRead, RowsTaken, RowsRefused int64
	OnlineRecords, OnlineApplied, Files     int64
	Progress                                *struct {
		Phase                   string
		BytesRead, Rows, OfRows int64
		RemainingSeconds        float64
	}
}

func (r *importReport) ended() bool {
	return r.Status == "Done" || r.Status == "Failed" || r.Status == "Cancelled"
}

// follow shows how far the import is until it has ended.
func (r *importReport) follow(ctx context.Context, o *ownAPI, c console) error {
	s := newScreen(console{out: c.err})
	var bar *progressbar.ProgressBar
	phase, told := "", false
	defer func() {
		if bar != nil {
			bar.Finish() // it is only for the eyes
		}
	}()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		next := importReport{}
		if err := o.get(ctx, "/larder/Import/"+url.PathEscape(r.ImportID), &next); err != nil {
			return err
		}
		*r = next
		if r.ended() {
			return nil
		}
		if r.FailureReason != "" && !told {
			told = true
			fmt.Fprintf(c.err, "larder: import %s: %s\n", r.ImportID, r.FailureReason)
		}
		if p := r.Progress; p != nil && s.terminal {
			done, of := p.Rows, p.OfRows
			if p.Phase == "reading" {
				done, of = p.BytesRead, r.Bytes
			}
			if bar == nil || phase != p.Phase {
				phase, bar = p.Phase, s.amount(of, p.Phase)
			}
			bar.Set64(done) // it is only for the eyes
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// saveErrors replaces a file by the refused rows of an import.
func saveErrors(ctx context.Context, o *ownAPI, id, path string) error {
	rows, err := o.open(ctx, "GET", "/larder/Import/"+url.PathEscape(id)+"/Errors", nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	return writeWhole(path, func(w io.Writer) error {
		_, err := io.Copy(w, rows)
		return err
	})
}

// end says how the import ended.
func (r *importReport) end(w io.Writer) error {
	if r.Status != "Done" {
		return fmt.Errorf("import %s: %s; nothing of it was kept: %s", r.ImportID, r.Status, r.FailureReason)
	}
	fmt.Fprintf(w, "import %s: %d rows read, %d taken, %d refused; %d files, %d records for the online store\n",
		r.ImportID, r.RowsRead, r.RowsTaken, r.RowsRefused, r.Files, r.OnlineRecords)
	if r.RowsRefused > 0 {
		return status(refusedStatus)
	}
	return nil
}
