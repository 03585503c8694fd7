package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheDemoIsForThisMachine(t *testing.T) {
	for _, c := range []struct {
		addr   string
		public bool
		ok     bool
	}{
		{"127.0.0.1:8080", false, true},
		{"127.1.2.3:80", false, true},
		{"[::1]:8080", false, true},
		{"localhost:8080", false, true},
		{":8080", false, false},
		{"0.0.0.0:8080", false, false},
		{"[::]:8080", false, false},
		{"192.0.2.1:8080", false, false},
		{"desk.example.com:8080", false, false},
		{"0.0.0.0:8080", true, true},
		{"nonsense", true, false},
	} {
		o := DemoOptions{Options: Options{HTTP: c.addr}, Public: c.public}
		if err := o.private(); (err == nil) != c.ok {
			t.Errorf("%s, public=%v: %v", c.addr, c.public, err)
		}
	}
}

func TestAHalfWrittenLinkKeySignsNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := openLinks(Options{Data: dir}); err != nil {
		t.Fatal(err)
	}
	if _, err := openLinks(Options{Data: dir}); err != nil {
		t.Errorf("the key of the first start is not taken: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "link.key"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openLinks(Options{Data: dir}); err == nil {
		t.Error("an empty key is taken")
	}
}

func TestNodesOfOneMachineHaveNamesOfTheirOwn(t *testing.T) {
	a, b := Options{NATS: "nats://x", Data: "/a"}, Options{NATS: "nats://x", Data: "/b"}
	again := a
	if a.node() == b.node() || a.node() != again.node() || len(a.node()) > 32 {
		t.Errorf("%q and %q", a.node(), b.node())
	}
	alone, named := Options{Data: "/a"}, Options{NATS: "nats://x", Node: "berlin_1"}
	if alone.node() != "" || named.node() != "berlin_1" {
		t.Errorf("%q, %q", alone.node(), named.node())
	}
}
