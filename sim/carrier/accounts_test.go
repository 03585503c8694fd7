package carrier_test

import (
	"strings"
	"testing"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"openseat/sim/carrier"
)

// trunk is a customer's PBX that registers.
type trunk struct {
	t        *testing.T
	client   *sipgo.Client
	carrier  string
	password string
}

func newTrunk(t *testing.T, at *carrier.Carrier, password string) *trunk {
	t.Helper()
	ua, err := sipgo.NewUA()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ua.Close() })
	client, err := sipgo.NewClient(ua, sipgo.WithClientHostname("127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	return &trunk{t: t, client: client, carrier: at.Addr().String(), password: password}
}

// registers asks for a registration at contact and returns the last answer.
func (tr *trunk) registers(contact, expires string) *sip.Response {
	tr.t.Helper()
	return tr.asks("REGISTER sip:"+tr.carrier, sip.NewHeader("Contact", "<sip:desk@"+contact+">"), sip.NewHeader("Expires", expires))
}

func (tr *trunk) asks(line string, headers ...sip.Header) *sip.Response {
	tr.t.Helper()
	method, uri, _ := strings.Cut(line, " ")
	var to sip.Uri
	if err := sip.ParseUri(uri, &to); err != nil {
		tr.t.Fatal(err)
	}
	r := sip.NewRequest(sip.RequestMethod(method), to)
	r.AppendHeader(sip.NewHeader("To", "<sip:desk@carrier>"))
	for _, h := range headers {
		r.AppendHeader(h)
	}
	res, err := tr.client.Do(patience(tr.t), r)
	if err != nil {
		tr.t.Fatal(err)
	}
	if tr.password != "" && (res.StatusCode == 401 || res.StatusCode == 407) {
		if res, err = tr.client.DoDigestAuth(patience(tr.t), r, res, sipgo.DigestAuth{Username: "desk", Password: tr.password}); err != nil {
			tr.t.Fatal(err)
		}
	}
	return res
}

func TestATrunkRegistersAndIsCalled(t *testing.T) {
	from, to := pair(t, carrier.Options{Pace: quick})
	_, at := pair(t, carrier.Options{Accounts: map[string]string{"desk": "secret"}})
	desk := newTrunk(t, at, "secret")

	if _, err := at.Call(t.Context(), "a", "2", at.ToAccount("desk")); err == nil {
		t.Error("called an account that is nowhere")
	}
	if res := desk.registers(to.Addr().String(), "3600"); res.StatusCode != 200 || !strings.HasSuffix(res.Contact().Value(), "expires=60") {
		t.Fatalf("answered %s", res)
	}
	if err := at.AwaitRegistered(patience(t), "desk"); err != nil {
		t.Fatal(err)
	}
	call := place(t, at, "008640080012", at.ToAccount("desk"))
	if end := over(t, call); end.SIP != 200 {
		t.Errorf("the call ended %+v", end)
	}
	if res := desk.registers(to.Addr().String(), "0"); res.StatusCode != 200 {
		t.Fatalf("answered %s", res)
	}
	if err := at.AwaitUnregistered(patience(t), "desk"); err != nil {
		t.Fatal(err)
	}

	// An unsigned call is refused.
	if end := over(t, place(t, from, "1", carrier.ToPeer(at.Addr().String()))); end.SIP != 407 {
		t.Errorf("a stranger's call ended %+v", end)
	}
}

func TestAWrongPasswordIsNoRegistration(t *testing.T) {
	_, at := pair(t, carrier.Options{Accounts: map[string]string{"desk": "secret"}})
	for _, password := range []string{"", "guess"} {
		if res := newTrunk(t, at, password).registers("127.0.0.1:9", "60"); res.StatusCode != 401 {
			t.Errorf("password %q was answered %d", password, res.StatusCode)
		}
	}
}

func TestACarrierThatTrusts(t *testing.T) {
	_, at := pair(t, carrier.Options{})
	if res := newTrunk(t, at, "").registers("127.0.0.1:9", "60"); res.StatusCode != 200 {
		t.Errorf("answered %d", res.StatusCode)
	}
	if err := at.AwaitRegistered(patience(t), "desk"); err != nil {
		t.Error(err)
	}
	if res := newTrunk(t, at, "").asks("OPTIONS sip:" + at.Addr().String()); res.StatusCode != 200 {
		t.Errorf("OPTIONS was answered %d", res.StatusCode)
	}
	if res := newTrunk(t, at, "").asks("BYE sip:" + at.Addr().String()); res.StatusCode != 481 {
		t.Errorf("a BYE out of the blue was answered %d", res.StatusCode)
	}
}
