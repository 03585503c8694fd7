package org

import (
	"maps"
	"slices"
	"time"

	"openseat"
)

// Area is a part of an instance that people see or change.
type Area string

// The areas, in the order of the console's pages.
const (
	AreaLive       Area = "live"       // the wallboard: queues, agents, running calls
	AreaSupervise  Area = "supervise"  // monitor, whisper, barge, intercept, force a status
	AreaRecords    Area = "records"    // call records and their timelines
	AreaRecordings Area = "recordings" // what was said: recordings, voicemail
	AreaReports    Area = "reports"
	AreaStaff      Area = "staff"
	AreaGroups     Area = "groups"
	AreaNumbers    Area = "numbers"
	AreaTrunks     Area = "trunks"
	AreaPhones     Area = "phones"
	AreaFlows      Area = "flows" // flows, prompts, working hours
	AreaLists      Area = "lists" // blacklist, call-out limits
	AreaPush       Area = "push"
	AreaKeys       Area = "keys"
	AreaRoles      Area = "roles"
	AreaAudit      Area = "audit"
	AreaInstance   Area = "instance" // settings, retention, other instances
)

// Areas lists them all.
func Areas() []Area {
	return []Area{
		AreaLive, AreaSupervise, AreaRecords, AreaRecordings, AreaReports, AreaStaff, AreaGroups, AreaNumbers, AreaTrunks, AreaPhones,
		AreaFlows, AreaLists, AreaPush, AreaKeys, AreaRoles, AreaAudit, AreaInstance,
	}
}

// Level is how far a right goes.
type Level int

// The levels; each holds the ones before it.
const (
	None Level = iota
	Read
	Write
)

// Rights is what somebody may do, by area. An area that is not named is None.
type Rights map[Area]Level

// May tells whether the rights reach that far.
func (r Rights) May(a Area, l Level) bool { return r[a] >= l }

// Within tells whether nobody gains anything by getting these rights from who has those.
func (r Rights) Within(those Rights) bool {
	for a, l := range r {
		if !those.May(a, l) {
			return false
		}
	}
	return true
}

// firstCustomRole is the smallest number of a role that an instance makes for itself.
const firstCustomRole Role = 10

// CustomRole is a role that an instance made for itself.
type CustomRole struct {
	App       openseat.AppID `json:"app"`
	ID        Role           `json:"id"` // from 10
	Name      string         `json:"name"`
	Rights    Rights         `json:"rights"`
	CreatedAt time.Time      `json:"createdAt"`
}

// RightsOf answers what a member of staff may do in the console and by its cloud API.
func (v *View) RightsOf(s *Staff) Rights {
	if s == nil {
		return nil
	}
	if s.Super {
		return everything()
	}
	if r := v.Roles[s.Role]; r != nil {
		return maps.Clone(r.Rights)
	}
	return builtIn(s.Role)
}

func everything() Rights {
	all := Rights{}
	for _, a := range Areas() {
		all[a] = Write
	}
	return all
}

func builtIn(r Role) Rights {
	switch r {
	case RoleAdmin:
		return everything()
	case RoleInspector:
		return Rights{
			AreaLive: Read, AreaSupervise: Write, AreaRecords: Read, AreaRecordings: Read, AreaReports: Read, AreaGroups: Read, AreaStaff: Read,
		}
	default:
		return Rights{}
	}
}

// checkRights lets only known areas and levels in.
func checkRights(r Rights) error {
	for a, l := range r {
		if !slices.Contains(Areas(), a) {
			return invalid("Rights", "there is no area "+string(a))
		}
		if l < None || l > Write {
			return invalid("Rights", "a level must be 0 (none), 1 (read) or 2 (write)")
		}
	}
	return nil
}
