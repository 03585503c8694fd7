package sip

import (
	"context"
	"encoding/json"
	"net/netip"
	"slices"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat"
)

// Memory keeps which phones are registered while the server is restarted; otherwise each would be away until it registers
// again. Connections do not survive the process, so this is about phones that came over UDP.
type Memory interface {
	// Save keeps b for an hour, in place of what was kept. It is called when something changed, every few seconds at most, and
	// when the server is closed.
	Save(ctx context.Context, b []byte) error
	// Load gives back what was saved; nil when there is nothing.
	Load(ctx context.Context) ([]byte, error)
}

const (
	maxRemembered = 2500 // devices: about half a megabyte
	memoryLimit   = 3 * time.Second
	saveEvery     = 5 // seconds
)

// memo is one device on paper.
type memo struct {
	App       openseat.AppID `json:"a"`
	Extension string         `json:"e"`
	URI       string         `json:"u"`
	Source    netip.AddrPort `json:"s"`
	Instance  string         `json:"i,omitempty"`
	CallID    string         `json:"c"`
	Seq       uint32         `json:"q"`
	Agent     string         `json:"g,omitempty"`
	Until     time.Time      `json:"t"`
}

// save writes down who is there, if that has changed.
func (r *registrar) save() {
	if r.srv.opts.Memory == nil {
		return
	}
	r.mu.Lock()
	changed, memos := r.changed, r.memos()
	r.changed = false
	r.mu.Unlock()
	if !changed {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.srv.ctx), memoryLimit)
	defer cancel()
	b, err := json.Marshal(memos)
	if err == nil {
		err = r.srv.opts.Memory.Save(ctx, b)
	}
	if err != nil {
		r.srv.log.Warn("sip: registrations not kept", "error", err)
	}
}

// memos are the devices worth writing down, those that stay longest first. r.mu is held.
func (r *registrar) memos() []memo {
	var all []memo
	for key, p := range r.phones {
		for _, c := range p.contacts {
			if c.way.transport == "UDP" {
				all = append(all, memo{key.app, key.extension, c.uri.String(), c.way.addr, c.instance, c.callID, c.seq, c.agent, c.until})
			}
		}
	}
	slices.SortFunc(all, func(a, b memo) int { return b.Until.Compare(a.Until) })
	return all[:min(len(all), maxRemembered)]
}

// restore registers who was there before the restart. Whether they still are is asked soon.
func (r *registrar) restore(ctx context.Context) {
	if r.srv.opts.Memory == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, memoryLimit)
	defer cancel()
	var memos []memo
	b, err := r.srv.opts.Memory.Load(ctx)
	if err == nil && b != nil {
		err = json.Unmarshal(b, &memos)
	}
	if err != nil {
		r.srv.log.Warn("sip: registrations not found again", "error", err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range memos[:min(len(memos), maxRemembered)] {
		r.remember(m)
	}
}

// remember registers one device again.
func (r *registrar) remember(m memo) {
	var uri wire.Uri
	left := time.Until(m.Until)
	if wire.ParseUri(m.URI, &uri) != nil || left <= 0 || left > longestRegistration || !m.Source.IsValid() {
		return
	}
	p := r.phone(extensionKey{m.App, m.Extension})
	was := len(p.contacts)
	if was >= maxContacts {
		return
	}
	said := contact{way: flow{"UDP", m.Source}, callID: m.CallID, seq: m.Seq, agent: m.Agent}
	r.bind(p, wanted{uri, m.Instance, left}, said)
	p.contacts[was].pingAt = time.Now().Add(pingAgain)
	r.settle(p, was)
}
