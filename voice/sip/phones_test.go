package sip_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"openseat"
	"openseat/voice/sip"
)

const app = openseat.AppID(1400000001)

// booklet is a directory of phones, and a diary of which are there.
type booklet struct {
	mu     sync.Mutex
	phones []sip.Phone
	states []string
}

func (b *booklet) Phones(extension string) []sip.Phone {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []sip.Phone
	for _, p := range b.phones {
		if p.Extension == extension {
			found = append(found, p)
		}
	}
	return found
}

func (b *booklet) state(app openseat.AppID, extension string, up bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.states = append(b.states, fmt.Sprintf("%s %v", extension, up))
}

func (b *booklet) told() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.states, ", ")
}

func newBooklet() *booklet {
	return &booklet{phones: []sip.Phone{
		{App: app, Extension: "7001", Password: "alice-secret", Name: "Alice"},
		{App: app, Extension: "7002", Password: "bob-secret", Name: "Bob"},
	}}
}

// Somebody else's telephone registers, over UDP and over TCP, and takes it back.
func TestBaresipRegisters(t *testing.T) {
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			book := newBooklet()
			o := openOffice(t, func(_ *office, opts *sip.Options) { opts.Phones, opts.PhoneState = book, book.state })
			b := startBaresip(t, fmt.Sprintf("<sip:7001@%s;transport=%s>;auth_user=7001;auth_pass=alice-secret;regint=60;audio_codecs=PCMA",
				o.Addr(), transport))
			within(t, "registration", func() bool { return book.told() == "7001 true" })
			found := o.Registrations(app)
			if len(found) != 1 || found[0].Extension != "7001" || found[0].Transport != strings.ToUpper(transport) ||
				!strings.Contains(found[0].UserAgent, "baresip") {
				t.Errorf("registered: %+v", found)
			}
			b.tell("quit", "")
			within(t, "the end of the registration", func() bool { return book.told() == "7001 true, 7001 false" })
		})
	}
}
