package sip_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/voice/sip"
)

// steps is what a test call came to, in short.
func steps(x *exchange, id string) (string, sip.Trial) {
	synctest.Wait()
	trial, _ := x.Trial(app, id)
	var all []string
	for _, s := range trial.Steps {
		all = append(all, s.What)
	}
	return strings.Join(all, " "), trial
}

// A test call over a trunk tells all that happens to it.
func TestTrunkIsTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		id, err := x.Try(x.view()[0], "1000", "13800138000")
		if err != nil {
			t.Fatal(err)
		}
		invite := far.expect("INVITE")
		if got, trial := steps(x, id); got != "trying" || trial.Done {
			t.Errorf("%s, %+v", got, trial)
		}
		far.answer(invite, "180 Ringing", "p", "")
		synctest.Wait()
		far.answer(invite, "200 OK", "p", sdpA)
		far.expect("ACK")
		sound := append([]byte{0x80, 8, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4}, make([]byte, 160)...)
		if _, err := x.line(0).far.WriteRTP(sound); err != nil {
			t.Fatal(err)
		}
		bye := far.expect("BYE")
		far.answer(bye, "200 OK", "", "")
		got, trial := steps(x, id)
		if got != "trying ringing answered heard ended" || !trial.Done || !trial.OK || !trial.Heard || trial.Status != "ok" {
			t.Errorf("%s, %+v", got, trial)
		}
		if last := trial.Steps[len(trial.Steps)-1]; last.After != 2*time.Second {
			t.Errorf("ended after %v", last.After)
		}
		if _, known := x.Trial(app+1, id); known {
			t.Error("another instance sees it")
		}

		id, err = x.Try(x.view()[0], "1000", "10086")
		if err != nil {
			t.Fatal(err)
		}
		far.answer(far.expect("INVITE"), "486 Busy Here", "q", "Reason: Q.850;cause=17\n")
		far.expect("ACK")
		if got, trial := steps(x, id); got != "trying ended" || trial.OK || trial.Status != "busy" || trial.Steps[1].Detail != "SIP 486, Q.850 17: Busy Here" {
			t.Errorf("%s, %+v", got, trial)
		}
	})
}

// Only so many test calls run at a time.
func TestTrialsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		x.peer(peerAddr)
		for range 5 {
			if _, err := x.Try(x.view()[0], "1000", "10086"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := x.Try(x.view()[0], "1000", "10086"); !errors.Is(err, &openseat.Error{Code: openseat.CodeLimitExceeded}) {
			t.Errorf("a sixth: %v", err)
		}
		time.Sleep(time.Minute)
		if _, err := x.Try(x.view()[0], "1000", "10086"); err != nil {
			t.Error(err)
		}
	})
}
