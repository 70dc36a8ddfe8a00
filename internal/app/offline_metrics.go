package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/larder-dev/larder/internal/table"
)

// offlineMetrics shows what flushes and merges have written since the start. Write amplification is
// (larder_flush_bytes_total + larder_compaction_bytes_total + larder_run_bytes_total) / larder_flush_bytes_total.
type offlineMetrics struct{ stats func() table.Stats }

var _ prometheus.Collector = offlineMetrics{}

// An offlineMetric is one counter of them.
type offlineMetric struct {
	desc  *prometheus.Desc
	value func(table.Stats) int64
}

func offlineCounters() []offlineMetric {
	counter := func(name, help string, value func(table.Stats) int64) offlineMetric {
		return offlineMetric{prometheus.NewDesc("larder_"+name, help, nil, nil), value}
	}
	return []offlineMetric{
		counter("flush_files_total", "Files that flushes wrote.", func(s table.Stats) int64 { return s.FilesFlushed }),
		counter("flush_bytes_total", "Bytes of the files that flushes wrote.", func(s table.Stats) int64 { return s.BytesFlushed }),
		counter("flush_rows_total", "Rows that flushes wrote.", func(s table.Stats) int64 { return s.RowsFlushed }),
		counter("compaction_replaced_files_total", "Files that merges replaced.", func(s table.Stats) int64 { return s.FilesMerged }),
		counter("compaction_files_total", "Files that merges wrote.", func(s table.Stats) int64 { return s.FilesCompacted }),
		counter("compaction_bytes_total", "Bytes of the files that merges wrote.", func(s table.Stats) int64 { return s.BytesCompacted }),
		counter("compaction_rows_total", "Rows that merges wrote.", func(s table.Stats) int64 { return s.RowsCompacted }),
		counter("run_files_total", "Sorted runs that were made.", func(s table.Stats) int64 { return s.RunsMade }),
		counter("run_bytes_total", "Bytes of the sorted runs that were made.", func(s table.Stats) int64 { return s.BytesOfRuns }),
		counter("run_rows_total", "Rows of the sorted runs that were made.", func(s table.Stats) int64 { return s.RowsOfRuns }),
		counter("run_drops_total", "Sorted runs that stood for nothing any more.", func(s table.Stats) int64 { return s.RunsDropped }),
		counter("compaction_conflicts_total", "Merges given up because a client changed a file.", func(s table.Stats) int64 { return s.Conflicts }),
	}
}

// Describe implements prometheus.Collector.
func (m offlineMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, c := range offlineCounters() {
		out <- c.desc
	}
}

// Collect implements prometheus.Collector.
func (m offlineMetrics) Collect(out chan<- prometheus.Metric) {
	stats := m.stats()
	for _, c := range offlineCounters() {
		out <- prometheus.MustNewConstMetric(c.desc, prometheus.CounterValue, float64(c.value(stats)))
	}
}
