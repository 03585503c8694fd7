package org

import (
	"errors"
	"strings"
	"testing"

	"openseat"
)

func TestAccount(t *testing.T) {
	for mail, want := range map[string]string{
		"Alice@Demo.OpenSeat": "alice@demo.openseat", "bob.o'hara+1@x.co\n": "bob.o'hara+1@x.co", "a@b-c.de": "a@b-c.de",
	} {
		if got, err := account("Mail", mail); err != nil || got != want {
			t.Errorf("%q: %q, %v", mail, got, err)
		}
	}
	for _, mail := range []string{
		"", "alice", "@x.cn", "a@", "a@x", "a b@x.cn", "a@x..cn", "a@-x.cn", "a@x\n.cn", "<a@x.cn>", "张@x.cn", "a@x.cn,b@x.cn", "a@\x00.cn",
		strings.Repeat("a", 130) + "@x.cn",
	} {
		if got, err := account("Mail", mail); err == nil {
			t.Errorf("%q became %q", mail, got)
		}
	}
}

func TestCheckPeer(t *testing.T) {
	for peer, code := range map[string]string{
		"sip.carrier.example:5060": "", "192.0.2.1:5060": "", "[2001:db8::1]:5061": "", "localhost:5090": "", "a_b.example:1": CodeInvalidAddress,
		"sip.carrier.example": CodeInvalidAddress, ":5060": CodeInvalidAddress, "": CodeInvalidAddress, "2001:db8::1:5061": CodeInvalidAddress,
		"300.1.2.3:5060": CodeInvalidAddress, "192.0.2.1:0": CodeInvalidPort, "192.0.2.1:65536": CodeInvalidPort, "h:sip": CodeInvalidPort,
		"h:+5": CodeInvalidPort, "a b:5060": CodeInvalidAddress, "h;x:5060": CodeInvalidAddress, "[::1%25lo]x:5": CodeInvalidAddress,
	} {
		wantCode(t, peer, checkPeer("Peer", peer), code)
	}
}

func TestCheckSource(t *testing.T) {
	for source, code := range map[string]string{
		"192.0.2.0/24": "", "192.0.2.1": "", "2001:db8::/32": "", "::1": "",
		"192.0.2.0/33": CodeInvalidIP, "carrier.example": CodeInvalidIP, "": CodeInvalidIP, "1.2.3": CodeInvalidIP,
	} {
		wantCode(t, source, checkSource("Sources", source), code)
	}
}

func TestCheckURL(t *testing.T) {
	for u, code := range map[string]string{
		"https://x.cn/push?a=b": "", "http://127.0.0.1:9000": "",
		"ftp://x.cn": openseat.CodeInvalidValue, "//x.cn": openseat.CodeInvalidValue, "https://": openseat.CodeInvalidValue,
		"https://u:p@x.cn": openseat.CodeInvalidValue, "https://x.cn/#a": openseat.CodeInvalidValue, "x": openseat.CodeInvalidValue,
		"https://x.cn/" + strings.Repeat("a", maxURL): openseat.CodeInvalidValue, "http://x\x7f": openseat.CodeInvalidValue,
	} {
		wantCode(t, u, checkURL("URL", u), code)
	}
}

func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	if code == "" && err != nil || code != "" && !errors.Is(err, &openseat.Error{Code: code}) {
		t.Errorf("%q: %v, want %q", what, err, code)
	}
}
