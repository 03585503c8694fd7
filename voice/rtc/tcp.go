package rtc

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"
)

// The patience with TCP connections.
const (
	firstFrame  = 10 * time.Second // within which a new connection has to show whose it is
	streamQuiet = time.Minute      // STUN checks come every few seconds
	streamDepth = 64               // packets a slow connection may be behind; later ones are lost
)

// stream is a TCP connection of a page behind a network without UDP. Packets travel in frames with a length before each
// (RFC 4571).
type stream struct {
	conn   net.Conn
	addr   netip.AddrPort
	out    chan []byte
	closed chan struct{}
	once   sync.Once
	owner  *connection // nil until it has shown whose it is; guarded by streams.mu
}

// streams is all TCP connections.
type streams struct {
	limit  int
	mu     sync.Mutex
	open   map[*stream]bool
	closed bool
}

func (t *streams) add(s *stream) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || len(t.open) >= t.limit && !t.makeRoom() {
		return false
	}
	if t.open == nil {
		t.open = map[*stream]bool{}
	}
	t.open[s] = true
	return true
}

// makeRoom turns out somebody who has not shown yet whose he is: strangers who say nothing must not keep pages out.
func (t *streams) makeRoom() bool {
	for s := range t.open {
		if s.owner == nil {
			delete(t.open, s)
			s.closeSoon()
			return true
		}
	}
	return false
}

// own notes whose a stream is. It is false when the stream has been turned out.
func (t *streams) own(s *stream, c *connection) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.owner = c
	return t.open[s] && !c.isClosed()
}

// closeOf closes a connection's streams, when what is queued has been sent.
func (t *streams) closeOf(c *connection) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for s := range t.open {
		if s.owner == c {
			s.closeSoon()
		}
	}
}

func (t *streams) remove(s *stream) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, s)
}

func (t *streams) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.open)
}

func (t *streams) closeAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for s := range t.open {
		s.closeSoon()
	}
}

func (s *Server) acceptTCP() {
	for {
		conn, err := s.tcp.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond) // out of file descriptors, most likely
			continue
		}
		addr, err := netip.ParseAddrPort(conn.RemoteAddr().String())
		st := &stream{
			conn: conn, addr: netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()),
			out: make(chan []byte, streamDepth), closed: make(chan struct{}),
		}
		if err != nil || !s.streams.add(st) {
			conn.Close()
			continue
		}
		s.crew.Run(func() { s.readStream(st) })
		s.crew.Run(st.write)
	}
}

// readStream reads a connection's frames. The first must be a STUN request that shows whose it is.
func (s *Server) readStream(st *stream) {
	defer s.streams.remove(st)
	defer st.closeSoon()
	r := bufio.NewReaderSize(st.conn, 2048)
	var c *connection
	patience := firstFrame
	for {
		if !st.await(patience) {
			return
		}
		p := s.pool.Get().(*packet) //nolint:forcetypeassert // the pool holds nothing else
		n, err := readFrame(r, p.b[:])
		if err != nil {
			s.pool.Put(p)
			return
		}
		p.n, p.path = n, path{addr: st.addr, tcp: st}
		if c == nil {
			c = s.checked(p.b[:n], p.path)
			s.pool.Put(p)
			if c == nil || !s.streams.own(st, c) {
				return
			}
			patience = streamQuiet
			defer s.hungUp(c, st)
			continue
		}
		if !s.take(p, c) {
			s.pool.Put(p)
		}
	}
}

// hungUp ends a connection whose only way was the stream.
func (s *Server) hungUp(c *connection, st *stream) {
	if p := c.path.Load(); p != nil && p.tcp == st {
		c.close()
	}
}

var errFrame = errors.New("frame too long")

func readFrame(r io.Reader, b []byte) (int, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, err
	}
	n := int(binary.BigEndian.Uint16(head[:]))
	if n > len(b) {
		return 0, errFrame
	}
	return io.ReadFull(r, b[:n])
}

// send queues a packet; a connection that is too slow loses it.
func (st *stream) send(b []byte) {
	frame := make([]byte, 2+len(b))
	binary.BigEndian.PutUint16(frame, uint16(len(b)))
	copy(frame[2:], b)
	select {
	case st.out <- frame:
	default:
	}
}

// write sends what is queued, and after closeSoon what is left.
func (st *stream) write() {
	defer st.conn.Close()
	for {
		select {
		case frame := <-st.out:
			if !st.writeFrame(frame) {
				return
			}
			continue
		default:
		}
		select {
		case frame := <-st.out:
			if !st.writeFrame(frame) {
				return
			}
		case <-st.closed:
			return
		}
	}
}

func (st *stream) writeFrame(frame []byte) bool {
	_ = st.conn.SetWriteDeadline(time.Now().Add(5 * time.Second)) // on a closed connection the write says so
	_, err := st.conn.Write(frame)
	return err == nil
}

// await says how long the next read may take; false means that the stream is being closed.
func (st *stream) await(patience time.Duration) bool {
	_ = st.conn.SetReadDeadline(time.Now().Add(patience)) // on a closed connection the read says so
	select {
	case <-st.closed: // closeSoon may have set its deadline before we set ours
		return false
	default:
		return true
	}
}

// closeSoon closes the connection when what is queued has been sent.
func (st *stream) closeSoon() {
	st.once.Do(func() {
		close(st.closed)
		_ = st.conn.SetReadDeadline(time.Now()) // wakes the reader
	})
}
