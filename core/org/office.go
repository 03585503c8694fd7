package org

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"openseat"
)

// Office is where an administrator's wishes are checked and done: the rules over a Store. Every method answers with an
// openseat.Error whose message names the field at fault. After each change, and before the method returns, notify is called
// with the instance, so that views are refreshed and other nodes hear of it. An Office may be used by many goroutines.
type Office struct {
	store  Store
	now    func() time.Time
	random io.Reader
	notify func(openseat.AppID)
	// changing holds one token: read-check-write happens one after another on this node, so that two partial changes do not
	// undo each other.
	changing chan struct{}
	hashing  chan struct{} // as many tokens as passwords are hashed at once
}

// NewOffice makes an office. random gives the secrets (crypto/rand.Reader); notify may be nil.
func NewOffice(store Store, now func() time.Time, random io.Reader, notify func(openseat.AppID)) *Office {
	if notify == nil {
		notify = func(openseat.AppID) {}
	}
	return &Office{
		store: store, now: now, random: random, notify: notify, changing: make(chan struct{}, 1), hashing: make(chan struct{}, maxHashing),
	}
}

// change runs do with the office to itself, and tells the others when it went well.
func (o *Office) change(ctx context.Context, app openseat.AppID, do func() error) error {
	if err := o.alone(ctx, do); err != nil {
		return err
	}
	o.notify(app)
	return nil
}

func (o *Office) alone(ctx context.Context, do func() error) error {
	release, err := take(ctx, o.changing)
	if err != nil {
		return err
	}
	defer release()
	return do()
}

// take waits for one of the tokens.
func take(ctx context.Context, tokens chan struct{}) (release func(), err error) {
	select {
	case tokens <- struct{}{}:
		return func() { <-tokens }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

const (
	firstApp openseat.AppID = 1400000001
	lastApp  openseat.AppID = 1409999999

	maxHashing     = 2 // each takes 19 MB
	maxName        = 64
	maxListed      = 50 // of rest reasons, of note categories
	maxLossGrace   = 5 * time.Minute
	userSigKeyLen  = 64
	secretLen      = 32
	secretIDPrefix = "AKID"
	maxInstances   = 20 // of one account
)

// NewInstance is a wish for an instance. App may be 0: the next free one is taken.
type NewInstance struct {
	App      openseat.AppID
	Name     string
	Account  string // whose it is; empty = of who runs the server
	Settings Settings
}

// checkRoom keeps an account to its number of instances.
func (o *Office) checkRoom(ctx context.Context, account string) error {
	all, err := o.store.Instances(ctx)
	if err != nil {
		return err
	}
	has := 0
	for _, in := range all {
		if in.Account == account {
			has++
		}
	}
	if has >= maxInstances {
		return openseat.Errorf(openseat.CodeOutOfCountLimit, "an account has at most %d instances", maxInstances)
	}
	return nil
}

// CreateInstance opens a contact center, with a fresh UserSigKey.
func (o *Office) CreateInstance(ctx context.Context, wish NewInstance) (Instance, error) {
	if err := errors.Join(checkText("Name", wish.Name, 1, maxName), checkSettings(wish.Settings)); err != nil {
		return Instance{}, firstOf(err)
	}
	if wish.App != 0 && (wish.App < firstApp-1 || wish.App > lastApp) {
		return Instance{}, invalid("SdkAppId", "must have ten digits and start with 140")
	}
	if err := o.checkRoom(ctx, wish.Account); err != nil {
		return Instance{}, err
	}
	key, err := o.secret(userSigKeyLen)
	if err != nil {
		return Instance{}, err
	}
	if wish.Settings.Retention == nil {
		wish.Settings.Retention = &Retention{Recordings: recordingDays}
	}
	in := Instance{App: wish.App, Name: wish.Name, Account: wish.Account, UserSigKey: key, Settings: wish.Settings, CreatedAt: o.now()}
	if in.App != 0 {
		return in, o.change(ctx, in.App, func() error { return o.store.CreateInstance(ctx, in) })
	}
	return o.createNextInstance(ctx, in)
}

// createNextInstance tries the AppID behind the last one until nobody else is quicker.
func (o *Office) createNextInstance(ctx context.Context, in Instance) (Instance, error) {
	const tries = 10
	for range tries {
		all, err := o.store.Instances(ctx)
		if err != nil {
			return Instance{}, err
		}
		in.App = firstApp
		if len(all) > 0 {
			in.App = max(firstApp, all[len(all)-1].App+1)
		}
		if in.App > lastApp {
			break
		}
		err = o.change(ctx, in.App, func() error { return o.store.CreateInstance(ctx, in) })
		if !errors.Is(err, &openseat.Error{Code: openseat.CodeInUse}) {
			return in, err
		}
	}
	return Instance{}, openseat.Errorf(openseat.CodeOutOfCountLimit, "no SdkAppId is left")
}

// InstanceChange says what to change; nil leaves as it is.
type InstanceChange struct {
	Name     *string
	Settings *Settings
}

// ModifyInstance changes an instance.
func (o *Office) ModifyInstance(ctx context.Context, app openseat.AppID, c InstanceChange) error {
	return o.change(ctx, app, func() error {
		in, err := o.store.Instance(ctx, app)
		if err != nil {
			return err
		}
		in.UserSigKey = "" // stays, like the secrets of the settings that are not given
		in.Settings.RecordingCopy.SecretKey, in.Settings.NumberMapping.Password = "", ""
		set(&in.Name, c.Name)
		set(&in.Settings, c.Settings)
		if err := errors.Join(checkText("Name", in.Name, 1, maxName), checkSettings(in.Settings)); err != nil {
			return firstOf(err)
		}
		return o.store.PutInstance(ctx, in)
	})
}

func checkSettings(s Settings) error {
	if s.OnlineStatus != "" && s.OnlineStatus != "free" && s.OnlineStatus != "notReady" {
		return invalid("OnlineStatus", `must be "free" or "notReady"`)
	}
	if err := checkList("RestReasons", s.RestReasons); err != nil {
		return err
	}
	if err := checkList("NoteCategories", s.NoteCategories); err != nil {
		return err
	}
	if s.MediaLossGrace < 0 || s.MediaLossGrace > maxLossGrace {
		return invalid("MediaLossGrace", "must be 0 to %d seconds", int(maxLossGrace/time.Second))
	}
	if s.Region != "" {
		if err := checkRegion("Region", s.Region); err != nil {
			return err
		}
	}
	if err := checkCallOut(s.CallOut); err != nil {
		return err
	}
	return checkKeeping(s)
}

func checkList(field string, names []string) error {
	if len(names) > maxListed {
		return invalid(field, "may have at most %d items", maxListed)
	}
	for _, name := range names {
		if err := checkText(field, name, 1, maxName); err != nil {
			return err
		}
	}
	return nil
}

// CreateKey makes a cloud API credential. Its SecretKey is shown this once.
func (o *Office) CreateKey(ctx context.Context, app openseat.AppID) (Key, error) {
	id, err := o.secret(secretLen)
	if err != nil {
		return Key{}, err
	}
	secret, err := o.secret(secretLen)
	if err != nil {
		return Key{}, err
	}
	k := Key{App: app, SecretID: secretIDPrefix + id, SecretKey: secret, CreatedAt: o.now()}
	return k, o.change(ctx, app, func() error { return o.store.PutKey(ctx, k) })
}

// DisableKey switches a key off, or on again.
func (o *Office) DisableKey(ctx context.Context, app openseat.AppID, secretID string, disabled bool) error {
	return o.change(ctx, app, func() error {
		k, err := o.store.FindKey(ctx, secretID)
		if err == nil && k.App != app {
			err = openseat.Errorf(openseat.CodeNotFound, "SecretId is not known")
		}
		if err != nil {
			return err
		}
		k.Disabled = disabled
		return o.store.PutKey(ctx, k)
	})
}

// Keys lists an instance's keys, oldest first.
func (o *Office) Keys(ctx context.Context, app openseat.AppID) ([]Key, error) {
	return o.store.Keys(ctx, app)
}

// secret gives n random letters and digits.
func (o *Office) secret(n int) (string, error) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	const fair = 256 - 256%len(letters) // bytes from here on would prefer the first letters
	out, b := make([]byte, 0, n), make([]byte, 1)
	for len(out) < n {
		if _, err := io.ReadFull(o.random, b); err != nil {
			return "", fmt.Errorf("random: %w", err)
		}
		if int(b[0]) < fair {
			out = append(out, letters[int(b[0])%len(letters)])
		}
	}
	return string(out), nil
}

// set overwrites *field when a new value was given.
func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// firstOf picks the first of joined errors: one wrong field is said at a time.
func firstOf(err error) error {
	var first *openseat.Error
	if errors.As(err, &first) {
		return first
	}
	return err
}

// Page chooses a page, counted from 0.
type Page struct {
	Number, Size int
}

// offset checks the page against the most a page may hold.
func (p Page) offset(most int) (int, error) {
	const farthest = 1_000_000_000
	if err := checkRange("PageSize", p.Size, 1, most); err != nil {
		return 0, err
	}
	if p.Number < 0 || p.Number > farthest/p.Size {
		return 0, invalid("PageNumber", "must be 0 to %d", farthest/p.Size)
	}
	return p.Number * p.Size, nil
}

// cut answers one page of all and how many there are.
func cut[T any](all []T, p Page, most int) (int, []T, error) {
	from, err := p.offset(most)
	if err != nil {
		return 0, nil, err
	}
	from = min(from, len(all))
	return len(all), all[from:min(from+p.Size, len(all))], nil
}
