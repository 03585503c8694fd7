package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"openseat/core/org"
	"openseat/store"
	"openseat/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) *store.DB {
		t.Helper()
		return open(t, "", t.TempDir())
	})
}

func TestPostgres(t *testing.T) {
	server := storetest.StartPostgres(t)
	storetest.Run(t, func(t *testing.T) *store.DB {
		t.Helper()
		return open(t, storetest.NewDatabase(t, server), "")
	})
}

// Nodes that are started together bring one database up to date, and all of them work.
func TestPostgresNodesStartTogether(t *testing.T) {
	address, errs := storetest.StartPostgres(t), make(chan error)
	const nodes = 4
	for range nodes {
		go func() {
			db, err := store.Open(t.Context(), address, "")
			if err == nil {
				_, err = db.Instances(t.Context())
				err = errors.Join(err, db.Close())
			}
			errs <- err
		}()
	}
	for range nodes {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// What was written is there after the next start.
func TestSQLiteKeeps(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), "", dir)
	ok(t, err)
	ok(t, db.CreateInstance(t.Context(), org.Instance{App: 1400000001, Name: "Desk"}))
	ok(t, db.Close())
	again, err := open(t, "", dir).Instances(t.Context())
	ok(t, err)
	if len(again) != 1 || again[0].Name != "Desk" {
		t.Errorf("after the next start: %+v", again)
	}
}

func open(t *testing.T, address, dir string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), address, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// A folder name with everything a connection string could trip over.
func TestSQLiteFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c=d&#%41 数据")
	_ = open(t, "", dir)
	file := filepath.Join(dir, "openseat.db")
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the file is %v; it holds keys", mode)
	}
	if err := open(t, "sqlite:"+file, "").Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, address := range []string{"mysql://x", "postgres://u:secret@h:notaport/db"} {
		db, err := store.Open(t.Context(), address, t.TempDir())
		if err == nil {
			_ = db.Close()
			t.Errorf("%s was opened", address)
		}
	}
}
