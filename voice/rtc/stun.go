package rtc

import (
	"net"
	"net/netip"
	"strings"

	"github.com/pion/stun/v4"
)

// maxAddrs bounds from how many addresses a page may reach one connection: its network cards, and their NATs' moods.
const maxAddrs = 32

// check is a page's STUN binding request: is this address yours, and shall it be used?
type check struct {
	message  *stun.Message
	ufrag    string // ours
	nominate bool
}

// readCheck reads a binding request that is not yet proven to come from the page.
func readCheck(b []byte) (c check, ok bool) {
	m := &stun.Message{Raw: b}
	if m.Decode() != nil || m.Type != stun.BindingRequest {
		return c, false
	}
	var name stun.Username
	if name.GetFrom(m) != nil {
		return c, false
	}
	ours, _, _ := strings.Cut(name.String(), ":")
	_, err := m.Get(stun.AttrUseCandidate)
	return check{message: m, ufrag: ours, nominate: err == nil}, true
}

// provenBy says that the request was made by somebody who knows the password (RFC 8445 section 7.3).
func (c check) provenBy(pwd string) bool {
	return stun.NewShortTermIntegrity(pwd).Check(c.message) == nil
}

// reply is the success response: from where the request came, as seen here.
func (c check) reply(from netip.AddrPort, pwd string) ([]byte, error) {
	addr := from.Addr().Unmap()
	m, err := stun.Build(
		stun.NewTransactionIDSetter(c.message.TransactionID), stun.BindingSuccess,
		&stun.XORMappedAddress{IP: net.IP(addr.AsSlice()), Port: int(from.Port())},
		stun.NewShortTermIntegrity(pwd), stun.Fingerprint,
	)
	if err != nil {
		return nil, err
	}
	return m.Raw, nil
}

// kind is what a packet on our port is (RFC 7983 section 7).
type kind int

const (
	noise kind = iota
	isSTUN
	isDTLS
	isRTP // or RTCP
)

func kindOf(b []byte) kind {
	switch {
	case len(b) < 12:
		return noise
	case b[0] <= 3:
		return isSTUN
	case b[0] >= 20 && b[0] <= 63:
		return isDTLS
	case b[0] >= 128 && b[0] <= 191:
		return isRTP
	}
	return noise
}

// isRTCP tells RTCP from RTP (RFC 5761 section 4).
func isRTCP(b []byte) bool { return b[1] >= 192 && b[1] <= 223 }
