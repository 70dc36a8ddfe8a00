package scalar

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func textFunctions() []Function {
	return []Function{
		of3("larder_replace", replace),
		of1("larder_reverse", reverse),
		of1("larder_upper", func(s string) (string, error) { // the engine knows a capital ß, Java does not
			return strings.ReplaceAll(strings.ToUpper(s), "ẞ", "ß"), nil
		}),
		of2("larder_split", func(s, delimiter string) ([]Element[string], error) { return split(s, delimiter, int64(len(s))+1) }),
		of3("larder_split_limit", split),
		of3("larder_split_part", splitPart),
		of3("larder_strpos", position),
		of3("larder_lpad", func(s string, n int64, pad string) (string, error) {
			filling, err := padding(utf8.RuneCountInString(s), n, pad)
			return filling + prefix(s, n), err
		}),
		of3("larder_rpad", func(s string, n int64, pad string) (string, error) {
			filling, err := padding(utf8.RuneCountInString(s), n, pad)
			return prefix(s, n) + filling, err
		}),
		of2("larder_concat_ws", concatWith),
		of3("larder_map_keys", func(s, entry, pair string) ([]Element[string], error) {
			keys, _, err := splitMap(s, entry, pair, false)
			return keys, err
		}),
		of3("larder_map_values", func(s, entry, pair string) ([]Element[string], error) {
			_, values, err := splitMap(s, entry, pair, false)
			return values, err
		}),
		of3("larder_multimap_keys", func(s, entry, pair string) ([]Element[string], error) {
			keys, _, err := splitMap(s, entry, pair, true)
			return keys, err
		}),
		of3("larder_multimap_values", func(s, entry, pair string) ([]Element[string], error) {
			_, values, err := splitMap(s, entry, pair, true)
			return values, err
		}),
		of2("larder_levenshtein", levenshtein),
		of2("larder_hamming", hamming),
		of1("larder_soundex", soundex),
		of3("larder_translate", translate),
		of2("larder_normalize", func(s, form string) (string, error) {
			return map[string]norm.Form{"NFD": norm.NFD, "NFKC": norm.NFKC, "NFKD": norm.NFKD}[form].String(s), nil
		}),
		of1("larder_luhn", luhn),
		of1("larder_codepoint", codepoint),
		of1("larder_char2hexint", char2hexint),
		of1("larder_chr", func(n int64) (string, error) {
			if n < 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
				return "", invalid("Not a valid Unicode code point: %d", n)
			}
			return string(rune(n)), nil
		}),
	}
}

func replace(s, from, to string) (string, error) {
	if grown := int64(len(to)) * int64(len(s)+1); grown > maxText {
		if n := strings.Count(s, from); int64(n)*int64(len(to)) > maxText {
			return "", tooLong()
		}
	}
	return strings.ReplaceAll(s, from, to), nil
}

// maxText bounds the texts that grow by a number in the statement.
const maxText = 16 << 20

func tooLong() error {
	return fail("NOT_SUPPORTED", "a text of more than %d bytes is not supported here", maxText)
}

func reverse(s string) (string, error) {
	out := make([]byte, len(s))
	at := len(s)
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		at -= n
		copy(out[at:], s[i:i+n])
		i += n
	}
	return string(out), nil
}

func elements(texts []string) []Element[string] {
	out := make([]Element[string], len(texts))
	for i, s := range texts {
		out[i].Value = s
	}
	return out
}

func split(s, delimiter string, limit int64) ([]Element[string], error) {
	switch {
	case limit <= 0:
		return nil, invalid("Limit must be positive")
	case limit > 1<<31-1:
		return nil, invalid("Limit is too large")
	case delimiter == "":
		return nil, invalid("The delimiter may not be the empty string")
	}
	return elements(strings.SplitN(s, delimiter, int(limit))), nil
}

func splitPart(s, delimiter string, index int64) (string, error) {
	if index <= 0 {
		return "", invalid("Index must be greater than zero")
	}
	if delimiter == "" {
		for _, r := range s {
			if index--; index == 0 {
				return string(r), nil
			}
		}
		return "", errNull
	}
	for {
		part, rest, found := strings.Cut(s, delimiter)
		if index--; index == 0 {
			return part, nil
		}
		if !found {
			return "", errNull
		}
		s = rest
	}
}

// position finds the instance-th occurrence from 1, from the end if instance is negative.
func position(s, sub string, instance int64) (int64, error) {
	if instance == 0 {
		return 0, invalid("'instance' must be a positive or negative number.")
	}
	if sub == "" {
		return 1, nil
	}
	at := -1
	if instance > 0 {
		for ; instance > 0; instance-- {
			next := strings.Index(s[at+1:], sub)
			if next < 0 {
				return 0, nil
			}
			at += 1 + next
		}
	} else {
		end := len(s)
		for ; instance < 0; instance++ {
			if at = strings.LastIndex(s[:end], sub); at < 0 {
				return 0, nil
			}
			end = at + len(sub) - 1 // the next one may overlap, and begins before
		}
	}
	return int64(utf8.RuneCountInString(s[:at])) + 1, nil
}

// padding is what fills a text of so many code points up to n.
func padding(have int, n int64, pad string) (string, error) {
	switch {
	case n < 0 || n > 1<<31-1:
		return "", invalid("Target length must be in the range [0..2147483647]")
	case pad == "":
		return "", invalid("Padding string must not be empty")
	case n <= int64(have):
		return "", nil
	case n*utf8.UTFMax > maxText:
		return "", tooLong()
	}
	missing := int(n) - have
	length := utf8.RuneCountInString(pad)
	filling := strings.Repeat(pad, missing/length)
	return filling + prefix(pad, int64(missing%length)), nil
}

// prefix is the first n code points.
func prefix(s string, n int64) string {
	if n >= int64(len(s)) {
		return s
	}
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

func concatWith(separator string, parts []Element[string]) (string, error) {
	var b strings.Builder
	first := true
	for _, p := range parts {
		if p.Null {
			continue
		}
		if !first {
			b.WriteString(separator)
		}
		first = false
		b.WriteString(p.Value)
	}
	return b.String(), nil
}

// splitMap gives the keys and values of a text of entries. A key may come again only in a multimap.
func splitMap(s, entry, pair string, multi bool) (keys, values []Element[string], err error) {
	switch {
	case entry == "":
		return nil, nil, invalid("entryDelimiter is empty")
	case pair == "":
		return nil, nil, invalid("keyValueDelimiter is empty")
	case entry == pair:
		return nil, nil, invalid("entryDelimiter and keyValueDelimiter must not be the same")
	}
	seen := map[string]bool{}
	for s != "" {
		part, rest, _ := strings.Cut(s, entry)
		s = rest
		key, value, ok := strings.Cut(part, pair)
		if !ok || strings.Contains(value, pair) {
			return nil, nil, invalid("Key-value delimiter must appear exactly once in each entry. Bad input: '%s'", part)
		}
		if seen[key] && !multi {
			return nil, nil, invalid("Duplicate keys (%s) are not allowed", key)
		}
		seen[key] = true
		keys, values = append(keys, Element[string]{Value: key}), append(values, Element[string]{Value: value})
	}
	return keys, values, nil
}

func levenshtein(a, b string) (int64, error) {
	left, right := []rune(a), []rune(b)
	if len(left) < len(right) {
		left, right = right, left
	}
	if len(right) == 0 {
		return int64(len(left)), nil
	}
	if len(left)*(len(right)-1) > 1_000_000 {
		return 0, invalid("The combined inputs for Levenshtein distance are too large")
	}
	distances := make([]int, len(right)+1)
	for i := range distances {
		distances[i] = i
	}
	for i, l := range left {
		diagonal := distances[0]
		distances[0] = i + 1
		for j, r := range right {
			cost := diagonal
			if l != r {
				cost = 1 + min(diagonal, distances[j], distances[j+1])
			}
			diagonal, distances[j+1] = distances[j+1], cost
		}
	}
	return int64(distances[len(right)]), nil
}

func hamming(a, b string) (int64, error) {
	left, right := []rune(a), []rune(b)
	if len(left) != len(right) {
		return 0, invalid("The input strings to hamming_distance function must have the same length")
	}
	n := int64(0)
	for i := range left {
		if left[i] != right[i] {
			n++
		}
	}
	return n, nil
}

// soundexDigits are the digits of A to Z; 0 is a vowel, - is not heard.
const soundexDigits = "01230120022455012623010202"

// soundex is the American one: H and W do not part letters of one digit, vowels do.
func soundex(s string) (string, error) {
	code := make([]byte, 0, 4)
	last := byte(0)
	for _, r := range strings.ToUpper(s) {
		switch {
		case r > 'Z' && unicode.IsLetter(r):
			return "", invalid("The character is not mapped: %c (index=%d)", r, int(r)-'A')
		case r < 'A' || r > 'Z':
			continue
		}
		digit := soundexDigits[r-'A']
		switch {
		case len(code) == 0:
			code = append(code, byte(r))
		case r == 'H' || r == 'W':
			continue
		case digit != '0' && digit != last && len(code) < 4:
			code = append(code, digit)
		}
		last = digit
	}
	if len(code) == 0 {
		return "", nil
	}
	return string(code) + "000"[len(code)-1:], nil
}

func translate(s, from, to string) (string, error) {
	target := []rune(to)
	replacement := map[rune]rune{}
	for i, r := range []rune(from) {
		if _, done := replacement[r]; done {
			continue
		}
		replacement[r] = -1 // left out
		if i < len(target) {
			replacement[r] = target[i]
		}
	}
	return strings.Map(func(r rune) rune {
		if t, ok := replacement[r]; ok {
			return t
		}
		return r
	}, s), nil
}

func luhn(s string) (bool, error) {
	sum := 0
	for i := range len(s) {
		c := s[len(s)-1-i]
		if c < '0' || c > '9' {
			return false, invalid("Invalid character detected")
		}
		d := int(c - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return s != "" && sum%10 == 0, nil
}

func codepoint(s string) (int64, error) {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || n != len(s) {
		return 0, invalid("Input string must be a single character string")
	}
	return int64(r), nil
}

// char2hexint writes the UTF-16 of a text.
func char2hexint(s string) (string, error) {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String(), nil
}
