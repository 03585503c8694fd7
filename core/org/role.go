package org

import (
	"context"

	"openseat"
)

const maxRoles = 50

// PutRole creates a role (ID 0), or changes one, and answers its ID. Nobody gives rights that he does not have: giver are the
// rights of who asks.
func (o *Office) PutRole(ctx context.Context, wish CustomRole, giver Rights) (Role, error) {
	if err := checkText("Name", wish.Name, 1, maxName); err != nil {
		return 0, err
	}
	if err := checkRights(wish.Rights); err != nil {
		return 0, err
	}
	if !wish.Rights.Within(giver) {
		return 0, openseat.Errorf(openseat.CodeUnauthorized, "Rights: nobody gives rights that he does not have")
	}
	if wish.ID != 0 && wish.ID < firstCustomRole {
		return 0, invalid("RoleId", "is a role of the system")
	}
	if wish.CreatedAt.IsZero() {
		wish.CreatedAt = o.now()
	}
	id := wish.ID
	err := o.change(ctx, wish.App, func() error {
		roles, err := o.store.Roles(ctx, wish.App)
		if err != nil {
			return err
		}
		if wish.ID == 0 && len(roles) >= maxRoles {
			return openseat.Errorf(openseat.CodeOutOfCountLimit, "an instance has at most %d roles", maxRoles)
		}
		id, err = o.store.PutRole(ctx, wish)
		return err
	})
	return id, err
}

// DeleteRole removes a role that nobody has.
func (o *Office) DeleteRole(ctx context.Context, app openseat.AppID, id Role) error {
	if id < firstCustomRole {
		return invalid("RoleId", "is a role of the system")
	}
	return o.change(ctx, app, func() error { return o.store.DeleteRole(ctx, app, id) })
}

// Roles lists an instance's own roles, by ID.
func (o *Office) Roles(ctx context.Context, app openseat.AppID) ([]CustomRole, error) {
	return o.store.Roles(ctx, app)
}

// CreateSuper creates the account of who sets a contact center up: administrator of it, with every right in each instance of
// its account.
func (o *Office) CreateSuper(ctx context.Context, app openseat.AppID, mail, name, password string) error {
	return o.change(ctx, app, func() error {
		in, err := o.store.Instance(ctx, app)
		if err != nil {
			return err
		}
		s, err := o.newStaff(ctx, in, nil, NewStaff{Mail: mail, Name: name, Role: RoleAdmin, Password: password})
		if err != nil {
			return err
		}
		s.Super = true
		return o.store.CreateStaff(ctx, s)
	})
}

// CheckPassword tells what is wrong with a password, naming the field.
func CheckPassword(field, password string) error {
	return strongPassword(field, password, openseat.CodeInvalidValue)
}

// CheckPerson tells what is wrong with an account's mail or name, naming the field.
func CheckPerson(mailField, mail, nameField, name string) error {
	if _, err := account(mailField, mail); err != nil {
		return err
	}
	return checkText(nameField, name, 1, maxName)
}
