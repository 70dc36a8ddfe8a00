package trino

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func seeds(f *testing.F) {
	for _, s := range []string{
		"SELECT id, count(*) c FROM t WHERE n IN (1, 2) GROUP BY 1 HAVING count(*) > 1 ORDER BY c DESC LIMIT 3",
		"WITH a AS (SELECT *, row_number() OVER (PARTITION BY id ORDER BY ts DESC) r FROM t) SELECT * FROM a JOIN g USING (id) WHERE r = 1",
		"SELECT labels.id FROM labels LEFT JOIN g ON g.et <= labels.at - INTERVAL '24' HOUR UNION ALL VALUES 'x'",
		"SELECT CAST('1' AS decimal(5,2)) / 3, date_diff('day', day, ts), a[1] FROM t",
		"SELECT CASE WHEN b THEN (SELECT max(x) FROM g WHERE g.id = t.id) END FROM t GROUP BY b, id",
		"CREATE EXTERNAL TABLE t (a int) ROW FORMAT SERDE 'x' WITH SERDEPROPERTIES (\"quoteChar\" = \"`\") LOCATION 's3://b/p';",
		"DROP TABLE IF EXISTS `db`.t",
		"SELECT * FROM TABLE(as_of(labels => TABLE(SELECT * FROM labels) AS l (a, b), label_time => DESCRIPTOR(b), groups => ARRAY['g on=a'], written_until => TIMESTAMP '2026-01-01 00:00:00 UTC')) AS x (c, d, e, f)",
	} {
		f.Add(s)
	}
}

// FuzzParse: whatever the text, Parse answers with a statement or an *Error that names a place.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		checkError(t, text, err)
		if (s == nil) == (err == nil) {
			t.Errorf("%q: %v, %v", text, s, err)
		}
	})
}

// FuzzTranslate: what parses is analysed and emitted, or refused with an *Error; its steps can be told. The statement
// is a text in which some tokens are taken from another: most changes of single letters are no SQL.
func FuzzTranslate(f *testing.F) {
	statements := append(recorded(f),
		"WITH l AS (TABLE labels) SELECT x.id, x.et < l.at FROM TABLE(as_of(TABLE(SELECT * FROM l WHERE id <> 'a'), DESCRIPTOR(at), ARRAY['g on=id', 'g prefix=p_'])) AS x JOIN l ON x.id = l.id",
		"SELECT count(*) FROM TABLE(as_of(labels => TABLE(SELECT n, p, ts FROM t), label_time => DESCRIPTOR(ts), groups => ARRAY['g on=n'], written_until => DATE '2026-01-01')) WHERE p > 1 GROUP BY spent")
	for i := 0; i < len(statements); i += 11 {
		f.Add(statements[i], statements[(i*7+3)%len(statements)], uint16(i*31), uint16(i*17), uint8(i%4))
	}
	for i := range 2 {
		f.Add(statements[len(statements)-1-i], statements[len(statements)-2+i], uint16(40), uint16(60), uint8(i*3))
	}
	f.Fuzz(func(t *testing.T, text, other string, at, from uint16, n uint8) {
		text = spliced(text, other, int(at), int(from), int(n%8))
		s, err := Parse(text)
		q, ok := s.(*Query)
		if err != nil || !ok {
			checkError(t, text, err)
			return
		}
		tr, err := Translate(q, Session{Database: "db"}, testTables)
		checkError(t, text, err)
		if err == nil && (tr.SQL == "" || len(tr.Columns) == 0 || strings.ContainsRune(tr.SQL, 0) || tr.Steps().String() == "") {
			t.Errorf("%q: %+v", text, tr)
		}
	})
}

// recorded are the statements that a Trino server has answered, over tables that testTables has.
func recorded(f *testing.F) []string {
	paths, err := filepath.Glob("../../../test/trino/statements/*.sql")
	if err != nil || len(paths) == 0 {
		f.Fatalf("no statements: %v", err)
	}
	var all []string
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
				all = append(all, line)
			}
		}
	}
	return all
}

// spliced puts n tokens of other, from a place on, in the place of one of text.
func spliced(text, other string, at, from, n int) string {
	into, out := defaultTokens(text), defaultTokens(other)
	if len(into) == 0 || len(out) == 0 || n == 0 {
		return text
	}
	from %= len(out)
	first, last := out[from], out[min(from+n, len(out))-1]
	t, runes, others := into[at%len(into)], []rune(text), []rune(other)
	return string(runes[:t.GetStart()]) + " " + string(others[first.GetStart():last.GetStop()+1]) + " " + string(runes[t.GetStop()+1:])
}

func checkError(t *testing.T, text string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var e *Error
	if !errors.As(err, &e) || e.Code == "" || e.Line < 1 || e.Column < 1 || e.Message == "" {
		t.Errorf("%q: %#v", text, err)
	}
}
