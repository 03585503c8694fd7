package main

import (
	"context"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"openseat"
	"openseat/bus"
	"openseat/core/acd"
	"openseat/core/org"
	"openseat/edge/cloudapi"
	"openseat/live"
	"openseat/store"
	"openseat/voice/sip"
)

// directory is the SIP phones that may register, of all instances.
type directory struct{ views *store.Views }

// Phones implements sip.Directory.
func (d directory) Phones(extension string) []sip.Phone {
	var out []sip.Phone
	for _, v := range d.views.All() {
		if p := v.Phones[extension]; p != nil {
			out = append(out, sip.Phone{App: v.Instance.App, Extension: p.ID, Password: p.Password, Name: p.Name})
		}
	}
	return out
}

// phoneMemory keeps which phones are registered with this node while it is restarted.
type phoneMemory struct {
	vault *bus.Vault
	key   string
}

// memoryLife is how long registrations are kept at most: phones register again within the hour.
const memoryLife = time.Hour

// newPhoneMemory keeps them by the address that phones know.
func newPhoneMemory(vault *bus.Vault, addr string) *phoneMemory {
	return &phoneMemory{vault: vault, key: "phones." + strings.NewReplacer(":", "-", "[", "", "]", "").Replace(addr)}
}

// Save implements sip.Memory.
func (m *phoneMemory) Save(ctx context.Context, b []byte) error {
	return m.vault.Put(ctx, m.key, b, memoryLife)
}

// Load implements sip.Memory.
func (m *phoneMemory) Load(ctx context.Context) ([]byte, error) {
	b, err := m.vault.Get(ctx, m.key)
	if errors.Is(err, &openseat.Error{Code: openseat.CodeNotFound}) {
		return nil, nil
	}
	return b, err
}

// phones tells boards which agents' SIP phones are registered here. A phone is an agent's by the set-up, which may change
// while it is registered.
type phones struct {
	views   *store.Views
	runtime *live.Runtime

	mu sync.Mutex
	up map[openseat.AppID]map[string]string // extension -> the agent that was told of; empty = nobody's phone
}

func newPhones(views *store.Views, runtime *live.Runtime) *phones {
	return &phones{views: views, runtime: runtime, up: map[openseat.AppID]map[string]string{}}
}

// registered is told by the registrar that an extension has its first device, or has lost its last one.
func (p *phones) registered(app openseat.AppID, extension string, up bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.up[app] == nil {
		p.up[app] = map[string]string{}
	}
	user, known := p.up[app][extension]
	switch {
	case up:
		p.up[app][extension] = p.owner(app, extension)
		p.tell(app, user, p.up[app][extension])
	case known:
		delete(p.up[app], extension)
		p.tell(app, user, "")
	}
}

// again tells an instance's board of every phone that is registered here: it has a new set-up, or has forgotten.
func (p *phones) again(app openseat.AppID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for extension, before := range p.up[app] {
		user := p.owner(app, extension)
		p.up[app][extension] = user
		p.tell(app, before, user)
	}
}

func (p *phones) tell(app openseat.AppID, before, user string) {
	board := openseat.BoardRef(app)
	if before != "" && before != user {
		p.runtime.TellSoon(board, acd.PhoneDown{User: before})
	}
	if user != "" {
		p.runtime.TellSoon(board, acd.PhoneUp{User: user})
	}
}

func (p *phones) owner(app openseat.AppID, extension string) string {
	v := p.views.Get(app)
	if v == nil || v.Phones[extension] == nil {
		return ""
	}
	return v.Phones[extension].User
}

// watchBoards tells boards that another node has made anew which phones are registered here: they do not remember.
func (n *Node) watchBoards(ctx context.Context) {
	for ctx.Err() == nil {
		w, err := n.bus.Watch(ctx, bus.Subjects(0, openseat.KindBoard), ownerLost, func(e openseat.Entry) { n.phones.again(e.Ref.App) })
		if err != nil {
			n.alarms.Raise("journal", err)
			sleep(ctx, retryWait)
			continue
		}
		<-w.Done()
	}
}

func ownerLost(names []string) bool {
	return slices.Contains(names, "openseat.OwnerLost")
}

// seatPlan is where a board finds an agent.
func seatPlan(s *org.Staff) (acd.Seat, acd.MobileAccept) {
	if s.Phone == "" {
		return acd.Seat(s.Seat), acd.MobileOff
	}
	return acd.Seat(s.Seat), acd.MobileAccept(s.UseMobileAccept)
}

// registrar is what telephones are set up with, and which are registered, as the cloud API wants them.
type registrar struct {
	phones *phones
	opts   Options
}

// Registrar implements cloudapi.Phones. The domain's first label names the instance: several may have phones of one number.
func (r registrar) Registrar(app openseat.AppID) cloudapi.Registrar {
	host, port, _ := net.SplitHostPort(r.opts.SIP) // it has been listened on
	if ip, err := r.opts.publicIP(); err == nil {
		host = ip.String()
	}
	domain := host
	if u, err := url.Parse(r.opts.base()); err == nil && net.ParseIP(u.Hostname()) == nil && u.Hostname() != "" {
		domain = u.Hostname()
	}
	return cloudapi.Registrar{Domain: app.String() + "." + domain, Proxy: net.JoinHostPort(host, port), Transport: "udp"}
}

// Registered implements cloudapi.Phones: those of this node, and of others those that an agent has.
func (r registrar) Registered(app openseat.AppID) map[string]bool {
	out := r.phones.here(app)
	ctx, cancel := context.WithTimeout(context.Background(), answerWait)
	defer cancel()
	agents, err := presence{r.phones.runtime}.Agents(ctx, app)
	v := r.phones.views.Get(app)
	if err != nil || v == nil {
		return out
	}
	for user, a := range agents {
		if s := v.Staff[user]; a.Phone && s != nil && s.Extension != "" {
			out[s.Extension] = true
		}
	}
	return out
}

// here lists the phones that are registered with this node.
func (p *phones) here(app openseat.AppID) map[string]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]bool{}
	for extension := range p.up[app] {
		out[extension] = true
	}
	return out
}
