package larder

import (
	"fmt"
	"net/http"

	"github.com/larder-dev/larder/internal/feature"
)

// A clientWriter is the body of an answer that is written while it is made. It knows whether the client
// still takes it.
type clientWriter struct {
	http.ResponseWriter
	gone bool
}

// Write implements io.Writer.
func (w *clientWriter) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.gone = w.gone || err != nil
	return n, err
}

// cutOff ends an answer whose status is sent, so that nobody takes half of it for all. If the client is there it
// returns an error for the log: nobody else is told why.
func cutOff(w *clientWriter, err error) error {
	switch kind := feature.KindOf(err); {
	case w.gone:
		panic(http.ErrAbortHandler)
	case kind == feature.Fault || kind == feature.Unavailable:
		return err
	}
	return fmt.Errorf("the answer broke off: %v", err)
}
