package metamorphic

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/google/go-cmp/cmp"
)

// The codes of errors. The control plane says ValidationException where the runtime says
// ValidationError (contract §11.2).
const (
	invalid        = "ValidationError"
	invalidControl = "ValidationException"
	notFound       = "ResourceNotFound"
	conflict       = "ConflictException"
	unreadable     = "SerializationException"
)

// A reply is what the model says must come back.
type reply struct {
	code string // of an error; "" is success
	body any    // of a success; nil is an empty body
}

// statuses are those of the errors that are not 400 on the runtime.
var statuses = map[string]int{notFound: http.StatusNotFound, conflict: http.StatusConflict}

// differs says how an answer differs from the reply, "" if it does not.
func (want reply) differs(got *answer, control bool) string {
	status := http.StatusOK
	if want.code != "" {
		status = http.StatusBadRequest
		if s, ok := statuses[want.code]; ok && !control {
			status = s
		}
	}
	if got.code != want.code || got.status != status {
		return fmt.Sprintf("want %d %s, got %v", status, want.code, got)
	}
	if want.code != "" {
		var e struct{ Message string }
		if err := json.Unmarshal(got.body, &e); err != nil || e.Message == "" {
			return fmt.Sprintf("an error without a message: %v", got)
		}
		return ""
	}
	if want.body == nil {
		if len(got.body) > 0 && !(control && string(got.body) == "{}") {
			return fmt.Sprintf("want no body, got %v", got)
		}
		return ""
	}
	text, err := json.Marshal(want.body)
	if err != nil {
		panic(err) // the shapes of the tests have nothing that could fail
	}
	if bytes.Equal(text, got.body) {
		return ""
	}
	wantBody, err := canonical(text)
	if err != nil {
		panic(err)
	}
	gotBody, err := canonical(got.body)
	if err != nil {
		return fmt.Sprintf("a body that is no JSON: %v: %v", err, got)
	}
	return cmp.Diff(wantBody, gotBody)
}

// unpredictable are members that a reply has and the model does not tell, wherever they are: texts
// for people, and an estimate.
var unpredictable = []string{"ErrorMessage", "OnlineStoreTotalSizeBytes"}

// canonical reads JSON for comparison.
func canonical(text []byte) (any, error) {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, err
	}
	strip(v)
	return v, nil
}

func strip(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range unpredictable {
			delete(v, name)
		}
		if p, ok := v["Parameters"].([]any); ok && len(p) == 0 {
			delete(v, "Parameters") // the same as none
		}
		for _, member := range v {
			strip(member)
		}
	case []any:
		for _, element := range v {
			strip(element)
		}
	}
}
