package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

type exportCommand struct {
	dataFlag
	Out          string `arg:"" placeholder:"OUT" help:"File, new directory (DIR/) for several files, - for standard output, or s3://BUCKET/KEY or s3://BUCKET/PREFIX/ of the server."`
	Group        string `required:"" placeholder:"NAME" help:"Feature group to export."`
	Format       string `placeholder:"FORMAT" help:"parquet, csv or jsonl (default by the end of OUT)."`
	Latest       bool   `help:"The newest row of each identifier alone, and none if it was deleted last."`
	AsOf         string `placeholder:"TIME" help:"Leave out what was written later, as 2024-01-31T12:00:00Z."`
	FeaturesOnly bool   `help:"Leave out write_time, api_invocation_time and is_deleted, and delete markers: what larder import takes."`
	FileRows     int64  `placeholder:"N" help:"Most rows of a file in a directory or a prefix (default 1000000)."`
}

// directoryRows is the most rows of a file if nobody says another number.
const directoryRows = 1_000_000

// An exportRequest is what ExportFeatureGroup takes.
type exportRequest struct {
	Format       string
	Latest       bool   `json:",omitempty"`
	AsOf         string `json:",omitempty"`
	FeaturesOnly bool   `json:",omitempty"`
	FileRows     int64  `json:",omitempty"`
	Target       string `json:",omitempty"`
}

// Run returns when all that is exported is in its place, durably, or nothing. The exit status is 0 or 1.
func (e *exportCommand) Run(c console) error {
	kind, err := e.kind()
	if err != nil {
		return err
	}
	in, err := e.request(kind)
	if err != nil {
		return err
	}
	ctx, o, stop, err := e.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	x := &exporting{api: o, path: "/larder/FeatureGroup/" + url.PathEscape(e.Group) + "/Export", in: in}
	told := c.out
	switch kind {
	case toStandardOutput:
		told = c.err
		err = x.stream(ctx, c.out)
	case toBucket:
		err = x.bucket(ctx)
	case toDirectory:
		err = x.directory(ctx, e.Out)
	default:
		err = writeWhole(e.Out, func(w io.Writer) error { return x.stream(ctx, w) })
	}
	if err != nil && ctx.Err() != nil {
		fmt.Fprintln(c.err, "larder: export: interrupted; nothing was exported")
		return status(130)
	}
	if err != nil {
		return fmt.Errorf("export %s: %w", e.Group, err)
	}
	files := "file"
	if x.files != 1 {
		files = "files"
	}
	fmt.Fprintf(told, "export of %s: %d rows in %d %s\n", e.Group, x.rows, x.files, files)
	return nil
}

// A destination is what kind of place OUT is.
type destination int

const (
	toFile destination = iota
	toDirectory
	toStandardOutput
	toBucket
)

func (e *exportCommand) kind() (destination, error) {
	switch {
	case e.Out == "-":
		return toStandardOutput, nil
	case strings.HasPrefix(e.Out, "s3://"):
		return toBucket, nil
	case strings.HasSuffix(e.Out, "/"):
		return toDirectory, nil
	}
	info, err := os.Stat(e.Out)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return toFile, nil
	case err != nil:
		return 0, err
	case info.IsDir():
		return toDirectory, nil
	}
	return toFile, nil
}

// request checks what the server cannot know.
func (e *exportCommand) request(kind destination) (*exportRequest, error) {
	in := &exportRequest{Format: e.Format, Latest: e.Latest, AsOf: e.AsOf, FeaturesOnly: e.FeaturesOnly, FileRows: e.FileRows}
	if in.Format == "" {
		in.Format = strings.TrimPrefix(strings.ToLower(filepath.Ext(e.Out)), ".")
		switch in.Format {
		case "parquet", "csv", "jsonl":
		case "ndjson":
			in.Format = "jsonl"
		case "pq":
			in.Format = "parquet"
		default:
			return nil, fmt.Errorf("%s does not tell the format by its end: say --format parquet, csv or jsonl", e.Out)
		}
	}
	switch {
	case e.FileRows < 0:
		return nil, fmt.Errorf("--file-rows %d: a file has 1 row or more", e.FileRows)
	case e.FileRows > 0 && (kind == toFile || kind == toStandardOutput):
		return nil, fmt.Errorf("--file-rows %d makes several files, and %s is one; name a directory, with a slash at its end", e.FileRows, e.Out)
	case kind == toStandardOutput && in.Format == "parquet":
		return nil, errors.New("a Parquet file is no text for standard output; name a file, or say --format csv or jsonl")
	case kind == toBucket:
		in.Target = e.Out
	case kind == toDirectory && in.FileRows == 0:
		in.FileRows = directoryRows
	}
	return in, nil
}

// An exporting is one export, and what came of it.
type exporting struct {
	api   *ownAPI
	path  string
	in    *exportRequest
	rows  int64
	files int
}

func (x *exporting) send(ctx context.Context) (*http.Response, error) {
	body, err := json.Marshal(x.in)
	if err != nil {
		return nil, err
	}
	return x.api.send(ctx, http.MethodPost, x.path, body)
}

// stream writes the one file.
func (x *exporting) stream(ctx context.Context, w io.Writer) error {
	resp, err := x.send(ctx)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(w, resp.Body); err != nil {
		return broken(err)
	}
	x.files = 1
	return x.count(resp)
}

// broken explains the end of an answer that is not whole.
func broken(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the server broke off; its log says why")
	}
	return err
}

// count reads how many rows there are, which the server says at the end.
func (x *exporting) count(resp *http.Response) (err error) {
	if x.rows, err = strconv.ParseInt(resp.Trailer.Get("Larder-Rows"), 10, 64); err != nil {
		return fmt.Errorf("the server does not say how many rows there are, so they may not be all: %w", err)
	}
	return nil
}

// bucket lets the server write the files.
func (x *exporting) bucket(ctx context.Context) error {
	var out struct {
		Rows  int64
		Files []struct{}
	}
	if err := x.api.call(ctx, x.path, x.in, &out); err != nil {
		return err
	}
	x.rows, x.files = out.Rows, len(out.Files)
	return nil
}

// directory makes a directory of the files. It has another name until all are there.
func (x *exporting) directory(ctx context.Context, path string) (err error) {
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	if err := emptyOrNone(path); err != nil {
		return err
	}
	partial := fmt.Sprintf("%s%s%d", path, partialMark, os.Getpid())
	if err := os.Mkdir(partial, 0o777); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(partial))
		}
	}()
	resp, err := x.send(ctx)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := x.parts(resp, partial); err != nil {
		return broken(err)
	}
	if err := x.count(resp); err != nil {
		return err
	}
	if err := syncDir(partial); err != nil {
		return err
	}
	// An empty directory makes room, and nothing else.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(partial, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// emptyOrNone refuses a directory that has something: nobody could tell later which files are whose.
func emptyOrNone(path string) error {
	entries, err := os.ReadDir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(entries) > 0:
		return fmt.Errorf("the directory %s is not empty: it has %s; name another, or remove what is there", path, entries[0].Name())
	}
	return nil
}

// parts writes each part of the answer to a file of its name.
func (x *exporting) parts(resp *http.Response, dir string) error {
	_, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("the server's answer: %w", err)
	}
	r := multipart.NewReader(resp.Body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			// What comes after the last part ends the answer, and has its trailer.
			_, err = io.Copy(io.Discard, resp.Body)
			return err
		}
		if err != nil {
			return err
		}
		name := part.FileName() // without directories
		if name == "" {
			return errors.New("the server's answer has a file without a name")
		}
		if err := writeNew(filepath.Join(dir, name), part); err != nil {
			return err
		}
		x.files++
	}
}

// writeNew makes a file that is not there, and returns when it is durable.
func writeNew(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(f.Sync(), f.Close())
}
