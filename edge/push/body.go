package push

import (
	"openseat/api"
	"openseat/core/call"
	"openseat/core/report"
)

// CDRBody renders a record as the push "cdr" has it.
func CDRBody(c *report.CDR) api.CDRPush {
	keys, keysEx := pressed(c.Keys)
	_, post := pressed(c.PostKeys)
	return api.CDRPush{
		SdkAppId: int64(c.App), SessionId: c.SessionID, Caller: c.Caller, Callee: c.Callee,
		Direction: int64(c.Direction), CallType: int64(c.CallType),
		Duration: c.Duration(), IVRDuration: c.IVRDuration(), SeatUser: seatUser(c),
		StartTimestamp: report.Unix(c.StartAt), StartTimeStamp: report.Unix(c.StartAt),
		RingTimestamp: report.Unix(c.RingAt), AcceptTimestamp: report.Unix(c.AcceptAt),
		EndedTimestamp: report.Unix(c.EndAt), QueuedTimestamp: report.Unix(c.QueuedAt),
		QueuedSkillGroupId: c.QueuedGroup, QueuedSkillGroupName: c.QueuedGroupName,
		IVRKeyPressed: keys, IVRKeyPressedEx: keysEx, PostIVRKeyPressed: post,
		HungUpSide: c.HungUpSide, EndStatusString: c.End.String(), ServeParticipants: participants(c),
		RecordId: c.Record, UserRemark: c.Remark, Uui: c.UUI,
		CallerLocation: c.CallerLocation(), TelLocation: location(c),
	}
}

func location(c *report.CDR) *api.PushLocation {
	l := c.Location
	return &api.PushLocation{TelNumber: c.Customer(), Country: l.Country, Province: l.Province, City: l.City, Operator: l.Operator}
}

func pressed(keys []call.Key) (plain []string, ex []api.PushKey) {
	for _, k := range keys {
		plain = append(plain, k.Key)
		ex = append(ex, api.PushKey{Key: k.Key, Label: k.Label})
	}
	return plain, ex
}

func seatUser(c *report.CDR) *api.PushSeatUser {
	seat := c.Seat()
	if seat == nil {
		return nil
	}
	p := c.People[seat.User]
	return &api.PushSeatUser{
		Mail: p.Mail, Name: p.Name, Nick: p.Nick, Phone: p.Phone, UserId: p.UserID, StaffNumber: p.StaffNumber,
		SkillGroupNameList: p.GroupNames,
	}
}

func participants(c *report.CDR) []api.PushParticipant {
	var out []api.PushParticipant
	for _, s := range c.Serves {
		p := c.Person(s)
		out = append(out, api.PushParticipant{
			Mail: p.Mail, Phone: p.Phone, Type: s.Type,
			TransferFrom: c.Mail(s.TransferFrom), TransferFromType: s.TransferFromType,
			TransferTo: c.Mail(s.TransferTo), TransferToType: s.TransferToType,
			Sequence:       int64(s.Sequence),
			StartTimeStamp: report.Unix(s.StartAt), RingTimestamp: report.Unix(s.RingAt),
			AcceptTimestamp: report.Unix(s.AcceptAt), EndedTimestamp: report.Unix(s.EndAt),
			RecordId: s.Record, EndStatusString: s.End.String(),
			SkillGroupId: s.Group, SkillGroupName: c.GroupNames[s.Group], SkillGroupPriority: int64(s.Priority),
		})
	}
	return out
}
