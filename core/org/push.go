package org

import (
	"context"
	"net/url"
	"strings"

	"openseat"
)

// The ways data push proves who it is.
const (
	PushAuthNone   = "none"
	PushAuthBasic  = "basic"
	PushAuthOAuth2 = "oauth2" // client credentials (RFC 6749, section 4.4)
)

const maxCredential = 1024

// PutPush replaces the data push settings. Empty secrets keep the old ones while they go to the same servers; an empty URL switches data push off.
func (o *Office) PutPush(ctx context.Context, p Push) error {
	if p.Auth == "" {
		p.Auth = PushAuthNone
	}
	if p.URL != "" {
		if err := checkURL("URL", p.URL); err != nil {
			return err
		}
	}
	if err := checkPushAuth(p); err != nil {
		return err
	}
	return o.change(ctx, p.App, func() error {
		v, err := o.store.View(ctx, p.App)
		if err != nil {
			return err
		}
		kept := p.keeps(v.Push)
		if p.Auth == PushAuthBasic && p.Password == "" && (!kept || v.Push.Password == "") {
			return openseat.Errorf(openseat.CodeMissingParameter, "Password is missing")
		}
		if p.Auth == PushAuthOAuth2 && p.Secret == "" && (!kept || v.Push.Secret == "") {
			return openseat.Errorf(openseat.CodeMissingParameter, "Secret is missing")
		}
		return o.store.PutPush(ctx, p)
	})
}

// keeps tells whether old's secrets serve p, too: they go the same way to the same servers, or to none while push is off.
func (p Push) keeps(old Push) bool {
	return p.Auth == old.Auth && (p.URL == "" || sameServer(p.URL, old.URL)) && sameServer(p.TokenURL, old.TokenURL)
}

// sameServer compares scheme and host of two addresses.
func sameServer(one, other string) bool {
	a, errA := url.Parse(one)
	b, errB := url.Parse(other)
	return errA == nil && errB == nil && a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host)
}

func checkPushAuth(p Push) error {
	for _, f := range [][2]string{{"Username", p.Username}, {"Password", p.Password}, {"ClientID", p.ClientID}, {"Secret", p.Secret}} {
		if err := checkText(f[0], f[1], 0, maxCredential); err != nil {
			return err
		}
	}
	switch p.Auth {
	case PushAuthNone:
		return nil
	case PushAuthBasic:
		return checkText("Username", p.Username, 1, maxCredential)
	case PushAuthOAuth2:
		if err := checkText("ClientID", p.ClientID, 1, maxCredential); err != nil {
			return err
		}
		return checkURL("TokenURL", p.TokenURL)
	default:
		return invalid("Auth", `must be "none", "basic" or "oauth2"`)
	}
}

// PushSettings answers the data push settings.
func (o *Office) PushSettings(ctx context.Context, app openseat.AppID) (Push, error) {
	v, err := o.store.View(ctx, app)
	if err != nil {
		return Push{}, err
	}
	return v.Push, nil
}
