package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/larder-dev/larder/internal/app"
)

// ownAPI reaches the server that runs on the data directory. ctx ends when the user interrupts the command, and by stop,
// which the caller calls.
func (f dataFlag) ownAPI() (ctx context.Context, o *ownAPI, stop func(), err error) {
	dir, err := f.dir()
	if err != nil {
		return nil, nil, nil, err
	}
	ctx, stop = signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	server, err := app.Running(ctx, dir)
	if err != nil {
		stop()
		return nil, nil, nil, err
	}
	key, err := app.ReadRootKey(dir)
	if err != nil {
		stop()
		return nil, nil, nil, err
	}
	return ctx, newOwnAPI(server, key), stop, nil
}

// An ownAPI calls the server that runs on a data directory by the operations that AWS has not.
type ownAPI struct {
	server *app.Server
	aws    aws.Config
	http   *http.Client
}

func newOwnAPI(s *app.Server, key app.RootKey) *ownAPI {
	// The server is on this machine: no proxy of the environment.
	client := &http.Client{Transport: &http.Transport{}}
	return &ownAPI{server: s, http: client, aws: aws.Config{
		Region: s.Region, BaseEndpoint: aws.String(s.Endpoint), HTTPClient: client,
		Credentials: credentials.NewStaticCredentialsProvider(key.ID, key.Secret, ""),
	}}
}

// groups lists all groups.
func (o *ownAPI) groups(ctx context.Context) ([]string, error) {
	return (&byHand{aws: o.aws, http: o.http}).listFeatureGroups(ctx)
}

// call posts in, and reads the answer into out. It waits as long as the server works.
func (o *ownAPI) call(ctx context.Context, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return o.read(ctx, http.MethodPost, path, body, out)
}

// get reads the answer into out.
func (o *ownAPI) get(ctx context.Context, path string, out any) error {
	return o.read(ctx, http.MethodGet, path, nil, out)
}

func (o *ownAPI) read(ctx context.Context, method, path string, in []byte, out any) error {
	answer, err := o.open(ctx, method, path, in)
	if err != nil {
		return err
	}
	defer answer.Close()
	return json.NewDecoder(answer).Decode(out)
}

// open signs and sends a request. The caller closes the answer.
func (o *ownAPI) open(ctx context.Context, method, path string, body []byte) (io.ReadCloser, error) {
	resp, err := o.send(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// send is open for callers who want more of the answer than its body.
func (o *ownAPI) send(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, o.server.Endpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	keys, err := o.aws.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(hash[:]), "larder", o.server.Region, time.Now()); err != nil {
		return nil, err
	}
	resp, err := o.http.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var e struct{ Message string }
	if json.Unmarshal(answer, &e) != nil || e.Message == "" {
		e.Message = resp.Status
	}
	return nil, errors.New(e.Message)
}
