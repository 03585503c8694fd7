package gateway

import (
	"context"
	"strings"
	"time"
	"unicode"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// Past is what members of staff did.
type Past interface {
	// MyCalls answers one page of an agent's calls, newest first, and where the next one begins (empty = there is none).
	MyCalls(ctx context.Context, app openseat.AppID, user string, q report.MyCallsQuery) (page []report.MyCall, before string, err error)
	// MyDay sums up what an agent did since a moment.
	MyDay(ctx context.Context, app openseat.AppID, user string, since, now time.Time) (report.MyDay, error)
}

// Notes is what members of staff write down, of calls and of who called. What nobody wrote is a zero value.
type Notes interface {
	Note(ctx context.Context, app openseat.AppID, sessionID, user string) (org.Note, error)
	PutNote(ctx context.Context, n org.Note) error
	Contact(ctx context.Context, app openseat.AppID, number string) (org.Contact, error)
	PutContact(ctx context.Context, c org.Contact) error
}

const (
	mostRecords    = 100
	defaultRecords = 20
	maxCursor      = 256
	longestDay     = 48 * time.Hour
)

// pastCall is a line of an agent's list of calls. Times are Unix milliseconds.
type pastCall struct {
	SessionID  string         `json:"sessionId"`
	Type       string         `json:"type"` // phone, internal
	Direction  call.Direction `json:"direction"`
	Caller     string         `json:"callerPhoneNumber"`
	Callee     string         `json:"calleePhoneNumber"`
	Location   string         `json:"location"`
	Remark     string         `json:"remark"`
	PeerUserID string         `json:"peerUserId,omitempty"` // of an internal call
	PeerName   string         `json:"peerName,omitempty"`
	StartAt    int64          `json:"startAt"`
	AcceptAt   int64          `json:"acceptAt,omitempty"`
	EndAt      int64          `json:"endAt"`
	Duration   float64        `json:"duration"` // of talk, seconds
	EndStatus  string         `json:"endStatus"`
	Missed     bool           `json:"missed"`
	Group      string         `json:"skillGroupName"`
	Category   string         `json:"category"`
	Resolved   bool           `json:"resolved"`
	Text       string         `json:"text"`
	Score      *int           `json:"score,omitempty"` // the key of the customer's survey
}

func pastCallOf(m report.MyCall) pastCall {
	c := pastCall{
		SessionID: m.SessionID, Type: "phone", Direction: m.Direction, Caller: m.Caller, Callee: m.Callee,
		Location: call.LocationText(m.Location), Remark: m.Remark, PeerUserID: m.Peer, PeerName: m.PeerName,
		StartAt: millis(m.StartAt), AcceptAt: millis(m.AcceptAt), EndAt: millis(m.EndAt), Duration: m.Talk.Seconds(),
		EndStatus: m.End.String(), Missed: m.Missed, Group: m.GroupName,
		Category: m.Note.Category, Resolved: m.Note.Resolved, Text: m.Note.Text,
	}
	if m.Internal {
		c.Type = "internal"
	}
	if m.Score >= 0 {
		c.Score = &m.Score
	}
	return c
}

// records answers records.mine; Before asks for the next page.
type records struct {
	Records []pastCall `json:"records"`
	Before  string     `json:"before,omitempty"`
}

func (p *page) doRecords(ctx context.Context, r request) (any, error) {
	want, err := params[struct {
		Kind   string `json:"kind"`
		Before string `json:"before"`
		Limit  int    `json:"limit"`
	}](r)
	if err != nil {
		return nil, err
	}
	switch {
	case want.Kind != "" && want.Kind != "all" && want.Kind != "missed":
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "kind: must be all or missed")
	case want.Limit < 0 || want.Limit > mostRecords:
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "limit: must be 1 to %d", mostRecords)
	case len(want.Before) > maxCursor:
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "before: is not one")
	}
	q := report.MyCallsQuery{Missed: want.Kind == "missed", Before: want.Before, Limit: want.Limit}
	if q.Limit == 0 {
		q.Limit = defaultRecords
	}
	page, before, err := p.g.Past.MyCalls(ctx, p.who.App, p.who.User, q)
	if err != nil {
		return nil, named(err)
	}
	out := records{Records: make([]pastCall, 0, len(page)), Before: before}
	for _, m := range page {
		out.Records = append(out.Records, pastCallOf(m))
	}
	return out, nil
}

// day answers records.day.
type day struct {
	In           int            `json:"callsIn"`
	Out          int            `json:"callsOut"`
	Missed       int            `json:"missed"`
	Talk         float64        `json:"talkSeconds"`
	Longest      float64        `json:"longestSeconds"`
	Statuses     []statusTime   `json:"statuses"`
	Hours        []hourOfDay    `json:"hours"`
	Satisfaction *daySatisfying `json:"satisfaction,omitempty"`
}

type statusTime struct {
	Status  acd.Status `json:"status"`
	Seconds float64    `json:"seconds"`
}

type hourOfDay struct {
	At     int64 `json:"at"` // when the hour began
	In     int   `json:"in"`
	Out    int   `json:"out"`
	Missed int   `json:"missed"`
}

type daySatisfying struct {
	Average float64 `json:"average"`
	Count   int     `json:"count"`
}

// doDay sums the agent's day up. When it began, the page knows: it is the midnight of where the agent sits.
func (p *page) doDay(ctx context.Context, r request) (any, error) {
	want, err := params[struct {
		From int64 `json:"from"`
	}](r)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	since := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	if want.From != 0 {
		since = time.UnixMilli(want.From)
	}
	if since.After(now) || now.Sub(since) > longestDay {
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "from: must be within the last %v", longestDay)
	}
	d, err := p.g.Past.MyDay(ctx, p.who.App, p.who.User, since, now)
	if err != nil {
		return nil, named(err)
	}
	return dayOf(d), nil
}

func dayOf(d report.MyDay) day {
	out := day{
		In: d.In, Out: d.Out, Missed: d.Missed, Talk: d.Talk.Seconds(), Longest: d.Longest.Seconds(),
		Statuses: []statusTime{}, Hours: []hourOfDay{},
	}
	for _, s := range []acd.Status{acd.StatusFree, acd.StatusBusy, acd.StatusArrange, acd.StatusNotReady, acd.StatusRest} {
		if spent := d.Statuses[s]; spent > 0 {
			out.Statuses = append(out.Statuses, statusTime{s, spent.Seconds()})
		}
	}
	for _, h := range d.Hours {
		out.Hours = append(out.Hours, hourOfDay{millis(h.At), h.In, h.Out, h.Missed})
	}
	if d.Scores > 0 {
		out.Satisfaction = &daySatisfying{Average: float64(d.ScoreSum) / float64(d.Scores), Count: d.Scores}
	}
	return out
}

// noteParams are an agent's note of a call.
type noteParams struct {
	SessionID string `json:"sessionId"`
	Category  string `json:"category"`
	Resolved  bool   `json:"resolved"`
	Text      string `json:"text"`
}

// note answers note.get, with what may be chosen.
type note struct {
	Category   string   `json:"category"`
	Resolved   bool     `json:"resolved"`
	Text       string   `json:"text"`
	Categories []string `json:"categories"` // empty = any
}

func (p *page) doNote(ctx context.Context, r request) (any, error) {
	s, _, err := p.about(r)
	if err != nil {
		return nil, err
	}
	n, err := p.g.Notes.Note(ctx, p.who.App, s.SessionID, p.who.User)
	if err != nil {
		return nil, named(err)
	}
	view, err := p.view()
	if err != nil {
		return nil, err
	}
	categories := append([]string{}, view.Instance.Settings.NoteCategories...)
	return note{Category: n.Category, Resolved: n.Resolved, Text: n.Text, Categories: categories}, nil
}

func (p *page) doPutNote(ctx context.Context, r request) (any, error) {
	if _, _, err := p.about(r); err != nil {
		return nil, err
	}
	n, err := params[noteParams](r)
	if err != nil {
		return nil, err
	}
	err = p.g.Notes.PutNote(ctx, org.Note{
		App: p.who.App, SessionID: n.SessionID, User: p.who.User, Category: n.Category, Resolved: n.Resolved, Text: n.Text,
	})
	return map[string]any{}, named(err)
}

// doPutContact notes what is known of a number. The name that somebody gave it stays.
func (p *page) doPutContact(ctx context.Context, r request) (any, error) {
	want, err := params[struct {
		PhoneNumber string `json:"phoneNumber"`
		Remark      string `json:"remark"`
	}](r)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(want.PhoneNumber) == "" {
		return nil, openseat.Errorf(openseat.CodeMissingParameter, "phoneNumber: is missing")
	}
	c, err := p.g.Notes.Contact(ctx, p.who.App, want.PhoneNumber)
	if err != nil {
		return nil, named(err)
	}
	c.App, c.Number, c.Remark, c.By = p.who.App, want.PhoneNumber, want.Remark, p.who.User
	return map[string]any{}, named(p.g.Notes.PutContact(ctx, c))
}

// named makes an error of the set-up speak of the page's parameters, which begin with small letters.
func named(err error) error {
	e := openseat.AsError(err)
	if e == nil || e.Code == openseat.CodeInternal || e.Message == "" {
		return err
	}
	first := []rune(e.Message)
	if len(first) > 1 && unicode.IsLower(first[1]) {
		first[0] = unicode.ToLower(first[0])
	}
	return openseat.Errorf(e.Code, "%s", string(first))
}
