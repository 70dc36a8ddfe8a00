package query

import (
	"bufio"
	"io"
	"strings"
)

// A result is a CSV file as Athena writes it (contract §5.4): lines end with \n, every value is
// in quotes with quotes inside doubled, NULL is nothing between commas.

// A csvWriter writes a result.
type csvWriter struct {
	out   *bufio.Writer
	count int64 // of rows, without the header
	bytes int64 // of rows, with the header
}

func newCSVWriter(out io.Writer) *csvWriter {
	w := &csvWriter{}
	w.out = bufio.NewWriterSize(&counter{out: out, n: &w.bytes}, 64<<10)
	return w
}

// A counter counts what it passes on.
type counter struct {
	out io.Writer
	n   *int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.out.Write(p)
	*c.n += int64(n)
	return n, err
}

// header writes the line of the columns' names.
func (w *csvWriter) header(columns []Column) error {
	row := make([]*string, len(columns))
	for i := range columns {
		row[i] = &columns[i].Name
	}
	return w.row(row)
}

// rows writes a batch.
func (w *csvWriter) rows(batch [][]*string) error {
	for _, row := range batch {
		if err := w.row(row); err != nil {
			return err
		}
	}
	w.count += int64(len(batch))
	return nil
}

func (w *csvWriter) row(row []*string) error {
	// The errors of a bufio.Writer stay; the last write has them all.
	for i, v := range row {
		if i > 0 {
			_ = w.out.WriteByte(',')
		}
		if v == nil {
			continue
		}
		_ = w.out.WriteByte('"')
		for rest := *v; ; {
			at := strings.IndexByte(rest, '"')
			if at < 0 {
				_, _ = w.out.WriteString(rest)
				break
			}
			_, _ = w.out.WriteString(rest[:at])
			_, _ = w.out.WriteString(`""`)
			rest = rest[at+1:]
		}
		_ = w.out.WriteByte('"')
	}
	return w.out.WriteByte('\n')
}

func (w *csvWriter) flush() error { return w.out.Flush() }

// A csvReader reads a result back. It tells NULL from empty text, which readers of CSV in
// general do not.
type csvReader struct {
	in   *bufio.Reader
	read int64 // bytes of the rows returned so far
}

func newCSVReader(in io.Reader) *csvReader { return &csvReader{in: bufio.NewReaderSize(in, 64<<10)} }

// row returns the next row, nil for NULL. io.EOF, as it is, says that there is none.
func (r *csvReader) row() ([]*string, error) {
	if _, err := r.in.Peek(1); err != nil {
		return nil, err
	}
	var row []*string
	var read int64
	for {
		field, size, last, err := r.field()
		if err != nil {
			return nil, err
		}
		row = append(row, field)
		read += size
		if last {
			r.read += read
			return row, nil
		}
	}
}

// line returns the next line of a result that is text, as one value: its fields have tabs between them.
// io.EOF, as it is, says that there is none.
func (r *csvReader) line() ([]*string, error) {
	text, err := r.in.ReadString('\n')
	if err != nil && (err != io.EOF || text == "") {
		return nil, err
	}
	r.read += int64(len(text))
	text = strings.TrimSuffix(text, "\n")
	return []*string{&text}, nil
}

// field returns a field, how many bytes it took with what ends it, and whether it ends its row.
func (r *csvReader) field() (field *string, size int64, last bool, err error) {
	var text strings.Builder
	quoted, inside := false, false
	for {
		c, err := r.in.ReadByte()
		if err == io.EOF && !inside {
			c = '\n' // a last line may end without
			size--
		} else if err == io.EOF {
			return nil, 0, false, io.ErrUnexpectedEOF
		} else if err != nil {
			return nil, 0, false, err
		}
		size++
		switch {
		case c == '"' && inside:
			next, err := r.in.Peek(1)
			if err == nil && next[0] == '"' {
				_, _ = r.in.Discard(1) // it was peeked at
				size++
				text.WriteByte('"')
				continue
			}
			inside = false
		case c == '"' && !quoted && text.Len() == 0:
			quoted, inside = true, true
		case (c == ',' || c == '\n') && !inside:
			if quoted || text.Len() > 0 {
				s := text.String()
				field = &s
			}
			return field, size, c == '\n', nil
		default:
			text.WriteByte(c)
		}
	}
}
