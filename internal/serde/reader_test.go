package serde

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// columnsOf reads "a int, b array<string>".
func columnsOf(t testing.TB, text string) []Column {
	t.Helper()
	var columns []Column
	for _, c := range strings.Split(text, "; ") {
		name, hive, _ := strings.Cut(c, " ")
		typ, err := ParseType(hive)
		if err != nil {
			t.Fatal(err)
		}
		columns = append(columns, Column{Name: name, Type: typ})
	}
	return columns
}

func all(columns []Column) []int {
	wanted := make([]int, len(columns))
	for i := range wanted {
		wanted[i] = i
	}
	return wanted
}

// show is a value as a test writes it.
func (v *Value) show(t *Type) string {
	var inside []string
	for i := range v.Items {
		of := &t.Elements[i%len(t.Elements)]
		inside = append(inside, v.Items[i].show(of))
	}
	switch {
	case v.Null:
		return "null"
	case t.Kind == Array:
		return "[" + strings.Join(inside, " ") + "]"
	case t.Kind == Map:
		return "m{" + strings.Join(inside, " ") + "}"
	case t.Kind == Struct:
		return "s{" + strings.Join(inside, " ") + "}"
	case t.text(), t.Kind == Binary:
		return strconv.Quote(string(v.Bytes))
	}
	return string(appendScalar(nil, v, t))
}

// rows reads a file.
func rows(f *Format, columns []Column, in io.Reader, compression string) (got []string, err error) {
	r, err := NewReader(f, columns, all(columns), in, "s3://b/k", compression)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for {
		row, err := r.Next()
		if err == io.EOF {
			return got, nil
		}
		if err != nil {
			return got, err
		}
		var texts []string
		for i := range row {
			texts = append(texts, row[i].show(&columns[i].Type))
		}
		got = append(got, strings.Join(texts, " | "))
	}
}

func TestLinesBecomeRows(t *testing.T) {
	const kinds = "s string; b boolean; t tinyint; i int; l bigint; f float; d double; p decimal(5,2); day date; at timestamp; bin binary; v varchar(3); c char(3)"
	tests := []struct {
		name, class     string
		params          map[string]string
		columns, lines  string
		want            []string
		tableProperties map[string]string
	}{
		{"every type of JSON", HiveJSONClass, nil, kinds,
			`{"S":"é\u00e9\ud83d\ude00","b":true,"t":-128,"i":5.9,"l":1e3,"f":0.5,"d":"NaN","p":1.005,"day":"2024-02-29","at":"2024-01-02 03:04:05.25","bin":"x","v":"abcd","c":"a ","more":[{"x":[1,"]"]}]}`,
			[]string{`"éé😀" | true | -128 | 5 | 1000 | 0.5 | NaN | 1.01 | 2024-02-29 | 2024-01-02 03:04:05.25 | "x" | "abc" | "a"`}, nil},
		{"every type of OpenX", OpenXJSONClass, nil, kinds,
			`{"s":{"a": [1, "x y"]},"b":"TRUE","t":200,"i":"0x1f","l":"017","f":"Infinity","d":"x","p":"-99999","day":19000,"at":1700000000.5,"bin":"AP8=","v":12345,"c":false}`,
			[]string{`"{\"a\":[1,\"x y\"]}" | true | null | 31 | 15 | Infinity | null | null | 2022-01-08 | 2023-11-14 22:13:20.5 | "\x00\xff" | "123" | "fal"`}, nil},
		{"parts", HiveJSONClass, nil, "a array<int>; m map<int,array<string>>; o struct<x:int,y:struct<z:string>>",
			`{"a":[1,null,3],"m":{"1":["a"],"2":null,"1":["b"]},"o":{"Y":{"Z":"q"},"X":7,"w":{}}}` + "\n" + `{"a":null,"m":{},"o":{}}` + "\n{}",
			[]string{`[1 null 3] | m{1 ["b"] 2 null} | s{7 s{"q"}}`, `null | m{} | s{null null}`, `null | null | null`}, nil},
		{"coercions of OpenX", OpenXJSONClass, nil, "a array<int>; m map<string,int>; o struct<x:int,y:int>",
			`{"a":5,"m":" ","o":[1,2,3]}` + "\n" + `{"a":"","m":null,"o":""}` + "\n" + `[[4],{"k":1}]` + "\n\nnothing\n",
			[]string{"[5] | null | s{1 2}", "null | null | s{null null}", `[4] | m{"k" 1} | null`, "null | null | null", "null | null | null"}, nil},
		{"names of OpenX", OpenXJSONClass, map[string]string{"mapping.at": "eventTime", "dots.in.keys": "true"}, "at string; a_b string; c string",
			`{"EVENTTIME":"1","a.b":"2","at":"no","C":"3"}` + "\n" + `{"a_b":"exact","a.b":"dotted"}`,
			[]string{`"1" | "2" | "3"`, `null | "exact" | null`}, nil},
		{"names with their case", OpenXJSONClass, map[string]string{"mapping.ab": "aB", "case.insensitive": "false"}, "ab string; c string",
			`{"aB":"1","AB":"2","C":"3","c":"4"}`, []string{`"1" | "4"`}, nil},
		{"malformed and ignored", OpenXJSONClass, map[string]string{"ignore.malformed.json": "true"}, "a int",
			`{"a":1}` + "\n" + `{"a":2,"b":` + "\n" + `{"a":3} behind`, []string{"1", "null", "3"}, nil},
		{"invalid and NULL", HiveJSONClass, nil, "a int; b array<int>", `{"a":"x","b":{"y":1}}`, []string{"null | null"}, map[string]string{"use.null.for.invalid.data": "TRUE"}},
		{"every type of text", LazyClass, map[string]string{"field.delim": "|"}, kinds,
			`a"b|TRUE|127|5.9|+7|1e-1|-Infinity|2.345|2024-1-2 x|2024-01-02T03:04:05+02:00|AP8=|abcd|a  ` + "\n" + `\N|yes|128|x|5x||nan|1e9|2024-13-01|y|%|` + "\n",
			[]string{`"a\"b" | true | 127 | 5 | 7 | 0.1 | -Infinity | 2.35 | 2024-01-02 | 2024-01-02 01:04:05 | "\x00\xff" | "abc" | "a"`,
				`null | null | null | null | null | null | NaN | null | null | null | null | "" | null`}, nil},
		{"parts of text", LazyClass, map[string]string{"field.delim": ",", "colelction.delim": ";", "mapkey.delim": "=", "escape.delim": `\`}, "a array<string>; m map<string,int>; o struct<x:int,y:array<int>>; z string",
			`a;b\;c;\N,k=1;l=;k=3;m,5;1=2,e\,\\` + "\n" + `,,\N` + "\r\n" + `x;,a,7`,
			[]string{`["a" "b;c" null] | m{"k" 1 "l" null "m" null} | s{5 [1 2]} | "e,\\"`, `[] | m{} | null | null`, `["x" ""] | m{"a" null} | s{7 null} | null`}, nil},
		{"hive's own separators", LazyClass, nil, "a array<array<int>>; m map<string,struct<x:int,y:int>>", "1\x032\x023\x01k\x031\x042", []string{"[[1 2] [3]] | m{\"k\" s{1 2}}"}, nil},
		{"separators by number", LazyClass, map[string]string{"field.delim": "9", "serialization.null.format": ""}, "a string; b string", "x\ty\n\tz\n", []string{`"x" | "y"`, `null | "z"`}, nil},
		{"header and footer", LazyClass, map[string]string{"field.delim": ","}, "a int", "\ufeffa\nb\n1\r2\r\n3\nsum\nend", []string{"1", "2", "3"},
			map[string]string{"skip.header.line.count": "2", "skip.footer.line.count": "2"}},
		{"shorter than its footer", LazyClass, nil, "a int", "1\n2", nil, map[string]string{"skip.footer.line.count": "3"}},
		{"CSV", CSVClass, nil, "a string; b int; c boolean; d date; e timestamp; f decimal(4,1)",
			`"x ""y"" \"z",1,True,19000,1700000000123,1.25` + "\n" + `a"b"c,,,2024-01-02,2024-01-02 03:04:05,` + "\n\n" + `"a,b`,
			[]string{`"x \"y\" \"z" | 1 | true | 2022-01-08 | 2023-11-14 22:13:20.123 | 1.3`, `"ab\"c" | null | null | 2024-01-02 | 2024-01-02 03:04:05 | null`,
				"null | null | null | null | null | null", "null | null | null | null | null | null"}, nil},
		{"a quote in the middle", CSVClass, nil, "a string; b string", `abcd"e"f,  "g",h`, []string{`"abcd\"e\"f" | "g"`}, nil},
		{"other signs", CSVClass, map[string]string{"separatorChar": "¦", "quoteChar": "'", "escapeChar": "\x00"}, "a string; b string", `'x¦y'¦z\` + "\n" + `'it''s'`, []string{`"x¦y" | "z\\"`, `"it's" | null`}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			columns := columnsOf(t, test.columns)
			f, err := NewFormat(test.class, test.params, test.tableProperties, columns)
			if err != nil {
				t.Fatal(err)
			}
			for size, in := range map[string]io.Reader{"whole": strings.NewReader(test.lines), "byte by byte": &dribble{test.lines}} {
				got, err := rows(f, columns, in, "")
				if err != nil {
					t.Errorf("%s: %v", size, err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", size, diff)
				}
			}
		})
	}
}

// A dribble gives one byte at a time.
type dribble struct{ rest string }

func (d *dribble) Read(p []byte) (int, error) {
	if d.rest == "" {
		return 0, io.EOF
	}
	n := copy(p[:1], d.rest)
	d.rest = d.rest[n:]
	return n, nil
}

func TestLinesThatAreNone(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(bytes.Repeat([]byte("1\n2\n"), 10_000)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, class, columns, lines, compression, want string }{
		{"half an object", HiveJSONClass, "a int", "{\"a\":1}\n{\"a\":1,\"b\"", "", `HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException: Expected a ':' at 10 [character 11 line 2] (s3://b/k, line 2)`},
		{"no object", HiveJSONClass, "a int", "\n", "", `HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException: Start of object expected`},
		{"a word", HiveJSONClass, "a int", `{"b":yes}`, "", `HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException: Unrecognized token 'yes'`},
		{"deep", HiveJSONClass, "a int", `{"b":` + strings.Repeat("[", 100_000), "", `HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException: Objects are nested too deeply`},
		{"text for a number", HiveJSONClass, "a int", `{"a":"1"}`, "", `HIVE_BAD_DATA: Error parsing field value '1' for field 0: For input string: "1" is not of the type integer (s3://b/k, line 1)`},
		{"an object for a number", OpenXJSONClass, "a int", `{"a":{"b":[1]}}`, "", `HIVE_BAD_DATA: Error parsing field value '{"b":[1]}' for field 0`},
		{"out of range", HiveJSONClass, "a int; b tinyint", `{"b":128}`, "", `HIVE_BAD_DATA: Error parsing field value '128' for field 1`},
		{"a number of CSV", CSVClass, "a int", "1\n1.5", "", `HIVE_BAD_DATA: Error parsing field value '1.5' for field 0: For input string: "1.5" is not of the type integer (s3://b/k, line 2)`},
		{"not UTF-8", LazyClass, "a string", "a\n\xff", "", "HIVE_BAD_DATA: The text of field 0 is not UTF-8: '\ufffd' (s3://b/k, line 2)"},
		{"a long line", LazyClass, "a string", "a\n" + strings.Repeat("x", mostLine+1), "", "HIVE_BAD_DATA: Line too long in text file: a row may have 32 MB (s3://b/k, line 2)"},
		{"gzip that is none", LazyClass, "a string", "a\n", "gzip", "HIVE_CURSOR_ERROR: Failed to read file: its compression is broken, or ends too early"},
		{"gzip cut", LazyClass, "a string", packed.String()[:packed.Len()-20], "gzip", "HIVE_CURSOR_ERROR: Failed to read file: its compression is broken, or ends too early"},
		{"zstd that is none", LazyClass, "a string", "a\n", "zstd", "HIVE_CURSOR_ERROR: Failed to read file: its compression is broken, or ends too early"},
	} {
		t.Run(test.name, func(t *testing.T) {
			columns := columnsOf(t, test.columns)
			f, err := NewFormat(test.class, nil, nil, columns)
			if err != nil {
				t.Fatal(err)
			}
			_, err = rows(f, columns, strings.NewReader(test.lines), test.compression)
			var fault *Error
			if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// A frame of zstd: what it says of its window, then a block with two rows.
func zstdFrame(window string) io.Reader {
	return strings.NewReader("\x28\xb5\x2f\xfd" + window + "\x21\x00\x001\n2\n")
}

// The frames of a zstd file may look back as far as those of its own tool do unless it is told otherwise.
func TestWindowOfAZstdFileIsAtMost128MiB(t *testing.T) {
	columns := columnsOf(t, "a int")
	f, err := NewFormat(LazyClass, nil, nil, columns)
	if err != nil {
		t.Fatal(err)
	}
	for name, window := range map[string]string{"8 MiB": "\x00\x68", "128 MiB": "\x00\x88", "4 bytes in one piece": "\x20\x04"} {
		got, err := rows(f, columns, zstdFrame(window), "zstd")
		if diff := cmp.Diff([]string{"1", "2"}, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	for name, window := range map[string]string{"144 MiB": "\x00\x89", "200 MiB in one piece": "\xe0\x00\x00\x80\x0c\x00\x00\x00\x00"} {
		got, err := rows(f, columns, zstdFrame(window), "zstd")
		if err == nil || !strings.HasPrefix(err.Error(), "HIVE_CURSOR_ERROR: Failed to read file: it is compressed with a window larger than 128 MB, or its compression is broken") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestFileThatCannotBeReadIsOurFault(t *testing.T) {
	columns := columnsOf(t, "a int")
	f := &Format{Form: HiveJSON}
	_, err := rows(f, columns, io.MultiReader(strings.NewReader("{}\n"), errReader{}), "")
	var fault *Error
	if err == nil || errors.As(err, &fault) {
		t.Errorf("got %v", err)
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

// The line of an error is the one that is at fault, whatever was read behind it to find the footer.
func TestErrorsNameTheirLine(t *testing.T) {
	columns := columnsOf(t, "a int")
	for _, test := range []struct{ name, text, want string }{
		{"a row", "head\n{}\nno\n{}\nfoot\nfoot\n", "(s3://b/k, line 3)"},
		{"the last row", "head\n{}\n{}\nno\nfoot\nfoot", "(s3://b/k, line 4)"},
		{"a long line", "head\n{}\n{}\n{}\n" + strings.Repeat("x", mostLine+1), "(s3://b/k, line 5)"},
		{"a long header", strings.Repeat("x", mostLine+1), "(s3://b/k, line 1)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, err := NewFormat(HiveJSONClass, nil, map[string]string{"skip.header.line.count": "1", "skip.footer.line.count": "2"}, columns)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = rows(f, columns, strings.NewReader(test.text), ""); err == nil || !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// FuzzRead reads files that are anything, with properties that are anything.
func FuzzRead(f *testing.F) {
	for _, line := range []string{`{"a":[1,{"b":"\ud800x"}],"m":{"k":1e5}}`, "1,2;3=4\\,5\n\"x\"\"y\",", "\x01\x02\x03\\N", "[[0x1f],017]", "\xef\xbb\xbf\r\r\n"} {
		for form := range byte(4) {
			f.Add(form, "", "\\", "dots.in.keys", "true", line)
		}
	}
	f.Fuzz(func(t *testing.T, form byte, separator, escape, name, value, text string) {
		columns := columnsOf(t, "a array<map<string,struct<x:int,y:decimal(20,5)>>>; m map<string,int>; s string; d double; p decimal(38,10); at timestamp; bin binary")
		class := []string{HiveJSONClass, OpenXJSONClass, LazyClass, CSVClass}[form%4]
		if class == CSVClass {
			columns = columns[2:]
		}
		params := map[string]string{name: value}
		switch class {
		case LazyClass:
			params["field.delim"], params["escape.delim"] = separator, escape
		case CSVClass:
			params["separatorChar"], params["escapeChar"] = separator, escape
		}
		format, err := NewFormat(class, params, params, columns)
		if err != nil {
			return
		}
		r, err := NewReader(format, columns, all(columns), strings.NewReader(text), "s3://b/k", []string{"", "gzip", "zstd"}[form/4%3])
		for err == nil {
			var row []Value
			if row, err = r.Next(); err == nil {
				for i := range row {
					row[i].show(&columns[i].Type)
				}
			}
		}
		var fault *Error
		if err != io.EOF && !errors.As(err, &fault) {
			t.Errorf("%v", err)
		}
	})
}
