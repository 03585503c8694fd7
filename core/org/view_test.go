package org

import (
	"errors"
	"testing"

	"openseat"
)

// desk is an instance with voice groups Support (1) and Sales (2), a chat group (3), and numbers bound in every way. The last
// digits of a number are its groups.
func desk() *View {
	v := &View{
		Staff: map[string]*Staff{
			"alice": {UserID: "alice", Groups: []Membership{{GroupID: 1}, {GroupID: 3}}},
			"bob":   {UserID: "bob", Groups: []Membership{{GroupID: 1}, {GroupID: 2}}},
			"dave":  {UserID: "dave", Groups: []Membership{{GroupID: 3}}},
		},
		Groups: map[int64]*SkillGroup{1: {ID: 1}, 2: {ID: 2}, 3: {ID: 3, Type: GroupChat}},
		Trunks: map[string]*Trunk{"line": {Name: "line"}},
	}
	v.Numbers = map[string]*Number{}
	for _, n := range []Number{
		{Number: "00864008000000", CallOut: true, State: NumberNormal},
		{Number: "00864008000001", CallOut: true, State: NumberNormal, CallOutGroups: []int64{1}},
		{Number: "00864008000002", CallOut: true, State: NumberNormal, CallOutGroups: []int64{2}},
		{Number: "00864008000021", CallOut: true, State: NumberNormal, CallOutGroups: []int64{2, 1}},
		{Number: "00864007000001", CallOut: false, State: NumberNormal, CallOutGroups: []int64{1}},
		{Number: "00864007000002", CallOut: true, State: 2, CallOutGroups: []int64{1}},
		{Number: "00864007000003", CallOut: true, State: NumberNormal, Trunk: "gone", CallOutGroups: []int64{1}},
	} {
		if n.Trunk == "" {
			n.Trunk = "line"
		}
		v.Numbers[n.Number] = &n
	}
	return v
}

func TestCallerNumber(t *testing.T) {
	const none = ""
	for _, c := range []struct {
		name, user, wanted string
		group              int64
		among              []string
		want               string
	}{
		{"his group's number", "alice", "", 0, nil, "00864008000001"},
		{"the wanted number", "alice", "4008000021", 0, nil, "00864008000021"},
		{"a wanted number that is free for all", "alice", "00864008000000", 0, nil, "00864008000000"},
		{"a wanted number of others is not shown", "alice", "00864008000002", 0, nil, "00864008000001"},
		{"a wanted number that is not for calling out", "alice", "00864007000001", 0, nil, "00864008000001"},
		{"a wanted number in arrears", "alice", "00864007000002", 0, nil, "00864008000001"},
		{"a wanted number without a line", "alice", "00864007000003", 0, nil, "00864008000001"},
		{"the wanted group", "bob", "", 2, nil, "00864008000002"},
		{"the wanted number goes before the group", "bob", "00864008000001", 2, nil, "00864008000001"},
		{"a group he does not serve", "alice", "", 2, nil, "00864008000021"},
		{"of a list, the one of his group", "bob", "", 0, []string{"4008000000", "4008000002"}, "00864008000002"},
		{"of a list, the one for all", "bob", "", 0, []string{"4008000000"}, "00864008000000"},
		{"of a list with nothing for him", "alice", "", 0, []string{"4008000002"}, none},
		{"without phone groups, the number for all", "dave", "", 0, nil, "00864008000000"},
		{"a stranger", "nobody", "00864008000001", 1, nil, "00864008000000"},
	} {
		n, err := desk().CallerNumber(c.user, c.wanted, c.group, c.among)
		if c.want == none {
			if !errors.Is(err, &openseat.Error{Code: openseat.CodeNoCallOutNumber}) {
				t.Errorf("%s: %s, %v", c.name, n.Number, err)
			}
			continue
		}
		if err != nil || n.Number != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, n.Number, err, c.want)
		}
	}
}

func TestCallOutGroup(t *testing.T) {
	for _, c := range []struct {
		name, user, number string
		want               int64
	}{
		{"his only phone group, whatever the number is bound to", "alice", "00864008000002", 1},
		{"of several, the one the number is bound to", "bob", "00864008000002", 2},
		{"of several bound ones, the first", "bob", "00864008000021", 2},
		{"of several without a binding, his first", "bob", "00864008000000", 1},
		{"a number nobody owns", "bob", "00861", 1},
		{"no phone group", "dave", "00864008000001", 0},
		{"a stranger", "nobody", "00864008000001", 0},
	} {
		if got := desk().CallOutGroup(c.user, c.number); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestByExtension(t *testing.T) {
	v := desk()
	v.Phones = map[string]*Extension{"7002": {ID: "7002", User: "bob"}, "7003": {ID: "7003"}}
	if s := v.ByExtension("7002"); s == nil || s.UserID != "bob" {
		t.Errorf("7002 is %v", s)
	}
	if s := v.ByExtension("7003"); s != nil {
		t.Errorf("nobody's extension is %s's", s.UserID)
	}
	if s := v.ByExtension(""); s != nil {
		t.Errorf("nobody's extension is %s's", s.UserID)
	}
}
