package scalar

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/jsonpath"
)

// javaDouble is Java's text of a double.
func javaDouble(v float64) string { return jsonpath.JavaFloat(v, 64) }

// directive is one conversion of java.util.Formatter.
var directive = regexp.MustCompile(`%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([tT])?([a-zA-Z%])`)

// format is java.util.Formatter for arguments that are each a letter and a text: i an integer, d a
// decimal, f a double, b a boolean, s anything else.
func format(pattern string, args []Element[string]) (string, error) {
	var b strings.Builder
	next := 0
	for {
		at := strings.IndexByte(pattern, '%')
		if at < 0 {
			b.WriteString(pattern)
			return b.String(), nil
		}
		b.WriteString(pattern[:at])
		pattern = pattern[at:]
		m := directive.FindStringSubmatch(pattern)
		if m == nil || !strings.HasPrefix(pattern, m[0]) {
			return "", badFormat(pattern, "UnknownFormatConversion: Conversion = '%%'")
		}
		pattern = pattern[len(m[0]):]
		text, used, err := convert(m, args, next)
		if err != nil {
			return "", err
		}
		next += used
		if b.Len()+len(text) > maxText {
			return "", tooLong()
		}
		b.WriteString(text)
	}
}

func badFormat(pattern, reason string, args ...any) error {
	return invalid("Invalid format string: %s ("+reason+")", append([]any{pattern}, args...)...)
}

// convert writes one conversion; used is how many arguments it takes in their order.
func convert(m []string, args []Element[string], next int) (text string, used int, err error) {
	whole, index, flags, conversion := m[0], m[1], m[2], m[6]
	switch {
	case m[5] != "" || strings.Contains("gGaAhH", conversion):
		return "", 0, fail("NOT_SUPPORTED", "the conversion %s of format is not supported", whole)
	case strings.Contains(flags, "<"):
		return "", 0, fail("NOT_SUPPORTED", "the flag < of format is not supported")
	case conversion == "n":
		return "\n", 0, nil
	case conversion == "%":
		return fill("%", flags, m[3]), 0, nil
	case !strings.Contains("bBsScCdoxXeEf", conversion):
		return "", 0, badFormat(whole, "UnknownFormatConversion: Conversion = '%s'", conversion)
	}
	if index != "" {
		n, err := strconv.Atoi(index)
		if err != nil {
			return "", 0, badFormat(whole, "IllegalFormatArgumentIndex")
		}
		next = n - 1
	} else {
		used = 1
	}
	if next < 0 || next >= len(args) {
		return "", 0, badFormat(whole, "MissingFormatArgument: Format specifier '%s'", whole)
	}
	precision := -1
	if m[4] != "" {
		if precision, err = strconv.Atoi(m[4]); err != nil || precision > 1000 {
			return "", 0, fail("NOT_SUPPORTED", "a precision of more than 1000 digits is not supported")
		}
	}
	if n, err := strconv.Atoi(m[3]); m[3] != "" && (err != nil || n > maxText/4) {
		return "", 0, tooLong()
	}
	text, err = convertValue(args[next], strings.ToLower(conversion), flags, precision, m[3])
	if err != nil {
		return "", 0, badFormat(whole, "%s", err)
	}
	if conversion >= "A" && conversion <= "Z" {
		text = strings.ToUpper(text)
	}
	return fill(text, flags, m[3]), used, nil
}

// fill pads a text to its width.
func fill(text, flags, width string) string {
	n, err := strconv.Atoi(width)
	missing := n - utf8.RuneCountInString(text)
	if err != nil || missing <= 0 {
		return text
	}
	if strings.Contains(flags, "-") {
		return text + strings.Repeat(" ", missing)
	}
	return strings.Repeat(" ", missing) + text
}

// A conversionError says that a conversion does not take a type, as Java does.
type conversionError struct{ conversion, class string }

func (e conversionError) Error() string {
	return "IllegalFormatConversion: " + e.conversion + " != " + e.class
}

func convertValue(arg Element[string], conversion, flags string, precision int, width string) (string, error) {
	cut := func(s string) string {
		if precision >= 0 {
			return prefix(s, int64(precision))
		}
		return s
	}
	if conversion == "b" {
		return cut(strconv.FormatBool(!arg.Null && arg.Value != "bfalse")), nil
	}
	if arg.Null {
		return cut("null"), nil
	}
	kind, value := arg.Value[:1], arg.Value[1:]
	class := map[string]string{"i": "java.lang.Long", "d": "java.math.BigDecimal", "f": "java.lang.Double", "b": "java.lang.Boolean", "s": "java.lang.String"}[kind]
	switch conversion {
	case "s":
		return cut(value), nil
	case "d", "o", "x", "c":
		if kind != "i" || conversion == "c" { // Trino has no type of one character
			return "", conversionError{conversion, class}
		}
		return formatInteger(value, conversion, flags, width)
	}
	if kind != "f" && kind != "d" {
		return "", conversionError{conversion, class}
	}
	if precision < 0 {
		precision = 6
	}
	if value == "NaN" || strings.HasSuffix(value, "Infinity") {
		return signedText(strings.TrimPrefix(value, "-"), value[0] == '-', strings.ReplaceAll(flags, "0", ""), width), nil
	}
	if conversion == "e" {
		return formatScientific(value, precision, flags, width)
	}
	return formatFixed(value, precision, flags, width)
}

func formatInteger(value, conversion, flags, width string) (string, error) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return "", err
	}
	switch conversion {
	case "o":
		return zeroFill(strconv.FormatUint(uint64(n), 8), flags, width), nil
	case "x":
		return zeroFill(strconv.FormatUint(uint64(n), 16), flags, width), nil
	}
	digits := strings.TrimPrefix(value, "-")
	if strings.Contains(flags, ",") {
		digits = grouped(digits)
	}
	return signedText(digits, n < 0, flags, width), nil
}

func zeroFill(digits, flags, width string) string {
	n, err := strconv.Atoi(width)
	if err == nil && strings.Contains(flags, "0") && len(digits) < n {
		digits = strings.Repeat("0", n-len(digits)) + digits
	}
	return digits
}

// signedText puts the sign, and the zeros that fill the width, before digits.
func signedText(digits string, negative bool, flags, width string) string {
	before, after := "", ""
	switch {
	case negative && strings.Contains(flags, "("):
		before, after = "(", ")"
	case negative:
		before = "-"
	case strings.Contains(flags, "+"):
		before = "+"
	case strings.Contains(flags, " "):
		before = " "
	}
	if n, err := strconv.Atoi(width); err == nil && strings.Contains(flags, "0") {
		if missing := n - len(before) - len(after) - len(digits); missing > 0 {
			digits = strings.Repeat("0", missing) + digits
		}
	}
	return before + digits + after
}

// grouped puts commas between thousands of the digits before the point.
func grouped(digits string) string {
	whole, fraction, point := strings.Cut(digits, ".")
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if point {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// formatFixed rounds half up what the shortest text of the number says, as Java does.
func formatFixed(value string, precision int, flags, width string) (string, error) {
	r, ok := new(big.Rat).SetString(value)
	if !ok {
		return "", strconv.ErrSyntax
	}
	negative := value[0] == '-'
	digits := r.Abs(r).FloatString(precision) // half away from zero
	if strings.Contains(flags, ",") {
		digits = grouped(digits)
	}
	return signedText(digits, negative, flags, width), nil
}

func formatScientific(value string, precision int, flags, width string) (string, error) {
	r, ok := new(big.Rat).SetString(value)
	if !ok {
		return "", strconv.ErrSyntax
	}
	negative := value[0] == '-'
	r.Abs(r)
	exponent := 0
	ten := big.NewRat(10, 1)
	if r.Sign() != 0 {
		for r.Cmp(ten) >= 0 {
			r.Quo(r, ten)
			exponent++
		}
		for r.Cmp(big.NewRat(1, 1)) < 0 {
			r.Mul(r, ten)
			exponent--
		}
	}
	digits := r.FloatString(precision)
	if strings.HasPrefix(digits, "10") { // rounded up to the next power
		digits = r.Quo(r, ten).FloatString(precision)
		exponent++
	}
	sign := "+"
	if exponent < 0 {
		sign, exponent = "-", -exponent
	}
	power := strconv.Itoa(exponent)
	if len(power) < 2 {
		power = "0" + power
	}
	return signedText(digits+"e"+sign+power, negative, flags, width), nil
}
