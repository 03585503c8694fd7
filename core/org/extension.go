package org

import (
	"context"
	"slices"
	"strings"

	"openseat"
)

// The limits of SIP phones.
const (
	MaxExtensionPage = 100

	maxExtensionGroups   = 200
	maxExtensionFilter   = 100
	extensionPasswordLen = 16
)

// NewExtension is a wish for a SIP phone. Relation is the mail of who has it; empty = nobody yet.
type NewExtension struct {
	ID, Name, Relation string
	Groups             []int64
}

// CreateExtension makes a SIP phone that may register, with a password of its own.
func (o *Office) CreateExtension(ctx context.Context, app openseat.AppID, wish NewExtension) error {
	now := o.now()
	e := Extension{App: app, ID: wish.ID, Name: wish.Name, Groups: wish.Groups, CreatedAt: now, ModifiedAt: now}
	var err error
	if e.User, err = relation(wish.Relation); err != nil {
		return err
	}
	if err := checkExtension(e); err != nil {
		return err
	}
	if e.Password, err = o.sipPassword(); err != nil {
		return err
	}
	return o.change(ctx, app, func() error { return o.store.CreateExtension(ctx, e) })
}

// relation reads the mail of who has a phone; empty is nobody.
func relation(mail string) (string, error) {
	if mail == "" {
		return "", nil
	}
	return account("Relation", mail)
}

func checkExtension(e Extension) error {
	if e.ID == "" {
		return openseat.Errorf(openseat.CodeMissingParameter, "ExtensionId is missing")
	}
	if err := checkExtensionID("ExtensionId", e.ID); err != nil {
		return err
	}
	if err := checkText("ExtensionName", e.Name, 1, maxName); err != nil {
		return err
	}
	if len(e.Groups) > maxExtensionGroups {
		return openseat.Errorf(openseat.CodeOutOfCountLimit, "SkillGroupIds may have at most %d items", maxExtensionGroups)
	}
	return nil
}

func checkExtensionID(field, id string) error {
	return checkPattern(field, id, `^[1-8][0-9]{3,5}$`, "4 to 6 digits, the first of them 1 to 8")
}

// equip gives the password that the account's SIP phone is made with, if it is not there yet.
func (o *Office) equip(ctx context.Context, s *Staff) error {
	if s.Extension == "" || s.ExtensionPassword != "" {
		return nil
	}
	v, err := o.store.View(ctx, s.App)
	if err != nil || v.Phones[s.Extension] != nil {
		return err
	}
	s.ExtensionPassword, err = o.sipPassword()
	return err
}

// sipPassword gives a password that a phone's owner may be asked to have himself.
func (o *Office) sipPassword() (string, error) {
	for {
		password, err := o.secret(extensionPasswordLen)
		if err != nil {
			return "", err
		}
		if strongPassword("", password, CodeSipAccountPassword) == nil {
			return password, nil
		}
	}
}

// ExtensionChange says what to change of a SIP phone; nil leaves as it is. An empty Relation takes it from who has it.
type ExtensionChange struct {
	ID             string
	Name, Relation *string
	Groups         []int64
}

// ModifyExtension changes a SIP phone.
func (o *Office) ModifyExtension(ctx context.Context, app openseat.AppID, c ExtensionChange) error {
	return o.changeExtension(ctx, app, c.ID, func(e *Extension) (err error) {
		set(&e.Name, c.Name)
		e.Groups = c.Groups
		if c.Relation != nil {
			if e.User, err = relation(*c.Relation); err != nil {
				return err
			}
		}
		return checkExtension(*e)
	})
}

// ResetExtensionPassword gives a SIP phone a new password, and answers it. What is registered stays so until it must prove
// itself again.
func (o *Office) ResetExtensionPassword(ctx context.Context, app openseat.AppID, id string) (string, error) {
	password, err := o.sipPassword()
	if err != nil {
		return "", err
	}
	return password, o.changeExtension(ctx, app, id, func(e *Extension) error {
		e.Password, e.Groups = password, nil
		return nil
	})
}

// changeExtension gives the phone to change, with an empty password, which stays then.
func (o *Office) changeExtension(ctx context.Context, app openseat.AppID, id string, change func(*Extension) error) error {
	return o.change(ctx, app, func() error {
		e, err := o.Extension(ctx, app, id)
		if err != nil {
			return err
		}
		e.Password, e.ModifiedAt = "", o.now()
		if err := change(&e); err != nil {
			return err
		}
		return o.store.UpdateExtension(ctx, e)
	})
}

// DeleteExtension removes a SIP phone; who had it has none.
func (o *Office) DeleteExtension(ctx context.Context, app openseat.AppID, id string) error {
	return o.change(ctx, app, func() error { return o.store.DeleteExtension(ctx, app, id) })
}

// Extension answers a SIP phone, with its password; CodeNotFound.
func (o *Office) Extension(ctx context.Context, app openseat.AppID, id string) (Extension, error) {
	v, err := o.store.View(ctx, app)
	if err != nil {
		return Extension{}, err
	}
	if e := v.Phones[id]; e != nil {
		return *e, nil
	}
	return Extension{}, openseat.Errorf(openseat.CodeNotFound, "ExtensionId %.20q does not exist", id)
}

// ExtensionFilter chooses SIP phones. Zero values do not filter; Text is looked for in the ID, the name, and the mail and
// name of who has it.
type ExtensionFilter struct {
	IDs  []string
	Text string
}

// FindExtensions answers one page of the SIP phones, by ID, and how many there are on all pages.
func (o *Office) FindExtensions(ctx context.Context, app openseat.AppID, f ExtensionFilter, p Page) (int, []Extension, error) {
	if len(f.IDs) > maxExtensionFilter {
		return 0, nil, openseat.Errorf(openseat.CodeOutOfCountLimit, "ExtensionIds may have at most %d items", maxExtensionFilter)
	}
	v, err := o.store.View(ctx, app)
	if err != nil {
		return 0, nil, err
	}
	found := slices.DeleteFunc(sortedValues(v.Phones), func(e Extension) bool {
		return len(f.IDs) > 0 && !slices.Contains(f.IDs, e.ID) || !v.mentions(e, f.Text)
	})
	return cut(found, p, MaxExtensionPage)
}

func (v *View) mentions(e Extension, text string) bool {
	said := []string{e.ID, e.Name, e.User}
	if s := v.Staff[e.User]; s != nil {
		said = append(said, s.Name)
	}
	text = strings.ToLower(text)
	return slices.ContainsFunc(said, func(s string) bool { return strings.Contains(strings.ToLower(s), text) })
}
