package peers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/records"
)

func TestRepliesToHashCommandsAreComparedByteByByte(t *testing.T) {
	features := records.Features(3)
	values := func(id int) string {
		id0, at, f2 := records.String(id, 0, 0), records.String(id, 1, 0), records.String(id, 2, 0)
		return fmt.Sprintf("*3\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n", len(id0), id0, len(at), at, len(f2), f2)
	}
	get, all := hashCommand{name: "HMGET"}, hashCommand{name: "HGETALL", names: true}
	if got, want := string(get.request([]int{7}, features).Bytes), "*5\r\n$5\r\nHMGET\r\n$15\r\nentity-00000007\r\n$2\r\nid\r\n$2\r\nat\r\n$4\r\nf002\r\n"; got != want {
		t.Errorf("HMGET: %q, want %q", got, want)
	}
	if got, want := string(all.request([]int{7}, features).Bytes), "*2\r\n$7\r\nHGETALL\r\n$15\r\nentity-00000007\r\n"; got != want {
		t.Errorf("HGETALL: %q, want %q", got, want)
	}
	check := get.check([][]int{{1}, {7, 8}}, features)
	if err := check(1, load.Answer{Body: []byte(values(7) + values(8))}); err != nil {
		t.Error(err)
	}
	if err := check(1, load.Answer{Body: []byte(values(8) + values(7))}); err == nil {
		t.Error("records of others are taken")
	}
	if err := all.check([][]int{{7}}, features)(0, load.Answer{Body: []byte(values(7))}); err == nil {
		t.Error("a reply without names is taken for one with them")
	}
}

// feastSays is an answer as Feast writes it.
func feastSays(t *testing.T, prefix string, features []records.Feature, ids ...int) []byte {
	t.Helper()
	var names []string
	var columns []map[string]any
	for i, f := range features {
		name := prefix + f.Name
		if i == 0 {
			name = f.Name
		}
		var values []any
		for _, id := range ids {
			values = append(values, records.Value(id, i, 0))
		}
		names, columns = append(names, name), append(columns, map[string]any{"values": values, "statuses": []string{"PRESENT"}})
	}
	body, err := json.Marshal(map[string]any{"metadata": map[string]any{"feature_names": names}, "results": columns})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestFeastsAnswersAreComparedValueByValue(t *testing.T) {
	features := records.Features(8)
	good := feastSays(t, "", features, 3, 1)
	check := checkFeast([][]int{{3, 1}}, features)
	for name, body := range map[string][]byte{"short names": good, "full names": feastSays(t, "records__", features, 3, 1)} {
		if err := check(0, load.Answer{Body: body}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	missing := []byte(strings.Replace(string(good), fmt.Sprintf("[%d,", records.Value(3, 4, 0)), "[null,", 1))
	if string(missing) == string(good) {
		t.Fatal("the case has no value to leave out")
	}
	for name, body := range map[string][]byte{
		"entities in another order": feastSays(t, "", features, 1, 3), "an entity less": feastSays(t, "", features, 3),
		"a feature less": feastSays(t, "", features[:7], 3, 1), "a value that is not there": missing, "a fault": []byte(`"RuntimeError"`),
	} {
		if err := check(0, load.Answer{Body: body}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestAPeerThatIsNotSetUpSaysSo(t *testing.T) {
	for _, p := range All() {
		s := &Setup{Cache: t.TempDir(), Dir: t.TempDir(), Records: 1000}
		if r, err := p.Start(t.Context(), s); err == nil || !strings.Contains(err.Error(), "scripts/") {
			t.Errorf("%s: %v, %v", p.Name, r, err)
		}
	}
}

func TestAPeerThatTakesTooLongIsGivenUpForThatReason(t *testing.T) {
	late := errors.New("stopped after its time")
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Nanosecond, late)
	defer cancel()
	slow := Peer{start: func(ctx context.Context, _ *Setup) (*Running, error) {
		<-ctx.Done()
		return nil, errors.New("killed")
	}}
	if r, err := slow.Start(ctx, &Setup{}); !errors.Is(err, late) {
		t.Errorf("%v, %v", r, err)
	}
}

func TestOneAnswerOf64IsComparedWhole(t *testing.T) {
	compared := 0
	a := Ask{Path: GetOne, Whole: func(int, load.Answer) error { compared++; return nil }}
	check := a.Plan(0).Check
	for range 129 {
		if err := check(0, load.Answer{}); err != nil {
			t.Fatal(err)
		}
	}
	if compared != 3 {
		t.Errorf("%d of 129 answers were compared, not the first, the 65th and the 129th", compared)
	}
}
