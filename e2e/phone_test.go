package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// telephone is a SIP phone on an agent's desk: baresip, which sings from a file, puts what it hears into another one, and is
// told what to do, and tells what happens, over its control connection.
type telephone struct {
	w         *world
	extension string
	dir       string
	control   net.Conn

	mu     sync.Mutex
	events []phoneEvent
}

// phoneEvent is something that happened at the phone, such as REGISTER_OK or CALL_INCOMING.
type phoneEvent struct {
	Type    string `json:"type"`
	PeerURI string `json:"peeruri"`
	Name    string `json:"peerdisplayname"`
	Param   string `json:"param"`
}

// account is what a phone registers with.
type account struct {
	extension, password string
	transport           string // udp, tcp
	sings               float64
}

// newTelephone starts a phone. It ends with the test.
func (w *world) newTelephone(a account) *telephone {
	w.t.Helper()
	need(w.t, "baresip")
	p := &telephone{w: w, extension: a.extension, dir: w.t.TempDir()}
	listen, control := w.free(), w.free()
	tone := toneFile(w.t, a.sings, time.Minute)
	w.must(os.WriteFile(filepath.Join(p.dir, "accounts"), []byte("# made below\n"), 0o600))
	w.must(os.WriteFile(filepath.Join(p.dir, "config"), fmt.Appendf(nil, `sip_listen %s
audio_player aubridge,ear
audio_source aufile,%s
audio_channels 1-1
rtp_ports %d-%d
module_path %s
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
snd_path %s
ctrl_tcp_listen %s
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
`, addr(listen), tone, listen+1, listen+60, baresipModules(w.t), p.dir, addr(control)), 0o600))
	cmd := exec.Command("baresip", "-f", p.dir)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	running, err := spawn(cmd)
	w.must(err)
	w.t.Cleanup(func() {
		running.kill()
		if w.t.Failed() {
			w.t.Logf("the phone %s said:\n%s", a.extension, said.String())
		}
	})
	eventually(w.t, startWait, "the phone can be told what to do", func() bool {
		p.control, err = net.Dial("tcp", addr(control))
		return err == nil
	})
	w.t.Cleanup(func() { _ = p.control.Close() })
	go p.read()
	p.tell("uanew", fmt.Sprintf("<sip:%s@%s;transport=%s>;auth_user=%[1]s;auth_pass=%[4]s;regint=60;audio_codecs=PCMA;answermode=manual",
		a.extension, addr(w.ports.sip), a.transport, a.password)) // it registers now that it is listened to
	return p
}

// read takes what the phone tells: JSON in netstrings.
func (p *telephone) read() {
	in := bufio.NewReader(p.control)
	for {
		length, err := in.ReadString(':')
		n, bad := strconv.Atoi(strings.TrimSuffix(length, ":"))
		if err != nil || bad != nil {
			return
		}
		body := make([]byte, n+1) // with the comma
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		var e phoneEvent
		if json.Unmarshal(body[:n], &e) == nil && e.Type != "" {
			p.mu.Lock()
			p.events = append(p.events, e)
			p.mu.Unlock()
		}
	}
}

// tell gives the phone a command, such as dial or accept.
func (p *telephone) tell(command, params string) {
	p.w.t.Helper()
	body, err := json.Marshal(map[string]string{"command": command, "params": params})
	p.w.must(err)
	_, err = fmt.Fprintf(p.control, "%d:%s,", len(body), body)
	p.w.must(err)
}

// awaits waits for an event, and forgets it and those before.
func (p *telephone) awaits(event string) phoneEvent {
	p.w.t.Helper()
	var found phoneEvent
	if await(p.w.ctx, stepTime, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		i := slices.IndexFunc(p.events, func(e phoneEvent) bool { return e.Type == event })
		if i < 0 {
			return false
		}
		found, p.events = p.events[i], p.events[i+1:]
		return true
	}) != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.w.t.Fatalf("phone %s: no %s, but %+v", p.extension, event, p.events)
	}
	return found
}

// awaitChord implements ear: what the phone hears is in the newest of its files.
func (p *telephone) awaitChord(ctx context.Context, want chord) error {
	return awaitChord(ctx, want, func() []int16 {
		files, err := filepath.Glob(filepath.Join(p.dir, "dump-*-dec.wav"))
		if err != nil || len(files) == 0 {
			return nil
		}
		slices.SortFunc(files, func(a, b string) int { return age(b).Compare(age(a)) })
		const header, tail = 44, 16000
		body, err := os.ReadFile(files[0])
		if err != nil || len(body) < header {
			return nil
		}
		return samples(body[max(header, len(body)/2*2-tail*2):])
	})
}

func age(file string) time.Time {
	info, err := os.Stat(file)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// free takes a block of ports of this world for a telephone: its SIP, its control, its sound.
func (w *world) free() int {
	w.t.Helper()
	if w.nextPort == 0 {
		w.nextPort = w.ports.worldLow + rtpPorts/2 // the carrier's calls begin at the low end
	}
	for port := w.nextPort; port+100 < w.ports.worldTop; port += 2 {
		if isFree(port) {
			w.nextPort = port + 64
			return port
		}
	}
	w.must(errors.New("no free ports"))
	return 0
}
