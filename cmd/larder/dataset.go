package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
)

// datasetCommand is what there is to do with training sets.
type datasetCommand struct {
	Create datasetCreateCommand `cmd:"" help:"Make a training set: for each row of the labels the features of groups as they were known then."`
	List   datasetListCommand   `cmd:"" help:"List datasets, the newest version of each name first."`
	Show   datasetShowCommand   `cmd:"" help:"Say what a dataset was made of, what is in it, and who had it."`
	Export datasetExportCommand `cmd:"" help:"Write the rows of a dataset to a file."`
	Verify datasetVerifyCommand `cmd:"" help:"Make a dataset again from the offline stores as they are now, and compare."`
	Cancel datasetCancelCommand `cmd:"" help:"Stop a dataset that is being made."`
	Delete datasetDeleteCommand `cmd:"" help:"Remove the rows of a version; what it was stays on record."`
}

// A datasetArg names a dataset: NAME, the newest version, or NAME:VERSION.
type datasetArg struct {
	name    string
	version int64
}

// UnmarshalText reads churn or churn:3.
func (d *datasetArg) UnmarshalText(text []byte) error {
	name, version, versioned := strings.Cut(string(text), ":")
	d.name = name
	if !versioned {
		return nil
	}
	n, err := strconv.ParseInt(version, 10, 64)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no dataset: say NAME, or NAME:VERSION", text)
	}
	d.version = n
	return nil
}

// path is that of the dataset, with something behind it.
func (d *datasetArg) path(rest string, query url.Values) string {
	if d.version > 0 {
		if query == nil {
			query = url.Values{}
		}
		query.Set("Version", strconv.FormatInt(d.version, 10))
	}
	path := "/larder/Dataset/" + url.PathEscape(d.name) + rest
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// A datasetVersion is the body of calls that name a version there.
type datasetVersion struct {
	Version int64 `json:",omitempty"`
}

// A datasetReport is what DescribeDataset answers.
type datasetReport struct {
	DatasetName                      string
	Version                          int64
	Status, FailureReason, CreatedBy string
	StartedAt, EndedAt, AsOf         string
	Rows, FileBytes, ScratchBytes    int64
	Hash, FileHash, Release          string
	Labels                           struct{ Source, Table, SQL, Database, TimeColumn string }
	Groups                           []datasetGroupReport
	Columns                          []datasetColumnReport
	Progress                         *datasetProgressReport
	Verification                     *verificationReport
}

type datasetGroupReport struct {
	FeatureGroupName, JoinColumn string
	Features                     []string
	LookBackSeconds              int64
	SkipDeletes                  bool
	SchemaVersion                int
	OfflineRows                  int64
}

type datasetColumnReport struct {
	Name, Type, FeatureGroupName, FeatureName string
	Values, Nulls, Distinct                   int64
	Min, Max                                  string
	Mean                                      *float64
}

type datasetProgressReport struct {
	Phase, Detail    string
	Rows, OfRows     int64
	LabelRows        int64
	RemainingSeconds float64
}

type verificationReport struct {
	VerifiedAt, VerifiedBy, Outcome, Reason, Hash string
	Rows                                          int64
	SameFile                                      *bool
	Seconds                                       float64
}

func (r *datasetReport) ref() string { return fmt.Sprintf("%s:%d", r.DatasetName, r.Version) }

type datasetListCommand struct {
	dataFlag
	Name string `arg:"" optional:"" placeholder:"NAME" help:"Only the versions of this name."`
	Max  int    `placeholder:"N" default:"100" help:"How many to list, at most 1000 (default ${default})."`
	JSON bool   `name:"json" help:"Print the server's answer as it is."`
}

// Run prints a line for each dataset: fields have no spaces in them, and there is no line without one.
func (l *datasetListCommand) Run(c console) error {
	ctx, o, stop, err := l.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	query := url.Values{"MaxResults": {strconv.Itoa(l.Max)}}
	if l.Name != "" {
		query.Set("DatasetName", l.Name)
	}
	var answer json.RawMessage
	if err := o.get(ctx, "/larder/Dataset?"+query.Encode(), &answer); err != nil {
		return fmt.Errorf("dataset list: %w", err)
	}
	if l.JSON {
		return printRaw(c.out, answer)
	}
	var r struct {
		Datasets []*datasetReport
		More     bool
	}
	if err := json.Unmarshal(answer, &r); err != nil {
		return err
	}
	if len(r.Datasets) == 0 {
		return nil
	}
	rows := [][]string{{"dataset", "status", "rows", "groups", "as of", "verified"}}
	for _, d := range r.Datasets {
		verified := "-"
		if d.Verification != nil {
			verified = d.Verification.Outcome
		}
		rows = append(rows, []string{d.ref(), d.Status, count(d.Rows), count(int64(len(d.Groups))), d.AsOf, verified})
	}
	(&screen{out: c.out}).columns(rows)
	if r.More {
		fmt.Fprintln(c.err, "larder: there are more; list them with a larger --max")
	}
	return nil
}

type datasetShowCommand struct {
	dataFlag
	Dataset datasetArg `arg:"" placeholder:"NAME[:VERSION]"`
	Reads   bool       `help:"Print the audit trail instead, one JSON object a line: what was read for it, and who had its rows."`
	JSON    bool       `name:"json" help:"Print the server's answer as it is."`
}

// Run prints what is known of a dataset, or its audit trail.
func (s *datasetShowCommand) Run(c console) error {
	ctx, o, stop, err := s.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	if s.Reads {
		return s.printReads(ctx, o, c.out)
	}
	var answer json.RawMessage
	if err := o.get(ctx, s.Dataset.path("", nil), &answer); err != nil {
		return fmt.Errorf("dataset show: %w", err)
	}
	return printDataset(c, s.JSON, answer)
}

func (s *datasetShowCommand) printReads(ctx context.Context, o *ownAPI, w io.Writer) error {
	query := url.Values{"DatasetName": {s.Dataset.name}}
	if s.Dataset.version > 0 {
		query.Set("Version", strconv.FormatInt(s.Dataset.version, 10))
	}
	reads, err := o.open(ctx, "GET", "/larder/DatasetRead?"+query.Encode(), nil)
	if err != nil {
		return fmt.Errorf("dataset show: %w", err)
	}
	defer reads.Close()
	if _, err := io.Copy(w, reads); err != nil {
		return fmt.Errorf("dataset show: %w", broken(err))
	}
	return nil
}

type datasetVerifyCommand struct {
	dataFlag
	Dataset datasetArg `arg:"" placeholder:"NAME[:VERSION]"`
	JSON    bool       `name:"json" help:"Print the server's answer as it is."`
}

// differsStatus is the exit status if a dataset is no longer what it was.
const differsStatus = 3

// Run returns when the dataset has been made again. The exit status is 0 if its rows are the same, 3 if they are
// not, 1 if nobody can tell.
func (v *datasetVerifyCommand) Run(c console) error {
	ctx, o, stop, err := v.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	var answer json.RawMessage
	ended := make(chan error, 1)
	go func() {
		ended <- o.call(ctx, "/larder/Dataset/"+url.PathEscape(v.Dataset.name)+"/Verify", datasetVersion{v.Dataset.version}, &answer)
	}()
	if err := v.Dataset.watch(ctx, o, c, ended); err != nil {
		return fmt.Errorf("dataset verify: %w", err)
	}
	var r datasetReport
	if err := json.Unmarshal(answer, &r); err != nil {
		return err
	}
	if v.JSON {
		err = printRaw(c.out, answer)
	} else {
		r.Verification.print(c.out, r.ref())
	}
	if err == nil && r.Verification.Outcome != "Same" {
		return status(differsStatus)
	}
	return err
}

func (v *verificationReport) print(w io.Writer, ref string) {
	switch v.Outcome {
	case "Same":
		file := ""
		if v.SameFile != nil && *v.SameFile {
			file = ", and so is the file"
		}
		fmt.Fprintf(w, "dataset %s: its %d rows are the same%s (%s, %.1f s)\n", ref, v.Rows, file, v.Hash, v.Seconds)
	case "Forgotten":
		fmt.Fprintf(w, "dataset %s: it cannot be made again, because rows that it was made of are gone: %s\n", ref, v.Reason)
	default:
		fmt.Fprintf(w, "dataset %s: its rows are others now: %s\n", ref, v.Reason)
	}
}

type datasetCancelCommand struct {
	dataFlag
	Dataset datasetArg `arg:"" placeholder:"NAME[:VERSION]"`
	JSON    bool       `name:"json" help:"Print the server's answer as it is."`
}

// Run returns when nothing of the dataset will come any more.
func (d *datasetCancelCommand) Run(c console) error {
	ctx, o, stop, err := d.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	var answer json.RawMessage
	if err := o.call(ctx, "/larder/Dataset/"+url.PathEscape(d.Dataset.name)+"/Cancel", datasetVersion{d.Dataset.version}, &answer); err != nil {
		return fmt.Errorf("dataset cancel: %w", err)
	}
	return printDataset(c, d.JSON, answer)
}

type datasetDeleteCommand struct {
	dataFlag
	Dataset datasetArg `arg:"" placeholder:"NAME:VERSION"`
	JSON    bool       `name:"json" help:"Print the server's answer as it is."`
}

// Run removes the rows.
func (d *datasetDeleteCommand) Run(c console) error {
	ctx, o, stop, err := d.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	var answer json.RawMessage
	if err := o.read(ctx, "DELETE", d.Dataset.path("", nil), nil, &answer); err != nil {
		return fmt.Errorf("dataset delete: %w", err)
	}
	return printDataset(c, d.JSON, answer)
}

func printDataset(c console, raw bool, answer json.RawMessage) error {
	if raw {
		return printRaw(c.out, answer)
	}
	var r datasetReport
	if err := json.Unmarshal(answer, &r); err != nil {
		return err
	}
	r.print(c.out)
	return nil
}
