package e2e

import (
	"fmt"
	"net"
	"os/exec"
	"testing"

	"openseat/store/storetest"
)

// everywhere tells a story twice: to a center that embeds its database and its log, and to one that uses servers.
func everywhere(t *testing.T, want choices, story func(t *testing.T, w *world)) {
	t.Run("embedded", func(t *testing.T) { story(t, newWorld(t, want)) })
	t.Run("servers", func(t *testing.T) {
		if testing.Short() {
			t.Skip("starts PostgreSQL and nats-server")
		}
		want.args = append(serverOptions(t), want.args...)
		story(t, newWorld(t, want))
	})
}

// serverOptions starts PostgreSQL and nats-server, and has the program use them.
func serverOptions(t *testing.T) []string {
	t.Helper()
	return []string{"--database", storetest.StartPostgres(t), "--nats", startNATS(t)}
}

// startNATS starts a nats-server with JetStream and answers its address. It ends with the test.
func startNATS(t *testing.T) string {
	t.Helper()
	need(t, "nats-server")
	port := freePort(t)
	cmd := exec.Command("nats-server", "-js", "-sd", t.TempDir(), "-a", "127.0.0.1", "-p", fmt.Sprint(port))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
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
