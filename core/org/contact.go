package org

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"openseat"
)

// The limits of contacts and service notes.
const (
	MaxContactPage = 100
	MaxNotePage    = 100

	maxContactRemark = 1000
	maxNote          = 4000
	maxSessionID     = 128
	maxNoteSessions  = 100
)

// Contact is what a company's people know of a telephone number.
type Contact struct {
	App        openseat.AppID `json:"app"`
	Number     string         `json:"number"` // 0086… form
	Name       string         `json:"name"`
	Remark     string         `json:"remark"`
	By         string         `json:"by"` // UserID of who changed it last
	ModifiedAt time.Time      `json:"modifiedAt"`
}

// Note is what an agent writes down after a call.
type Note struct {
	App        openseat.AppID `json:"app"`
	SessionID  string         `json:"sessionId"`
	User       string         `json:"user"`
	Category   string         `json:"category"`
	Resolved   bool           `json:"resolved"`
	Text       string         `json:"text"`
	ModifiedAt time.Time      `json:"modifiedAt"`
}

// PutContact keeps what is known of a number. One without a name and a remark is forgotten.
func (o *Office) PutContact(ctx context.Context, c Contact) error {
	in, err := o.store.Instance(ctx, c.App)
	if err != nil {
		return err
	}
	if c.Number, err = Normalize(c.Number, in.Settings.Region); err != nil {
		return inField("PhoneNumber", err)
	}
	if err := checkText("Name", c.Name, 0, maxName); err != nil {
		return err
	}
	if err := checkProse("Remark", c.Remark, maxContactRemark); err != nil {
		return err
	}
	c.ModifiedAt = o.now()
	return o.store.PutContact(ctx, c)
}

// Contact answers what is known of a number, the zero Contact when nothing is.
func (o *Office) Contact(ctx context.Context, app openseat.AppID, number string) (Contact, error) {
	in, err := o.store.Instance(ctx, app)
	if err != nil {
		return Contact{}, err
	}
	normal, err := Normalize(number, in.Settings.Region)
	if err != nil {
		return Contact{}, nil //nolint:nilerr // nothing is known of what is not a number, such as "anonymous"
	}
	return o.store.Contact(ctx, app, normal)
}

// Remark is what a screen shows of a number: the remark, else the name.
func (o *Office) Remark(ctx context.Context, app openseat.AppID, number string) (string, error) {
	c, err := o.Contact(ctx, app, number)
	return cmp.Or(c.Remark, c.Name), err
}

// FindContacts answers one page of the contacts, by number, and how many there are on all pages. Text is looked for in
// number, name and remark.
func (o *Office) FindContacts(ctx context.Context, app openseat.AppID, text string, p Page) (int, []Contact, error) {
	offset, err := p.offset(MaxContactPage)
	if err != nil {
		return 0, nil, err
	}
	return o.store.Contacts(ctx, app, text, offset, p.Size)
}

// PutNote keeps an agent's note of a session, in place of his last one.
func (o *Office) PutNote(ctx context.Context, n Note) error {
	in, err := o.store.Instance(ctx, n.App)
	if err != nil {
		return err
	}
	if err := checkText("SessionId", n.SessionID, 1, maxSessionID); err != nil {
		return err
	}
	if err := checkText("Category", n.Category, 0, maxName); err != nil {
		return err
	}
	if known := in.Settings.NoteCategories; n.Category != "" && len(known) > 0 && !slices.Contains(known, n.Category) {
		return invalid("Category", "%q is not one of the instance's", n.Category)
	}
	if err := checkProse("Text", n.Text, maxNote); err != nil {
		return err
	}
	n.ModifiedAt = o.now()
	return o.store.PutNote(ctx, n)
}

// Note answers an agent's note of a session, the zero Note when there is none.
func (o *Office) Note(ctx context.Context, app openseat.AppID, sessionID, user string) (Note, error) {
	return o.store.Note(ctx, app, sessionID, user)
}

// FindNotes answers one page of the service notes, newest first, and how many there are on all pages.
func (o *Office) FindNotes(ctx context.Context, app openseat.AppID, q NoteQuery, p Page) (int, []Note, error) {
	offset, err := p.offset(MaxNotePage)
	if err != nil {
		return 0, nil, err
	}
	if len(q.SessionIDs) > maxNoteSessions {
		return 0, nil, openseat.Errorf(openseat.CodeOutOfCountLimit, "SessionIds may have at most %d items", maxNoteSessions)
	}
	q.Offset, q.Limit = offset, p.Size
	return o.store.Notes(ctx, app, q)
}

// checkProse wants text of several lines at most.
func checkProse(field, s string, most int) error {
	switch {
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		return invalid(field, "is not UTF-8 or holds a NUL")
	case utf8.RuneCountInString(s) > most:
		return invalid(field, "may have at most %d characters", most)
	}
	return nil
}
