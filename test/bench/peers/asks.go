package main

import (
	"fmt"

	"github.com/larder-dev/larder/test/bench/records"
)

// The sections of the page in which peers stand beside Larder.
const (
	readSection  = "Online reads"
	writeSection = "Online writes"
)

const (
	readFeatures  = 50
	writeFeatures = 10
	batch         = 100 // records of a BatchGetRecord
	entries       = 25  // records of a BatchWriteRecord
	readers       = 16  // connections of the ceilings of reads
	// mostRequests is how many records are asked for before they are asked for again.
	mostRequests = 20_000
)

// A place is a path of a section, by the names that they have on the page.
type place struct{ section, path string }

// A readPath is a path of reads with the records that each request asks for.
type readPath struct {
	place
	steady string // path of the same requests at a rate that the peer can bear; "": it is not asked so
	batch  int    // records of a request
	ids    [][]int
}

// readPaths are those that Larder is measured on, asking for the same records.
func (s *setting) readPaths() []readPath {
	one := readPath{batch: 1, steady: fmt.Sprintf("GetRecord, 50 features, %s records, half of each peer's ceiling, open loop", records.Count(s.records))}
	one.place = place{readSection, fmt.Sprintf("GetRecord, 50 features, %s records, ceiling", records.Count(s.records))}
	many := readPath{batch: batch}
	many.place = place{readSection, fmt.Sprintf("BatchGetRecord, 100 records of 50 features, %s records, ceiling", records.Count(s.records))}
	for _, id := range records.Drawn(mostRequests, s.records) {
		one.ids = append(one.ids, []int{id})
	}
	const calls = 1000
	ids := records.Drawn(calls*batch, s.records)
	for i := range calls {
		many.ids = append(many.ids, ids[i*batch:(i+1)*batch])
	}
	return []readPath{one, many}
}

// A writePath is a path of writes.
type writePath struct {
	place
	conns int
	batch int // records of a request
}

func writePaths() []writePath {
	var all []writePath
	for _, conns := range []int{1, 16, 64} {
		all = append(all, writePath{place{writeSection, fmt.Sprintf("PutRecord, 10 features, %d clients, durable", conns)}, conns, 1})
	}
	return append(all, writePath{place{writeSection, "BatchWriteRecord, 25 records of 10 features, 16 clients, durable"}, 16, entries})
}
