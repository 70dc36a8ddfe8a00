package serde

// A Form is a way to have rows in lines.
type Form uint8

// The forms, by the classes that read them.
const (
	HiveJSON  Form = iota + 1 // org.apache.hive.hcatalog.data.JsonSerDe
	OpenXJSON                 // org.openx.data.jsonserde.JsonSerDe
	Lazy                      // org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe
	CSV                       // org.apache.hadoop.hive.serde2.OpenCSVSerde
)

// A Format is how the lines of a table's files are read and written.
type Format struct {
	Form   Form
	Header int // how many lines at the beginning of a file are no rows
	Footer int // and at its end
	// NullIfInvalid gives NULL for a value that is not of its column's type, where that would be an error.
	NullIfInvalid bool

	// Of Lazy. Separators are those of fields, of elements, of keys, and of what is deeper inside, a byte each.
	Separators []byte
	Escape     []byte // one byte; empty: nothing is escaped
	Null       string // the text of NULL

	// Of CSV, a character each. Quote, and CSVEscape, may be empty.
	Separator, Quote, CSVEscape string

	// Of JSON.
	IgnoreMalformed bool              // a line that is none is a row of NULLs
	CaseSensitive   bool              // of the names of members
	Dots            bool              // a dot in a member's name may be an underscore in the column's
	Names           map[string]string // column → the member that it is, where that has another name
	ExplicitNull    bool              // a NULL is written
}

// A Column is a column of a table. Its name is lower case.
type Column struct {
	Name string
	Type Type
}
