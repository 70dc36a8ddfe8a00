package trino

import (
	"strconv"
	"strings"
)

// TypeOfHive is the Trino type of a column's Hive type; ok is false for one that is not known.
func TypeOfHive(hive string) (t Type, ok bool) { return hiveType(hive) }

// Coerces tells whether a value of type t may be stored where to is wanted, without a cast.
func (t Type) Coerces(to Type) bool { return coerces(t, to) }

// Named tells whether a partition key may have the type: its values have names that say them exactly.
func (t Type) Named() bool {
	switch t.Kind {
	case Boolean, Tinyint, Smallint, Integer, Bigint, Decimal, Varchar, Char, Date:
		return true
	}
	return false
}

// A Target is a column of the files that a result is written into.
type Target struct {
	Name string
	Type Type
	From int // which column of the translation it is, -1: it is NULL in each row
}

// FolderColumn is the name of the column of Into that says in which folder a row goes.
const FolderColumn = "larder folder"

// longestFolder is how long the texts of the keys of a row may be: a folder's name has them in hexadecimal.
const longestFolder = 220

// Into selects the targets from the translation, in the engine's dialect. The last keys of them are partition
// keys; they come as one column, FolderColumn: for each key "v" and its text in hexadecimal, or "n" for NULL and,
// as Hive has it, the empty text, with dots between. spare is the same over Spare.
func (t *Translation) Into(targets []Target, keys int) (sql, spare string) {
	var b strings.Builder
	b.WriteString("SELECT ")
	for i, c := range targets[:len(targets)-keys] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(outward(t.target(c), c.Type, 0) + " AS " + name(c.Name))
	}
	if keys > 0 {
		var parts []string
		for _, c := range targets[len(targets)-keys:] {
			text := "CAST(" + t.target(c) + " AS VARCHAR)"
			parts = append(parts, "coalesce('v' || hex(nullif("+text+", '')), 'n')")
		}
		folder := strings.Join(parts, " || '.' || ")
		b.WriteString(", list_transform([" + folder + "], lambda f: CASE WHEN length(f) > " + strconv.Itoa(longestFolder) +
			" THEN error('LARDER:HIVE_INVALID_PARTITION_VALUE:The partition values of a row are too long for the name of a folder') ELSE f END)[1] AS " + name(FolderColumn))
	}
	return t.from(b.String())
}

// from puts a list of columns before the translation, and before what is spare.
func (t *Translation) from(selected string) (sql, spare string) {
	if t.Spare != "" {
		spare = selected + " FROM (" + t.Spare + ") AS q"
	}
	return selected + " FROM (" + t.SQL + ") AS q", spare
}

// target is the value of a target.
func (t *Translation) target(c Target) string {
	engine := engineType(c.Type)
	if c.From < 0 {
		return "CAST(NULL AS " + engine + ")"
	}
	column := "q." + name("c"+strconv.Itoa(c.From))
	if t.Columns[c.From].Type.Equal(c.Type) {
		return column
	}
	return "CAST(" + column + " AS " + engine + ")"
}

// outward gives the fields of rows in a value the names that their types say, which the engine has by their place.
// It is the inverse of what a relation's column goes through.
func outward(arg string, t Type, depth int) string {
	if !t.contains(Row) {
		return arg
	}
	v := "o" + strconv.Itoa(depth)
	switch t.Kind {
	case Array:
		return "list_transform(" + arg + ", lambda " + v + ": " + outward(v, t.Elements[0], depth+1) + ")"
	case Map:
		return "map_from_entries(list_transform(map_entries(" + arg + "), lambda " + v + ": struct_pack(k := " + outward(v+".key", t.Elements[0], depth+1) +
			", v := " + outward(v+".value", t.Elements[1], depth+1) + ")))"
	}
	fields := make([]string, len(t.Elements))
	for i, e := range t.Elements {
		fields[i] = name(lower(t.Fields[i])) + " := " + outward("struct_extract_at("+v+", "+strconv.Itoa(i+1)+")", e, depth+1)
	}
	return "list_transform([" + arg + "], lambda " + v + ": CASE WHEN " + v + " IS NOT NULL THEN struct_pack(" + strings.Join(fields, ", ") + ") END)[1]"
}
