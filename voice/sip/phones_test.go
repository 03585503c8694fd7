package sip_test

import (
	"crypto/tls"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"openseat"
	"openseat/voice"
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

// Somebody else's telephone is rung, answers, hears and is heard, holds, and hangs up.
func TestBaresipIsRung(t *testing.T) {
	for _, transport := range []string{"udp", "tcp", "tls"} {
		t.Run(transport, func(t *testing.T) {
			o, b := officeWithBaresip(t, transport)
			told := newAnswered()
			leg := o.Ring(app, "7001", "008613800138000", "Customer", patience, told)
			b.await("CALL_INCOMING")
			b.tell("accept", "")
			<-told.up
			me := behind(t, leg, 440)
			me.expect(t, phoneTone)
			b.hears(440)
			b.tell("hold", "")
			within(t, "hold", func() bool { return strings.HasSuffix(told.sofar(), "held true") })
			b.tell("resume", "")
			within(t, "the end of hold", func() bool { return strings.HasSuffix(told.sofar(), "held false") })
			me.expect(t, phoneTone)
			b.tell("hangup", "")
			<-told.over
			if got := told.sofar(); got != "ringing, answered false, held true, held false, ended 200 q850=0 byPeer=true" {
				t.Errorf("told: %s", got)
			}
		})
	}
}

// Its owner declines, or we give up first.
func TestBaresipDeclines(t *testing.T) {
	o, b := officeWithBaresip(t, "udp")
	told := newAnswered()
	o.Ring(app, "7001", "10086", "", patience, told)
	b.await("CALL_INCOMING")
	b.tell("hangup", "")
	<-told.over
	if got := told.sofar(); got != "ringing, ended 486 q850=0 byPeer=true" {
		t.Errorf("told: %s", got)
	}
	told = newAnswered()
	leg := o.Ring(app, "7001", "10086", "", patience, told)
	b.await("CALL_INCOMING")
	leg.HangUp(0, 0)
	b.await("CALL_CLOSED")
	<-told.over
}

// It calls out, with the digest it is asked for; its keys arrive, and we hang up on it.
func TestBaresipCalls(t *testing.T) {
	for _, transport := range []string{"udp", "tcp", "tls"} {
		t.Run(transport, func(t *testing.T) {
			door := legOffice{make(chan voice.Call, 1)}
			o, b := officeWithBaresip(t, transport, func(opts *sip.Options) { opts.Door = door })
			b.tell("dial", "13800138000")
			in := <-door.legs
			if in.Extension != "7001" || in.Callee != "13800138000" || in.App != app {
				t.Errorf("arrived: %+v", in)
			}
			told := keys{newAnswered(), make(chan byte, 10)}
			in.Attach(told)
			in.Leg.Ring()
			b.await("CALL_RINGING")
			in.Leg.Answer()
			<-told.up
			behind(t, in.Leg, 440).expect(t, phoneTone)
			b.hears(440)
			b.tell("sndcode", "5")
			if got := <-told.digits; got != '5' {
				t.Errorf("digit %c", got)
			}
			in.Leg.HangUp(0, 0)
			b.await("CALL_CLOSED")
			if s := o.Stats(); s.Faults != 0 {
				t.Errorf("stats %+v", s)
			}
		})
	}
}

// handing is a listener that is asked to hand the other party on.
type handing struct {
	*answered

	to chan string
}

func (h handing) Transfer(target string) bool {
	h.to <- target
	return true
}

// Its transfer key hands the other party on, and it hangs up when that is done.
func TestBaresipHandsOn(t *testing.T) {
	o, b := officeWithBaresip(t, "tcp")
	told := handing{newAnswered(), make(chan string, 1)}
	leg := o.Ring(app, "7001", "10086", "", patience, told)
	b.await("CALL_INCOMING")
	b.tell("accept", "")
	<-told.up
	b.tell("transfer", "7002")
	if to := <-told.to; to != "7002" {
		t.Errorf("transfer to %q", to)
	}
	leg.HangUp(0, 0)
	b.await("CALL_CLOSED")
}

// A telephone whose plug is pulled is forgotten as soon as its connection breaks.
func TestBaresipUnplugged(t *testing.T) {
	o, b := officeWithBaresip(t, "tcp")
	b.stop()
	within(t, "the end of the registration", func() bool { return len(o.Registrations(app)) == 0 })
}

// officeWithBaresip is a server that somebody else's telephone has registered with.
func officeWithBaresip(t *testing.T, transport string, change ...func(*sip.Options)) (*office, *baresip) {
	t.Helper()
	o := openOffice(t, func(_ *office, opts *sip.Options) {
		opts.Phones = newBooklet()
		if transport == "tls" {
			cert, _ := certified(t, "pbx.example.com")
			opts.TLSAddr, opts.TLSListen = "127.0.0.1:0", &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}}
		}
		for _, c := range change {
			c(opts)
		}
	})
	addr := o.Addr()
	if transport == "tls" {
		addr = o.TLSAddr()
	}
	b := startBaresip(t, fmt.Sprintf(
		"<sip:7001@%s;transport=%s>;auth_user=7001;auth_pass=alice-secret;regint=60;audio_codecs=PCMA", addr, transport))
	within(t, "registration", func() bool { return len(o.Registrations(app)) == 1 })
	return o, b
}

// Hundreds of phones register at once, each with two devices, ask who is there, and go: by sipp.
func TestSippRegisters(t *testing.T) {
	people := filepath.Join(t.TempDir(), "people.csv")
	var lines strings.Builder
	lines.WriteString("SEQUENTIAL\n")
	for n := range 200 {
		fmt.Fprintf(&lines, "%d;[authentication username=%d password=secret]\n", 7000+n, 7000+n)
	}
	if err := os.WriteFile(people, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, transport := range []string{"u1", "t1", "tn"} {
		t.Run(transport, func(t *testing.T) {
			book := &everybody{booklet: newBooklet()}
			o := openOffice(t, func(_ *office, opts *sip.Options) {
				opts.Phones, opts.PhoneState = book, book.state
			})
			sipp(t, "register", o.Addr().String(), "-t", transport, "-m", "200", "-r", "100", "-inf", people, "-max_socket", "500")
			if got := o.Registrations(app); len(got) != 0 {
				t.Errorf("left: %+v", got)
			}
			if n := strings.Count(book.told(), "true"); n != 200 {
				t.Errorf("%d phones came", n)
			}
			if s := o.Stats(); s.Faults != 0 || s.Malformed != 0 || s.Strangers != 0 {
				t.Errorf("stats %+v", s)
			}
		})
	}
}

// everybody is a directory of whoever asks.
type everybody struct{ *booklet }

func (*everybody) Phones(extension string) []sip.Phone {
	return []sip.Phone{{App: app, Extension: extension, Password: "secret"}}
}
