package acd

import (
	"os"
	"testing"
	"time"

	"openseat"
)

// seatDesk is a group of agents with telephones: alice prefers her SIP phone, bob's mobile phone rings while he is offline,
// carol's always, dave has a page only.
func seatDesk() Configured {
	return Configured{
		Groups: []GroupPlan{{ID: 1}, {ID: 2}, {ID: 3, RingAll: true}, {ID: 4, UseLastSeat: true}},
		Agents: []AgentPlan{
			{User: "alice", Groups: map[int64]int{1: 3, 2: 3}, Seat: SeatExtension},
			{User: "bob", Groups: map[int64]int{1: 1, 3: 1, 4: 1}, Mobile: MobileOffline},
			{User: "carol", Groups: map[int64]int{3: 1}, Mobile: MobileAlways},
			{User: "dave", Groups: map[int64]int{1: 5, 3: 1, 4: 5}},
		},
	}
}

func up(user string) PhoneUp     { return PhoneUp{User: user} }
func down(user string) PhoneDown { return PhoneDown{User: user} }

func asked(work, user, by string, on Seat) Occupied {
	return Occupied{Work: call(work), User: user, By: by, Seat: on}
}

func TestSeats(t *testing.T) {
	const s = time.Second
	stories := []story{
		{"who prefers the SIP phone is rung there, and on the page while it is not registered", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{2 * s, take("c1", "alice"), "alice busy with c1", false},
			{3 * s, release("c1", "alice", 0), "alice free", false},
			{4 * s, up("alice"), "", false},
			{4 * s, up("alice"), "", false},
			{5 * s, queue("c2", 1), "c2: offered alice alice-1 on staffExtensionSeat", false},
			{6 * s, take("c2", "alice"), "alice busy with c2", false},
			{7 * s, release("c2", "alice", 0), "alice free", false},
			{8 * s, down("alice"), "", false},
			{8 * s, ask(down("alice")), "error ResourceNotFound", false},
			{9 * s, queue("c3", 1), "c3: offered alice alice-1", false},
		}},
		{"who prefers the page is rung there, and on the SIP phone while the page is gone", []step{
			{0, in("dave"), "dave free", false},
			{1 * s, up("dave"), "", false},
			{2 * s, set("dave", StatusNotReady), "dave notReady", false},
			{3 * s, lose("dave"), "", false},
			{4 * s, asked("c1", "dave", "bob", ""), "dave busy with c1\nc1: granted dave on staffExtensionSeat", false},
			{5 * s, SignedIn{"dave", "dave-2"}, "", false},
			{6 * s, release("c1", "dave", 0), "dave notReady", false},
			{7 * s, asked("c2", "dave", "bob", ""), "dave busy with c2\nc2: granted dave", false},
			{8 * s, release("c2", "dave", 0), "dave notReady", false},
			{9 * s, ConnLost{"dave", "dave-2"}, "", false},
			{19 * s, fired("presence:dave"), "dave offline (connectionLost)", false},
		}},
		{"a registered phone signs nobody in, a manager does; then the phone keeps him online", []step{
			{0, ask(set("alice", StatusFree)), "error FailedOperation.CurStateNotAllowModify", false},
			{0, up("alice"), "", false},
			{1 * s, queue("c1", 2), "c1: nobody", false},
			{1 * s, ask(set("alice", StatusArrange)), "error FailedOperation.CurStateNotAllowModify", false},
			{2 * s, ask(set("alice", StatusFree)), "alice free\nanswer offline", false},
			{3 * s, queue("c1", 2), "c1: offered alice on staffExtensionSeat", false},
			{3 * s, take("c1", "alice"), "alice busy with c1", false},
			{4 * s, release("c1", "alice", 5*s), "alice arrange", false},
			{9 * s, fired("wrapup:alice"), "alice free", false},
			{10 * s, down("alice"), "timer presence:alice 10s", true},
			{15 * s, up("alice"), "", true},
			{20 * s, fired("presence:alice"), "", true},
			{21 * s, in("alice"), "", true},
			{22 * s, lose("alice"), "timer presence:alice 10s", true},
			{32 * s, fired("presence:alice"), "", true},
			{33 * s, SignedOut{"alice"}, "alice offline (signedOut)", true},
			{34 * s, up("alice"), "", true},
		}},
		{"who worked by a phone that was lost is back with it, as he was", []step{
			{0, up("alice"), "", false},
			{1 * s, set("alice", StatusNotReady), "alice notReady", false},
			{2 * s, down("alice"), "", false},
			{12 * s, fired("presence:alice"), "alice offline (connectionLost)", false},
			{60 * s, up("alice"), "alice notReady", false},
			{61 * s, down("alice"), "", false},
			{71 * s, fired("presence:alice"), "alice offline (connectionLost)", false},
			{time.Hour, up("alice"), "", false},
		}},
		{"a phone that rings outlasts the page", []step{
			{0, in("alice"), "alice free", false},
			{0, up("alice"), "", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1 on staffExtensionSeat\ntimer offer:alice 2m0s", true},
			{2 * s, lose("alice"), "timer presence:alice 10s", true},
			{3 * s, SignedIn{"alice", "alice-2"}, "stop presence:alice", true},
			{4 * s, take("c1", "alice"), "stop offer:alice\nalice busy with c1", true},
			{5 * s, ConnLost{"alice", "alice-2"}, "timer presence:alice 10s", true},
			{15 * s, fired("presence:alice"), "", true},
			{16 * s, release("c1", "alice", 0), "alice free", true},
		}},
		{"the mobile phone of who is offline rings, after all who are online", []step{
			{0, in("dave"), "dave free", false},
			{1 * s, queue("c1", 1), "c1: offered dave dave-1", false},
			{2 * s, queue("c2", 1), "c2: offered bob on staffPhoneSeat\ntimer offer:bob 2m0s", true},
			{3 * s, take("c2", "bob"), "stop offer:bob\nbob busy then offline with c2", true},
			{4 * s, ask(set("bob", StatusRest)), "error FailedOperation.CurStateNotAllowModify", true},
			{9 * s, release("c2", "bob", 30*s), "bob offline (signedOut)", true},
		}},
		{"who comes online while his mobile phone rings or talks stays", []step{
			{1 * s, queue("c1", 1), "c1: offered bob on staffPhoneSeat", false},
			{2 * s, in("bob"), "bob free", false},
			{3 * s, take("c1", "bob"), "bob busy with c1", false},
			{4 * s, release("c1", "bob", 0), "bob free", false},
			{5 * s, SignedOut{"bob"}, "bob offline (signedOut)", false},
			{6 * s, queue("c2", 1), "c2: offered bob on staffPhoneSeat", false},
			{7 * s, take("c2", "bob"), "bob busy then offline with c2", false},
			{8 * s, SignedIn{"bob", "bob-2"}, "bob busy with c2", false},
			{9 * s, release("c2", "bob", 5*s), "bob arrange", false},
		}},
		{"who comes back to a rest while his mobile phone rings has it afterwards", []step{
			{0, in("bob"), "bob free", false},
			{1 * s, set("bob", StatusRest), "bob rest", false},
			{2 * s, lose("bob"), "", false},
			{12 * s, fired("presence:bob"), "bob offline (connectionLost)", false},
			{13 * s, queue("c1", 1), "c1: offered bob on staffPhoneSeat", false},
			{14 * s, in("bob"), "bob free then rest", false},
			{15 * s, drop("c1"), "bob rest", false},
		}},
		{"a mobile phone that does not answer has a minute's pause, and its owner stays offline", []step{
			{1 * s, queue("c1", 1), "c1: offered bob on staffPhoneSeat", false},
			{21 * s, miss("c1", "bob", "timeout"), "timer pause:bob 1m0s\nstop offer:bob\nc1: place 1", true},
			{22 * s, queue("c2", 1), "c2: place 2", true},
			{23 * s, in("dave"), "dave free\nc1: offered dave dave-1\ntimer offer:dave 2m0s", true},
			{81 * s, fired("pause:bob"), "c2: offered bob on staffPhoneSeat\ntimer offer:bob 2m0s", true},
			{82 * s, miss("c2", "bob", "rejected"), "timer pause:bob 1m0s\nstop offer:bob\nc2: place 1", true},
			{83 * s, in("bob"), "stop pause:bob\nbob free\nc2: offered bob bob-1\ntimer offer:bob 2m0s", true},
		}},
		{"a mobile phone that is always rung is rung in the stead of the page, and outlasts it", []step{
			{0, in("carol"), "carol free", false},
			{1 * s, queue("c1", 3), "c1: offered carol carol-1 on staffPhoneSeat", false},
			{2 * s, lose("carol"), "", false},
			{12 * s, fired("presence:carol"), "carol offline (connectionLost)", false},
			{13 * s, take("c1", "carol"), "carol busy then offline with c1", false},
			{14 * s, release("c1", "carol", 0), "carol offline (connectionLost)", false},
			{15 * s, set("bob", StatusRest), "", false},
			{16 * s, in("carol"), "carol free", false},
			{17 * s, set("carol", StatusRest), "carol rest", false},
			{18 * s, queue("c2", 3), "c2: offered bob on staffPhoneSeat", false},
		}},
		{"ring-all: mobile phones of who is offline ring when nobody online does", []step{
			{0, in("dave"), "dave free", false},
			{1 * s, queue("c1", 3), "c1: offered dave dave-1", false},
			{2 * s, miss("c1", "dave", "timeout"), `dave notReady (timeout)
				c1: offered bob on staffPhoneSeat
				c1: offered carol on staffPhoneSeat`, false},
			{3 * s, take("c1", "carol"), "c1: revoked bob taken\ncarol busy then offline with c1", false},
		}},
		{"the last agent goes first only while he is online", []step{
			{0, in("dave"), "dave free", false},
			{1 * s, Enqueued{Work: call("c1"), Group: 4, Last: "bob"}, "c1: offered dave dave-1", false},
			{2 * s, Enqueued{Work: call("c2"), Group: 4, Last: "bob"}, "c2: offered bob on staffPhoneSeat", false},
		}},
		{"who is removed or loses his mobile phone is not rung any more", []step{
			{1 * s, queue("c1", 4), "c1: offered bob on staffPhoneSeat", false},
			{2 * s, Configured{Groups: seatDesk().Groups, Agents: []AgentPlan{{User: "dave", Groups: map[int64]int{4: 1}, Mobile: MobileOffline}}},
				"c1: revoked bob gone\nc1: offered dave on staffPhoneSeat", false},
			{3 * s, miss("c1", "dave", "timeout"), "c1: place 1", false},
			{4 * s, Configured{Groups: seatDesk().Groups, Agents: []AgentPlan{{User: "dave", Groups: map[int64]int{4: 1}}}}, "c1: nobody", false},
			{63 * s, fired("pause:dave"), "", false},
			{64 * s, queue("c2", 4), "c2: nobody", false},
		}},
		{"who will not wait is told that all are busy, or that nobody is there", []step{
			{0, Enqueued{Work: call("c0"), Group: 9, NoWait: true}, "c0: nobody", false},
			{0, Enqueued{Work: call("c1"), Group: 4, NoWait: true}, "c1: offered bob on staffPhoneSeat", false},
			{1 * s, in("dave"), "dave free", false},
			{2 * s, queue("c2", 4), "c2: offered dave dave-1", false},
			{3 * s, Enqueued{Work: call("c3"), Group: 4, NoWait: true}, "c3: all busy", false},
			{3 * s, queue("c4", 4), "c4: place 1", false},
			{4 * s, ask(PositionWanted{call("c3")}), "error ResourceNotFound", false},
			{5 * s, miss("c1", "bob", "timeout"), "c1: all busy", false},
			{6 * s, drop("c2"), "c4: offered dave dave-1", false},
		}},
		{"a colleague is reached where he is", []step{
			{0, in("alice"), "alice free", false},
			{0, up("alice"), "", false},
			{1 * s, asked("c1", "alice", "bob", ""), "alice busy with c1\nc1: granted alice on staffExtensionSeat", false},
			{2 * s, asked("c1", "alice", "bob", ""), "c1: granted alice on staffExtensionSeat", false},
			{3 * s, asked("c2", "bob", "alice", ""), "bob busy then offline with c2\nc2: granted bob on staffPhoneSeat", false},
			{4 * s, release("c2", "bob", 0), "bob offline (signedOut)", false},
			{5 * s, asked("c3", "bob", "alice", SeatWeb), "c3: refused bob FailedOperation.CurStateNotAllowModify", false},
			{5 * s, asked("c3", "bob", "alice", SeatExtension), "c3: refused bob FailedOperation.CurStateNotAllowModify", false},
			{5 * s, asked("c3", "dave", "alice", ""), "c3: refused dave FailedOperation.CurStateNotAllowModify", false},
			{6 * s, up("dave"), "", false},
			{6 * s, asked("c3", "dave", "alice", ""), "dave busy then offline with c3\nc3: granted dave on staffExtensionSeat", false},
			{7 * s, in("carol"), "carol free", false},
			{8 * s, asked("c4", "carol", "alice", SeatWeb), "carol busy with c4\nc4: granted carol", false},
			{9 * s, release("c4", "carol", 0), "carol free", false},
			{9 * s, asked("c5", "carol", "alice", SeatExtension), "c5: refused carol FailedOperation.CurStateNotAllowModify", false},
			{9 * s, asked("c5", "carol", "alice", ""), "carol busy with c5\nc5: granted carol on staffPhoneSeat", false},
		}},
		{"an agent calls out from the device he works at, or names one", []step{
			{0, dial("c1", "carol"), "c1: refused carol FailedOperation.CurStateNotAllowModify", false},
			{0, asked("c1", "carol", "", SeatMobile), "carol busy then offline with c1\nc1: granted carol on staffPhoneSeat", false},
			{1 * s, asked("c2", "dave", "", SeatExtension), "dave busy then offline with c2\nc2: granted dave on staffExtensionSeat", false},
			{2 * s, release("c1", "carol", 0), "carol offline (signedOut)", false},
			{3 * s, in("carol"), "carol free", false},
			{4 * s, dial("c3", "carol"), "carol busy with c3\nc3: granted carol", false},
			{5 * s, in("alice"), "alice free", false},
			{5 * s, up("alice"), "", false},
			{6 * s, dial("c4", "alice"), "alice busy with c4\nc4: granted alice on staffExtensionSeat", false},
		}},
		{"several work for one work, each by himself", []step{
			{0, in("alice"), "alice free", false},
			{0, in("dave"), "dave free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{2 * s, take("c1", "alice"), "alice busy with c1", false},
			{3 * s, asked("c1", "dave", "alice", ""), "dave busy with c1\nc1: granted dave", false},
			{4 * s, queue("c1", 1), "c1: offered bob on staffPhoneSeat", false},
			{5 * s, openseat.OwnerLost{}, "c1: held? alice\nc1: held? bob\nc1: held? dave", false},
			{6 * s, in("alice"), "", false},
			{6 * s, in("dave"), "", false},
			{6 * s, ask(Held{call("c1"), "alice"}), "answer <nil>", false},
			{6 * s, ask(Held{call("c1"), "bob"}), "answer <nil>", false},
			{7 * s, drop("c1"), "", false},
			{20 * s, fired("confirm"), "dave free", false},
			{21 * s, release("c1", "alice", 10*s), "alice arrange", false},
			{22 * s, asked("c1", "alice", "dave", ""), "c1: refused alice FailedOperation.CurStateNotAllowModify", false},
			{23 * s, Occupied{Work: call("c1"), User: "alice", By: "dave", Return: true}, "alice busy with c1\nc1: granted alice", false},
		}},
		{"the board's node dies: phones must show themselves again", []step{
			{0, up("alice"), "", false},
			{0, set("alice", StatusFree), "alice free", false},
			{1 * s, miss("c9", "bob", "timeout"), "", false},
			{2 * s, openseat.OwnerLost{}, "timer presence:alice 10s", true},
			{3 * s, up("alice"), "", true},
			{12 * s, fired("presence:alice"), "", true},
			{13 * s, openseat.OwnerLost{}, "timer presence:alice 10s", true},
			{23 * s, fired("presence:alice"), "alice offline (connectionLost)", true},
			{24 * s, up("alice"), "alice free", true},
		}},
		{"strangers have no phones", []step{
			{0, ask(up("eve")), "error InvalidParameterValue.AccountNotExist", false},
			{0, ask(down("eve")), "error InvalidParameterValue.AccountNotExist", false},
		}},
	}
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			b := New(app)
			b.Handle(morning, seatDesk())
			runStory(t, b, s.steps)
		})
	}
}

// TestOldSnapshot reads a board that was saved before agents had telephones.
func TestOldSnapshot(t *testing.T) {
	old, err := os.ReadFile("testdata/snapshot-1")
	if err != nil {
		t.Fatal(err)
	}
	b := New(app)
	if err := b.Restore(old); err != nil {
		t.Fatal(err)
	}
	runStory(t, b, []step{
		{20 * time.Second, up("carol"), "", false},
		{24 * time.Second, fired("presence:carol"), "carol offline (connectionLost)", false},
		{30 * time.Second, take("c2", "bob"), "bob busy with c2", false},
		{31 * time.Second, release("c1", "alice", 0), "alice rest", false},
		{47 * time.Second, fired("wrapup:dave"), "dave free", false},
		{48 * time.Second, release("c2", "bob", 0), "bob free\nc3: offered bob bob-1", false},
	})
}
