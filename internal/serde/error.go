package serde

import (
	"fmt"
	"strings"
)

// An Error is a fault of the data in a file, with Athena's name for it. Its text names the file and the line.
type Error struct {
	Code string // HIVE_BAD_DATA, HIVE_CURSOR_ERROR
	Text string
}

func (e *Error) Error() string { return e.Code + ": " + e.Text }

const (
	badData     = "HIVE_BAD_DATA"
	cursorError = "HIVE_CURSOR_ERROR"
)

// most is how much of a value an error shows.
const most = 200

// shown is a text of a file as an error shows it.
func shown(text []byte) string {
	more := ""
	if len(text) > most {
		text, more = text[:most], "…"
	}
	return strings.ToValidUTF8(string(text), "\uFFFD") + more
}

// fail is a fault of the line that is read.
func (r *Reader) fail(code, format string, args ...any) error {
	return &Error{code, fmt.Sprintf(format, args...) + fmt.Sprintf(" (%s, line %d)", r.name, r.lines.place())}
}

// unreadable is a value that is not of its column's type.
func (r *Reader) unreadable(text []byte, t *Type) error {
	return r.fail(badData, "Error parsing field value '%s' for field %d: For input string: \"%s\" is not of the type %s", shown(text), r.field, shown(text), t.word())
}
