package e2e

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"openseat/api"
	"openseat/sim/carrier"
	"openseat/sim/company"
	"openseat/store/storetest"
	"openseat/voice/media"
)

// The demo's numbers and people.
const (
	welcome = "00864008001000"
	direct  = "00864008001001"
	alice   = "alice@demo.openseat"
	bob     = "bob@demo.openseat"
	carol   = "carol@demo.openseat" // an inspector
	dave    = "dave@demo.openseat"
	support = 1
	sales   = 2
)

// world is a center and everybody around it.
type world struct {
	*center
	t       *testing.T
	ctx     context.Context // ends a little before the test must
	carrier *carrier.Carrier
	company *company.Company
	pushURL string

	nextPort int // for telephones
}

// choices are what a test wants otherwise.
type choices struct {
	args    []string // of the program
	servers bool     // use PostgreSQL and nats-server instead of what is embedded
	carrier carrier.Options
}

// newWorld opens a world: a center with an empty data folder, a carrier whose people sing, and a company that takes the
// pushes. More time than storyTime no test may take.
func newWorld(t *testing.T, want choices) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), storyTime)
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx}
	p := freePorts(t)
	if want.servers { // they must outlive who uses them
		want.args = append(want.args, "--database", storetest.StartPostgres(t), "--nats", startNATS(t, p.nats))
	}
	w.center = newCenter(t, p, want.args...)
	w.openCarrier(want.carrier)
	w.args = append(w.args, "--carrier", w.carrier.Addr().String())
	w.start()
	t.Cleanup(w.evidence)
	w.openCompany()
	return w
}

// of is the world as a part of the test sees it.
func (w *world) of(t *testing.T) *world {
	t.Helper()
	part := *w
	ctx, cancel := context.WithTimeout(t.Context(), storyTime)
	t.Cleanup(cancel)
	part.t, part.ctx = t, ctx
	return &part
}

const storyTime = 2 * time.Minute

func (w *world) openCarrier(opts carrier.Options) {
	w.t.Helper()
	ports, err := media.NewPorts(w.ports.worldLow, w.ports.worldTop)
	if err != nil {
		w.t.Fatal(err)
	}
	opts.Addr, opts.Peer, opts.Ports = addr(w.ports.carrier), addr(w.ports.sip), ports
	if opts.Voice == nil {
		opts.Voice = media.ToneSource(customerTone)
	}
	if opts.Greeting == nil {
		opts.Greeting = media.Tone(660, time.Second)
	}
	if w.carrier, err = carrier.Open(opts); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(w.carrier.Close)
}

// openCompany opens a push receiver and tells the center of it.
func (w *world) openCompany() {
	w.t.Helper()
	w.company = company.New(company.Options{})
	server := httptest.NewServer(w.company)
	w.t.Cleanup(server.Close)
	w.pushURL = server.URL + "/push"
	w.pushHere()
}

// pushHere points the instance's pushes at the company.
func (w *world) pushHere() {
	w.t.Helper()
	yes := true
	_, err := w.api.PutPushSettings(w.ctx, &api.PutPushSettingsRequest{SdkAppId: w.demo.SdkAppID, Settings: &api.PushSettings{
		Url: w.pushURL, CDR: &yes, Record: &yes, Voicemail: &yes,
	}})
	if err != nil {
		w.t.Fatal(err)
	}
}

// call places a customer's call, which sings once it is answered.
func (w *world) call(to string) *carrier.Call {
	w.t.Helper()
	c, err := w.carrier.Call(w.ctx, customer, to)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// customer is the number of somebody who calls.
const customer = "13800138000"

// within is a context for one step of a story.
func (w *world) within(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(w.ctx, d)
	w.t.Cleanup(cancel)
	return ctx
}

// must ends the test on an error.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
