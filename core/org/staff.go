package org

import (
	"context"
	"slices"
	"strings"
	"time"

	"openseat"
)

// The limits of the staff actions.
const (
	MaxCreateStaff = 10
	MaxDeleteStaff = 200
	MaxStaffPage   = 9999

	maxMemberships  = 200
	defaultPriority = 3
	lowestPriority  = 5
)

// NewStaff is one account to create. The UserID is the e-mail address in lower case.
type NewStaff struct {
	Mail, Name, Nick, Phone, StaffNumber string
	Role                                 Role     // 0 = agent
	Groups                               []string // names of skill groups
	Extension, ExtensionPassword         string   // of a SIP phone, optional
	Password                             string   // optional: without one there is no sign-in by password
}

// StaffError says why one account of a list was not created.
type StaffError struct {
	Mail string
	Err  *openseat.Error
}

// CreateStaff creates up to MaxCreateStaff accounts. What is wrong with one does not keep the others from being created.
func (o *Office) CreateStaff(ctx context.Context, app openseat.AppID, list []NewStaff) ([]StaffError, error) {
	if len(list) == 0 {
		return nil, openseat.Errorf(openseat.CodeMissingParameter, "Staffs is missing")
	}
	if len(list) > MaxCreateStaff {
		return nil, openseat.Errorf(openseat.CodeOutOfCountLimit, "Staffs may have at most %d items", MaxCreateStaff)
	}
	var failed []StaffError
	err := o.change(ctx, app, func() error {
		in, err := o.store.Instance(ctx, app)
		if err != nil {
			return err
		}
		groups, err := o.store.Groups(ctx, app)
		if err != nil {
			return err
		}
		for _, wish := range list {
			s, err := o.newStaff(ctx, in, groups, wish)
			if err == nil {
				err = o.equip(ctx, &s)
			}
			if err == nil {
				err = o.store.CreateStaff(ctx, s)
			}
			if err != nil {
				failed = append(failed, StaffError{Mail: wish.Mail, Err: openseat.AsError(err)})
			}
		}
		return nil
	})
	return failed, err
}

// newStaff checks a wish against the instance and makes the account of it.
func (o *Office) newStaff(ctx context.Context, in Instance, groups []SkillGroup, wish NewStaff) (Staff, error) {
	now := o.now()
	s := Staff{
		App: in.App, Name: wish.Name, Nick: wish.Nick, Phone: wish.Phone, StaffNumber: wish.StaffNumber, Role: wish.Role,
		Extension: wish.Extension, ExtensionPassword: wish.ExtensionPassword, CreatedAt: now, ModifiedAt: now,
	}
	var err error
	if s.UserID, err = account("Mail", wish.Mail); err != nil {
		return s, err
	}
	s.Mail = s.UserID
	if s.Role == 0 {
		s.Role = RoleAgent
	}
	if err := checkStaff(&s, in.Settings.Region); err != nil {
		return s, err
	}
	if err := o.checkRole(ctx, in.App, s.Role); err != nil {
		return s, err
	}
	if s.Groups, err = groupsByName(groups, wish.Groups); err != nil {
		return s, err
	}
	if wish.Password != "" {
		s.PasswordHash, err = o.hash(ctx, "Password", wish.Password)
	}
	return s, err
}

// checkRole makes sure that a role of the instance's own is there.
func (o *Office) checkRole(ctx context.Context, app openseat.AppID, role Role) error {
	if role < firstCustomRole {
		return nil
	}
	roles, err := o.store.Roles(ctx, app)
	if err == nil && !slices.ContainsFunc(roles, func(r CustomRole) bool { return r.ID == role }) {
		return invalid("Role", "%d does not exist", role)
	}
	return err
}

// checkStaff checks what an account may say of itself, and brings its phone number into shape.
func checkStaff(s *Staff, region string) error {
	if err := checkText("Name", s.Name, 1, maxName); err != nil {
		return err
	}
	if err := checkText("Nick", s.Nick, 0, maxName); err != nil {
		return err
	}
	if err := checkPattern("StaffNumber", s.StaffNumber, `^[0-9A-Za-z_-]{1,32}$`, "up to 32 letters, digits, - and _"); err != nil {
		return err
	}
	if s.Role < RoleAdmin || s.Role > RoleAgent && s.Role < firstCustomRole {
		return invalid("Role", "must be 1 (administrator), 2 (quality inspector), 3 (agent) or a role of the instance's own")
	}
	if err := checkExtensionID("ExtensionNumber", s.Extension); err != nil {
		return err
	}
	if s.ExtensionPassword != "" {
		if err := strongPassword("ExtensionPassword", s.ExtensionPassword, CodeSipAccountPassword); err != nil {
			return err
		}
	}
	if s.Phone != "" {
		phone, err := Normalize(s.Phone, region)
		if err != nil {
			return inField("Phone", err)
		}
		s.Phone = phone
	}
	return checkSeat(s)
}

// inField puts the field's name before an error's message.
func inField(field string, err error) error {
	if err == nil {
		return nil
	}
	e := openseat.AsError(err)
	return openseat.Errorf(e.Code, "%s: %s", field, e.Message)
}

func groupsByName(groups []SkillGroup, names []string) ([]Membership, error) {
	if len(names) > maxMemberships {
		return nil, openseat.Errorf(openseat.CodeOutOfCountLimit, "SkillGroupNameList may have at most %d items", maxMemberships)
	}
	ids := make(map[string]int64, len(groups))
	for _, g := range groups {
		ids[g.Name] = g.ID
	}
	var ms []Membership
	for _, name := range names {
		id, ok := ids[name]
		if !ok {
			return nil, openseat.Errorf(openseat.CodeSkillGroupError, "SkillGroupNameList has %q, which does not exist", name)
		}
		ms = append(ms, Membership{GroupID: id, Priority: defaultPriority})
	}
	return ms, nil
}

// StaffChange says what to change of an account; nil leaves as it is. GroupIDs replaces the skill groups; the priority in a
// group that stays is kept.
type StaffChange struct {
	Mail                           string // whose
	Name, Nick, Phone, StaffNumber *string
	Role                           *Role
	Extension, ExtensionPassword   *string
	GroupIDs                       []int64
	Seat                           SeatChange
}

// ModifyStaff changes one account.
func (o *Office) ModifyStaff(ctx context.Context, app openseat.AppID, c StaffChange) error {
	user, err := account("Email", c.Mail)
	if err != nil {
		return err
	}
	return o.change(ctx, app, func() error {
		in, err := o.store.Instance(ctx, app)
		if err != nil {
			return err
		}
		old, err := o.one(ctx, app, user)
		if err != nil {
			return err
		}
		s := old
		s.PasswordHash, s.ExtensionPassword, s.Groups, s.ModifiedAt = "", "", nil, o.now()
		set(&s.Name, c.Name)
		set(&s.Nick, c.Nick)
		set(&s.Phone, c.Phone)
		set(&s.StaffNumber, c.StaffNumber)
		set(&s.Role, c.Role)
		set(&s.Extension, c.Extension)
		set(&s.ExtensionPassword, c.ExtensionPassword)
		c.Seat.apply(&s)
		if err := checkStaff(&s, in.Settings.Region); err != nil {
			return err
		}
		if err := o.checkRole(ctx, app, s.Role); err != nil {
			return err
		}
		if err := o.equip(ctx, &s); err != nil {
			return err
		}
		if c.GroupIDs != nil {
			if s.Groups, err = groupsByID(old.Groups, c.GroupIDs); err != nil {
				return err
			}
		}
		return o.store.UpdateStaff(ctx, s)
	})
}

// groupsByID leaves it to the store to know the groups.
func groupsByID(old []Membership, ids []int64) ([]Membership, error) {
	if len(ids) > maxMemberships {
		return nil, openseat.Errorf(openseat.CodeOutOfCountLimit, "SkillGroupIds may have at most %d items", maxMemberships)
	}
	ms := []Membership{}
	for _, id := range ids {
		m := Membership{GroupID: id, Priority: defaultPriority}
		if at := slices.IndexFunc(old, func(m Membership) bool { return m.GroupID == id }); at >= 0 {
			m = old[at]
		}
		ms = append(ms, m)
	}
	return ms, nil
}

// DeleteStaff removes up to MaxDeleteStaff accounts, except those that are online: these are answered and stay. A name that
// does not exist is an error, and then nobody is removed.
func (o *Office) DeleteStaff(ctx context.Context, app openseat.AppID, mails []string, online func(userID string) bool) ([]string, error) {
	if len(mails) == 0 {
		return nil, openseat.Errorf(openseat.CodeMissingParameter, "StaffList is missing")
	}
	if len(mails) > MaxDeleteStaff {
		return nil, openseat.Errorf(openseat.CodeOutOfCountLimit, "StaffList may have at most %d items", MaxDeleteStaff)
	}
	var stay, leave []string
	for _, mail := range mails {
		user, err := account("StaffList", mail)
		switch {
		case err != nil:
			return nil, err
		case slices.Contains(stay, user) || slices.Contains(leave, user):
		case online(user):
			stay = append(stay, user)
		default:
			leave = append(leave, user)
		}
	}
	if len(leave) == 0 {
		return stay, nil
	}
	return stay, o.change(ctx, app, func() error { return o.store.DeleteStaff(ctx, app, leave) })
}

// StaffFilter chooses accounts. Zero values do not filter.
type StaffFilter struct {
	Mail          string
	GroupID       int64
	ModifiedSince time.Time
}

// FindStaff answers one page of the staff, by UserID, and how many there are on all pages.
func (o *Office) FindStaff(ctx context.Context, app openseat.AppID, f StaffFilter, p Page) (int, []Staff, error) {
	offset, err := p.offset(MaxStaffPage)
	if err != nil {
		return 0, nil, err
	}
	return o.store.FindStaff(ctx, app, StaffQuery{
		UserID: strings.ToLower(strings.TrimSpace(f.Mail)), GroupID: f.GroupID, ModifiedSince: f.ModifiedSince,
		Offset: offset, Limit: p.Size,
	})
}

// BindGroups adds an account to skill groups, or changes its priority there. Priority 0 means the default, 3.
func (o *Office) BindGroups(ctx context.Context, app openseat.AppID, mail string, list []Membership) error {
	user, err := account("StaffEmail", mail)
	if err != nil {
		return err
	}
	if err := checkRange("the length of StaffSkillGroupList", len(list), 1, maxMemberships); err != nil {
		return err
	}
	ms := slices.Clone(list)
	for i := range ms {
		if ms[i].Priority == 0 {
			ms[i].Priority = defaultPriority
		}
		if err := checkRange("Priority", ms[i].Priority, 1, lowestPriority); err != nil {
			return err
		}
	}
	return o.change(ctx, app, func() error { return o.store.BindGroups(ctx, app, user, ms, o.now()) })
}

// UnbindGroups takes an account out of skill groups.
func (o *Office) UnbindGroups(ctx context.Context, app openseat.AppID, mail string, groupIDs []int64) error {
	user, err := account("StaffEmail", mail)
	if err != nil {
		return err
	}
	if err := checkRange("the length of SkillGroupList", len(groupIDs), 1, maxMemberships); err != nil {
		return err
	}
	return o.change(ctx, app, func() error { return o.store.UnbindGroups(ctx, app, user, groupIDs, o.now()) })
}

func noAccount(userID string) error {
	return openseat.Errorf(openseat.CodeAccountNotExist, "account %s does not exist", userID)
}
