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
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// StartPostgres starts a PostgreSQL of the test's own (Debian's packages), without a network port and without waiting for the
// disk, and answers the address of an empty database in it. It is stopped and removed when the test ends. Where PostgreSQL
// is not installed the test is skipped.
func StartPostgres(tb testing.TB) string {
	tb.Helper()
	bin := postgresFolder()
	if bin == "" {
		tb.Skip("PostgreSQL is not installed")
	}
	dir, as := postgresHome(tb)
	data := filepath.Join(dir, "data")
	ctl := func(name string, args ...string) {
		tb.Helper()
		argv := slices.Concat(as, []string{filepath.Join(bin, name)}, args)
		cmd := exec.CommandContext(context.WithoutCancel(tb.Context()), argv[0], argv[1:]...) //nolint:gosec // the test's own arguments
		cmd.Dir = dir
		cmd.WaitDelay = 10 * time.Second
		if out, err := cmd.CombinedOutput(); err != nil {
			tb.Fatalf("%s: %v\n%s\n%s", name, err, out, readLog(dir))
		}
	}
	ctl("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	const hurry = " -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB"
	ctl("pg_ctl", "start", "-w", "-s", "-D", data, "-l", filepath.Join(dir, "log"),
		"-o", "-c listen_addresses='' -c unix_socket_directories='"+dir+"'"+hurry)
	tb.Cleanup(func() { ctl("pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", data) })
	return NewDatabase(tb, "postgres://postgres@/postgres?host="+url.QueryEscape(dir)+"&sslmode=disable")
}

// NewDatabase makes an empty database on the server at address and answers its address.
func NewDatabase(tb testing.TB, address string) string {
	tb.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	name := fmt.Sprintf("t%d", time.Now().UnixNano())
	if _, err := db.ExecContext(tb.Context(), "CREATE DATABASE "+name); err != nil {
		tb.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
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
func postgresHome(tb testing.TB) (dir string, as []string) {
	tb.Helper()
	dir, err := os.MkdirTemp("", "pg") //nolint:usetesting // the server's user cannot enter t.TempDir
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	if os.Getuid() != 0 {
		return dir, nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		tb.Skip("PostgreSQL does not run as root, and there is no user postgres")
	}
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		tb.Fatal(err)
	}
	return dir, []string{"runuser", "-u", "postgres", "--"}
}

func readLog(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, "log")) //nolint:gosec // the test's own folder
	if err != nil {
		return ""
	}
	return string(b)
}
