package trino

import (
	"errors"
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

// FuzzTranslate: what parses is translated, or refused with an *Error; relations are r0, r1, … only.
func FuzzTranslate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		q, ok := s.(*Query)
		if err != nil || !ok {
			return
		}
		tr, err := Translate(q, Session{Database: "db"}, testTables)
		checkError(t, text, err)
		if err == nil && (tr.SQL == "" || len(tr.Columns) == 0 || strings.ContainsRune(tr.SQL, 0)) {
			t.Errorf("%q: %+v", text, tr)
		}
	})
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
