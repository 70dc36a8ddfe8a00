package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
)

type datasetExportCommand struct {
	dataFlag
	Dataset datasetArg `arg:"" placeholder:"NAME[:VERSION]"`
	Out     string     `arg:"" placeholder:"OUT" help:"File, - for standard output, or s3://BUCKET/KEY of the server."`
	Format  string     `placeholder:"FORMAT" help:"parquet, csv or arrow, the IPC stream (default by the end of OUT)."`
}

// Run returns when the file is in its place, durably, or nothing. The exit status is 0 or 1.
func (e *datasetExportCommand) Run(c console) error {
	format, err := e.format()
	if err != nil {
		return err
	}
	ctx, o, stop, err := e.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	told, rows := c.out, ""
	switch {
	case strings.HasPrefix(e.Out, "s3://"):
		rows, err = e.toBucket(ctx, o, format)
	case e.Out == "-":
		told = c.err
		rows, err = e.stream(ctx, o, format, c.out)
	default:
		err = writeWhole(e.Out, func(w io.Writer) (err error) {
			rows, err = e.stream(ctx, o, format, w)
			return err
		})
	}
	if err != nil && ctx.Err() != nil {
		fmt.Fprintln(c.err, "larder: dataset export: interrupted; nothing was exported")
		return status(130)
	}
	if err != nil {
		return fmt.Errorf("dataset export: %w", err)
	}
	fmt.Fprintf(told, "export of dataset %s: %s rows\n", e.Dataset.name, rows)
	return nil
}

func (e *datasetExportCommand) format() (string, error) {
	format := e.Format
	if format == "" {
		format = strings.TrimPrefix(strings.ToLower(filepath.Ext(e.Out)), ".")
		if alias, ok := map[string]string{"pq": "parquet", "arrows": "arrow"}[format]; ok {
			format = alias
		}
	}
	switch {
	case format != "parquet" && format != "csv" && format != "arrow" && e.Format == "":
		return "", fmt.Errorf("%s does not tell the format by its end: say --format parquet, csv or arrow", e.Out)
	case format == "parquet" && e.Out == "-":
		return "", errors.New("a Parquet file is no text for standard output; name a file, or say --format csv or arrow")
	}
	return format, nil
}

func (e *datasetExportCommand) toBucket(ctx context.Context, o *ownAPI, format string) (rows string, err error) {
	in := struct {
		Version        int64 `json:",omitempty"`
		Format, Target string
	}{e.Dataset.version, format, e.Out}
	var out struct{ Rows int64 }
	if err := o.call(ctx, "/larder/Dataset/"+url.PathEscape(e.Dataset.name)+"/Export", in, &out); err != nil {
		return "", err
	}
	return count(out.Rows), nil
}

// stream writes the file as it comes.
func (e *datasetExportCommand) stream(ctx context.Context, o *ownAPI, format string, w io.Writer) (rows string, err error) {
	resp, err := o.send(ctx, "GET", e.Dataset.path("/Rows", url.Values{"Format": {format}}), nil)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(w, resp.Body); err != nil {
		return "", broken(err)
	}
	return resp.Header.Get("Larder-Rows"), nil
}
