package main

import (
	"fmt"
	"io"
	"strconv"
	"time"
)

// print writes a line for each thing that is known, then the columns as a table.
func (r *datasetReport) print(w io.Writer) {
	s := &screen{out: w}
	rows := [][]string{{"dataset", r.DatasetName}, {"version", count(r.Version)}, {"status", r.Status}}
	if r.FailureReason != "" {
		rows = append(rows, []string{"reason", r.FailureReason})
	}
	rows = append(rows, []string{"created by", r.CreatedBy}, []string{"started", r.StartedAt}, []string{"ended", or(r.EndedAt, "-")}, []string{"as of", r.AsOf})
	rows = append(rows, []string{"labels", r.labels()}, []string{"label time", r.Labels.TimeColumn})
	for _, g := range r.Groups {
		rows = append(rows, []string{"group", g.words()})
	}
	if p := r.Progress; p != nil {
		rows = append(rows, []string{"now", p.words()})
	}
	if r.Status == "Ready" || r.Status == "Deleted" && r.Hash != "" {
		rows = append(rows, []string{"rows", count(r.Rows)}, []string{"hash", r.Hash}, []string{"file", bytesText(r.FileBytes) + " " + r.FileHash}, []string{"made by", "larder " + r.Release})
	}
	if v := r.Verification; v != nil {
		text := v.Outcome + " at " + v.VerifiedAt + " by " + v.VerifiedBy
		if v.Reason != "" {
			text += ": " + v.Reason
		}
		rows = append(rows, []string{"verified", text})
	}
	s.columns(rows)
	if len(r.Columns) == 0 {
		return
	}
	table := [][]string{{"column", "type", "of", "values", "nulls", "distinct", "min", "max", "mean"}}
	for _, c := range r.Columns {
		mean := "-"
		if c.Mean != nil {
			mean = strconv.FormatFloat(*c.Mean, 'g', 6, 64)
		}
		distinct := "-"
		if c.Distinct > 0 {
			distinct = count(c.Distinct)
		}
		table = append(table, []string{c.Name, c.Type, or(c.FeatureGroupName, "labels"), count(c.Values), count(c.Nulls), distinct, or(c.Min, "-"), or(c.Max, "-"), mean})
	}
	s.print("")
	s.table(table, true)
}

func (r *datasetReport) labels() string {
	switch {
	case r.Labels.Source != "":
		return r.Labels.Source
	case r.Labels.Table != "":
		return "table " + r.Labels.Table
	}
	return r.Labels.SQL
}

func (g *datasetGroupReport) words() string {
	text := fmt.Sprintf("%s by %s, %d of %d features, %d rows", g.FeatureGroupName, g.JoinColumn, len(g.Features), g.SchemaVersion, g.OfflineRows)
	if g.LookBackSeconds > 0 {
		text += fmt.Sprintf(", not older than %s", time.Duration(g.LookBackSeconds)*time.Second)
	}
	if g.SkipDeletes {
		text += ", deletes skipped"
	}
	return text
}

func (p *datasetProgressReport) words() string {
	text := p.Phase
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	if p.OfRows > 0 {
		text += fmt.Sprintf(", %d of %d rows", p.Rows, p.OfRows)
	}
	if p.RemainingSeconds > 0 {
		text += fmt.Sprintf(", about %.0f s to go", p.RemainingSeconds)
	}
	return text
}
