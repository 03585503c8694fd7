package media

import (
	"net"
	"sync"
)

// Transport carries one leg's RTP packets: raw RTP bytes, no RTCP. A Port owns the transport it is given and closes it.
type Transport interface {
	// ReadRTP waits for the next packet. An error is final: the transport is gone.
	ReadRTP(b []byte) (int, error)
	// WriteRTP sends one packet. It must not block, and may be called while ReadRTP waits.
	WriteRTP(b []byte) (int, error)
	// Close ends a waiting ReadRTP. It may be called more than once.
	Close() error
}

// pipeDepth is how many packets a Pipe holds for a slow reader (about a second) before it loses some, as a socket would.
const pipeDepth = 64

// Pipe returns two transports joined in memory: what is written to one is read from the other. Packets that find the
// reader's queue full are lost. It works inside testing/synctest bubbles.
func Pipe() (a, b Transport) {
	ab, ba := make(chan []byte, pipeDepth), make(chan []byte, pipeDepth)
	return &pipeEnd{in: ba, out: ab, closed: make(chan struct{})}, &pipeEnd{in: ab, out: ba, closed: make(chan struct{})}
}

type pipeEnd struct {
	in, out chan []byte
	closed  chan struct{}
	once    sync.Once
}

func (e *pipeEnd) ReadRTP(b []byte) (int, error) {
	select {
	case packet := <-e.in:
		return copy(b, packet), nil
	case <-e.closed:
		return 0, net.ErrClosed
	}
}

func (e *pipeEnd) WriteRTP(b []byte) (int, error) {
	select {
	case <-e.closed:
		return 0, net.ErrClosed
	case e.out <- append([]byte(nil), b...):
	default:
	}
	return len(b), nil
}

func (e *pipeEnd) Close() error {
	e.once.Do(func() { close(e.closed) })
	return nil
}

func (e *pipeEnd) String() string { return "pipe" }
