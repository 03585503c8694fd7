package e2e

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"openseat/voice/media"
)

// wire is a network between a browser and the center that can be cut: TCP stands still then, as it does when packets are lost,
// and UDP is lost. It may also lose every so many-th packet.
type wire struct {
	mu     sync.Mutex
	open   chan struct{} // closed while the wire is whole
	ends   []io.Closer
	every  int // packets of which one is lost, 0 = none is
	passed int
}

// newWire lays a wire that is whole.
func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{open: make(chan struct{})}
	close(w.open)
	t.Cleanup(func() {
		w.mend()
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, end := range w.ends {
			_ = end.Close()
		}
	})
	return w
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = make(chan struct{})
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.open:
	default:
		close(w.open)
	}
}

func (w *wire) whole() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open
}

// lose loses one of so many packets.
func (w *wire) lose(every int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.every = every
}

// passes tells whether the next packet arrives.
func (w *wire) passes() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.passed++
	select {
	case <-w.open:
		return w.every == 0 || w.passed%w.every != 0
	default:
		return false
	}
}

func (w *wire) keep(end io.Closer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ends = append(w.ends, end)
}

// stream passes on TCP connections to a port, and answers the port that takes them.
func (w *wire) stream(t *testing.T, to int) int {
	t.Helper()
	listener, err := net.Listen("tcp", addr(0))
	if err != nil {
		t.Fatal(err)
	}
	w.keep(listener)
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", addr(to))
			if err != nil {
				_ = near.Close()
				continue
			}
			w.keep(near)
			w.keep(far)
			go w.copy(near, far)
			go w.copy(far, near)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

// copy passes on what comes, while the wire is whole.
func (w *wire) copy(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	b := make([]byte, 16<<10)
	for {
		n, err := from.Read(b)
		<-w.whole()
		if n > 0 {
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// packets passes on UDP to a port, and answers the port that takes it.
func (w *wire) packets(t *testing.T, to int) int {
	t.Helper()
	near, err := net.ListenPacket("udp", addr(0))
	if err != nil {
		t.Fatal(err)
	}
	w.keep(near)
	go func() {
		peers := map[string]net.Conn{}
		b := make([]byte, 2*media.SampleRate)
		for {
			n, from, err := near.ReadFrom(b)
			if err != nil {
				return
			}
			far := peers[from.String()]
			if far == nil {
				if far, err = net.Dial("udp", addr(to)); err != nil {
					return
				}
				peers[from.String()] = far
				w.keep(far)
				go w.back(far, near, from)
			}
			if w.passes() {
				_, _ = far.Write(b[:n]) // lost, else
			}
		}
	}()
	return near.LocalAddr().(*net.UDPAddr).Port
}

// back passes on what the center answers to one browser's socket.
func (w *wire) back(far net.Conn, near net.PacketConn, to net.Addr) {
	b := make([]byte, 2*media.SampleRate)
	for {
		n, err := far.Read(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil && w.passes() {
			_, _ = near.WriteTo(b[:n], to) // lost, else
		}
	}
}
