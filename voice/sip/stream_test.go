package sip_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"openseat/voice"
	"openseat/voice/sip"
)

// farEnd is a carrier's exchange at the other end of a TCP or TLS connection.
type farEnd struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func (f *farEnd) expect(what string) message {
	f.t.Helper()
	_ = f.conn.SetReadDeadline(time.Now().Add(patience))
	for {
		m, err := f.read()
		if err != nil {
			f.t.Fatalf("waited for %s: %v", what, err)
		}
		if m.is(what) {
			return m
		}
	}
}

func (f *farEnd) read() (message, error) {
	tp := textproto.NewReader(f.r)
	first, err := tp.ReadLine()
	if err != nil {
		return message{}, err
	}
	m := message{first: first}
	for {
		line, err := tp.ReadLine()
		if err != nil {
			return m, err
		}
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		m.headers = append(m.headers, [2]string{name, strings.TrimSpace(value)})
	}
	n, _ := strconv.Atoi(m.get("Content-Length"))
	body := make([]byte, n)
	_, err = io.ReadFull(f.r, body)
	m.body = string(body)
	return m, err
}

func (f *farEnd) write(text string) {
	f.t.Helper()
	head, body, _ := strings.Cut(text, "\n\n")
	packet := fmt.Sprintf("%s\nContent-Length: %d\n\n%s", strings.TrimSpace(head), len(body)+strings.Count(body, "\n"), body)
	if _, err := io.WriteString(f.conn, strings.ReplaceAll(packet, "\n", "\r\n")); err != nil {
		f.t.Fatal(err)
	}
}

func (f *farEnd) answer(req message, status, extra string) {
	f.t.Helper()
	to := req.get("To")
	if !strings.Contains(to, ";tag=") {
		to += ";tag=far"
	}
	f.write(fmt.Sprintf("SIP/2.0 %s\nVia: %s\nFrom: %s\nTo: %s\nCall-ID: %s\nCSeq: %s\nContact: <sip:far@127.0.0.1;transport=tcp>\n%s",
		status, req.get("Via"), req.get("From"), to, req.get("Call-ID"), req.get("CSeq"), extra))
}

// certified is a certificate for a name, and the pool that trusts it.
func certified(t *testing.T, name string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IsCA: true,
		BasicConstraintsValid: true, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// callOver dials out over a connection-oriented trunk and talks.
func callOver(t *testing.T, o *office, l net.Listener) {
	t.Helper()
	n := newAnswered()
	leg := o.Dial(o.trunks[0], "4008001000", "13800138000", 20*time.Second, n)
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	far := &farEnd{t: t, conn: conn, r: bufio.NewReader(conn)}
	invite := far.expect("INVITE")
	if want := "transport=" + strings.ToLower(o.trunks[0].Transport); !strings.Contains(invite.get("Contact"), want) {
		t.Errorf("Contact: %s", invite.get("Contact"))
	}
	far.answer(invite, "180 Ringing", "")
	<-n.rang
	far.answer(invite, "200 OK", sdpA)
	far.expect("ACK")
	<-n.up
	far.write("INFO sip:openseat@127.0.0.1 SIP/2.0\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKi\nFrom: " + invite.get("To") + ";tag=far\nTo: " +
		invite.get("From") + "\nCall-ID: " + invite.get("Call-ID") + "\nCSeq: 1 INFO\nContent-Type: application/dtmf\n\n9")
	far.expect("200")
	leg.HangUp(0, 0)
	far.answer(far.expect("BYE"), "200 OK", "")
	<-n.over
	if got := strings.Join(n.lines, ", "); got != "ringing, answered false, digit 9, ended 200 q850=0 byPeer=false" {
		t.Errorf("told %s", got)
	}
}

func TestTrunkOverTCP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	o := openOffice(t, func(o *office, _ *sip.Options) {
		o.trunks[0].Peer, o.trunks[0].Transport = l.Addr().String(), "tcp"
	})
	callOver(t, o, l)
}

// A trunk over TLS has to show a certificate for its name.
func TestTrunkOverTLS(t *testing.T) {
	for _, name := range []string{"localhost", "other.example"} {
		cert, pool := certified(t, name)
		l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		o := openOffice(t, func(o *office, opts *sip.Options) {
			o.trunks[0].Peer, o.trunks[0].Transport = fmt.Sprintf("localhost:%d", l.Addr().(*net.TCPAddr).Port), "tls"
			opts.TLSConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
		})
		awaitPeer(t, o)
		if name == "localhost" {
			callOver(t, o, l)
			continue
		}
		n := &notes{over: make(chan struct{})}
		o.Dial(o.trunks[0], "1", "2", 20*time.Second, n)
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			t.Error("somebody with another's certificate was called")
		}
		<-n.over
		if got := strings.Join(n.lines, ", "); got != "ended 503 q850=0 byPeer=false" {
			t.Errorf("told %s", got)
		}
	}
}

// awaitPeer waits until a peer's name is resolved.
func awaitPeer(t *testing.T, o *office) {
	t.Helper()
	for limit := time.Now().Add(patience); o.Status()[0].Peer == ""; {
		if time.Now().After(limit) {
			t.Fatal("peer not resolved")
		}
		<-time.After(time.Millisecond)
	}
}

// Strangers are not even read over TCP.
func TestStrangerOverTCP(t *testing.T) {
	o := openOffice(t, func(o *office, _ *sip.Options) {
		o.trunks[0].Sources = []string{"192.0.2.0/24"}
		o.trunks[0].Peer = "192.0.2.1"
	})
	conn, err := net.Dial("tcp", o.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	if _, err := conn.Read(make([]byte, 1)); err == nil || strings.Contains(err.Error(), "timeout") {
		t.Errorf("read: %v", err)
	}
	if s := o.Stats(); s.Strangers != 1 {
		t.Errorf("stats %+v", s)
	}
}

// An address may have so many connections and no more.
func TestConnectionsPerSource(t *testing.T) {
	o := openOffice(t, func(_ *office, opts *sip.Options) { opts.Limits.ConnectionsPerSource = 2 })
	refused := 0
	for i := range 5 {
		conn, err := net.Dial("tcp", o.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK%d\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n"+
			"Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n", i)
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			refused++
		}
	}
	if refused != 3 {
		t.Errorf("%d refused", refused)
	}
}

// A message of several kilobytes goes over UDP, both ways.
func TestLongMessagesOverUDP(t *testing.T) {
	o := openOffice(t, nil)
	conn, err := net.Dial("udp", o.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	record := strings.Repeat("Record-Route: <sip:127.0.0.1:5999;lr;padding="+strings.Repeat("x", 200)+">\r\n", 20)
	fmt.Fprintf(conn, "INVITE sip:4008001000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bKo;rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n"+
		"Call-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1>\r\n%sContent-Type: application/sdp\r\n\r\n%s",
		conn.LocalAddr(), record, bodyA())
	buf := make([]byte, 65536)
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	for {
		n, err := conn.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		if m := parse(string(buf[:n])); m.is("200") {
			if n < 4000 || m.body == "" {
				t.Errorf("%d bytes: %+v", n, m)
			}
			return
		}
	}
}

// The far end's connection broke in the middle of the call: our BYE goes to its Contact.
func TestConnectionIsLost(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	door := legOffice{make(chan voice.Call, 1)}
	o := openOffice(t, func(_ *office, opts *sip.Options) { opts.Door = door })
	conn, err := net.Dial("tcp", o.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far := &farEnd{t: t, conn: conn, r: bufio.NewReader(conn)}
	head := func(method, tag string) string {
		return method + " sip:4008001000@127.0.0.1 SIP/2.0\nVia: SIP/2.0/TCP " + conn.LocalAddr().String() + ";branch=z9hG4bK" + method +
			"\nFrom: <sip:1@127.0.0.1>;tag=far\nTo: <sip:2@127.0.0.1>" + tag + "\nCall-ID: lost\nCSeq: 1 " + method +
			"\nContact: <sip:far@" + l.Addr().String() + ";transport=tcp>\n"
	}
	far.write(head("INVITE", "") + sdpA)
	in := <-door.legs
	n := newAnswered()
	in.Attach(n)
	in.Leg.Answer()
	ok := far.expect("200")
	far.write(head("ACK", ";tag="+ok.tag("To")) + "\n")
	<-n.up
	conn.Close()
	for limit := time.Now().Add(patience); o.Connected(conn.LocalAddr().String()); {
		if time.Now().After(limit) {
			t.Fatal("the server does not notice")
		}
		<-time.After(time.Millisecond)
	}
	in.Leg.HangUp(0, 0)
	again, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	far = &farEnd{t: t, conn: again, r: bufio.NewReader(again)}
	far.answer(far.expect("BYE"), "200 OK", "")
	<-n.over
}
