package trino

import "strings"

// HiveElement is the type that a step leads to from a type of the catalog: the name of a field of a struct,
// $elem$ of an array, $key$ or $value$ of a map; ok is false if it leads nowhere.
func HiveElement(hive, step string) (element string, ok bool) {
	word, rest, _ := strings.Cut(hive, "<")
	inside, whole := strings.CutSuffix(rest, ">")
	if !whole {
		return "", false
	}
	parts := hiveParts(inside)
	switch {
	case word == "array" && step == "$elem$" && len(parts) == 1:
		return parts[0], true
	case word == "map" && step == "$key$" && len(parts) == 2:
		return parts[0], true
	case word == "map" && step == "$value$" && len(parts) == 2:
		return parts[1], true
	case word == "struct":
		for _, p := range parts {
			if name, of, _ := strings.Cut(p, ":"); strings.EqualFold(name, step) {
				return of, true
			}
		}
	}
	return "", false
}

// hiveParts parts what is inside a type at its outer commas.
func hiveParts(inside string) []string {
	var parts []string
	depth, from := 0, 0
	for i := range len(inside) {
		switch inside[i] {
		case '<', '(':
			depth++
		case '>', ')':
			depth--
		case ',':
			if depth == 0 {
				parts, from = append(parts, inside[from:i]), i+1
			}
		}
	}
	return append(parts, inside[from:])
}
