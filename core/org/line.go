package org

import (
	"context"
	"maps"
	"slices"

	"openseat"
)

// The limits of numbers and trunks.
const (
	MaxNumberPage = 100

	maxCallOutGroups = 200
	maxSources       = 100
	maxTrunkCalls    = 100_000
	maxRemark        = 256
)

// PutNumber creates a number or replaces it. State 0 means normal.
func (o *Office) PutNumber(ctx context.Context, n Number) error {
	return o.change(ctx, n.App, func() error {
		v, err := o.store.View(ctx, n.App)
		if err != nil {
			return err
		}
		if n.Number, err = Normalize(n.Number, v.Instance.Settings.Region); err != nil {
			return inField("Number", err)
		}
		if old := v.Numbers[n.Number]; old != nil && n.Interface == "" {
			n.Interface = old.Interface
		}
		return o.putNumber(ctx, v, n)
	})
}

func (o *Office) putNumber(ctx context.Context, v *View, n Number) error {
	if n.State == 0 {
		n.State = NumberNormal
	}
	n.CreatedAt = o.now() // a known number keeps its own
	if !slices.Contains([]int{1, 2, 4, 5}, n.State) {
		return invalid("State", "must be 1 (normal), 2 (arrears), 4 (disabled) or 5 (violation)")
	}
	if err := checkText("Remark", n.Remark, 0, maxRemark); err != nil {
		return err
	}
	if v.Trunks[n.Trunk] == nil {
		return openseat.Errorf(CodeSipTrunkNotFound, "Trunk %q does not exist", n.Trunk)
	}
	if n.Flow != "" && v.Flows[n.Flow] == nil {
		return openseat.Errorf(openseat.CodeNotFound, "Flow %q does not exist", n.Flow)
	}
	if len(n.CallOutGroups) > maxCallOutGroups {
		return openseat.Errorf(openseat.CodeOutOfCountLimit, "CallOutSkillGroupIds may have at most %d items", maxCallOutGroups)
	}
	for _, id := range n.CallOutGroups {
		if g := v.Groups[id]; g == nil || g.Type != GroupPhone {
			return openseat.Errorf(openseat.CodeSkillGroupError, "CallOutSkillGroupIds: skill group %d does not exist or is not for phone", id)
		}
	}
	return o.store.PutNumber(ctx, n)
}

// BindNumber lets skill groups call out with a number; UnbindNumber takes that back.
func (o *Office) BindNumber(ctx context.Context, app openseat.AppID, number string, groupIDs []int64) error {
	return o.modifyNumber(ctx, app, number, func(n *Number) {
		for _, id := range groupIDs {
			if !slices.Contains(n.CallOutGroups, id) {
				n.CallOutGroups = append(n.CallOutGroups, id)
			}
		}
	})
}

// UnbindNumber is the opposite of BindNumber.
func (o *Office) UnbindNumber(ctx context.Context, app openseat.AppID, number string, groupIDs []int64) error {
	return o.modifyNumber(ctx, app, number, func(n *Number) {
		n.CallOutGroups = slices.DeleteFunc(n.CallOutGroups, func(id int64) bool { return slices.Contains(groupIDs, id) })
	})
}

func (o *Office) modifyNumber(ctx context.Context, app openseat.AppID, number string, change func(*Number)) error {
	return o.change(ctx, app, func() error {
		v, err := o.store.View(ctx, app)
		if err != nil {
			return err
		}
		n := v.Numbers[v.normal(number)]
		if n == nil {
			return openseat.Errorf(openseat.CodeNotFound, "Number %q does not exist", number)
		}
		change(n) // the view is ours alone
		return o.putNumber(ctx, v, *n)
	})
}

// DisableNumbers switches numbers off, or on again those that an administrator switched off. A number that is unknown is an
// error, and then none is changed.
func (o *Office) DisableNumbers(ctx context.Context, app openseat.AppID, numbers []string, disabled bool) error {
	return o.change(ctx, app, func() error {
		v, err := o.store.View(ctx, app)
		if err != nil {
			return err
		}
		var found []*Number
		for _, number := range numbers {
			n := v.Numbers[v.normal(number)]
			if n == nil {
				return openseat.Errorf(openseat.CodeNotFound, "Number %q does not exist", number)
			}
			found = append(found, n)
		}
		for _, n := range found {
			switch {
			case disabled && n.State == NumberNormal:
				n.State = NumberDisabled
			case !disabled && n.State == NumberDisabled:
				n.State = NumberNormal
			}
			if err := o.putNumber(ctx, v, *n); err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteNumber gives a number up.
func (o *Office) DeleteNumber(ctx context.Context, app openseat.AppID, number string) error {
	return o.change(ctx, app, func() error {
		v, err := o.store.View(ctx, app)
		if err != nil {
			return err
		}
		return o.store.DeleteNumber(ctx, app, v.normal(number))
	})
}

// FindNumbers answers one page of the numbers, in their order, and how many there are on all pages.
func (o *Office) FindNumbers(ctx context.Context, app openseat.AppID, p Page) (int, []Number, error) {
	v, err := o.store.View(ctx, app)
	if err != nil {
		return 0, nil, err
	}
	return cut(sortedValues(v.Numbers), p, MaxNumberPage)
}

// PutTrunk creates a trunk or replaces it. An empty Password keeps the old one; an empty Transport is "udp".
func (o *Office) PutTrunk(ctx context.Context, k Trunk) error {
	if k.Transport == "" {
		k.Transport = "udp"
	}
	if err := checkTrunk(k); err != nil {
		return err
	}
	k.CreatedAt = o.now()
	return o.change(ctx, k.App, func() error {
		v, err := o.store.View(ctx, k.App)
		if err != nil {
			return err
		}
		if old := v.Trunks[k.Name]; k.Register && k.Password == "" && (old == nil || old.Password == "") {
			return openseat.Errorf(CodeSipAccountPassword, "Password is missing: a trunk that registers needs one")
		}
		return o.store.PutTrunk(ctx, k)
	})
}

// checkTrunk checks a trunk by itself. The password is the carrier's, so its strength is not ours to judge.
func checkTrunk(k Trunk) error {
	if err := checkText("Name", k.Name, 1, maxName); err != nil {
		return err
	}
	if err := checkPeer("Peer", k.Peer); err != nil {
		return err
	}
	if !slices.Contains([]string{"udp", "tcp", "tls"}, k.Transport) {
		return invalid("Transport", `must be "udp", "tcp" or "tls"`)
	}
	if len(k.Sources) > maxSources {
		return openseat.Errorf(openseat.CodeOutOfCountLimit, "Sources may have at most %d items", maxSources)
	}
	for _, s := range k.Sources {
		if err := checkSource("Sources", s); err != nil {
			return err
		}
	}
	for i, c := range k.Codecs {
		if c != "PCMA" && c != "PCMU" || slices.Contains(k.Codecs[:i], c) {
			return invalid("Codecs", `may have "PCMA" and "PCMU", each once`)
		}
	}
	if err := checkRange("MaxCalls", k.MaxCalls, 0, maxTrunkCalls); err != nil {
		return err
	}
	return checkTrunkAccount(k)
}

func checkTrunkAccount(k Trunk) error {
	if k.Register && k.Username == "" {
		return openseat.Errorf(CodeSipAccountUser, "Username is missing: a trunk that registers needs one")
	}
	// RFC 3261, section 25.1: "user" of a SIP address, without escapes.
	const user = `^[A-Za-z0-9_.!~*'()&=+$,;?/@-]{1,64}$`
	if err := checkPattern("Username", k.Username, user, "letters, digits and the marks of a SIP user"); err != nil {
		return openseat.Errorf(CodeSipAccountUser, "%s", openseat.AsError(err).Message)
	}
	if err := checkText("Password", k.Password, 0, maxPassword); err != nil {
		return openseat.Errorf(CodeSipAccountPassword, "%s", openseat.AsError(err).Message)
	}
	if k.Domain != "" && !isHostName(k.Domain) && checkSource("Domain", k.Domain) != nil {
		return openseat.Errorf(CodeInvalidAddress, "Domain %q is neither a name nor an address", k.Domain)
	}
	return nil
}

// DeleteTrunk removes a trunk that no number lives on.
func (o *Office) DeleteTrunk(ctx context.Context, app openseat.AppID, name string) error {
	return o.change(ctx, app, func() error { return o.store.DeleteTrunk(ctx, app, name) })
}

// Trunks lists an instance's trunks, by name.
func (o *Office) Trunks(ctx context.Context, app openseat.AppID) ([]Trunk, error) {
	v, err := o.store.View(ctx, app)
	if err != nil {
		return nil, err
	}
	return sortedValues(v.Trunks), nil
}

func sortedValues[T any](m map[string]*T) []T {
	all := make([]T, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		all = append(all, *m[k])
	}
	return all
}
