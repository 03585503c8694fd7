package e2e

import "testing"

// TestAudibility proves who hears whom in every state of a call, as docs/audibility.md says it: with browsers, and telephones
// on SIP legs, each of whom sings a tone of his own.
func TestAudibility(t *testing.T) {
	if testing.Short() {
		t.Skip("starts browsers")
	}
	t.Parallel()
	f := openFloor(t, alice)
	f.story(t, "alone with a customer", func(f *floor) {
		agent := f.desks[alice]
		customer, session := f.comesIn(alice)
		of := map[string]any{"sessionId": session}
		hear := func(state string, atCustomer, atAgent chord) {
			t.Helper()
			f.check(state, hearing{"the customer": {sipEar{customer}, atCustomer}, "the agent": {pageEar{agent}, atAgent}})
		}
		hear("talking", voices(agentTone), voices(customerTone))
		agent.call("muteMic", of)
		hear("muted", silence, voices(customerTone))
		agent.call("hold", of)
		hear("held and muted", others, silence)
		agent.call("unmuteMic", of)
		hear("held", others, silence)
		agent.call("unHold", of)
		hear("taken back", voices(agentTone), voices(customerTone))
	})
}
