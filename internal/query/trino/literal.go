package trino

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

func nullOf(t Type) *literal {
	sql := "NULL"
	if t.Kind != Unknown {
		sql = "CAST(NULL AS " + engineType(t) + ")"
	}
	return &literal{t: t, sql: sql, null: true}
}

func varcharLiteral(s string) *literal {
	return &literal{t: Type{Kind: Varchar, Precision: utf8.RuneCountInString(s)}, sql: quote(s), text: s}
}

// quote writes a string as the engine does.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func literalOf(x *xLiteral) (node, error) {
	switch x.kind {
	case litNull:
		return nullOf(Type{}), nil
	case litBool:
		return &literal{t: Type{Kind: Boolean}, sql: strings.ToUpper(x.text), text: x.text}, nil
	case litString:
		if strings.ContainsRune(x.text, 0) {
			return nil, fail(x.pos, "NOT_SUPPORTED", "a string with a NUL character is not supported")
		}
		return varcharLiteral(x.text), nil
	case litInteger:
		n, err := strconv.ParseInt(strings.ReplaceAll(x.text, " ", ""), 10, 64)
		if err != nil {
			return nil, fail(x.pos, "SYNTAX_ERROR", "Invalid numeric literal: %s", x.text)
		}
		k := Bigint
		if n >= -1<<31 && n < 1<<31 {
			k = Integer
		}
		return &literal{t: Type{Kind: k}, sql: number(n, k), text: strconv.FormatInt(n, 10)}, nil
	case litDecimal:
		return decimalLiteral(x.pos, x.text)
	case litDouble:
		f, err := strconv.ParseFloat(x.text, 64)
		if err != nil {
			return nil, fail(x.pos, "SYNTAX_ERROR", "Invalid numeric literal: %s", x.text)
		}
		s := strconv.FormatFloat(f, 'e', -1, 64)
		return &literal{t: Type{Kind: Double}, sql: "CAST('" + s + "' AS DOUBLE)", text: s}, nil
	}
	return binaryLiteral(x)
}

// binaryLiteral reads X'65 66': pairs of digits, white space between them.
func binaryLiteral(x *xLiteral) (node, error) {
	digits := strings.Join(strings.Fields(x.text), "")
	bytes, err := hex.DecodeString(digits)
	if err != nil {
		if len(digits)%2 == 1 {
			return nil, fail(x.pos, "SYNTAX_ERROR", "Binary literal must contain an even number of digits")
		}
		return nil, fail(x.pos, "SYNTAX_ERROR", "Binary literal can only contain hexadecimal digits")
	}
	return &literal{t: Type{Kind: Varbinary}, sql: "from_hex('" + hex.EncodeToString(bytes) + "')", text: digits}, nil
}

// number writes an integer of kind k; negative ones in parentheses, so that no operator reads them amiss.
func number(n int64, k Kind) string {
	s := strconv.FormatInt(n, 10)
	if n < 0 || k == Bigint {
		return "CAST(" + quote(s) + " AS " + engineType(Type{Kind: k}) + ")"
	}
	return s
}

func decimalLiteral(p pos, text string) (node, error) {
	text = strings.ReplaceAll(text, " ", "")
	digits, negative := strings.CutPrefix(text, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	whole = strings.TrimLeft(whole, "0")
	t := Type{Kind: Decimal, Precision: max(1, len(whole)+len(fraction)), Scale: len(fraction)}
	if t.Precision > 38 {
		return nil, fail(p, "INVALID_LITERAL", "Decimal literal '%s' has more digits than 38", text)
	}
	s := whole + "." + fraction
	if whole == "" {
		s = "0" + s
	}
	s = strings.TrimSuffix(s, ".")
	if negative {
		s = "-" + s
	}
	return &literal{t: t, sql: "CAST('" + s + "' AS " + engineType(t) + ")", text: s}, nil
}

func typedLiteral(x *xTyped) (node, error) {
	invalid := fail(x.pos, "INVALID_LITERAL", "'%s' is not a valid %s literal", x.text, x.typ)
	switch x.typ {
	case "DATE":
		if d, ok := readDate(x.text); ok {
			return &literal{t: Type{Kind: Date}, sql: "DATE " + quote(d), text: d}, nil
		}
		return nil, invalid
	case "TIMESTAMP":
		n, ok := timestampLiteral(x)
		if !ok {
			return nil, invalid
		}
		return n, nil
	case "TIME":
		return timeLiteral(x, invalid)
	case "DECIMAL":
		if !decimalPattern.MatchString(x.text) {
			return nil, invalid
		}
		return decimalLiteral(x.pos, strings.TrimPrefix(x.text, "+"))
	case "VARCHAR":
		return varcharLiteral(x.text), nil
	case "CHAR":
		t := Type{Kind: Char, Precision: max(1, utf8.RuneCountInString(x.text))}
		text := strings.TrimRight(x.text, " ")
		return &literal{t: t, sql: quote(text), text: text}, nil
	case "JSON":
		return jsonLiteral(x, invalid)
	case "UUID":
		if !uuidPattern.MatchString(x.text) {
			return nil, invalid
		}
		return &literal{t: Type{Kind: UUID}, sql: quote(lower(x.text)), text: lower(x.text)}, nil
	case "INTERVAL", "IPADDRESS", "VARBINARY":
		return nil, fail(x.pos, "NOT_SUPPORTED", "a %s literal is not supported", x.typ)
	}
	t, ok := scalarType(lower(x.typ), nil)
	if !ok {
		return nil, fail(x.pos, "TYPE_NOT_FOUND", "Unknown type: %s", lower(x.typ))
	}
	return &cast{t: t, arg: varcharLiteral(x.text)}, nil
}

var (
	uuidPattern      = regexp.MustCompile("^" + uuidText + "$")
	decimalPattern   = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)$`)
	timePattern      = regexp.MustCompile(`^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,12}))?)?$`)
	datePattern      = regexp.MustCompile(`^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$`)
	timestampPattern = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,12}))?)?\s*(\S.*)?)?$`)
	offsetPattern    = regexp.MustCompile(`^([+-])(\d{1,2}):?(\d{2})$`)
)

func readDate(s string) (string, bool) {
	m := datePattern.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	y, mo, d := atoi(m[1]), atoi(m[2]), atoi(m[3])
	t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
	return t.Format("2006-01-02"), y > 0 && int(t.Month()) == mo && t.Day() == d
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // the patterns let only short digits through
	return n
}

// timestampLiteral reads a timestamp, or one with a time zone. Its precision is the number of digits
// behind the second, of which six are kept.
func timestampLiteral(x *xTyped) (node, bool) {
	m := timestampPattern.FindStringSubmatch(strings.TrimSpace(x.text))
	if m == nil {
		return nil, false
	}
	typ, location := Type{Kind: Timestamp, Precision: len(m[7])}, time.UTC
	if name := strings.TrimSpace(m[8]); name != "" {
		zone, ok := parseZone(name)
		if !ok {
			return nil, false
		}
		typ.Kind, typ.Zone = TimestampTZ, zone
		location = zoneLocation(zone)
	}
	y, mo, d, h, mi, s := atoi(m[1]), atoi(m[2]), atoi(m[3]), atoi(m[4]), atoi(m[5]), atoi(m[6])
	day := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
	if y < 1 || int(day.Month()) != mo || day.Day() != d || h > 23 || mi > 59 || s > 59 {
		return nil, false
	}
	t := time.Date(y, time.Month(mo), d, h, mi, s, microsOf(m[7])*1000, location).UTC()
	return &literal{t: typ, sql: "TIMESTAMP '" + t.Format("2006-01-02 15:04:05.000000") + "'", text: x.text}, true
}

// microsOf rounds the digits behind a second to microseconds.
func microsOf(digits string) int {
	n := atoi((digits + "000000")[:6])
	if len(digits) > 6 && digits[6] >= '5' {
		n++
	}
	return n
}

func timeLiteral(x *xTyped, invalid error) (node, error) {
	m := timePattern.FindStringSubmatch(strings.TrimSpace(x.text))
	if m == nil || atoi(m[1]) > 23 || atoi(m[2]) > 59 || atoi(m[3]) > 59 {
		return nil, invalid
	}
	t := time.Date(2000, 1, 1, atoi(m[1]), atoi(m[2]), atoi(m[3]), microsOf(m[4])*1000, time.UTC)
	return &literal{t: Type{Kind: Time, Precision: len(m[4])}, sql: "TIME '" + t.Format("15:04:05.000000") + "'", text: x.text}, nil
}

func zoneOffset(zone string) (time.Duration, bool) {
	switch strings.ToUpper(zone) {
	case "UTC", "Z", "GMT":
		return 0, true
	}
	m := offsetPattern.FindStringSubmatch(zone)
	if m == nil || atoi(m[2]) > 14 || atoi(m[3]) > 59 {
		return 0, false
	}
	d := time.Duration(atoi(m[2]))*time.Hour + time.Duration(atoi(m[3]))*time.Minute
	if m[1] == "-" {
		d = -d
	}
	return d, true
}

// percentage writes a number from 0 to 100 as the engine reads it.
func percentage(text string) (string, bool) {
	f, err := strconv.ParseFloat(text, 64)
	return strconv.FormatFloat(f, 'f', -1, 64), err == nil && f >= 0 && f <= 100
}
