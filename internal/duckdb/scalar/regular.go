package scalar

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// expression compiles a regular expression that means to RE2 what it means to Trino.
func expression(p string) (*expr, error) {
	if what := foreign(p); what != "" {
		return nil, fail("NOT_SUPPORTED", "the regular expression %s is not supported: %s", p, what)
	}
	re, err := regexp.Compile(p)
	if err != nil {
		if wrong := wrongExpression(p, err); wrong != "" {
			return nil, invalid("%s", wrong)
		}
		return nil, fail("NOT_SUPPORTED", "the regular expression %s is not supported: RE2 does not know it", p)
	}
	out := &expr{Regexp: re}
	if tree, err := syntax.Parse(p, syntax.Perl); err == nil && looksBack(tree) {
		out.after, err = regexp.Compile(`\A(?s:.)(?s:.*?)(` + p + `)`)
		if err != nil {
			return nil, fail("NOT_SUPPORTED", "the regular expression %s is not supported: it is too long", p)
		}
	}
	return out, nil
}

// wrongExpression says what is wrong with an expression that no engine takes; "" if RE2 alone may be to
// blame.
func wrongExpression(p string, err error) string {
	var wrong *syntax.Error
	if !errors.As(err, &wrong) {
		return ""
	}
	switch wrong.Code {
	case syntax.ErrMissingParen:
		return "end pattern with unmatched parenthesis"
	case syntax.ErrUnexpectedParen:
		return "unmatched close parenthesis"
	case syntax.ErrMissingBracket:
		return "premature end of char-class"
	case syntax.ErrMissingRepeatArgument:
		return "target of repeat operator is not specified"
	case syntax.ErrTrailingBackslash:
		return "end pattern at escape"
	case syntax.ErrInvalidRepeatSize:
		least, most, _ := strings.Cut(strings.Trim(wrong.Expr, "{}"), ",")
		low, _ := strconv.Atoi(least)
		if high, err := strconv.Atoi(most); err == nil && high < low {
			return "upper is smaller than lower in repeat range"
		}
	case syntax.ErrInvalidCharRange:
		// It says so too of a class whose name it does not know, as Java may.
		if !strings.HasPrefix(wrong.Expr, `\p`) && !strings.HasPrefix(wrong.Expr, `\P`) {
			return "empty range in char class"
		}
	case syntax.ErrInvalidNamedCapture:
		if !strings.Contains(p, "(?<=") && !strings.Contains(p, "(?<!") {
			return "invalid group name"
		}
	}
	return ""
}

// foreign finds what RE2 reads otherwise than Java does.
func foreign(p string) string {
	class := false
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c == '\\' && i+1 < len(p):
			i++
			if p[i] == 'C' || p[i] == 'Q' {
				return `\` + p[i:i+1]
			}
		case class && c == '[':
			return "a class inside a class"
		case class && c == '&' && strings.HasPrefix(p[i:], "&&"):
			return "an intersection of classes"
		case c == '[':
			class = true
			if strings.HasPrefix(p[i+1:], "^]") || strings.HasPrefix(p[i+1:], "]") {
				return "an empty class"
			}
		case c == ']':
			class = false
		case !class && c == '(' && strings.HasPrefix(p[i:], "(?"):
			flags, _, _ := strings.Cut(p[i+2:], ")")
			flags, _, _ = strings.Cut(flags, ":")
			if !strings.HasPrefix(flags, "<") && !strings.HasPrefix(flags, "P") && strings.Contains(flags, "U") {
				return "the flag U"
			}
		}
	}
	return ""
}

func regularFunctions() []Function {
	known := &cache[*expr]{make: expression}
	templates := &cache[[]piece]{make: replacement}
	return []Function{
		of2("larder_regexp_like", func(s, p string) (bool, error) {
			re, err := known.get(p)
			return err == nil && re.MatchString(s), err
		}),
		of3("larder_regexp_extract", func(s, p string, group int64) (string, error) {
			re, err := groupOf(known, p, group)
			if err != nil {
				return "", err
			}
			m := re.FindStringSubmatchIndex(s)
			if m == nil || m[2*group] < 0 {
				return "", errNull
			}
			return s[m[2*group]:m[2*group+1]], nil
		}),
		of3("larder_regexp_extract_all", func(s, p string, group int64) ([]Element[string], error) {
			re, err := groupOf(known, p, group)
			if err != nil {
				return nil, err
			}
			var out []Element[string]
			for _, m := range matches(re, s) {
				if m[2*group] < 0 {
					out = append(out, Element[string]{Null: true})
					continue
				}
				out = append(out, Element[string]{Value: s[m[2*group]:m[2*group+1]]})
			}
			return out, nil
		}),
		of2("larder_regexp_split", func(s, p string) ([]Element[string], error) {
			re, err := known.get(p)
			if err != nil {
				return nil, err
			}
			var out []Element[string]
			at := 0
			for _, m := range matches(re, s) {
				out = append(out, Element[string]{Value: s[at:m[0]]})
				at = m[1]
			}
			return append(out, Element[string]{Value: s[at:]}), nil
		}),
		of2("larder_regexp_count", func(s, p string) (int64, error) {
			re, err := known.get(p)
			if err != nil {
				return 0, err
			}
			return int64(len(matches(re, s))), nil
		}),
		of4("larder_regexp_position", func(s, p string, start, occurrence int64) (int64, error) {
			re, err := known.get(p)
			if err != nil {
				return 0, err
			}
			return regexpPosition(re, s, start, occurrence)
		}),
		of2("larder_regexp_pieces", func(s, p string) ([]Element[string], error) {
			re, err := known.get(p)
			if err != nil {
				return nil, err
			}
			return regexpPieces(re, s), nil
		}),
		of3("larder_regexp_replace", func(s, p, with string) (string, error) {
			re, err := known.get(p)
			if err != nil {
				return "", err
			}
			pieces, err := templates.get(with)
			if err != nil {
				return "", err
			}
			return regexpReplace(re, s, pieces)
		}),
	}
}

// An expr is a regular expression that can be searched for from a position.
type expr struct {
	*regexp.Regexp
	// after is the same behind a character and whatever follows it, as its first group. It is nil if
	// nothing in the expression looks back: then the rest of a text is searched.
	after *regexp.Regexp
}

// looksBack tells whether an expression asks what is before a position.
func looksBack(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpBeginText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	return slices.ContainsFunc(re.Sub, looksBack)
}

// matches are all matches; unlike Go's, an empty one may stand right behind another match, as in Java.
func matches(re *expr, s string) [][]int {
	var out [][]int
	for at := 0; at <= len(s); {
		m := re.from(s, at)
		if m == nil {
			break
		}
		out = append(out, m)
		at = m[1]
		if m[0] == m[1] {
			_, n := utf8.DecodeRuneInString(s[at:])
			at += max(n, 1)
		}
	}
	return out
}

// from is the first match that begins at a byte or later.
func (re *expr) from(s string, at int) []int {
	if at == 0 {
		return re.FindStringSubmatchIndex(s)
	}
	var m []int
	if re.after == nil {
		m = re.FindStringSubmatchIndex(s[at:])
	} else {
		_, n := utf8.DecodeLastRuneInString(s[:at])
		at -= n
		if m = re.after.FindStringSubmatchIndex(s[at:]); m != nil {
			m = m[2:]
		}
	}
	for i := range m {
		if m[i] >= 0 {
			m[i] += at
		}
	}
	return m
}

func groupOf(known *cache[*expr], p string, group int64) (*expr, error) {
	re, err := known.get(p)
	if err != nil {
		return nil, err
	}
	if group < 0 {
		return nil, invalid("Group cannot be negative")
	}
	if group > int64(re.NumSubexp()) {
		return nil, invalid("Pattern has %d groups. Cannot access group %d", re.NumSubexp(), group)
	}
	return re, nil
}

func regexpPosition(re *expr, s string, start, occurrence int64) (int64, error) {
	if start < 1 {
		return 0, invalid("start position cannot be smaller than 1")
	}
	if occurrence < 1 {
		return 0, invalid("occurrence cannot be smaller than 1")
	}
	from := len(prefix(s, start-1))
	if start > int64(utf8.RuneCountInString(s)) {
		return -1, nil
	}
	for _, m := range matches(re, s) {
		if m[0] < from {
			continue
		}
		if occurrence--; occurrence == 0 {
			return int64(utf8.RuneCountInString(s[:m[0]])) + 1, nil
		}
	}
	return -1, nil
}

// regexpPieces are the number of groups, then for every match the text before it and its groups, and the
// rest of the text.
func regexpPieces(re *expr, s string) []Element[string] {
	out := []Element[string]{{Value: strconv.Itoa(re.NumSubexp())}}
	at := 0
	for _, m := range matches(re, s) {
		out = append(out, Element[string]{Value: s[at:m[0]]})
		for g := 2; g < len(m); g += 2 {
			if m[g] < 0 {
				out = append(out, Element[string]{Null: true})
				continue
			}
			out = append(out, Element[string]{Value: s[m[g]:m[g+1]]})
		}
		at = m[1]
	}
	return append(out, Element[string]{Value: s[at:]})
}

// A piece of a replacement is a text, or a group by its number or name.
type piece struct {
	text  string
	name  string
	group int // -1: none
}

// replacement reads $1, ${name} and what a backslash escapes.
func replacement(with string) ([]piece, error) {
	var out []piece
	text := func(s string) { out = append(out, piece{text: s, group: -1}) }
	for i := 0; i < len(with); {
		switch c := with[i]; {
		case c == '\\':
			if i+1 == len(with) {
				return nil, invalid("Illegal replacement sequence: %s", with)
			}
			_, n := utf8.DecodeRuneInString(with[i+1:])
			text(with[i+1 : i+1+n])
			i += 1 + n
		case c == '$' && strings.HasPrefix(with[i:], "${"):
			name, _, ok := strings.Cut(with[i+2:], "}")
			if !ok || name == "" {
				return nil, invalid("Illegal replacement sequence: %s", with)
			}
			out = append(out, piece{name: name, group: -1})
			i += len(name) + 3
		case c == '$':
			if i+1 == len(with) || !isDigit(with[i+1]) {
				return nil, invalid("Illegal replacement sequence: %s", with)
			}
			group, end := 0, i+1
			for end < len(with) && isDigit(with[end]) && group < 100 {
				group = group*10 + int(with[end]-'0')
				end++
			}
			out = append(out, piece{text: with[i+1 : end], group: group})
			i = end
		default:
			end := i + 1
			for end < len(with) && with[end] != '$' && with[end] != '\\' {
				end++
			}
			text(with[i:end])
			i = end
		}
	}
	return out, nil
}

func regexpReplace(re *expr, s string, with []piece) (string, error) {
	with, err := resolve(re, with)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	at := 0
	for _, m := range matches(re, s) {
		b.WriteString(s[at:m[0]])
		for _, p := range with {
			if p.group < 0 {
				b.WriteString(p.text)
			} else if m[2*p.group] >= 0 {
				b.WriteString(s[m[2*p.group]:m[2*p.group+1]])
			}
		}
		at = m[1]
		if b.Len() > maxText {
			return "", tooLong()
		}
	}
	b.WriteString(s[at:])
	return b.String(), nil
}

// resolve gives each group its number. Digits that make no group of the expression are text behind a
// group of fewer digits.
func resolve(re *expr, with []piece) ([]piece, error) {
	var out []piece
	for _, p := range with {
		switch {
		case p.name != "":
			if p.group = re.SubexpIndex(p.name); p.group < 0 {
				return nil, invalid("Illegal replacement sequence: unknown group { %s }", p.name)
			}
		case p.group > re.NumSubexp():
			digits := p.text
			n := int(digits[0] - '0')
			end := 1
			for end < len(digits) && n*10+int(digits[end]-'0') <= re.NumSubexp() {
				n = n*10 + int(digits[end]-'0')
				end++
			}
			if n > re.NumSubexp() {
				return nil, invalid("Illegal replacement sequence: unknown group %d", n)
			}
			out = append(out, piece{group: n}, piece{text: digits[end:], group: -1})
			continue
		}
		out = append(out, p)
	}
	return out, nil
}
