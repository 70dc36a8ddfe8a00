package main

import (
	"fmt"
	"io"
	"net/url"
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
	ctx, o, stop, err := v.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
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
