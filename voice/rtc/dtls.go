package rtc

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/fingerprint"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	"github.com/pion/logging"
	"github.com/pion/srtp/v3"
)

// identity is the certificate that our connections show, all the same one. Browsers believe it because the answer told its fingerprint.
type identity struct {
	cert        tls.Certificate
	fingerprint string // sha-256
}

func newIdentity() (identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return identity{}, err
	}
	cert, err := selfsign.SelfSign(key)
	if err != nil {
		return identity{}, err
	}
	algorithm, err := fingerprint.HashFromString("sha-256")
	if err != nil {
		return identity{}, err
	}
	digest, err := fingerprint.Fingerprint(cert.Leaf, algorithm)
	if err != nil {
		return identity{}, err
	}
	return identity{cert, strings.ToUpper(digest)}, nil
}

// identityLife is how long a certificate is shown; it is valid for a month.
const identityLife = 14 * 24 * time.Hour

// identities makes a new identity now and then, since a process may live for longer than a certificate.
type identities struct {
	mu     sync.Mutex
	newest identity
	until  time.Time
}

func (i *identities) now() (identity, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if time.Now().Before(i.until) {
		return i.newest, nil
	}
	made, err := newIdentity()
	if err != nil {
		return identity{}, fmt.Errorf("rtc: certificate: %w", err)
	}
	i.newest, i.until = made, time.Now().Add(identityLife)
	return made, nil
}

var (
	errFingerprint = errors.New("the page's certificate is not the one it announced")
	errNoSRTP      = errors.New("no SRTP protection agreed on")
)

// prepare makes the connection's side of DTLS: passive, with both certificates checked by fingerprint (RFC 8122, RFC 8827
// section 6.5).
func (c *connection) prepare() error {
	conn, err := dtls.ServerWithOptions(&wire{c}, net.UDPAddrFromAddrPort(netip.AddrPort{}),
		dtls.WithCertificates(c.identity.cert),
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80),
		dtls.WithExtendedMasterSecret(dtls.RequireExtendedMasterSecret),
		dtls.WithClientAuth(dtls.RequireAnyClientCert),
		dtls.WithInsecureSkipVerifyHello(true), // ICE has shown that the address is the page's
		dtls.WithInsecureSkipVerify(true),      // self-signed; the fingerprint is what counts
		dtls.WithVerifyPeerCertificate(c.verify),
		dtls.WithMTU(1200),
		dtls.WithLoggerFactory(quiet{}),
	)
	c.dtls = conn
	return err
}

func (c *connection) verify(raw [][]byte, _ [][]*x509.Certificate) error {
	if len(raw) == 0 {
		return errFingerprint
	}
	cert, err := x509.ParseCertificate(raw[0])
	if err != nil {
		return err
	}
	algorithm, err := fingerprint.HashFromString(c.offer.hash)
	if err != nil {
		return err
	}
	digest, err := fingerprint.Fingerprint(cert, algorithm)
	if err != nil {
		return err
	}
	if !strings.EqualFold(digest, c.offer.fingerprint) {
		return errFingerprint
	}
	return nil
}

// live is the connection's life: handshake, keys, and then waiting for the page's farewell.
func (c *connection) live() {
	defer c.close()
	ctx, cancel := context.WithTimeout(context.Background(), connectLimit)
	defer cancel()
	if err := c.connect(ctx); err != nil {
		if !c.isClosed() {
			c.log.Warn("rtc: page not connected", "error", err)
		}
		return
	}
	c.leg.connected(c)
	for range maxAlerts {
		var b [1]byte // nothing but alerts is ever sent here
		if _, err := c.dtls.Read(b[:]); errors.Is(err, io.EOF) || c.isClosed() {
			return
		}
	}
}

// maxAlerts is how much a page may say over DTLS after the handshake.
const maxAlerts = 100

func (c *connection) connect(ctx context.Context) error {
	if err := c.dtls.HandshakeContext(ctx); err != nil {
		return err
	}
	state, ok := c.dtls.ConnectionState()
	if !ok {
		return net.ErrClosed
	}
	profile, ok := c.dtls.SelectedSRTPProtectionProfile()
	if !ok {
		return errNoSRTP
	}
	config := srtp.Config{Profile: srtp.ProtectionProfile(profile)}
	if err := config.ExtractSessionKeysFromDTLS(&state, false); err != nil {
		return err
	}
	return c.useKeys(config)
}

func (c *connection) useKeys(config srtp.Config) error {
	opening, err := srtp.CreateContext(config.Keys.RemoteMasterKey, config.Keys.RemoteMasterSalt, config.Profile,
		srtp.SRTPReplayProtection(128), srtp.SRTCPReplayProtection(64))
	if err != nil {
		return err
	}
	sealing, err := srtp.CreateContext(config.Keys.LocalMasterKey, config.Keys.LocalMasterSalt, config.Profile)
	if err != nil {
		return err
	}
	c.opening = opening
	c.mu.Lock()
	c.sealing = sealing
	c.mu.Unlock()
	c.ready.Store(true)
	return nil
}

// wire is the connection as DTLS sees it. It implements net.PacketConn.
type wire struct{ c *connection }

func (w *wire) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := w.c.shake.Read(b)
	return n, &net.UDPAddr{}, err
}

func (w *wire) WriteTo(b []byte, _ net.Addr) (int, error) {
	w.c.send(b)
	return len(b), nil
}

func (w *wire) Close() error                      { return w.c.shake.Close() }
func (w *wire) LocalAddr() net.Addr               { return &net.UDPAddr{} }
func (w *wire) SetDeadline(t time.Time) error     { return w.c.shake.SetReadDeadline(t) }
func (w *wire) SetReadDeadline(t time.Time) error { return w.c.shake.SetReadDeadline(t) }
func (w *wire) SetWriteDeadline(time.Time) error  { return nil }

// quiet turns pion's log off: what goes wrong in a handshake is told by its error.
type quiet struct{}

// NewLogger implements logging.LoggerFactory.
func (quiet) NewLogger(string) logging.LeveledLogger {
	return &logging.DefaultLeveledLogger{}
}
