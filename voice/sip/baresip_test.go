package sip_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"openseat/voice/media"
)

// baresip is somebody else's telephone, driven by its own command port. It sings what is in its tone file, and keeps what it
// hears in another one.
type baresip struct {
	t    *testing.T
	dir  string
	cmd  *exec.Cmd
	ctrl net.Conn

	mu     sync.Mutex
	events []string // "type param"
	said   bytes.Buffer
	dead   chan struct{}
}

// startBaresip starts a telephone with an account line; its SIP port is returned, too.
func startBaresip(t *testing.T, account string) *baresip {
	t.Helper()
	modules, err := filepath.Glob("/usr/lib/baresip/modules/ctrl_tcp.so")
	if _, e := exec.LookPath("baresip"); e != nil || err != nil || len(modules) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("baresip is not installed")
		}
		t.Skip("baresip is not installed")
	}
	b := &baresip{t: t, dir: t.TempDir(), dead: make(chan struct{})}
	ctrl, sip, rtp := freePort(t), freePort(t), freePort(t)&^1
	tone := filepath.Join(b.dir, "tone.wav")
	writeTone(t, tone, phoneTone)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("accounts", account+"\n")
	write("config", fmt.Sprintf(`sip_listen 127.0.0.1:%d
net_interface 127.0.0.1
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
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:%d
`, sip, tone, rtp, min(rtp+20, 65534), filepath.Dir(modules[0]), b.dir, ctrl))
	b.cmd = exec.CommandContext(t.Context(), "baresip", "-f", b.dir)
	b.cmd.Dir = b.dir
	b.cmd.Stdout, b.cmd.Stderr = &b.said, &b.said
	if err := b.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = b.cmd.Wait() // it is killed
		close(b.dead)
	}()
	t.Cleanup(b.stop)
	b.connect("127.0.0.1:" + strconv.Itoa(ctrl))
	return b
}

// stop ends the telephone without a word, as pulling its plug does.
func (b *baresip) stop() {
	_ = b.cmd.Process.Kill() // it may have ended
	<-b.dead
	if b.ctrl != nil {
		b.ctrl.Close()
	}
	if b.t.Failed() {
		b.t.Logf("baresip said:\n%s", b.said.String())
	}
}

func (b *baresip) connect(addr string) {
	b.t.Helper()
	within(b.t, "baresip's command port", func() bool {
		c, err := (&net.Dialer{}).DialContext(b.t.Context(), "tcp", addr)
		b.ctrl = c
		return err == nil
	})
	go b.listen()
}

// listen reads netstrings, as in 12:{"event":…}, with what happened.
func (b *baresip) listen() {
	for {
		text, err := readNetstring(b.ctrl)
		if err != nil {
			return
		}
		var m struct {
			Event bool   `json:"event"`
			Type  string `json:"type"`
			Param string `json:"param"`
		}
		if json.Unmarshal(text, &m) == nil && m.Event {
			b.mu.Lock()
			b.events = append(b.events, m.Type+" "+m.Param)
			b.mu.Unlock()
		}
	}
}

func readNetstring(r io.Reader) ([]byte, error) {
	n := 0
	for {
		var one [1]byte
		if _, err := io.ReadFull(r, one[:]); err != nil {
			return nil, err
		}
		if one[0] == ':' {
			break
		}
		if one[0] < '0' || one[0] > '9' || n > 1<<20 {
			return nil, errors.New("no netstring")
		}
		n = n*10 + int(one[0]-'0')
	}
	text := make([]byte, n+1)
	_, err := io.ReadFull(r, text)
	return text[:n], err
}

// tell gives the telephone a command.
func (b *baresip) tell(command, params string) {
	b.t.Helper()
	text, err := json.Marshal(map[string]string{"command": command, "params": params})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(b.ctrl, "%d:%s,", len(text), text); err != nil {
		b.t.Fatal(err)
	}
}

// await waits for something that the telephone says happened.
func (b *baresip) await(event string) {
	b.t.Helper()
	within(b.t, "baresip: "+event, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		for i, e := range b.events {
			if strings.HasPrefix(e, event) {
				b.events = b.events[i+1:]
				return true
			}
		}
		return false
	})
}

// within waits, for real processes.
func within(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		pause := time.NewTimer(20 * time.Millisecond)
		select {
		case <-pause.C:
		case <-t.Context().Done():
		}
	}
}

// phoneTone is what telephones sing.
const phoneTone = 660

// writeTone makes a WAV file of a tone.
func writeTone(t *testing.T, path string, hz float64) {
	t.Helper()
	pcm := media.Tone(hz, 30*time.Second).PCM()
	var b bytes.Buffer
	b.WriteString("RIFF")
	for _, part := range []any{
		uint32(36 + 2*len(pcm)), []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(media.SampleRate),
		uint32(2 * media.SampleRate), uint16(2), uint16(16), []byte("data"), uint32(2 * len(pcm)), pcm,
	} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// hears waits until the telephone has a tone in its ear.
func (b *baresip) hears(hz float64) {
	b.t.Helper()
	within(b.t, fmt.Sprintf("%v Hz in the telephone", hz), func() bool {
		files, err := filepath.Glob(filepath.Join(b.dir, "dump-*-dec.wav"))
		if err != nil || len(files) == 0 {
			return false
		}
		file, err := os.ReadFile(files[len(files)-1])
		const header, moment = 44, media.SampleRate * 3 / 10
		if err != nil || len(file) < header+2*moment {
			return false
		}
		sound := file[len(file)-2*moment:]
		pcm := make([]int16, moment)
		for i := range pcm {
			pcm[i] = int16(binary.LittleEndian.Uint16(sound[2*i:]))
		}
		got, purity := media.Detect(pcm)
		return purity > 0.9 && math.Abs(got-hz) < 5
	})
}
