package embedded

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
)

// The first byte of a key says what the key names. A letter is never used for something else
// (docs/formats/embedded-store.md).
const (
	metaKeys      = 'm' // name → what the name says
	groupKeys     = 'g' // group → Group
	deadKeys      = 'd' // group → Group, deleted, with entries that wait
	journalKeys   = 'j' // group, position → Entry
	recordKeys    = 'r' // group, identifier → Record
	expiryKeys    = 'y' // group, instant, identifier → nothing: when a record that is held expires
	bucketKeys    = 'k' // bucket → Bucket
	objectKeys    = 'o' // bucket, 0, key → Object
	replacedKeys  = 'q' // bucket, 0, key → the position at which it was replaced, and the Object
	lapseKeys     = 'w' // position, bucket, 0, key → nothing: what was replaced, in that order
	uploadKeys    = 'u' // upload → Upload
	endedKeys     = 'c' // upload → Ended: what a completed upload made
	partKeys      = 'p' // upload, 0, number → Part
	runKeys       = 'R' // group, folder → Run
	blobKeys      = 'b' // blob → how often it is named, or when it was retired
	garbageKeys   = 'x' // position, blob → nothing
	databaseKeys  = 'D' // database → Database
	tableKeys     = 'T' // database, 0, table → Table
	versionKeys   = 'V' // database, 0, table, 0, version → Table, as it was
	partitionKeys = 'P' // database, 0, table, 0, values → Partition
	executionKeys = 'e' // submission, execution → Execution
	submitKeys    = 'i' // execution → submission
	tokenKeys     = 'n' // token → execution key

	unfinishedKeys = 'l' // submission, execution → nothing: those that are not final
	groupedKeys    = 'E' // work group, 0, submission, execution → nothing
	workGroupKeys  = 'W' // work group → WorkGroup
	namedKeys      = 'Q' // named query → NamedQuery
	preparedKeys   = 'S' // work group, 0, name → Prepared

	importKeys      = 'I' // start, import → Import
	importIDKeys    = 'J' // import → import key
	importTokenKeys = 'N' // token → import key

	datasetKeys     = 'A' // name, 0, version counted down → Dataset
	datasetReadKeys = 'a' // name, 0, version, position → Read
	makingKeys      = 'M' // name, 0, version counted down → nothing: the datasets that are Running
)

// The names under metaKeys.
const (
	metaFormat   = "format"   // the version of the whole layout
	metaGroup    = "group"    // the last GroupID given out
	metaPosition = "position" // no position up to this one is given out again
)

func key1(kind byte, name string) []byte {
	return append(append(make([]byte, 0, 1+len(name)), kind), name...)
}

// key2 joins two names; first holds no zero byte.
func key2(kind byte, first, second string) []byte {
	k := append(append(make([]byte, 0, 2+len(first)+len(second)), kind), first...)
	return append(append(k, 0), second...)
}

func numberKey(kind byte, n uint64, rest string) []byte {
	k := append(make([]byte, 0, 9+len(rest)), kind)
	return append(binary.BigEndian.AppendUint64(k, n), rest...)
}

func recordKey(g feature.GroupID, id string) []byte { return numberKey(recordKeys, uint64(g), id) }

func appendRecordKey(b []byte, g feature.GroupID, id string) []byte {
	return append(binary.BigEndian.AppendUint64(append(b, recordKeys), uint64(g)), id...)
}

func journalKey(g feature.GroupID, p feature.Position) []byte {
	return binary.BigEndian.AppendUint64(numberKey(journalKeys, uint64(g), ""), uint64(p))
}

// splitDatasetKey is the inverse of datasetKey and makingKey.
func splitDatasetKey(k []byte) (r dataset.Ref, err error) {
	name, version, ok := bytes.Cut(k[min(1, len(k)):], []byte{0})
	if !ok || len(version) != 8 {
		return dataset.Ref{}, errKey
	}
	return dataset.Ref{Name: dataset.Name(name), Version: int64(^binary.BigEndian.Uint64(version))}, nil
}

// groupEnd returns the smallest key that is larger than every key of the kind and the group.
func groupEnd(kind byte, g feature.GroupID) []byte { return after(numberKey(kind, uint64(g), "")) }

// splitJournalKey is the inverse of journalKey.
func splitJournalKey(k []byte) (feature.GroupID, feature.Position, error) {
	if len(k) != journalKeySize {
		return 0, 0, errKey
	}
	return feature.GroupID(binary.BigEndian.Uint64(k[1:9])), feature.Position(binary.BigEndian.Uint64(k[9:17])), nil
}

// splitNumberKey is the inverse of numberKey. rest shares the memory of k.
func splitNumberKey(k []byte) (n uint64, rest []byte, err error) {
	if len(k) < 9 {
		return 0, nil, errKey
	}
	return binary.BigEndian.Uint64(k[1:9]), k[9:], nil
}

// expiryKey sorts by group, then by instant, then by identifier.
func expiryKey(g feature.GroupID, at feature.EventTime, id string) []byte {
	k := append(make([]byte, 0, 21+len(id)), expiryKeys)
	k = binary.BigEndian.AppendUint64(k, uint64(g))
	// With its sign bit turned a number before 1970 sorts before one after.
	k = binary.BigEndian.AppendUint64(k, uint64(at.Sec)^1<<63)
	return append(binary.BigEndian.AppendUint32(k, uint32(at.Nsec)), id...)
}

// splitExpiryKey is the inverse of expiryKey.
func splitExpiryKey(k []byte) (g feature.GroupID, at feature.EventTime, id string, err error) {
	if len(k) < 21 || binary.BigEndian.Uint32(k[17:21]) > 999_999_999 {
		return 0, feature.EventTime{}, "", errKey
	}
	at.Sec = int64(binary.BigEndian.Uint64(k[9:17]) ^ 1<<63)
	at.Nsec = int32(binary.BigEndian.Uint32(k[17:21]))
	return feature.GroupID(binary.BigEndian.Uint64(k[1:9])), at, string(k[21:]), nil
}

// errKey is the error of a key that no Larder writes.
var errKey = errors.New("the stored key is damaged or of an unknown version")

// after returns the smallest key that is larger than every key with the prefix k, which must have
// a byte below 255. It may write into k.
func after(k []byte) []byte {
	for k[len(k)-1] == 0xff {
		k = k[:len(k)-1]
	}
	k[len(k)-1]++
	return k
}
