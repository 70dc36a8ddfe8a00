package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"time"
)

// A Server is what a running server tells programs on its machine: how to reach it.
type Server struct {
	Version       int       `json:"version"`
	PID           int       `json:"pid"`
	Instance      string    `json:"instance"` // drawn at each start
	Endpoint      string    `json:"endpoint"` // http://127.0.0.1:9444
	Region        string    `json:"region"`
	Account       string    `json:"account"`
	ProxyPassword string    `json:"proxy_password"`
	Authority     string    `json:"authority"` // PEM, of the certificate for STS
	Started       time.Time `json:"started"`
}

// ReadServer reads what the server on a data directory left there. A server that was killed leaves it
// too: Ready tells.
func ReadServer(dir string) (*Server, error) {
	var s Server
	if err := readJSON(directory(dir).path(serverName), &s); err != nil {
		return nil, err
	}
	if s.Version != formatVersion {
		return nil, fmt.Errorf("%s has version %d; this larder knows version %d", directory(dir).path(serverName), s.Version, formatVersion)
	}
	return &s, nil
}

// Running returns the server of a data directory, if it answers.
func Running(ctx context.Context, dir string) (*Server, error) {
	s, err := ReadServer(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no server runs on %s; start one with: larder serve --data %s", dir, dir)
	}
	if err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		return nil, fmt.Errorf("the server on %s does not answer at %s (%w); start it with: larder serve --data %s", dir, s.Endpoint, err, dir)
	}
	return s, nil
}

// ready asks the server whether it serves, and whether it is the one.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Endpoint+"/readyz", nil)
	if err != nil {
		return err
	}
	// The server is on this machine: no proxy of the environment.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			return op.Err
		}
		return err
	}
	defer resp.Body.Close()
	var answer readiness
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil {
		return err
	}
	if json.Unmarshal(body, &answer) != nil || answer.Instance != s.Instance {
		return errors.New("somebody else listens there")
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New("it is " + answer.Status)
	}
	return nil
}

// writeServer tells programs of this user how to reach the server.
func (d directory) writeServer(s Server) error { return writeJSON(d.path(serverName), s) }

// removeServer takes that back.
func (d directory) removeServer() error {
	err := os.Remove(d.path(serverName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
