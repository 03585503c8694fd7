package storetest

import (
	"fmt"
	"testing"
	"time"

	"openseat/core/call"
	"openseat/core/org"
	"openseat/store"
)

// whatWasDialed is five calls to one number and one from it; the last two were alice's, half a minute ago.
func whatWasDialed(t *testing.T, db *store.DB) {
	ctx := t.Context()
	const callee = "008613900000009"
	for i, ago := range []time.Duration{25 * time.Hour, 23 * time.Hour, 2 * time.Hour, 30 * time.Second, 20 * time.Second} {
		c := session(Here, fmt.Sprint("d-", i), noon.Add(-ago))
		c.Direction, c.CallType, c.Callee = call.Outbound, call.TypeOutbound, callee
		c.Serves = []call.Participant{{User: "bob@x.cn", StartAt: c.StartAt, EndAt: c.EndAt}}
		if ago < time.Minute {
			c.Serves[0].User = "alice@x.cn"
		}
		must(t, db.PutCDR(ctx, c))
	}
	from := session(Here, "d-in", noon.Add(-time.Second))
	from.Caller = callee
	must(t, db.PutCDR(ctx, from))
	for _, c := range []struct {
		callee, user string
		want         org.Dialed
	}{
		{callee, "alice@x.cn", org.Dialed{CalleeHour: 2, CalleeDay: 4, AgentMinute: 2}},
		{callee, "bob@x.cn", org.Dialed{CalleeHour: 2, CalleeDay: 4}},
		{callee, "", org.Dialed{CalleeHour: 2, CalleeDay: 4}},
		{"0086110", "alice@x.cn", org.Dialed{AgentMinute: 2}},
	} {
		got, err := db.Dialed(ctx, Here, c.callee, c.user, noon)
		must(t, err)
		same(t, fmt.Sprintf("%s called %s", c.user, c.callee), got, c.want)
	}
	got, err := db.Dialed(ctx, There, callee, "alice@x.cn", noon)
	must(t, err)
	same(t, "elsewhere", got, org.Dialed{})
}
