package org

import (
	"compress/zlib"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"openseat"
)

func TestUserSig(t *testing.T) {
	in := &Instance{App: 1400000001, UserSigKey: "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"}
	at := time.Unix(1700000000, 0)
	sig, err := in.UserSig("xiaojun", "order 7", at, 30*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(sig, "+/=") {
		t.Errorf("%s cannot stand in an address", sig)
	}
	packed, err := base64.StdEncoding.DecodeString(strings.NewReplacer("*", "+", "-", "/", "_", "=").Replace(sig))
	if err != nil {
		t.Fatal(err)
	}
	r, err := zlib.NewReader(strings.NewReader(string(packed)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, []byte(in.UserSigKey))
	mac.Write([]byte("TLS.identifier:xiaojun\nTLS.sdkappid:1400000001\nTLS.time:1700000000\nTLS.expire:1800\nTLS.userbuf:b3JkZXIgNw==\n"))
	want := map[string]any{
		"TLS.ver": "2.0", "TLS.identifier": "xiaojun", "TLS.sdkappid": 1400000001.0, "TLS.expire": 1800.0, "TLS.time": 1700000000.0,
		"TLS.userbuf": "b3JkZXIgNw==", "TLS.sig": base64.StdEncoding.EncodeToString(mac.Sum(nil)),
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: %v, want %v", name, got[name], value)
		}
	}
	for name, c := range map[string]struct {
		user, data string
		life       time.Duration
		code       string
	}{
		"nobody":        {"", "", time.Minute, openseat.CodeMissingParameter},
		"no time":       {"x", "", 0, openseat.CodeInvalidValue},
		"too long":      {"x", "", time.Hour + time.Second, openseat.CodeInvalidValue},
		"too much data": {"x", strings.Repeat("x", 1025), time.Minute, openseat.CodeInvalidValue},
		"an hour":       {"x", "", time.Hour, ""},
	} {
		_, err := in.UserSig(c.user, c.data, at, c.life)
		if c.code == "" && err != nil || c.code != "" && !errors.Is(err, &openseat.Error{Code: c.code}) {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}
