package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"

	"openseat"
	"openseat/core/org"
)

const (
	cookieName = "openseat_console"
	csrfHeader = "X-CSRF-Token"

	idleLife   = 8 * time.Hour  // of a stay in which nothing happens
	wholeLife  = 24 * time.Hour // of any stay
	seenEvery  = time.Minute    // how often the last sign of life is written down
	maxClient  = 200            // bytes of a User-Agent that are kept
	csrfPrefix = "csrf:"
)

// stay is somebody who is inside.
type stay struct {
	org.Session
	secret string
	staff  *org.Staff
}

// csrf is what a page must say with everything it does: it can be read by our own pages only.
func csrf(secret string) string { return digest(csrfPrefix + secret) }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// enter begins a stay.
func (k *Console) enter(r *http.Request, w http.ResponseWriter, who org.Staff, how string) (any, error) {
	now, secret := k.Now(), rand.Text()+rand.Text()
	s := org.Session{
		Hash: digest(secret), App: who.App, Home: who.App, User: who.UserID, IP: source(r), Client: cut(r.UserAgent(), maxClient),
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(idleLife),
	}
	if err := k.Store.PutSession(r.Context(), s); err != nil {
		return nil, err
	}
	if err := k.Store.PurgeSessions(r.Context(), now); err != nil {
		k.Log.Warn("console: stays that are over could not be removed", "err", err)
	}
	http.SetCookie(w, k.cookie(r, secret, int(wholeLife/time.Second)))
	k.note(r.Context(), org.AuditEntry{App: s.App, Actor: s.User, IP: s.IP, Action: how})
	return k.picture(stay{Session: s, secret: secret}), nil
}

func cut(s string, most int) string { return strings.ToValidUTF8(s[:min(len(s), most)], "") }

func (k *Console) cookie(r *http.Request, value string, age int) *http.Cookie {
	secure := r.TLS != nil || strings.HasPrefix(k.Base, "https:") || r.Header.Get("X-Forwarded-Proto") == "https"
	return &http.Cookie{ //nolint:gosec // G124: Secure wherever there is HTTPS; on localhost there is none
		Name: cookieName, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode,
	}
}

// stayOf finds out who sends a request. What changes something must carry the page's token, too.
func (k *Console) stayOf(r *http.Request) (stay, error) {
	out := openseat.Errorf(CodeSignedOut, "you are signed out")
	c, err := r.Cookie(cookieName)
	if err != nil || c.Value == "" || len(c.Value) > 100 {
		return stay{}, out
	}
	s, err := k.Store.FindSession(r.Context(), digest(c.Value))
	if err != nil {
		if openseat.AsError(err).Code == openseat.CodeNotFound {
			return stay{}, out
		}
		return stay{}, err
	}
	now := k.Now()
	if !now.Before(s.ExpiresAt) || now.Sub(s.CreatedAt) >= wholeLife {
		return stay{}, out
	}
	home := k.Views.View(s.Home)
	if home == nil || home.Staff[s.User] == nil || k.Views.View(s.App) == nil {
		return stay{}, out
	}
	if r.Method != http.MethodGet && subtle.ConstantTimeCompare([]byte(r.Header.Get(csrfHeader)), []byte(csrf(c.Value))) != 1 {
		return stay{}, openseat.Errorf(openseat.CodeUnauthorized, "%s is missing or wrong", csrfHeader)
	}
	if !k.seen(r.Context(), &s, now) {
		return stay{}, out
	}
	return stay{Session: s, secret: c.Value, staff: home.Staff[s.User]}, nil
}

// seen prolongs a stay, and writes it down now and then. False when it was ended meanwhile.
func (k *Console) seen(ctx context.Context, s *org.Session, now time.Time) bool {
	if now.Sub(s.SeenAt) < seenEvery {
		return true
	}
	s.SeenAt, s.ExpiresAt = now, now.Add(idleLife)
	err := k.Store.TouchSession(ctx, s.Hash, s.SeenAt, s.ExpiresAt)
	if err == nil {
		return true
	}
	k.Log.Warn("console: a stay could not be prolonged", "err", err)
	return openseat.AsError(err).Code != openseat.CodeNotFound
}

// Person is who sends a request to the cloud API from the console.
type Person struct {
	App    openseat.AppID
	User   string
	Rights org.Rights
	IP     string
}

// Who tells the cloud API who asks. CodeSignedOut when nobody who is inside.
// A person's browser asks by POST only: a GET carries no token, so another site may have sent it.
func (k *Console) Who(r *http.Request) (Person, error) {
	if r.Method != http.MethodPost {
		return Person{}, openseat.Errorf(openseat.CodeUnauthorized, "a person asks by POST")
	}
	s, err := k.stayOf(r)
	if err != nil {
		return Person{}, err
	}
	return Person{App: s.App, User: s.User, Rights: k.rightsIn(s.Home, s.User), IP: source(r)}, nil
}

// rights are what an account may do at home.
func (k *Console) rights(home openseat.AppID, user string) org.Rights {
	rights := org.Rights{}
	for a, l := range k.rightsIn(home, user) {
		if l > org.None {
			rights[a] = l
		}
	}
	return rights
}

func (k *Console) rightsIn(home openseat.AppID, user string) org.Rights {
	v := k.Views.View(home)
	if v == nil {
		return nil
	}
	return v.RightsOf(v.Staff[user])
}

// me is the picture a page begins with.
type me struct {
	User      string         `json:"user"`
	Name      string         `json:"name"`
	Role      org.Role       `json:"role"`
	Super     bool           `json:"super"`
	SdkAppID  openseat.AppID `json:"sdkAppId"`
	Instances []instance     `json:"instances"` // that may be moved to
	Rights    org.Rights     `json:"rights"`
	Factor    bool           `json:"factor"` // a second factor is set up
	CSRF      string         `json:"csrf"`
}

type instance struct {
	SdkAppID openseat.AppID `json:"sdkAppId"`
	Name     string         `json:"name"`
}

func (k *Console) me(r *http.Request, _ http.ResponseWriter, s stay) (any, error) {
	p := k.picture(s)
	f, err := k.Store.SecondFactor(r.Context(), s.Home, s.User)
	if err != nil && openseat.AsError(err).Code != openseat.CodeNotFound {
		return nil, err
	}
	p.Factor = f.Confirmed
	return p, nil
}

func (k *Console) picture(s stay) me {
	p := me{User: s.User, SdkAppID: s.App, Rights: k.rights(s.Home, s.User), CSRF: csrf(s.secret), Instances: []instance{}}
	home := k.Views.View(s.Home)
	if home == nil || home.Staff[s.User] == nil {
		return p
	}
	who := home.Staff[s.User]
	p.Name, p.Role, p.Super = who.Name, who.Role, who.Super
	for _, v := range k.reach(home, who) {
		p.Instances = append(p.Instances, instance{v.Instance.App, v.Instance.Name})
	}
	return p
}

// reach lists the instances that somebody may enter: his own, and for who set the account up, all of the account.
func (k *Console) reach(home *org.View, who *org.Staff) []*org.View {
	if !who.Super {
		return []*org.View{home}
	}
	all := slices.DeleteFunc(slices.Clone(k.Views.All()), func(v *org.View) bool { return v.Instance.Account != home.Instance.Account })
	slices.SortFunc(all, func(a, b *org.View) int { return int(a.Instance.App - b.Instance.App) })
	return all
}

// moveTo shows another instance of the account from now on.
func (k *Console) moveTo(r *http.Request, _ http.ResponseWriter, s stay) (any, error) {
	var want struct {
		SdkAppID openseat.AppID `json:"sdkAppId"`
	}
	if err := read(r, &want); err != nil {
		return nil, err
	}
	may := slices.ContainsFunc(k.reach(k.Views.View(s.Home), s.staff), func(v *org.View) bool { return v.Instance.App == want.SdkAppID })
	if !may {
		return nil, openseat.Errorf(openseat.CodeUnauthorized, "sdkAppId: you have no place in the instance %s", want.SdkAppID)
	}
	s.App = want.SdkAppID
	if err := k.Store.MoveSession(r.Context(), s.Hash, s.App); err != nil {
		return nil, err
	}
	return k.picture(s), nil
}
