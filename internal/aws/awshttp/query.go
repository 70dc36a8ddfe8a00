package awshttp

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
)

// XML makes a handler for Query operations: it calls f and encodes what f returns, by its xml
// tags, inside <NameResult>. A nil *Out answers without a result.
func XML[Out any](f func(ctx context.Context, c *Call) (*Out, error)) Handler {
	return func(ctx context.Context, c *Call, w http.ResponseWriter) error {
		out, err := f(ctx, c)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		fmt.Fprintf(&b, "<%sResponse xmlns=%q>", c.Operation.Name, c.Service.Namespace)
		if out != nil {
			// botocore looks for the result by this name.
			start := xml.StartElement{Name: xml.Name{Local: c.Operation.Name + "Result"}}
			if err := xml.NewEncoder(&b).EncodeElement(out, start); err != nil {
				return fmt.Errorf("encode result: %w", err)
			}
		}
		b.WriteString("<ResponseMetadata>")
		writeElement(&b, "RequestId", c.RequestID)
		b.WriteString("</ResponseMetadata></" + c.Operation.Name + "Response>")
		w.Header().Set("Content-Type", "text/xml")
		w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
		// The client may be gone; there is nobody else to tell.
		_, _ = w.Write(b.Bytes())
		return nil
	}
}
