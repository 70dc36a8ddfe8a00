package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
)

// importsCommand is what there is to do with imports that were started. Without a verb it lists them.
type importsCommand struct {
	List   importsListCommand   `cmd:"" default:"withargs" help:"List imports, the newest first (the default)."`
	Show   importsShowCommand   `cmd:"" help:"Say how far an import is, or how it ended."`
	Errors importsErrorsCommand `cmd:"" help:"Print the rows that an import refused, one JSON object a line."`
	Cancel importsCancelCommand `cmd:"" help:"Stop an import; nothing of it is kept. One whose rows are in the table already cannot be stopped."`
}

type importsListCommand struct {
	dataFlag
	Max  int  `placeholder:"N" default:"100" help:"How many to list, at most 1000 (default ${default})."`
	JSON bool `name:"json" help:"Print the server's answer as it is."`
}

type importsShowCommand struct {
	dataFlag
	ID   string `arg:"" placeholder:"ID"`
	JSON bool   `name:"json" help:"Print the server's answer as it is."`
}

type importsErrorsCommand struct {
	dataFlag
	ID string `arg:"" placeholder:"ID"`
}

type importsCancelCommand struct {
	dataFlag
	ID   string `arg:"" placeholder:"ID"`
	JSON bool   `name:"json" help:"Print the server's answer as it is."`
}

// Run prints a line for each import: fields have no spaces in them, and there is no line without one.
func (l *importsListCommand) Run(c console) error {
	ctx, o, stop, err := l.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	var answer json.RawMessage
	if err := o.get(ctx, fmt.Sprintf("/larder/Import?MaxResults=%d", l.Max), &answer); err != nil {
		return fmt.Errorf("imports: %w", err)
	}
	if l.JSON {
		return printRaw(c.out, answer)
	}
	var r struct {
		Imports []*importReport
		More    bool
	}
	if err := json.Unmarshal(answer, &r); err != nil {
		return err
	}
	if len(r.Imports) == 0 {
		return nil
	}
	rows := [][]string{{"import", "status", "group", "started", "read", "taken", "refused"}}
	for _, i := range r.Imports {
		rows = append(rows, []string{i.ImportID, i.Status, i.FeatureGroupName, i.StartedAt, count(i.RowsRead), count(i.RowsTaken), count(i.RowsRefused)})
	}
	(&screen{out: c.out}).columns(rows)
	if r.More {
		fmt.Fprintln(c.err, "larder: there are older ones; list them with a larger --max")
	}
	return nil
}

// Run prints what is known of an import.
func (s *importsShowCommand) Run(c console) error {
	ctx, o, stop, err := s.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	var answer json.RawMessage
	if err := o.get(ctx, "/larder/Import/"+url.PathEscape(s.ID), &answer); err != nil {
		return fmt.Errorf("imports show: %w", err)
	}
	return printImport(c, s.JSON, answer)
}

// Run prints the refused rows.
func (e *importsErrorsCommand) Run(c console) error {
	ctx, o, stop, err := e.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	rows, err := o.open(ctx, "GET", "/larder/Import/"+url.PathEscape(e.ID)+"/Errors", nil)
	if err != nil {
		return fmt.Errorf("imports errors: %w", err)
	}
	defer rows.Close()
	if _, err := io.Copy(c.out, rows); err != nil {
		return fmt.Errorf("imports errors: %w", err)
	}
	return nil
}

// Run returns when nothing of the import will come any more.
func (i *importsCancelCommand) Run(c console) error {
	ctx, o, stop, err := i.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	var answer json.RawMessage
	if err := o.call(ctx, "/larder/Import/"+url.PathEscape(i.ID)+"/Cancel", struct{}{}, &answer); err != nil {
		return fmt.Errorf("imports cancel: %w", err)
	}
	return printImport(c, i.JSON, answer)
}

func printRaw(w io.Writer, answer json.RawMessage) error {
	_, err := fmt.Fprintf(w, "%s\n", answer)
	return err
}

func printImport(c console, raw bool, answer json.RawMessage) error {
	if raw {
		return printRaw(c.out, answer)
	}
	var r importReport
	if err := json.Unmarshal(answer, &r); err != nil {
		return err
	}
	r.print(c.out)
	return nil
}

// print writes a line for each thing that is known: a name, spaces, and the rest of the line is its value.
func (r *importReport) print(w io.Writer) {
	rows := [][]string{{"import", r.ImportID}, {"status", r.Status}, {"group", r.FeatureGroupName}}
	if r.FailureReason != "" {
		rows = append(rows, []string{"reason", r.FailureReason})
	}
	for _, s := range r.Sources {
		rows = append(rows, []string{"source", s.URI})
	}
	rows = append(rows,
		[]string{"size", bytesText(r.Bytes)}, []string{"started", r.StartedAt}, []string{"committed", or(r.CommittedAt, "-")}, []string{"ended", or(r.EndedAt, "-")},
		[]string{"read", count(r.RowsRead)}, []string{"taken", count(r.RowsTaken)}, []string{"refused", count(r.RowsRefused)},
		[]string{"files", count(r.Files)}, []string{"online", fmt.Sprintf("%d of %d", r.OnlineApplied, r.OnlineRecords)},
	)
	if p := r.Progress; p != nil {
		text := fmt.Sprintf("%s, %d rows", p.Phase, p.Rows)
		if p.OfRows > 0 {
			text += fmt.Sprintf(" of %d", p.OfRows)
		}
		if p.RemainingSeconds > 0 {
			text += fmt.Sprintf(", about %.0f s to go", p.RemainingSeconds)
		}
		rows = append(rows, []string{"now", text})
	}
	(&screen{out: w}).columns(rows)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
