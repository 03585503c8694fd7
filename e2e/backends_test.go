package e2e

import (
	"net"
	"os/exec"
	"strconv"
	"testing"
)

// everywhere tells a story twice, at the same time: to a center that embeds its database and its log, and to one that uses
// PostgreSQL and nats-server.
func everywhere(t *testing.T, story func(t *testing.T, servers bool)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		story(t, false)
	})
	t.Run("servers", func(t *testing.T) {
		if testing.Short() {
			t.Skip("starts PostgreSQL and nats-server")
		}
		t.Parallel()
		story(t, true)
	})
}

// startNATS starts a nats-server with JetStream and answers its address. It ends with the test.
func startNATS(t *testing.T, port int) string {
	t.Helper()
	need(t, "nats-server")
	server, err := spawn(exec.Command("nats-server", "-js", "-sd", t.TempDir(), "-a", "127.0.0.1", "-p", strconv.Itoa(port)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.kill)
	eventually(t, startWait, "nats-server is ready", func() bool {
		conn, err := net.Dial("tcp", addr(port))
		if err != nil {
			return false
		}
		conn.Close()
		return true
	})
	return "nats://" + addr(port)
}
