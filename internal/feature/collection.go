package feature

import "slices"

// checkList holds the rules of the value of a collection (contract §3.3, §11.27) and returns its
// elements, nil if there are none: no value. What it returns is not f's. It also refuses a field
// whose shape is not that of its feature.
func checkList(d *Definition, f *Field) ([]string, error) {
	switch {
	case d.Collection == Scalar:
		return nil, Errorf(Invalid, "the feature %q has a ValueAsStringList, and it has no CollectionType; use ValueAsString", d.Name)
	case !f.Listed:
		return nil, Errorf(Invalid, "the feature %q has a ValueAsString, and its CollectionType is %s; use ValueAsStringList", d.Name, d.Collection)
	case f.Text != "":
		return nil, Errorf(Invalid, "the feature %q has both a ValueAsString and a ValueAsStringList; its CollectionType is %s, so give the latter alone", d.Name, d.Collection)
	case len(f.List) == 0:
		return nil, nil
	case len(f.List) > MaxElements:
		return nil, Errorf(Invalid, "the value of the feature %q has %d elements; the most is %d", d.Name, len(f.List), MaxElements)
	case d.Collection == Vector && len(f.List) != d.Dimension:
		return nil, Errorf(Invalid, "the value of the feature %q has %d elements, and it is a Vector of the Dimension %d; give as many", d.Name, len(f.List), d.Dimension)
	}
	for _, text := range f.List {
		if err := checkText(d.Name, d.Type, text); err != nil {
			return nil, err
		}
	}
	if d.Collection == Set {
		return unique(f.List), nil
	}
	return slices.Clone(f.List), nil
}

// unique returns the elements of list, each once, in the order in which they first come.
func unique(list []string) []string {
	seen := make(map[string]struct{}, len(list))
	kept := make([]string, 0, len(list))
	for _, text := range list {
		if _, twice := seen[text]; !twice {
			seen[text] = struct{}{}
			kept = append(kept, text)
		}
	}
	return kept
}
