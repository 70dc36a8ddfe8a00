package worker

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
)

// asked is a world with customers who spent 10, 20 and 30, and labels of two of them.
func asked(t *testing.T) *world {
	w := newWorld(t)
	g := w.customers()
	if _, err := w.db.Groups().Update(t.Context(), g.Name, func(g *feature.Group) error { g.Status = feature.Created; return nil }); err != nil {
		t.Fatal(err)
	}
	w.put(g, "1", "2024-01-01T00:00:00Z", "1", "10")
	w.put(g, "1", "2024-02-01T00:00:00Z", "2", "20")
	w.put(g, "1", "2024-03-01T00:00:00Z", "3", "30")
	return w
}

func TestAsOfGivesOneRowForEachLabel(t *testing.T) {
	w := asked(t)
	got := w.sql(`WITH asked (customer, asked_at, stayed) AS (VALUES ('1', DATE '2024-01-15', true), ('1', DATE '2024-02-15', false), ('2', DATE '2024-02-15', true))
		SELECT * FROM TABLE(as_of(labels => TABLE(asked), label_time => DESCRIPTOR(asked_at), groups => ARRAY['customers on=customer features=spent']))`)
	want := "\"customer\",\"asked_at\",\"stayed\",\"spent\"\n\"1\",\"2024-01-15\",\"true\",\"10.0\"\n\"1\",\"2024-02-15\",\"false\",\"20.0\"\n\"2\",\"2024-02-15\",\"true\",\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}
