package app

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// firstByteTimeout is how long a client may be connected without having said anything.
const firstByteTimeout = 30 * time.Second

// tlsRecord is the first byte of a TLS handshake; no HTTP method begins with it.
const tlsRecord = 0x16

// A dualListener accepts plain connections and TLS ones on the same port: the first byte decides.
// One goroutine accepts and one a silent connection waits for the first byte; Close waits for them.
type dualListener struct {
	net.Listener
	tls      *tls.Config
	accepted chan acceptance
	closed   chan struct{}
	once     sync.Once
	wg       sync.WaitGroup

	mu     sync.Mutex // guards silent; nil once closed
	silent map[net.Conn]struct{}
}

type acceptance struct {
	conn net.Conn
	err  error
}

func newDualListener(l net.Listener, config *tls.Config) *dualListener {
	d := &dualListener{
		Listener: l, tls: config,
		accepted: make(chan acceptance), closed: make(chan struct{}),
		silent: make(map[net.Conn]struct{}),
	}
	d.wg.Go(d.run)
	return d
}

// Accept returns a connection that has said something: a *tls.Conn or a plain one.
func (d *dualListener) Accept() (net.Conn, error) {
	select {
	case a := <-d.accepted:
		return a.conn, a.err
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

// Close stops accepting. Connections that were accepted stay.
func (d *dualListener) Close() error {
	var err error
	d.once.Do(func() {
		close(d.closed)
		err = d.Listener.Close()
		d.mu.Lock()
		for c := range d.silent {
			c.Close()
		}
		d.silent = nil
		d.mu.Unlock()
	})
	d.wg.Wait()
	return err
}

func (d *dualListener) run() {
	for {
		conn, err := d.Listener.Accept()
		if err == nil {
			d.wg.Go(func() { d.listen(conn) })
			continue
		}
		// Whoever accepts decides: the HTTP server waits a while and accepts again if it may pass.
		if !d.pass(acceptance{err: err}) || errors.Is(err, net.ErrClosed) {
			return
		}
	}
}

// listen waits for the first byte and passes the connection on.
func (d *dualListener) listen(conn net.Conn) {
	if !d.enter(conn) {
		conn.Close()
		return
	}
	first := make([]byte, 1)
	conn.SetReadDeadline(time.Now().Add(firstByteTimeout))
	_, err := io.ReadFull(conn, first)
	conn.SetReadDeadline(time.Time{})
	d.leave(conn)
	if err != nil {
		conn.Close() // it said nothing, so it is told nothing
		return
	}
	heard := net.Conn(&heardConn{Conn: conn, first: first})
	if tcp, ok := conn.(*net.TCPConn); ok {
		heard = &heardTCP{TCPConn: tcp, first: first}
	}
	if first[0] == tlsRecord {
		heard = tls.Server(heard, d.tls)
	}
	if !d.pass(acceptance{conn: heard}) {
		conn.Close()
	}
}

func (d *dualListener) pass(a acceptance) bool {
	select {
	case d.accepted <- a:
		return true
	case <-d.closed:
		return false
	}
}

func (d *dualListener) enter(conn net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.silent == nil {
		return false
	}
	d.silent[conn] = struct{}{}
	return true
}

func (d *dualListener) leave(conn net.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.silent, conn)
}

// heardTCP is a TCP connection whose first byte has been read. It keeps the methods by which files
// are sent without copying.
type heardTCP struct {
	*net.TCPConn
	first []byte
}

func (c *heardTCP) Read(b []byte) (int, error) {
	if len(c.first) > 0 && len(b) > 0 {
		n := copy(b, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	return c.TCPConn.Read(b)
}

// WriteTo reads through Read, which knows the first byte.
func (c *heardTCP) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{c})
}

// heardConn is the same for other connections.
type heardConn struct {
	net.Conn
	first []byte
}

func (c *heardConn) Read(b []byte) (int, error) {
	if len(c.first) > 0 && len(b) > 0 {
		n := copy(b, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	return c.Conn.Read(b)
}
