package gateway

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/coder/websocket"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
)

// helloParams begin a connection: with a login token after a load, with a resume credential after a break.
type helloParams struct {
	Version   int            `json:"version"`
	TabUUID   string         `json:"tabUUID"`
	Token     string         `json:"token"`
	Resume    string         `json:"resume"`
	ResumeTab string         `json:"resumeTab"` // with Resume: the page's tabUUID before it was loaded anew
	SdkAppID  openseat.AppID `json:"sdkAppId"`  // with Resume
	UserID    string         `json:"userId"`    // with Resume
	Offline   bool           `json:"offline"`   // the agent has signed out: come in without signing him in
	Shared    string         `json:"shared"`    // names the browser whose pages share one login
}

// snapshot is the whole picture a page starts from: the answer to hello and resync.
type snapshot struct {
	Conn     string         `json:"conn,omitempty"`
	Resume   string         `json:"resume,omitempty"` // secret
	SdkAppID openseat.AppID `json:"sdkAppId"`
	User     user           `json:"user"`
	Status   status         `json:"status"`
	Calls    []callView     `json:"calls"`
	Settings settings       `json:"settings"`
	Now      int64          `json:"now"` // Unix ms, so that a page with a wrong clock shows right times
	Seq      uint64         `json:"seq"` // of the last event before this picture
}

type user struct {
	UserID      string   `json:"userId"`
	Name        string   `json:"name"`
	StaffNumber string   `json:"staffNumber"`
	Role        org.Role `json:"role"`
	Groups      []group  `json:"skillGroups"`
	Supervises  bool     `json:"supervises,omitempty"` // may monitor and intercept
}

type group struct {
	ID   int64  `json:"skillGroupId"`
	Name string `json:"skillGroupName"`
}

type settings struct {
	seatSettings
	RestReasons []string `json:"restReasons"`
	Ping        int64    `json:"ping"` // ms between heartbeats
	Dead        int64    `json:"dead"` // ms without any message after which the other side is dead
}

// enter hears a connection's hello and checks who it is.
func (g *Gateway) enter(ctx context.Context, ws *websocket.Conn) (*page, request, error) {
	ctx, cancel := context.WithTimeout(ctx, helloWait)
	defer cancel()
	_, body, err := ws.Read(ctx)
	if err != nil {
		return nil, request{}, err
	}
	r, err := decodeRequest(body)
	if err != nil {
		return nil, r, openseat.Errorf(openseat.CodeInvalidParameter, "%s", err)
	}
	if r.Method != "hello" {
		return nil, r, openseat.Errorf(openseat.CodeUnauthorized, "say hello first")
	}
	h, err := params[helloParams](r)
	if err != nil {
		return nil, r, err
	}
	who, err := g.identify(ctx, h)
	if err != nil {
		return nil, r, err
	}
	p := newPage(g, ws, who, h.TabUUID, h.Shared)
	p.credential, p.before, p.offline = h.Resume, h.ResumeTab, h.Offline
	return p, r, nil
}

func (g *Gateway) identify(ctx context.Context, h helloParams) (identity, error) {
	switch {
	case h.Version != Version:
		return identity{}, openseat.Errorf(openseat.CodeUnsupported, "version: this server speaks version %d", Version)
	case !isName(h.TabUUID):
		return identity{}, openseat.Errorf(openseat.CodeInvalidParameter, "tabUUID: must be 1 to %d letters, digits, - or _", maxName)
	case h.Shared != "" && !isName(h.Shared):
		return identity{}, openseat.Errorf(openseat.CodeInvalidParameter, "shared: must be 1 to %d letters, digits, - or _", maxName)
	case h.ResumeTab != "" && (!isName(h.ResumeTab) || h.Resume == ""):
		return identity{}, openseat.Errorf(openseat.CodeInvalidParameter, "resumeTab: must be a tabUUID, with its credential")
	}
	who := identity{App: h.SdkAppID, User: h.UserID}
	var err error
	if h.Resume != "" {
		tab := cmp.Or(h.ResumeTab, h.TabUUID)
		err = g.logins.resume(ctx, who, pass{tab: tab, owner: ownerOf(tab, h.Shared)}, h.Resume)
	} else {
		who, err = g.logins.take(ctx, h.Token)
	}
	if err != nil {
		return who, err
	}
	if view := g.Org.View(who.App); view == nil || view.Staff[who.User] == nil {
		return who, openseat.Errorf(openseat.CodeAccountNotExist, "account %s does not exist", who.User)
	}
	return who, nil
}

// refuse answers a hello that failed.
func (g *Gateway) refuse(ctx context.Context, ws *websocket.Conn, hello request, err error) {
	e := openseat.AsError(err)
	g.meter.refused.WithLabelValues(e.Code).Inc()
	if e.Code == openseat.CodeInternal {
		g.Log.Info("agent page said no hello", "err", err)
		_ = ws.Close(closeGoingAway, "no hello")
		return
	}
	g.Log.Info("agent page refused", "code", e.Code)
	ctx, cancel := context.WithTimeout(ctx, writeWait)
	defer cancel()
	_ = ws.Write(ctx, websocket.MessageText, failed(hello.ID, e))
	_ = ws.Close(closeRefused, e.Code)
}

// welcome signs the agent in, gives the page its resume credential, and takes the whole picture. News of the same time
// wait in the page's queue; what they tell twice is known by its times and states. A page that shares a login which has come
// in already changes nothing about its being signed in.
func (p *page) welcome(ctx context.Context, alone bool) (snapshot, error) {
	ctx, cancel := context.WithTimeout(ctx, requestWait)
	defer cancel()
	if alone && !p.offline {
		if err := p.signIn(ctx); err != nil {
			return snapshot{}, err
		}
	}
	if err := p.g.logins.own(ctx, p.who, p.pass()); err != nil {
		return snapshot{}, err
	}
	credential, err := p.g.logins.renew(ctx, p.who, p.pass(), p.credential)
	if err != nil {
		return snapshot{}, err
	}
	p.credential = credential
	if p.before != "" && p.before != p.tab {
		_ = p.g.logins.drop(ctx, p.who, p.before) // what has expired is forgotten already
	}
	_, set := p.self()
	p.g.hub.welcomed(p, set.seatSettings)
	s, err := p.picture(ctx)
	s.Conn, s.Resume = p.id, credential
	return s, err
}

// signIn tells the board that the agent is here. A board whose node has just died is made anew by another one within seconds:
// pages that came over to us meanwhile need not come again.
func (p *page) signIn(ctx context.Context) error {
	pause := time.NewTicker(boardPause)
	defer pause.Stop()
	for began := time.Now(); ; {
		_, err := p.askBoard(ctx, acd.SignedIn{User: p.who.User, Conn: p.login})
		if err == nil || openseat.AsError(err).Code != openseat.CodeUnavailable || time.Since(began) > boardPatience {
			return err
		}
		select {
		case <-pause.C:
		case <-p.quit:
			return err
		case <-ctx.Done():
			return err
		}
	}
}

// pass is what the page is known by.
func (p *page) pass() pass { return pass{p.tab, ownerOf(p.tab, p.shared), p.id} }

// picture is the agent as he is now, and his running calls.
func (p *page) picture(ctx context.Context) (snapshot, error) {
	p.mu.Lock()
	s := snapshot{SdkAppID: p.who.App, Now: time.Now().UnixMilli(), Seq: p.seq}
	p.mu.Unlock()
	value, err := p.askBoard(ctx, acd.Overview{Users: []string{p.who.User}})
	if err != nil {
		return s, err
	}
	board, ok := into[acd.Wallboard](value)
	if !ok || len(board.Agents) != 1 {
		return s, openseat.Errorf(openseat.CodeAccountNotExist, "the queue board does not know %s", p.who.User)
	}
	mine := board.Agents[0]
	s.Status = status{
		Status: mine.Status, Reason: mine.Reason, Reserved: mine.Reserved,
		Since: millis(mine.Since), Until: millis(mine.Until), By: mine.By,
	}
	s.Calls = p.placed(ctx, p.calls(ctx, mine))
	s.User, s.Settings = p.self()
	return s, nil
}

func (p *page) self() (user, settings) {
	set := settings{RestReasons: []string{}, Ping: pingEvery.Milliseconds(), Dead: deadAfter.Milliseconds()}
	u := user{UserID: p.who.User, Groups: []group{}}
	view := p.g.Org.View(p.who.App)
	if view == nil || view.Staff[p.who.User] == nil {
		return u, set
	}
	staff := view.Staff[p.who.User]
	u.Name, u.StaffNumber, u.Role, u.Supervises = staff.Name, staff.StaffNumber, staff.Role, p.supervises(view) == nil
	for _, m := range staff.Groups {
		if g := view.Groups[m.GroupID]; g != nil {
			u.Groups = append(u.Groups, group{ID: g.ID, Name: g.Name})
		}
	}
	set.seatSettings = seatOf(staff)
	set.RestReasons = append(set.RestReasons, view.Instance.Settings.RestReasons...)
	return u, set
}

// calls asks the calls that the journal or the board name what the agent's page should show of them. A call that does not
// answer has ended, or is about to be heard of.
func (p *page) calls(ctx context.Context, mine acd.AgentView) []call.AgentView {
	ids := append(p.g.hub.sessions(p.who), p.g.activeOf(p.who)...)
	for _, ref := range []*openseat.Ref{mine.Work, mine.Ringing} {
		if ref != nil && ref.Kind == openseat.KindCall {
			ids = append(ids, ref.ID)
		}
	}
	var mu sync.Mutex
	var wait sync.WaitGroup
	views := map[string]call.AgentView{}
	for _, id := range unique(ids) {
		wait.Go(func() {
			value, err := p.g.Things.Ask(ctx, openseat.CallRef(p.who.App, id), call.ViewWanted{User: p.who.User})
			if view, ok := into[call.AgentView](value); ok && err == nil {
				mu.Lock()
				defer mu.Unlock()
				views[id] = view
			}
		})
	}
	wait.Wait()
	return byID(views)
}

// farewell tells the board that a login's last page is gone, unless the agent signed out with it. That it
// said bye is not enough: others that were there then may have left before it. A login that took its place is not harmed: the
// board knows which one is the present one.
func (p *page) farewell(ctx context.Context, last bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbyeWait)
	defer cancel()
	if err := p.g.logins.gone(ctx, p.who, p.pass()); err != nil {
		p.g.Log.Info("other nodes not told of a lost page", "app", p.who.App, "user", p.who.User, "err", err)
	}
	if p.signOut.Load() || !last {
		return
	}
	lost := acd.ConnLost{User: p.who.User, Conn: p.login}
	if err := p.g.Things.Tell(ctx, openseat.BoardRef(p.who.App), lost); err != nil {
		level := slog.LevelError
		if openseat.AsError(err).Code == openseat.CodeUnavailable { // we are shutting down: the next life tells the board
			level = slog.LevelInfo
		}
		p.g.Log.Log(ctx, level, "queue board not told of a lost page", "app", p.who.App, "user", p.who.User, "err", err)
	}
}

func (p *page) askBoard(ctx context.Context, e openseat.Event) (any, error) {
	return p.g.Things.Ask(ctx, openseat.BoardRef(p.who.App), e)
}
