package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"openseat/api"
	"openseat/sim/carrier"
	"openseat/sim/company"
	"openseat/voice/media"
)

// The calls that run when the program is killed.
const (
	talking = 6  // customer and agent
	dialing = 1  // an agent's call-out that rings
	ringing = 1  // an agent is rung
	leaving = 12 // customers who hang up just then
	waiting = 50
	inFlow  = 30
)

// TestKill kills the program with a hundred calls running, and starts it again: each call has exactly one record with the
// right end, what was recorded can be played up to the end, and no push is missing, nor any made twice.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a hundred calls")
	}
	everywhere(t, func(t *testing.T, servers bool) {
		w := newWorld(t, choices{servers: servers})
		day := &busyDay{world: w, ends: map[string][]string{}}
		day.begin()
		day.awaitDisk()
		killed := day.killInTheMiddle()
		w.start()
		t.Logf("%d calls were running; the program was ready again after %v", len(day.ends), time.Since(killed).Round(time.Millisecond))
		day.check(killed)

		agent := w.sit(alice) // and work goes on
		call := w.call(direct)
		session := agent.mustHear("callIn", "").session()
		agent.accept(session)
		w.must(call.AwaitTone(w.within(stepTime), agentTone))
		call.HangUp()
		checkEnd(t, w.cdr(session), "ok", "user")
	})
}

// busyDay is the hundred calls, and how each may end by the caller's number.
type busyDay struct {
	*world
	calls   []*carrier.Call
	leavers []*carrier.Call
	talks   map[string]time.Time // when they began, by caller
	ends    map[string][]string
}

// begin places the calls, those first that need an agent.
func (d *busyDay) begin() {
	d.t.Helper()
	d.talks = map[string]time.Time{}
	var agents []*seat
	for _, user := range d.hireMany(talking + ringing) {
		agents = append(agents, d.sit(user))
	}
	caller := d.sit(dave)
	for _, agent := range agents {
		agent.forget()
	}
	for i := range talking {
		d.talkTo(agents, i)
	}
	d.place(direct, ringing, "error")
	eventually(d.t, stepTime, "an agent is rung", func() bool {
		for _, agent := range agents {
			if _, rung := agent.heardOf("callIn"); rung && agent.state() == "free" {
				return true
			}
		}
		return false
	})
	session, _ := caller.dial("13900000003")
	d.awaitRinging(session)
	d.ends[welcome] = []string{"error"}
	d.leavers = d.place(direct, leaving, "error", "waitingGiveUp")
	d.place(direct, waiting, "error")
	d.place(welcome, inFlow, "error")
}

// hireMany makes accounts that serve Support.
func (d *busyDay) hireMany(n int) []string {
	d.t.Helper()
	var users []string
	for i := range n {
		name := fmt.Sprintf("Agent%d", i)
		user := fmt.Sprintf("agent%d@demo.openseat", i)
		_, err := d.api.CreateStaff(d.ctx, &api.CreateStaffRequest{SdkAppId: d.demo.SdkAppID, Staffs: []api.SeatUserInfo{
			{Name: name, Mail: user, Nick: &name, StaffNumber: strconv.Itoa(3000 + i)},
		}})
		d.must(err)
		_, err = d.api.BindStaffSkillGroupList(d.ctx, &api.BindStaffSkillGroupListRequest{
			SdkAppId: d.demo.SdkAppID, StaffEmail: user, StaffSkillGroupList: []api.StaffSkillGroupList{{SkillGroupId: support}},
		})
		d.must(err)
		users = append(users, user)
	}
	return users
}

// place places n calls, whose ends may be these, and waits until they are answered.
func (d *busyDay) place(to string, n int, ends ...string) []*carrier.Call {
	d.t.Helper()
	var placed []*carrier.Call
	for range n {
		from := fmt.Sprintf("13700%06d", len(d.calls))
		call, err := d.carrier.Call(d.ctx, from, to)
		d.must(err)
		d.ends["0086"+from] = ends
		d.calls, placed = append(d.calls, call), append(placed, call)
	}
	for _, call := range placed {
		d.must(call.WaitAnswered(d.within(stepTime)))
	}
	return placed
}

// talkTo places a call and has whoever is rung answer it.
func (d *busyDay) talkTo(agents []*seat, i int) {
	d.t.Helper()
	call := d.place(direct, 1, "error")[0]
	call.Say(media.ToneSource(customerTone), true)
	var rung *seat
	var session string
	eventually(d.t, stepTime, "an agent is rung", func() bool {
		for _, agent := range agents {
			if n, ok := agent.heardOf("callIn"); ok && agent.lineOf(n.session()) == nil {
				rung, session = agent, n.session()
			}
		}
		return rung != nil
	})
	line := rung.accept(session)
	began := rung.mustHear("userAccessed", session).At
	d.must(call.AwaitTone(d.within(stepTime), agentTone))
	d.must(line.awaitTone(d.within(stepTime), customerTone))
	d.talks["0086"+call.From] = began
}

// awaitDisk waits until two seconds of every recording are on the disk: from there on none may be lost.
func (d *busyDay) awaitDisk() {
	d.t.Helper()
	eventually(d.t, time.Minute, "the recordings are on their way to the disk", func() bool {
		files, err := filepath.Glob(filepath.Join(d.data, "spool", "*"))
		d.must(err)
		long := 0
		for _, f := range files {
			if info, err := os.Stat(f); err == nil && info.Size() > kept*media.SampleRate {
				long++
			}
		}
		return long >= 2*talking
	})
}

// kept is how many seconds of every recording must be on the disk before the program is killed.
const kept = 2

// killInTheMiddle kills the program while customers hang up, after as many of them as chance has it, and answers when.
func (d *busyDay) killInTheMiddle() time.Time {
	d.t.Helper()
	victim := int64(rand.IntN(leaving))
	var gone atomic.Int64
	die := make(chan struct{})
	var leave sync.WaitGroup
	for _, call := range d.leavers {
		leave.Go(func() {
			if gone.Add(1) == victim+1 {
				close(die)
			}
			call.HangUp()
		})
	}
	<-die
	d.kill()
	killed := time.Now()
	leave.Wait()
	return killed
}

// check checks that there is a record of every call, one, and that it is right.
func (d *busyDay) check(killed time.Time) {
	d.t.Helper()
	want := len(d.ends)
	eventually(d.t, time.Minute, fmt.Sprintf("%d records are pushed", want), func() bool { return len(d.pushesOf(api.PushCDR)) >= want })
	eventually(d.t, time.Minute, fmt.Sprintf("%d recordings are pushed", 2*talking), func() bool { return len(d.pushesOf(api.PushRecord)) >= 2*talking })
	found := map[string]api.TelCdrInfo{}
	for _, cdr := range d.records() {
		if _, twice := found[cdr.Caller]; twice {
			d.t.Errorf("two records of the call from %s", cdr.Caller)
		}
		found[cdr.Caller] = cdr
	}
	for caller, ends := range d.ends {
		cdr, ok := found[caller]
		if !ok {
			d.t.Errorf("no record of the call from %s", caller)
			continue
		}
		d.checkOne(cdr, ends, killed)
	}
	d.checkPushes()
}

// checkOne checks one call's record.
func (d *busyDay) checkOne(cdr api.TelCdrInfo, ends []string, killed time.Time) {
	d.t.Helper()
	sides := map[string]string{"error": "system", "waitingGiveUp": "user"}
	if !slices.Contains(ends, cdr.EndStatusString) || cdr.HungUpSide != sides[cdr.EndStatusString] {
		d.t.Errorf("the call from %s ended with %s by %s, wanted one of %v", cdr.Caller, cdr.EndStatusString, cdr.HungUpSide, ends)
	}
	if early := killed.Add(-aliveWithin).Unix(); cdr.EndedTimestamp < max(cdr.StartTimestamp, early) || cdr.EndedTimestamp > killed.Unix()+1 {
		d.t.Errorf("the call from %s ended at %d; the program was killed at %d", cdr.Caller, cdr.EndedTimestamp, killed.Unix())
	}
	began, talked := d.talks[cdr.Caller]
	if got := cdr.RecordURL != ""; got != talked {
		d.t.Errorf("the call from %s has the recording %q", cdr.Caller, cdr.RecordURL)
	}
	if !talked {
		return
	}
	if len(cdr.ServeParticipants) != 1 || cdr.ServeParticipants[0].EndStatusString != "error" {
		d.t.Errorf("the call from %s was served by %+v", cdr.Caller, cdr.ServeParticipants)
		return
	}
	d.checkRest(cdr.RecordURL, customerTone, killed.Sub(began))
	d.checkRest(cdr.ServeParticipants[0].RecordURL, agentTone, killed.Sub(began))
}

// aliveWithin is how exactly it is known when a dead program was last alive.
const aliveWithin = 5 * time.Second

// checkRest checks a recording that was running when the program died: it can be played, for as long as it was on the disk.
// That this is seldom more than a moment less than the talk, is a matter of how busy the disk is.
func (d *busyDay) checkRest(url string, hz float64, talk time.Duration) {
	d.t.Helper()
	pcm := d.download(url)
	if err := holds(pcm, hz); err != nil {
		d.t.Error(err)
	}
	got := (recording{pcm: pcm}).duration()
	const exactly = 100 * time.Millisecond // the file's header, the MP3's frames
	if got < kept*time.Second-exactly || got > talk+exactly {
		d.t.Errorf("a recording of a talk of %v takes %v", talk, got)
	}
	d.t.Logf("of a talk of %v is lost %v", talk.Round(time.Millisecond), (talk - got).Round(time.Millisecond))
}

// records is every record there is.
func (d *busyDay) records() []api.TelCdrInfo {
	d.t.Helper()
	var all []api.TelCdrInfo
	now := time.Now().Unix()
	for page := int64(0); ; page++ {
		answer, err := d.api.DescribeTelCdr(d.ctx, &api.DescribeTelCdrRequest{
			SdkAppId: d.demo.SdkAppID, StartTimeStamp: now - 3600, EndTimeStamp: now + 60, PageSize: 100, PageNumber: page,
		})
		d.must(err)
		if all = append(all, answer.TelCdrs...); len(answer.TelCdrs) == 0 {
			return all
		}
	}
}

// pushesOf is what arrived of an action.
func (d *busyDay) pushesOf(action string) []company.Push {
	var all []company.Push
	for _, p := range d.company.Pushes("") {
		if p.Action == action && p.Taken {
			all = append(all, p)
		}
	}
	return all
}

// checkPushes checks that nothing was pushed under two names, that each record was pushed, and each recording.
func (d *busyDay) checkPushes() {
	d.t.Helper()
	cdrs := map[string]string{}
	for _, p := range d.pushesOf(api.PushCDR) {
		var cdr api.CDRPush
		d.must(json.Unmarshal(p.Body, &cdr))
		if other, twice := cdrs[cdr.Caller]; twice {
			d.t.Errorf("the record of the call from %s was pushed as %s and as %s", cdr.Caller, other, p.UUID)
		}
		cdrs[cdr.Caller] = p.UUID
	}
	for caller := range d.ends {
		if cdrs[caller] == "" {
			d.t.Errorf("the record of the call from %s was not pushed", caller)
		}
	}
	recordings := map[string]string{}
	for _, p := range d.pushesOf(api.PushRecord) {
		var r api.RecordPush
		d.must(json.Unmarshal(p.Body, &r))
		if other, twice := recordings[r.RecordId]; twice {
			d.t.Errorf("the recording %s was pushed as %s and as %s", r.RecordId, other, p.UUID)
		}
		recordings[r.RecordId] = p.UUID
	}
	if len(recordings) != 2*talking {
		d.t.Errorf("%d recordings were pushed, wanted %d", len(recordings), 2*talking)
	}
}
