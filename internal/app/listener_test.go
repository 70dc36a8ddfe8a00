package app

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/proxy"
)

func dual(t *testing.T) *dualListener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	id, err := proxy.NewIdentity(nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	d := newDualListener(l, &tls.Config{Certificates: []tls.Certificate{id.Certificate}})
	t.Cleanup(func() { d.Close() })
	return d
}

func dial(t *testing.T, d *dualListener) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", d.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestFirstByteDecides(t *testing.T) {
	d := dual(t)
	for text, secure := range map[string]bool{"GET / HTTP/1.1": false, "CONNECT": false, "\x16\x03\x01": true, "\x00": false} {
		c := dial(t, d)
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
		got, err := d.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if _, is := got.(*tls.Conn); is != secure {
			t.Errorf("%q: TLS %v, want %v", text, is, secure)
		}
		if !secure {
			buf := make([]byte, len(text))
			if _, err := io.ReadFull(got, buf); err != nil || string(buf) != text {
				t.Errorf("read %q, %v; want %q", buf, err, text)
			}
		}
		got.Close()
	}
}

func TestSilentConnectionHoldsNobodyUp(t *testing.T) {
	d := dual(t)
	silent := dial(t, d)
	loud := dial(t, d)
	if _, err := io.WriteString(loud, "G"); err != nil {
		t.Fatal(err)
	}
	c, err := d.Accept()
	if err != nil || c.RemoteAddr().String() != loud.LocalAddr().String() {
		t.Fatalf("accepted %v, %v", c, err)
	}
	c.Close()
	if err := d.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("the silent connection is open after Close")
	}
	if _, err := d.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept after Close: %v", err)
	}
}

func TestHeardConnectionWritesToWithItsFirstByte(t *testing.T) {
	d := dual(t)
	c := dial(t, d)
	if _, err := io.WriteString(c, "whole"); err != nil {
		t.Fatal(err)
	}
	c.(*net.TCPConn).CloseWrite()
	got, err := d.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	if text, err := io.ReadAll(got); err != nil || string(text) != "whole" {
		t.Errorf("read %q, %v", text, err)
	}
}

func TestSameMachine(t *testing.T) {
	tests := []struct {
		from, to string
		want     bool
	}{
		{"127.0.0.1:5000", "127.0.0.1:9444", true},
		{"[::1]:5000", "[::1]:9444", true},
		{"10.0.0.5:5000", "10.0.0.5:9444", true},
		{"10.0.0.6:5000", "10.0.0.5:9444", false},
		{"[::ffff:127.0.0.1]:5000", "[::]:9444", true},
	}
	for _, test := range tests {
		to, err := net.ResolveTCPAddr("tcp", test.to)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(withLocal(t, to), "GET", "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.RemoteAddr = test.from
		if got := sameMachine(r); got != test.want {
			t.Errorf("from %s to %s: %v, want %v", test.from, test.to, got, test.want)
		}
	}
}

func withLocal(t *testing.T, a net.Addr) context.Context {
	return context.WithValue(t.Context(), http.LocalAddrContextKey, a)
}
