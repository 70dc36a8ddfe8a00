package peers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/requests"
)

// moto is asked once on each path, and its answer is what is said of it: it has feature groups, but nothing puts or
// gets their records. The day it answers one well, that is an error that says so.
func moto(ctx context.Context, s *Setup) (_ *Running, err error) {
	if _, err := os.Stat(filepath.Join(s.Cache, "python", "moto", "ready")); err != nil {
		return nil, errors.New("it is not set up: scripts/python moto")
	}
	p, addr, err := listens(ctx, "moto", s.Dir, nil, func(port int) []string {
		return []string{filepath.Join(s.Cache, "python", "moto", "bin", "python"), "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", strconv.Itoa(port)}
	})
	if err != nil {
		return nil, err
	}
	r := &Running{Processes: process.Group{p}, Refused: map[Path]string{}}
	defer r.stopIf(&err)
	for _, operation := range []string{"CreateFeatureGroup", "DescribeFeatureGroup"} {
		switch status, err := statusOf(ctx, addr, control(addr, operation)); {
		case err != nil:
			return nil, err
		case status != http.StatusOK:
			return nil, fmt.Errorf("%s: status %d", operation, status)
		}
	}
	signer := requests.NewSigner(addr, map[string]string{"AWS_ACCESS_KEY_ID": "moto", "AWS_SECRET_ACCESS_KEY": "moto", "AWS_REGION": "us-east-1"})
	features := records.Features(writeFeatures)
	put := signer.Put("group", features, 0, 0)
	for path, request := range map[Path]load.Request{
		GetOne: signer.Get("group", 0), GetBatch: signer.BatchGet([]string{"group"}, []int{0}),
		Put1: put, Put16: put, Put64: put, WriteBatch: signer.BatchWrite("group", features, []int{0}, 0),
	} {
		status, err := statusOf(ctx, addr, request.Bytes)
		switch {
		case err != nil:
			return nil, err
		case status == http.StatusOK:
			return nil, errors.New("it answers the runtime's operations now: measure it")
		}
		r.Refused[path] = fmt.Sprintf("it creates and describes feature groups, but answers this with %d", status)
	}
	return r, nil
}

// control is a request to the control plane. moto tells services by the scope of a signature and verifies none.
func control(addr, operation string) []byte {
	const body = `{"FeatureGroupName": "group", "RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "at", "RoleArn": "arn:aws:iam::123456789012:role/larder",
"FeatureDefinitions": [{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "String"}],
"OnlineStoreConfig": {"EnableOnlineStore": true}, "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": "s3://lake/f"}}}`
	return fmt.Appendf(nil, "POST / HTTP/1.1\r\nHost: %s\r\nX-Amz-Target: SageMaker.%s\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: %d\r\n"+
		"Authorization: AWS4-HMAC-SHA256 Credential=moto/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n%s", addr, operation, len(body), body)
}

// statusOf sends a request over a connection of its own and returns the status of the answer.
func statusOf(ctx context.Context, addr string, request []byte) (int, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return 0, err
	}
	if _, err := c.Write(request); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}
