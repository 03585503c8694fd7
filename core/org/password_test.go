package org

import (
	"bytes"
	"strings"
	"testing"
)

func TestPassword(t *testing.T) {
	random := bytes.NewReader(bytes.Repeat([]byte("0123456789abcdef"), 4))
	hash, err := HashPassword(random, "Correct horse 1 电池")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash: %s", hash)
	}
	if !VerifyPassword(hash, "Correct horse 1 电池") {
		t.Error("the password does not fit its hash")
	}
	if VerifyPassword(hash, "Correct horse 1 电") || VerifyPassword(hash, "") {
		t.Error("another password fits")
	}
	if _, err := HashPassword(strings.NewReader("short"), "x"); err == nil {
		t.Error("a hash without a whole salt")
	}
}

func TestVerifyPasswordOfAnotherMaker(t *testing.T) {
	// RFC 9106 has no password-only vector; this is the reference implementation's: "password", "somesalt", 2 passes, 64 MiB.
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if !VerifyPassword(hash, "password") {
		t.Error("the reference implementation's hash is not understood")
	}
}

func TestVerifyPasswordDamaged(t *testing.T) {
	for _, hash := range []string{
		"", "x", "$argon2id$v=19$m=1,t=1,p=1$$", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$AAAA", "$argon2id$v=16$m=64,t=2,p=1$c29tZXNhbHQ$AAAA",
		"$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$AAAA", "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$AAAA",
		"$argon2id$v=19$m=64,t=1,p=0$c29tZXNhbHQ$AAAA", "$argon2id$v=19$m=64,t=1,p=1$!$AAAA", "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$!",
	} {
		if VerifyPassword(hash, "") {
			t.Errorf("%q takes an empty password", hash)
		}
	}
}
