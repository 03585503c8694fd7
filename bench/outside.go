package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"openseat/api"
	"openseat/sim/carrier"
	"openseat/voice/media"
)

// outsideParams tell the outside world where the server is.
type outsideParams struct {
	Demo    demoFile
	Carrier string // where the carrier listens
}

// wish is what the outside world is asked to do; deed is what came of it.
type (
	wish struct {
		Do string
		N  int
	}
	deed struct {
		Error     string
		Traffic   traffic
		Latencies []float64 // ms
		N         int
		Took      float64 // s
	}
)

// outside is everybody around a server, in one process: the carrier with the customers, the agents' pages, the company.
type outside struct {
	params  outsideParams
	company *api.Client
	carrier *carrier.Carrier
	browser *browser
	pages   []*page
	callers int

	mu        sync.Mutex
	customers map[string]*carrier.Call // who calls, by his number as agents see it
	sounds    []*sound
	talking   chan struct{} // closed to end the pages' talk
}

func playOutside(ctx context.Context, s *stage) error {
	o := &outside{customers: map[string]*carrier.Call{}}
	if err := s.in.Decode(&o.params); err != nil {
		return err
	}
	if err := o.open(); err != nil {
		return err
	}
	defer o.carrier.Close()
	for {
		var w wish
		if err := s.in.Decode(&w); err != nil {
			return nil // the input ended: so do we
		}
		d, err := o.do(ctx, w)
		if err != nil {
			d.Error = err.Error()
		}
		if err := s.out.Encode(d); err != nil {
			return err
		}
	}
}

func (o *outside) open() (err error) {
	o.company = &api.Client{Endpoint: o.params.Demo.HTTP, SecretID: o.params.Demo.SecretID, SecretKey: o.params.Demo.SecretKey}
	if o.browser, err = newBrowser(); err != nil {
		return err
	}
	o.carrier, err = carrier.Open(carrier.Options{Addr: o.params.Carrier, Peer: o.params.Demo.SIP, Voice: media.ToneSource(440)})
	return err
}

func (o *outside) do(ctx context.Context, w wish) (d deed, err error) {
	switch w.Do {
	case "hire":
		err = o.hire(ctx, w.N)
	case "talk":
		err = o.talk(ctx, w.N)
	case "count":
		d.Traffic = o.count()
	case "hangUp":
		err = o.hangUp(ctx)
	case "next":
		d.Latencies, err = o.next(ctx, w.N)
	case "short":
		d.Took, err = o.short(ctx, w.N)
	case "requests":
		d.N, d.Took, err = o.requests(ctx, time.Duration(w.N)*time.Second)
	default:
		err = errors.New("nobody knows how to " + w.Do)
	}
	return d, err
}

// hire makes agents of the group Support, without after-call work, and opens their pages.
func (o *outside) hire(ctx context.Context, n int) error {
	noWrapUp := int64(0)
	err := o.company.Call(ctx, "PutSkillGroupSettings", api.OwnVersion, api.PutSkillGroupSettingsRequest{
		SdkAppId: int64(demoApp), Settings: &api.SkillGroupSettings{SkillGroupId: 1, WrapUpSecond: &noWrapUp},
	}, nil)
	if err != nil {
		return err
	}
	const atOnce = 10 // as many as CreateStaff takes
	for from := 0; from < n; from += atOnce {
		r := api.CreateStaffRequest{SdkAppId: int64(demoApp)}
		for i := from; i < min(from+atOnce, n); i++ {
			r.Staffs = append(r.Staffs, api.SeatUserInfo{
				Name: "Agent " + strconv.Itoa(i), Mail: agentName(i), StaffNumber: strconv.Itoa(20000 + i), SkillGroupNameList: []string{"Support"},
			})
		}
		var answer api.CreateStaffResponse
		if err := o.company.Call(ctx, "CreateStaff", api.Version, r, &answer); err != nil {
			return err
		}
		if len(answer.ErrorStaffList) > 0 {
			return fmt.Errorf("CreateStaff: %+v", answer.ErrorStaffList[0])
		}
	}
	for i := range n {
		var login api.CreateSDKLoginTokenResponse
		r := api.CreateSDKLoginTokenRequest{SdkAppId: int64(demoApp), SeatUserId: agentName(i)}
		err := o.company.Call(ctx, "CreateSDKLoginToken", api.Version, r, &login)
		if err != nil {
			return err
		}
		p, err := openPage(ctx, o.params.Demo.HTTP, agentName(i), login.Token)
		if err != nil {
			return err
		}
		o.pages = append(o.pages, p)
	}
	return nil
}

// queueNumber is the demo instance's number that leads straight to Support.
const queueNumber = "00864008001001"

// call lets a customer call, and waits until he is in the queue.
func (o *outside) call(ctx context.Context) error {
	o.mu.Lock()
	o.callers++
	number := fmt.Sprintf("139%08d", o.callers)
	o.mu.Unlock()
	c, err := o.carrier.Call(ctx, "0086"+number, queueNumber)
	if err != nil {
		return err
	}
	o.mu.Lock()
	o.customers["0086"+number] = c
	o.mu.Unlock()
	return c.WaitAnswered(ctx)
}

// leave has a customer hang up.
func (o *outside) leave(number string) error {
	o.mu.Lock()
	c := o.customers[number]
	delete(o.customers, number)
	o.mu.Unlock()
	if c == nil {
		return fmt.Errorf("nobody calls from %q", number)
	}
	c.HangUp()
	return nil
}

// talk brings up n calls, each with a page, and lets everybody talk.
func (o *outside) talk(ctx context.Context, n int) error {
	var all sync.WaitGroup
	failed := make(chan error, 2*n)
	for _, p := range o.pages[:n] {
		all.Go(func() {
			if err := o.answerNext(ctx, p); err != nil {
				failed <- err
			}
		})
	}
	for range n {
		if err := o.call(ctx); err != nil {
			return err
		}
	}
	o.mu.Lock()
	for _, c := range o.customers {
		c.Say(media.ToneSource(440), true)
	}
	o.mu.Unlock()
	all.Wait()
	close(failed)
	o.talking = make(chan struct{})
	go o.speak()
	return <-failed // nil when nothing failed
}

// answerNext takes the page's next call and waits until it hears something.
func (o *outside) answerNext(ctx context.Context, p *page) error {
	in, err := p.expect(ctx, "callIn")
	if err != nil {
		return err
	}
	s, err := o.browser.open()
	if err != nil {
		return err
	}
	if err := s.answer(ctx, p, in.data.SessionID); err != nil {
		return err
	}
	if _, err := p.expect(ctx, "userAccessed"); err != nil {
		return err
	}
	o.mu.Lock()
	o.sounds = append(o.sounds, s)
	o.mu.Unlock()
	return nil
}

// speak has every page send its packet each 20 ms.
func (o *outside) speak() {
	o.mu.Lock()
	sounds := o.sounds
	o.mu.Unlock()
	payload := make([]byte, media.FrameSamples)
	pace(len(sounds), o.talking, func(n, i int) { sounds[i].say(n, payload) })
}

func (o *outside) count() (t traffic) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range o.sounds {
		t.Sent += s.sent.Load()
		t.Heard += s.heard.Load()
	}
	for _, c := range o.customers {
		stats := c.Port().Stats()
		t.Sent += int64(stats.Out.Packets)
		t.Heard += int64(stats.In.Packets)
	}
	return t
}

// hangUp ends every call.
func (o *outside) hangUp(ctx context.Context) error {
	close(o.talking)
	o.mu.Lock()
	customers, sounds := o.customers, o.sounds
	o.customers, o.sounds = map[string]*carrier.Call{}, nil
	o.mu.Unlock()
	for _, c := range customers {
		c.HangUp()
	}
	for i, s := range sounds {
		if _, err := o.pages[i].expect(ctx, "sessionEnded"); err != nil {
			return err
		}
		_ = s.pc.Close()
	}
	return nil
}

// next measures how long an agent who gets free waits for the next caller, n times: from the moment a page sends the request
// that makes its agent free to the moment it has read callIn. Some callers always wait. They are not taken, and hang up.
func (o *outside) next(ctx context.Context, n int) (waits []float64, err error) {
	const queue = 5
	for _, p := range o.pages {
		if err := p.setStatus(ctx, "notReady"); err != nil {
			return nil, err
		}
	}
	for range queue {
		if err := o.call(ctx); err != nil {
			return nil, err
		}
	}
	for i := range n {
		p := o.pages[i%len(o.pages)]     // in turns: a page may send 50 messages a second
		time.Sleep(5 * time.Millisecond) // what the last caller left has been done
		began := time.Now()
		if _, err := p.send(ctx, "agent.setStatus", map[string]any{"status": "free"}); err != nil {
			return nil, err
		}
		in, err := p.expect(ctx, "callIn")
		if err != nil {
			return nil, err
		}
		waits = append(waits, in.at.Sub(began).Seconds()*1000)
		if err := p.setStatus(ctx, "notReady"); err != nil {
			return nil, err
		}
		if err := p.ask(ctx, "call.decline", about(in.data.SessionID), nil); err != nil {
			return nil, err
		}
		if err := errors.Join(o.leave(in.data.Caller), o.call(ctx)); err != nil {
			return nil, err
		}
	}
	return waits, nil
}

// short lets n customers be served one after the other by every page: called, queued, answered, both heard, hung up.
func (o *outside) short(ctx context.Context, n int) (took float64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := time.Now()
	var left atomic.Int64
	left.Store(int64(n))
	done := make(chan error, len(o.pages))
	for _, p := range o.pages {
		go func() { done <- o.serve(ctx, p, &left, cancel) }()
	}
	places := make(chan struct{}, 2*len(o.pages)) // who waits or talks
	go func() {
		for range n {
			select {
			case places <- struct{}{}:
				_ = o.call(ctx) // a call that fails is missed by its agent, who says so
			case <-ctx.Done():
				return
			}
			<-places
		}
	}()
	for range o.pages {
		if e := <-done; e != nil && err == nil {
			err = e
		}
	}
	return time.Since(began).Seconds(), err
}

// serve takes one call after the other until none is left.
func (o *outside) serve(ctx context.Context, p *page, left *atomic.Int64, last func()) error {
	for {
		in, err := p.expect(ctx, "callIn")
		if err != nil && left.Load() == 0 { // the others have taken all
			return nil
		}
		if err != nil {
			return err
		}
		s, err := o.browser.open()
		if err != nil {
			return err
		}
		if err := s.answer(ctx, p, in.data.SessionID); err != nil {
			return err
		}
		if _, err := p.expect(ctx, "userAccessed"); err != nil {
			return err
		}
		if err := o.leave(in.data.Caller); err != nil {
			return err
		}
		if _, err := p.expect(ctx, "sessionEnded"); err != nil {
			return err
		}
		_ = s.pc.Close()
		if left.Add(-1) == 0 {
			last()
			return nil
		}
	}
}
