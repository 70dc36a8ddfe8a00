package load

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Run carries a plan out and returns how it went; the error says that it could not be. When ctx ends, no more requests
// are sent and what came until then is the result. It takes one thread for itself: requests are sent when they are due
// to some microseconds, and no other goroutine has to be woken to send or to read.
func Run(ctx context.Context, p Plan) (Result, error) {
	if err := p.check(); err != nil {
		return Result{}, err
	}
	if p.Frame == nil {
		p.Frame = HTTP
	}
	l := &loop{plan: &p, book: newBook(&p)}
	// No garbage of the preparation may be collected while this measures.
	runtime.GC()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := l.open(); err != nil {
		return Result{}, err
	}
	defer l.close()
	if err := l.run(ctx); err != nil {
		return Result{}, err
	}
	return l.book.result(), nil
}

// A loop is one thread that sends and reads on all connections.
type loop struct {
	plan  *Plan
	book  *book
	epoll int
	addr  *unix.SockaddrInet4
	conns []*conn
	idle  []*conn // without a request under way
	fails int     // connections that broke
	began time.Time
}

// A conn is a connection with one request under way at most.
type conn struct {
	fd      int
	at      int // among the loop's
	busy    bool
	request int           // which of the plan's is under way
	from    time.Duration // when its time began
	out     []byte        // what of it is still to be sent
	in      []byte        // what of the answer has come
}

// maxBroken is how many connections may break before a run is given up.
const maxBroken = 1000

func (l *loop) open() error {
	tcp, err := net.ResolveTCPAddr("tcp4", l.plan.Addr)
	if err != nil {
		return err
	}
	l.addr = &unix.SockaddrInet4{Port: tcp.Port}
	copy(l.addr.Addr[:], tcp.IP.To4())
	if l.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	// Without it the kernel may wake this thread 50 µs late. What fails then is precision.
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
	for range l.plan.Conns {
		c := &conn{fd: -1, at: len(l.conns), in: make([]byte, 0, 64<<10)}
		l.conns = append(l.conns, c)
		if err := l.connect(c); err != nil {
			l.close()
			return err
		}
		l.idle = append(l.idle, c)
	}
	return nil
}

func (l *loop) close() {
	for _, c := range l.conns {
		if c.fd >= 0 {
			unix.Close(c.fd)
		}
	}
	unix.Close(l.epoll)
}

// connect gives c a connection.
func (l *loop) connect(c *conn) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	c.fd = fd
	if err := unix.Connect(fd, l.addr); err != nil {
		return fmt.Errorf("connect to %s: %w", l.plan.Addr, err)
	}
	if err := errors.Join(unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1), unix.SetNonblock(fd, true)); err != nil {
		return fmt.Errorf("set up the connection to %s: %w", l.plan.Addr, err)
	}
	event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET, Fd: int32(c.at)}
	if err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	return nil
}

func (l *loop) now() time.Duration { return time.Since(l.began) }

func (l *loop) run(ctx context.Context) error {
	events := make([]unix.EpollEvent, len(l.conns)+1)
	l.began = time.Now()
	for {
		if ctx.Err() != nil {
			l.book.cut(l.now())
		}
		if err := l.send(); err != nil {
			return err
		}
		now, sending := l.now(), l.book.sending(l.now())
		over := l.book.end + Grace
		switch {
		case !sending && len(l.idle) == len(l.conns):
			return nil
		case now >= over:
			l.giveUp(now)
			return nil
		}
		wake := over
		if sending && len(l.idle) > 0 {
			wake = l.book.wake()
		}
		n, err := l.wait(events, min(wake-now, 100*time.Millisecond)) // ctx is looked at that often
		if err != nil {
			return err
		}
		for _, event := range events[:n] {
			if err := l.serve(l.conns[event.Fd], event.Events); err != nil {
				return err
			}
		}
	}
}

// wait waits for connections to have something, at most so long.
func (l *loop) wait(events []unix.EpollEvent, most time.Duration) (int, error) {
	// epoll_wait counts in milliseconds; this call of Linux 5.11 in nanoseconds.
	limit := unix.NsecToTimespec(max(most, 0).Nanoseconds())
	n, _, errno := unix.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(l.epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), uintptr(unsafe.Pointer(&limit)), 0, 0)
	switch errno {
	case 0:
		return int(n), nil
	case unix.EINTR:
		return 0, nil
	case unix.ENOSYS:
		return 0, errors.New("this kernel has no epoll_pwait2; Linux 5.11 has")
	}
	return 0, fmt.Errorf("epoll_pwait2: %w", errno)
}

// send sends what is due on idle connections.
func (l *loop) send() error {
	for len(l.idle) > 0 {
		n, from, ok := l.book.take(l.now())
		if !ok {
			return nil
		}
		c := l.idle[len(l.idle)-1]
		l.idle = l.idle[:len(l.idle)-1]
		c.request = (l.plan.First + int(n)) % len(l.plan.Requests)
		c.busy, c.from, c.out, c.in = true, from, l.plan.Requests[c.request].Bytes, c.in[:0]
		if err := l.write(c); err != nil {
			return err
		}
	}
	return nil
}

// write sends as much as the connection takes; an event tells when it takes more.
func (l *loop) write(c *conn) error {
	for len(c.out) > 0 {
		n, err := unix.Write(c.fd, c.out)
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			return nil
		case err != nil:
			return l.broken(c, fmt.Errorf("send: %w", err))
		default:
			c.out = c.out[n:]
		}
	}
	return nil
}

// serve does what an event of a connection is about.
func (l *loop) serve(c *conn, events uint32) error {
	if len(c.out) > 0 && events&unix.EPOLLOUT != 0 {
		if err := l.write(c); err != nil {
			return err
		}
	}
	if events&(unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		return l.read(c)
	}
	return nil
}

// read reads until the answer is whole or nothing more is there.
func (l *loop) read(c *conn) error {
	for {
		if len(c.in) == cap(c.in) {
			grown := make([]byte, len(c.in), 2*cap(c.in))
			copy(grown, c.in)
			c.in = grown
		}
		n, err := unix.Read(c.fd, c.in[len(c.in):cap(c.in)])
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return nil
		case err != nil:
			return l.broken(c, fmt.Errorf("read: %w", err))
		case n == 0:
			return l.broken(c, errors.New("the server closed the connection"))
		case !c.busy:
			return l.broken(c, errors.New("the server said something that nobody asked"))
		}
		c.in = c.in[:len(c.in)+n]
		now := l.now()
		answer, size, err := l.plan.Frame(c.in)
		switch {
		case err != nil:
			return l.broken(c, err)
		case size == 0:
			continue
		case size < len(c.in):
			return l.broken(c, errors.New("the server said more than it was asked"))
		}
		l.answered(c, answer, now)
		return nil
	}
}

func (l *loop) answered(c *conn, a Answer, now time.Duration) {
	var wrong error
	if a.Status != 200 {
		wrong = fmt.Errorf("status %d: %.200q", a.Status, a.Body)
	} else if l.plan.Check != nil {
		wrong = l.plan.Check(c.request, a)
	}
	if wrong != nil {
		l.book.failed(wrong.Error())
	} else {
		l.book.answered(c.from, now, l.plan.Requests[c.request].Class)
	}
	c.busy, c.out = false, nil
	l.idle = append(l.idle, c)
}

// broken connects anew; the request under way has failed. A server that closes an idle connection does no wrong.
func (l *loop) broken(c *conn, why error) error {
	unix.Close(c.fd)
	c.fd = -1
	if c.busy {
		l.book.failed(why.Error())
		c.busy, c.out = false, nil
		l.idle = append(l.idle, c)
	}
	if l.fails++; l.fails > maxBroken {
		return fmt.Errorf("%d connections to %s broke, the last because: %w", l.fails, l.plan.Addr, why)
	}
	return l.connect(c)
}

// giveUp counts what has no answer, and what could not even be sent, as failed.
func (l *loop) giveUp(now time.Duration) {
	for _, c := range l.conns {
		if c.busy {
			l.book.failed(fmt.Sprintf("no answer %v after the end", Grace))
		}
	}
	for {
		if _, _, ok := l.book.take(now); !ok {
			return
		}
		l.book.failed(fmt.Sprintf("not sent %v after the end: all %d connections wait for answers", Grace, len(l.conns)))
	}
}
