package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// StartPostgres starts a PostgreSQL of the test's own (Debian's packages), without a network port and without waiting for the
// disk, and answers the address of an empty database in it. It is stopped and removed when the test ends. Where PostgreSQL
// is not installed the test is skipped.
func StartPostgres(t testing.TB) string {
	t.Helper()
	bin := postgresFolder()
	if bin == "" {
		t.Skip("PostgreSQL is not installed")
	}
	dir, as := postgresHome(t)
	data := filepath.Join(dir, "data")
	ctl := func(name string, args ...string) {
		t.Helper()
		argv := append(append(as, filepath.Join(bin, name)), args...) //nolint:gocritic // as has no spare room
		cmd := exec.CommandContext(context.WithoutCancel(t.Context()), argv[0], argv[1:]...)
		cmd.Dir = dir
		cmd.WaitDelay = 10 * time.Second
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s\n%s", name, err, out, readLog(dir))
		}
	}
	ctl("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	ctl("pg_ctl", "start", "-w", "-s", "-D", data, "-l", filepath.Join(dir, "log"),
		"-o", "-c listen_addresses='' -c unix_socket_directories='"+dir+"' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB")
	t.Cleanup(func() { ctl("pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", data) })
	return NewDatabase(t, "postgres://postgres@/postgres?host="+url.QueryEscape(dir)+"&sslmode=disable")
}

// NewDatabase makes an empty database on the server at address and answers its address.
func NewDatabase(t testing.TB, address string) string {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	name := fmt.Sprintf("t%d", time.Now().UnixNano())
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// postgresFolder finds the newest server; Debian keeps them out of the path.
func postgresFolder() string {
	if at, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(at)
	}
	best, newest := "", 0
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return ""
	}
	for _, f := range found {
		v, err := strconv.Atoi(strings.Split(f, "/")[4])
		if err == nil && v > newest {
			best, newest = filepath.Dir(f), v
		}
	}
	return best
}

// postgresHome makes a folder that the server may use, and the prefix of commands that run as its user: PostgreSQL refuses
// to run as root. The name is kept short, since a socket's path may have about 100 characters.
func postgresHome(t testing.TB) (dir string, as []string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if os.Getuid() != 0 {
		return dir, nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		t.Skip("PostgreSQL does not run as root, and there is no user postgres")
	}
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return dir, []string{"runuser", "-u", "postgres", "--"}
}

func readLog(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, "log")) //nolint:gosec // our own folder
	if err != nil {
		return ""
	}
	return string(b)
}
