package featurestore

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/larder-dev/larder/internal/feature"
)

// A RecordListing says which identifiers of a group to list.
type RecordListing struct {
	Group   feature.GroupRef
	Deleted bool   // those with a tombstone too
	Limit   int    // 0: 100
	Token   string // of the page before; it goes with the same group and Deleted
}

const (
	// recordsPage is how many identifiers a page has unless the caller says.
	recordsPage = 100
	// maxHidden is how many records a page passes over at most, because they are deleted or have
	// expired. It bounds the work of a page in a group with a million tombstones.
	maxHidden = 10_000
)

// Records lists the identifiers that are held online, a page at a time, in the order of their
// bytes; those that have expired never (contract §2.7). next is the token of the following page,
// "" if there is none. A page is shorter than the limit if it is the last, or if it has passed
// over very many records that it does not show: then next goes on behind these. Invalid: the
// token, or a group without online store; NotFound; Conflict: the group is not Created; Throttled.
func (s *Store) Records(ctx context.Context, l RecordListing) (ids []string, next string, err error) {
	g, err := s.online(ctx, l.Group)
	if err != nil {
		return nil, "", err
	}
	t := recordToken{group: g.ID, deleted: l.Deleted}
	if l.Token != "" {
		if err := t.read(l.Token); err != nil {
			return nil, "", err
		}
	}
	limit := l.Limit
	if limit == 0 {
		limit = recordsPage
	}
	ids = make([]string, 0, limit)
	more, err := s.page(ctx, &t, &ids, limit)
	if err != nil {
		return nil, "", err
	}
	size := 0
	for _, id := range ids {
		size += len(id)
	}
	if err := s.meter.take(g, reading, size); err != nil {
		return nil, "", err
	}
	if more {
		next = t.text()
	}
	return ids, next, nil
}

// page appends identifiers after those that t names, and moves t behind what it has looked at. It
// tells whether there may be more.
func (s *Store) page(ctx context.Context, t *recordToken, ids *[]string, limit int) (more bool, err error) {
	hidden := 0
	for r, err := range s.records.Scan(ctx, t.group, t.after) {
		switch {
		case err != nil:
			return false, fmt.Errorf("list records of group %d: %w", t.group, err)
		case r.Deleted && !t.deleted || r.TTL != 0 && r.Expired(s.now()):
			if hidden++; hidden > maxHidden {
				return true, nil
			}
		case len(*ids) == limit:
			return true, nil
		default:
			*ids = append(*ids, r.ID)
		}
		t.after = r.ID
	}
	return false, nil
}

// A recordToken is where a page of a listing ended. Its text is opaque to callers: base64 of a
// version, whether deleted records are listed, the group's ID, the identifier, and a CRC-32C.
type recordToken struct {
	group   feature.GroupID
	deleted bool
	after   string
}

const (
	tokenVersion = 1
	tokenHead    = 10 // version, deleted, ID
	tokenSum     = 4
)

func (t *recordToken) text() string {
	b := make([]byte, 2, tokenHead+len(t.after)+tokenSum)
	b[0] = tokenVersion
	if t.deleted {
		b[1] = 1
	}
	b = binary.BigEndian.AppendUint64(b, uint64(t.group))
	b = append(b, t.after...)
	b = binary.BigEndian.AppendUint32(b, checksum(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// read takes the place from a text, which must be of a listing as t is. Invalid.
func (t *recordToken) read(text string) error {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) < tokenHead+tokenSum {
		return errToken("is not one that this server gave")
	}
	body, sum := b[:len(b)-tokenSum], b[len(b)-tokenSum:]
	if binary.BigEndian.Uint32(sum) != checksum(body) || body[0] != tokenVersion || body[1] > 1 {
		return errToken("is not one that this server gave")
	}
	if feature.GroupID(binary.BigEndian.Uint64(body[2:])) != t.group {
		return errToken("is of another feature group, or of one of the same name that was deleted since")
	}
	if (body[1] == 1) != t.deleted {
		return errToken("is of a listing with another IncludeSoftDeletedRecords")
	}
	t.after = string(body[tokenHead:])
	return nil
}

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

func errToken(why string) error {
	return feature.Errorf(feature.Invalid, "NextToken %s; give the NextToken of the page before, or none to begin anew", why)
}
