package proxy

import (
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// relay copies bytes both ways until both ends have said all, one fails, or nothing has moved for a while.
func (p *Proxy) relay(w http.ResponseWriter, far net.Conn) error {
	near, err := p.takeOver(w)
	if err != nil {
		far.Close()
		return err
	}
	if !p.track(near, far) {
		near.Close()
		far.Close()
		return nil
	}
	defer p.untrack(near, far)
	var both sync.WaitGroup
	both.Go(func() { pump(far, near) })
	both.Go(func() { pump(near, far) })
	both.Wait()
	return nil
}

// track makes Close end the connections and wait for their relay. It tells whether there is still time.
func (p *Proxy) track(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.wg.Add(1)
	for _, c := range conns {
		p.conns[c] = struct{}{}
	}
	return true
}

func (p *Proxy) untrack(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		c.Close() // what it could say has been seen by pump
		delete(p.conns, c)
	}
	p.wg.Done()
}

// pump copies from src to dst. Every byte puts the idle time-out of both connections off, so a
// long download does not look idle from the side that only listens.
func pump(dst, src net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		later := time.Now().Add(idleTimeout)
		src.SetDeadline(later)
		dst.SetDeadline(later)
		n, err := src.Read(buf)
		if n > 0 {
			if _, werr := dst.Write(buf[:n]); werr != nil {
				err = werr
			}
		}
		if err == nil {
			continue
		}
		if err == io.EOF && closeWrite(dst) == nil {
			return // the other direction may go on
		}
		src.Close()
		dst.Close()
		return
	}
}

func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Close()
}
