package cloudapi_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"openseat"
	"openseat/core/org"
)

// shelf keeps the set-up of instances in memory, as org.Store asks for, with just the refusals that these tests meet.
type shelf struct {
	org.Store // what these tests never meet

	mu        sync.Mutex
	views     map[openseat.AppID]*org.View
	keys      map[string]org.Key
	flows     map[string][]org.Flow
	lastGroup int64
	contacts  map[string]org.Contact
	notes     []org.Note
	listed    map[string]org.ListedNumber
	drafts    map[string]org.Draft
}

func newShelf() *shelf {
	return &shelf{
		views: map[openseat.AppID]*org.View{}, keys: map[string]org.Key{}, flows: map[string][]org.Flow{}, contacts: map[string]org.Contact{},
		listed: map[string]org.ListedNumber{}, drafts: map[string]org.Draft{},
	}
}

func (s *shelf) with(app openseat.AppID, do func(v *org.View) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.views[app]
	if v == nil {
		return openseat.Errorf(openseat.CodeInstanceNotExist, "no instance %s", app)
	}
	return do(v)
}

func (s *shelf) CreateInstance(_ context.Context, in org.Instance) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.views[in.App] = &org.View{
		Instance: in, Staff: map[string]*org.Staff{}, Groups: map[int64]*org.SkillGroup{}, Numbers: map[string]*org.Number{},
		Trunks: map[string]*org.Trunk{}, Flows: map[string]*org.Flow{}, Phones: map[string]*org.Extension{},
		Roles: map[org.Role]*org.CustomRole{}, NumberGroups: map[string]*org.NumberGroup{}, Schedules: map[string]*org.Schedule{},
	}
	return nil
}

func (s *shelf) PutInstance(_ context.Context, in org.Instance) error {
	return s.with(in.App, func(v *org.View) error { v.Instance = in; return nil })
}

func (s *shelf) Instance(_ context.Context, app openseat.AppID) (in org.Instance, err error) {
	err = s.with(app, func(v *org.View) error { in = v.Instance; return nil })
	return in, err
}

func (s *shelf) Instances(context.Context) ([]org.Instance, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []org.Instance
	for _, app := range slices.Sorted(maps.Keys(s.views)) {
		all = append(all, s.views[app].Instance)
	}
	return all, nil
}

func (s *shelf) PutKey(_ context.Context, k org.Key) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[k.SecretID] = k
	return nil
}

func (s *shelf) FindKey(_ context.Context, secretID string) (org.Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.keys[secretID]
	if !ok {
		return k, openseat.Errorf(openseat.CodeNotFound, "no key %s", secretID)
	}
	return k, nil
}

func (s *shelf) Keys(_ context.Context, app openseat.AppID) ([]org.Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []org.Key
	for _, id := range slices.Sorted(maps.Keys(s.keys)) {
		if s.keys[id].App == app {
			all = append(all, s.keys[id])
		}
	}
	return all, nil
}

func (s *shelf) CreateStaff(_ context.Context, p org.Staff) error {
	return s.with(p.App, func(v *org.View) error {
		if v.Staff[p.UserID] != nil {
			return openseat.Errorf(openseat.CodeDuplicatedAccount, "Mail %s is taken", p.UserID)
		}
		v.Staff[p.UserID] = &p
		relate(v, p)
		return nil
	})
}

// relate gives an account the phone that it names.
func relate(v *org.View, p org.Staff) {
	for _, e := range v.Phones {
		if e.User == p.UserID {
			e.User = ""
		}
	}
	if p.Extension == "" {
		return
	}
	if v.Phones[p.Extension] == nil {
		v.Phones[p.Extension] = &org.Extension{App: p.App, ID: p.Extension, Name: p.Name, Password: p.ExtensionPassword, CreatedAt: p.ModifiedAt}
	}
	v.Phones[p.Extension].User = p.UserID
}

func (s *shelf) CreateExtension(_ context.Context, e org.Extension) error {
	return s.with(e.App, func(v *org.View) error {
		switch {
		case v.Phones[e.ID] != nil:
			return openseat.Errorf(org.CodeDuplicateSipAccount, "ExtensionId %s is taken", e.ID)
		case e.User != "" && v.Staff[e.User] == nil:
			return openseat.Errorf(openseat.CodeAccountNotExist, "no account %s", e.User)
		}
		v.Phones[e.ID] = &e
		return nil
	})
}

func (s *shelf) UpdateExtension(_ context.Context, e org.Extension) error {
	return s.with(e.App, func(v *org.View) error {
		old := v.Phones[e.ID]
		if e.Password == "" {
			e.Password = old.Password
		}
		if e.Groups == nil {
			e.Groups = old.Groups
		}
		v.Phones[e.ID] = &e
		return nil
	})
}

func (s *shelf) DeleteExtension(_ context.Context, app openseat.AppID, id string) error {
	return s.with(app, func(v *org.View) error {
		if v.Phones[id] == nil {
			return openseat.Errorf(openseat.CodeNotFound, "no extension %s", id)
		}
		delete(v.Phones, id)
		return nil
	})
}

func (s *shelf) PutContact(_ context.Context, c org.Contact) error {
	s.contacts[c.Number] = c
	return nil
}

func (s *shelf) Contacts(_ context.Context, _ openseat.AppID, _ string, offset, limit int) (int, []org.Contact, error) {
	var all []org.Contact
	for _, number := range slices.Sorted(maps.Keys(s.contacts)) {
		all = append(all, s.contacts[number])
	}
	from := min(offset, len(all))
	return len(all), all[from:min(from+limit, len(all))], nil
}

func (s *shelf) Notes(_ context.Context, _ openseat.AppID, q org.NoteQuery) (int, []org.Note, error) {
	var found []org.Note
	for _, n := range s.notes {
		if q.User == "" || n.User == q.User {
			found = append(found, n)
		}
	}
	return len(found), found, nil
}

func (s *shelf) Roles(_ context.Context, app openseat.AppID) (all []org.CustomRole, err error) {
	err = s.with(app, func(v *org.View) error {
		for _, r := range v.Roles {
			all = append(all, *r)
		}
		return nil
	})
	return all, err
}

func (s *shelf) UpdateStaff(_ context.Context, p org.Staff) error {
	return s.with(p.App, func(v *org.View) error {
		if p.Groups == nil {
			p.Groups = v.Staff[p.UserID].Groups
		}
		v.Staff[p.UserID] = &p
		relate(v, p)
		return nil
	})
}

func (s *shelf) DeleteStaff(_ context.Context, app openseat.AppID, ids []string) error {
	return s.with(app, func(v *org.View) error {
		for _, id := range ids {
			if v.Staff[id] == nil {
				return openseat.Errorf(openseat.CodeAccountNotExist, "no account %s", id)
			}
			delete(v.Staff, id)
		}
		return nil
	})
}

func (s *shelf) FindStaff(_ context.Context, app openseat.AppID, q org.StaffQuery) (total int, page []org.Staff, err error) {
	err = s.with(app, func(v *org.View) error {
		var found []org.Staff
		for _, id := range slices.Sorted(maps.Keys(v.Staff)) {
			p := v.Staff[id]
			serves := slices.ContainsFunc(p.Groups, func(m org.Membership) bool { return m.GroupID == q.GroupID })
			if (q.UserID == "" || q.UserID == id) && (q.GroupID == 0 || serves) && !p.ModifiedAt.Before(q.ModifiedSince) {
				found = append(found, *p)
			}
		}
		from := min(q.Offset, len(found))
		total, page = len(found), found[from:min(from+q.Limit, len(found))]
		return nil
	})
	return total, page, err
}

func (s *shelf) BindGroups(_ context.Context, app openseat.AppID, userID string, ms []org.Membership, _ time.Time) error {
	return s.with(app, func(v *org.View) error {
		if v.Staff[userID] == nil {
			return openseat.Errorf(openseat.CodeAccountNotExist, "no account %s", userID)
		}
		for _, m := range ms {
			if v.Groups[m.GroupID] == nil {
				return openseat.Errorf(openseat.CodeSkillGroupError, "no group %d", m.GroupID)
			}
		}
		v.Staff[userID].Groups = append(v.Staff[userID].Groups, ms...)
		return nil
	})
}

func (s *shelf) UnbindGroups(_ context.Context, app openseat.AppID, userID string, ids []int64, _ time.Time) error {
	return s.with(app, func(v *org.View) error {
		p := v.Staff[userID]
		p.Groups = slices.DeleteFunc(p.Groups, func(m org.Membership) bool { return slices.Contains(ids, m.GroupID) })
		return nil
	})
}

func (s *shelf) CreateGroup(_ context.Context, g org.SkillGroup) (int64, error) {
	err := s.with(g.App, func(v *org.View) error {
		for _, other := range v.Groups {
			if other.Name == g.Name {
				return openseat.Errorf(openseat.CodeSkillGroupExist, "group %s exists", g.Name)
			}
		}
		s.lastGroup++
		g.ID = s.lastGroup
		v.Groups[g.ID] = &g
		return nil
	})
	return g.ID, err
}

func (s *shelf) UpdateGroup(_ context.Context, g org.SkillGroup) error {
	return s.with(g.App, func(v *org.View) error { v.Groups[g.ID] = &g; return nil })
}

func (s *shelf) DeleteGroup(_ context.Context, app openseat.AppID, id int64) error {
	return s.with(app, func(v *org.View) error {
		if v.Groups[id] == nil {
			return openseat.Errorf(openseat.CodeSkillGroupError, "no group %d", id)
		}
		delete(v.Groups, id)
		return nil
	})
}

func (s *shelf) Groups(_ context.Context, app openseat.AppID) (all []org.SkillGroup, err error) {
	err = s.with(app, func(v *org.View) error {
		for _, id := range slices.Sorted(maps.Keys(v.Groups)) {
			all = append(all, *v.Groups[id])
		}
		return nil
	})
	return all, err
}

func (s *shelf) PutNumber(_ context.Context, n org.Number) error {
	return s.with(n.App, func(v *org.View) error { v.Numbers[n.Number] = &n; return nil })
}

func (s *shelf) DeleteNumber(_ context.Context, app openseat.AppID, number string) error {
	return s.with(app, func(v *org.View) error { delete(v.Numbers, number); return nil })
}

func (s *shelf) PutTrunk(_ context.Context, k org.Trunk) error {
	return s.with(k.App, func(v *org.View) error { v.Trunks[k.Name] = &k; return nil })
}

func (s *shelf) DeleteTrunk(_ context.Context, app openseat.AppID, name string) error {
	return s.with(app, func(v *org.View) error {
		for _, n := range v.Numbers {
			if n.Trunk == name {
				return openseat.Errorf(org.CodeSipTrunkInUsed, "number %s lives on it", n.Number)
			}
		}
		delete(v.Trunks, name)
		return nil
	})
}

func (s *shelf) PublishFlow(_ context.Context, f org.Flow) (int, error) {
	err := s.with(f.App, func(v *org.View) error {
		f.Version = len(s.flows[f.Name]) + 1
		s.flows[f.Name] = append([]org.Flow{f}, s.flows[f.Name]...)
		v.Flows[f.Name] = &f
		return nil
	})
	return f.Version, err
}

func (s *shelf) FlowVersions(_ context.Context, _ openseat.AppID, name string) ([]org.Flow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.flows[name]) == 0 {
		return nil, openseat.Errorf(openseat.CodeNotFound, "no flow %s", name)
	}
	return s.flows[name], nil
}

func (s *shelf) PutPush(_ context.Context, p org.Push) error {
	return s.with(p.App, func(v *org.View) error { v.Push = p; return nil })
}

func (s *shelf) View(_ context.Context, app openseat.AppID) (copied *org.View, err error) {
	err = s.with(app, func(v *org.View) error {
		c := *v
		c.Staff, c.Groups, c.Numbers = maps.Clone(v.Staff), maps.Clone(v.Groups), maps.Clone(v.Numbers)
		c.Trunks, c.Flows = maps.Clone(v.Trunks), maps.Clone(v.Flows)
		copied = &c
		return nil
	})
	return copied, err
}

func (s *shelf) PutRole(_ context.Context, r org.CustomRole) (org.Role, error) {
	err := s.with(r.App, func(v *org.View) error {
		if r.ID == 0 {
			r.ID = org.Role(10 + len(v.Roles))
		}
		v.Roles[r.ID] = &r
		return nil
	})
	return r.ID, err
}

func (s *shelf) DeleteRole(_ context.Context, app openseat.AppID, id org.Role) error {
	return s.with(app, func(v *org.View) error { delete(v.Roles, id); return nil })
}

func (s *shelf) PutListed(_ context.Context, list []org.ListedNumber) error {
	for _, l := range list {
		s.listed[l.Number] = l
	}
	return nil
}

func (s *shelf) DeleteListed(_ context.Context, _ openseat.AppID, numbers []string) error {
	for _, number := range numbers {
		delete(s.listed, number)
	}
	return nil
}

func (s *shelf) Listed(_ context.Context, _ openseat.AppID, number string) (org.ListedNumber, error) {
	return s.listed[number], nil
}

func (s *shelf) FindListed(_ context.Context, _ openseat.AppID, _ string, _, _ int) (int, []org.ListedNumber, error) {
	return len(s.listed), slices.Collect(maps.Values(s.listed)), nil
}

func (s *shelf) PutNumberGroup(_ context.Context, g org.NumberGroup) (string, error) {
	err := s.with(g.App, func(v *org.View) error {
		if g.ID == "" {
			g.ID = "g-1"
		}
		v.NumberGroups[g.ID] = &g
		return nil
	})
	return g.ID, err
}

// gone deletes what must be there.
func gone[T any](m map[string]T, name string) error {
	if _, known := m[name]; !known {
		return openseat.Errorf(openseat.CodeNotFound, "no %s", name)
	}
	delete(m, name)
	return nil
}

func (s *shelf) DeleteNumberGroup(_ context.Context, app openseat.AppID, id string) error {
	return s.with(app, func(v *org.View) error { return gone(v.NumberGroups, id) })
}

func (s *shelf) PutSchedule(_ context.Context, x org.Schedule) error {
	return s.with(x.App, func(v *org.View) error { v.Schedules[x.Name] = &x; return nil })
}

func (s *shelf) DeleteSchedule(_ context.Context, app openseat.AppID, name string) error {
	return s.with(app, func(v *org.View) error { return gone(v.Schedules, name) })
}

func (s *shelf) PutDraft(_ context.Context, d org.Draft) (int64, error) {
	old := s.drafts[d.Name]
	if d.Revision != 0 && d.Revision != old.Revision {
		return 0, openseat.Errorf(openseat.CodeStateNotAllowed, "the draft was changed meanwhile")
	}
	d.Revision = old.Revision + 1
	s.drafts[d.Name] = d
	return d.Revision, nil
}

func (s *shelf) Drafts(_ context.Context, _ openseat.AppID, name string) ([]org.Draft, error) {
	var found []org.Draft
	for _, d := range s.drafts {
		if name == "" || d.Name == name {
			found = append(found, d)
		}
	}
	return found, nil
}

func (s *shelf) DeleteDraft(_ context.Context, _ openseat.AppID, name string) error {
	return gone(s.drafts, name)
}

func (s *shelf) DeleteFlow(_ context.Context, app openseat.AppID, name string) error {
	delete(s.drafts, name)
	return s.with(app, func(v *org.View) error { return gone(v.Flows, name) })
}
