package serde

import (
	"bytes"
	"strconv"
)

// readCSV reads the line as OpenCSVSerde does. A row ends where its line does, also inside quotes; a field whose
// quotes do not end is NULL. A quote inside a field is doubled, or escaped.
func (r *Reader) readCSV() error {
	if len(r.line) == 0 {
		return nil
	}
	quotes, inside := false, false
	r.csv, r.field = r.csv[:0], 0
	for at := 0; at < len(r.line) && r.field < len(r.columns); {
		switch {
		case r.sign(r.format.CSVEscape, at):
			at += len(r.format.CSVEscape)
			if next := r.special(at); (quotes || inside) && next > 0 {
				r.csv = append(r.csv, r.line[at:at+next]...)
				at += next
			}
		case r.sign(r.format.Quote, at):
			n := len(r.format.Quote)
			if (quotes || inside) && r.sign(r.format.Quote, at+n) {
				r.csv = append(r.csv, r.format.Quote...)
				at += n
			} else {
				r.quoteWithin(at)
				quotes = !quotes
			}
			at += n
			inside = !inside
		case !quotes && r.sign(r.format.Separator, at):
			at += len(r.format.Separator)
			if err := r.csvField(); err != nil {
				return err
			}
			inside = false
			r.csv = r.csv[:0]
			r.field++
		default:
			r.csv = append(r.csv, r.line[at])
			at++
			inside = true
		}
	}
	if r.field >= len(r.columns) || quotes {
		return nil
	}
	return r.csvField()
}

// sign tells whether one of the format's characters stands at a place of the line.
func (r *Reader) sign(sign string, at int) bool {
	return sign != "" && at < len(r.line) && r.line[at] == sign[0] && bytes.HasPrefix(r.line[at:], []byte(sign))
}

// special is how long the character at a place is, if it is one that may be escaped.
func (r *Reader) special(at int) int {
	for _, sign := range []string{r.format.Quote, r.format.CSVEscape} {
		if r.sign(sign, at) {
			return len(sign)
		}
	}
	return 0
}

// quoteWithin keeps a quote that stands in the middle of a field. Blanks before it are let go instead.
func (r *Reader) quoteWithin(at int) {
	end := at + len(r.format.Quote)
	before := at - len(r.format.Separator)
	if at <= 2 || before >= 0 && r.sign(r.format.Separator, before) || end >= len(r.line) || r.sign(r.format.Separator, end) {
		return
	}
	if len(r.csv) > 0 && len(trim(r.csv)) == 0 {
		r.csv = r.csv[:0]
		return
	}
	r.csv = append(r.csv, r.format.Quote...)
}

// csvField stores the field that was read. Empty text is NULL unless the column is text. A number that is none ends
// the query.
func (r *Reader) csvField() error {
	p := r.place[r.field]
	if p < 0 {
		return nil
	}
	v, t := &r.row[p], &r.columns[r.field].Type
	if t.text() {
		start := len(r.texts)
		r.texts = append(r.texts, r.csv...)
		text := r.texts[start:len(r.texts):len(r.texts)]
		if err := r.valid(text); err != nil {
			return err
		}
		v.setBytes(t.cut(text))
		return nil
	}
	if v.Null = len(trim(r.csv)) == 0; v.Null || csvScalar(v, r.csv, t) {
		return nil
	}
	if v.Null = r.format.NullIfInvalid; v.Null {
		return nil
	}
	return r.unreadable(r.csv, t)
}

// csvScalar reads a value: a timestamp may be milliseconds and a date days since 1970, the one form that Athena
// documents of each.
func csvScalar(v *Value, text []byte, t *Type) bool {
	if t.Kind == Timestamp || t.Kind == Date {
		if n, err := strconv.ParseInt(loose(trim(text)), 10, 64); err == nil {
			return instant(v, n, t)
		}
	}
	return scalar(v, text, t)
}

// mostDays is how far from 1970 dates and timestamps go.
const mostDays = 100_000_000

// instant stores days of a date, or milliseconds of a timestamp.
func instant(v *Value, n int64, t *Type) bool {
	most := int64(mostDays)
	if t.Kind == Timestamp {
		most *= 86_400_000
	}
	if n < -most || n > most {
		return false
	}
	if t.Kind == Timestamp {
		n *= 1000
	}
	v.setInt(n)
	return true
}
