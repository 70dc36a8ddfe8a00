package feature

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func text(s string) *string { return &s }

// parameters makes n parameters whose keys begin with a prefix.
func parameters(prefix string, n int) []Parameter {
	p := make([]Parameter, n)
	for i := range p {
		p[i] = Parameter{fmt.Sprint(prefix, i), "v"}
	}
	return p
}

func TestUpdateMetadata(t *testing.T) {
	had := func() *Metadata {
		return &Metadata{Description: "old", Parameters: []Parameter{{"owner", "a"}, {"unit", "EUR"}}, Modified: created}
	}
	at := time.Date(2024, 2, 1, 8, 30, 0, 123000000, time.UTC)
	cases := []struct {
		name   string
		had    *Metadata
		update MetadataUpdate
		want   *Metadata
	}{
		{"first description", nil, MetadataUpdate{Description: text("new")}, &Metadata{Description: "new", Modified: at}},
		{"another description", had(), MetadataUpdate{Description: text("new")}, &Metadata{"new", had().Parameters, at}},
		{"no description any more", had(), MetadataUpdate{Description: text("")}, &Metadata{"", had().Parameters, at}},
		{"a new parameter comes last", had(), MetadataUpdate{Additions: []Parameter{{"a", "1"}}}, &Metadata{"old", append(had().Parameters, Parameter{"a", "1"}), at}},
		{"a parameter that is there keeps its place", had(), MetadataUpdate{Additions: []Parameter{{"owner", "b"}}}, &Metadata{"old", []Parameter{{"owner", "b"}, {"unit", "EUR"}}, at}},
		{"keys have a case", had(), MetadataUpdate{Additions: []Parameter{{"Owner", "b"}}}, &Metadata{"old", append(had().Parameters, Parameter{"Owner", "b"}), at}},
		{"a parameter goes", had(), MetadataUpdate{Removals: []string{"owner"}}, &Metadata{"old", []Parameter{{"unit", "EUR"}}, at}},
		{"removing what is not there", had(), MetadataUpdate{Removals: []string{"x"}}, &Metadata{"old", had().Parameters, at}},
		{"one goes and one comes", had(), MetadataUpdate{Removals: []string{"unit"}, Additions: []Parameter{{"a", "é 1_.:/=+-"}}}, &Metadata{"old", []Parameter{{"owner", "a"}, {"a", "é 1_.:/=+-"}}, at}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := customers()
			g.Definitions[4].Metadata = c.had
			before := mustJSON(t, c.had)
			shared := g.Definitions
			if err := g.UpdateMetadata("city", &c.update, later); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, g.Definitions[4].Metadata); diff != "" {
				t.Errorf("Metadata (-want +got):\n%s", diff)
			}
			if got := mustJSON(t, shared[4].Metadata); got != before {
				t.Errorf("the metadata that others may hold changed from %s to %s", before, got)
			}
		})
	}
}

func TestUpdateMetadataRefuses(t *testing.T) {
	cases := []struct {
		name    string
		feature Name
		update  MetadataUpdate
		kind    Kind
		says    string
	}{
		{"unknown feature", "City", MetadataUpdate{}, NotFound, "can't find a feature with name [City]"},
		{"no feature name", "a b", MetadataUpdate{}, Invalid, "FeatureName"},
		{"long description", "city", MetadataUpdate{Description: text(strings.Repeat("é", 256))}, Invalid, "255"},
		{"26 additions", "city", MetadataUpdate{Additions: parameters("x", 26)}, Invalid, "ParameterAdditions"},
		{"26 removals", "city", MetadataUpdate{Removals: make([]string, 26)}, Invalid, "ParameterRemovals"},
		{"26 in all", "city", MetadataUpdate{Additions: parameters("x", 2)}, Invalid, "26 parameters"},
		{"empty key", "city", MetadataUpdate{Additions: []Parameter{{"", "v"}}}, Invalid, "key"},
		{"empty value", "city", MetadataUpdate{Additions: []Parameter{{"k", ""}}}, Invalid, "value"},
		{"long key", "city", MetadataUpdate{Additions: []Parameter{{strings.Repeat("k", 256), "v"}}}, Invalid, "key"},
		{"key with an @", "city", MetadataUpdate{Additions: []Parameter{{"a@b", "v"}}}, Invalid, "key"},
		{"bad value", "city", MetadataUpdate{Additions: []Parameter{{"k", "a*"}}}, Invalid, "value"},
		{"bad removal", "city", MetadataUpdate{Removals: []string{"a*"}}, Invalid, "key"},
		{"key added twice", "city", MetadataUpdate{Additions: []Parameter{{"k", "1"}, {"k", "2"}}}, Invalid, "twice"},
		{"key added and removed", "city", MetadataUpdate{Additions: []Parameter{{"k", "1"}}, Removals: []string{"k"}}, Invalid, "both"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := customers()
			g.Definitions[4].Metadata = &Metadata{Parameters: parameters("p", 24)}
			before := mustJSON(t, g)
			err := g.UpdateMetadata(c.feature, &c.update, later)
			if KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("UpdateMetadata = %v (kind %d); want kind %d that says %q", err, KindOf(err), c.kind, c.says)
			}
			if got := mustJSON(t, g); got != before {
				t.Errorf("a refused update changed the group to %s", got)
			}
		})
	}
}

func TestUpdateMetadataMakesRoomFirst(t *testing.T) {
	g := customers()
	g.Definitions[4].Metadata = &Metadata{Parameters: parameters("p", 25)}
	err := g.UpdateMetadata("city", &MetadataUpdate{Additions: parameters("x", 1), Removals: []string{"p0"}}, later)
	if n := len(g.Definitions[4].Metadata.Parameters); err != nil || n != 25 {
		t.Errorf("UpdateMetadata = %v, and %d parameters; want 25", err, n)
	}
}
