package phone_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"openseat/voice/media"
)

// customer is a page that calls as soon as it is open, hums 880 Hz in place of a microphone, and posts what its loudspeaker
// gives.
const customer = `<!doctype html><meta charset="utf-8"><audio id="a" autoplay></audio><script type="module">
const post = (what) => fetch("/said", {method: "POST", body: what});
try {
  const audio = new AudioContext(), hum = new OscillatorNode(audio, {frequency: 880}), mic = audio.createMediaStreamDestination();
  hum.connect(mic);
  hum.start();
  const pc = new RTCPeerConnection();
  pc.addTrack(mic.stream.getTracks()[0], mic.stream);
  pc.ontrack = ({track}) => {
    const stream = new MediaStream([track]);
    document.querySelector("#a").srcObject = stream; // without an element WebAudio hears silence
    const ear = audio.createAnalyser();
    audio.createMediaStreamSource(stream).connect(ear);
    const bins = new Float32Array(ear.frequencyBinCount);
    setInterval(() => {
      ear.getFloatFrequencyData(bins);
      const peak = bins.indexOf(Math.max(...bins));
      const hz = peak * audio.sampleRate / ear.fftSize;
      if (bins[peak] > -60 && Math.abs(hz - 600) < 30) post("heard 600");
    }, 100);
  };
  await pc.setLocalDescription();
  await new Promise((ok) => { pc.onicegatheringstatechange = () => pc.iceGatheringState === "complete" && ok(); });
  const ws = new WebSocket(location.href.replace("http", "ws") + "ws");
  ws.onmessage = async ({data}) => {
    const m = JSON.parse(data);
    if (m.type === "hello") ws.send(JSON.stringify({type: "offer", sdp: pc.localDescription.sdp}));
    if (m.type === "answer") {
      await pc.setRemoteDescription({type: "answer", sdp: m.sdp});
      ws.send(JSON.stringify({type: "call", to: "00864008001000"}));
    }
    if (m.type === "error") post(data);
  };
} catch (e) { post(String(e)); }
</script>`

// TestChromium has a real browser call.
func TestChromium(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is missing")
	}
	w := newWorld(t)
	said := make(chan string, 100)
	mux := http.NewServeMux()
	mux.Handle("/ws", w.server.Config.Handler)
	mux.HandleFunc("GET /{$}", func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, customer) })
	mux.HandleFunc("POST /said", func(_ http.ResponseWriter, r *http.Request) {
		what, _ := io.ReadAll(r.Body)
		select {
		case said <- string(what):
		default:
		}
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	browser := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
		"--autoplay-policy=no-user-gesture-required",
		"--allow-loopback-in-peer-connection", "--remote-debugging-port=0", site.URL+"/")
	var log strings.Builder
	browser.Stderr = &log
	if err := browser.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cancel()
		_ = browser.Wait() // it was killed
	}()

	select {
	case desk := <-w.arrived:
		desk.Answer()
		desk.Say(media.ToneSource(600), true)
		if err := desk.AwaitTone(ctx, 880); err != nil {
			t.Error("the browser's microphone:", err)
		}
	case what := <-said:
		t.Fatalf("the page: %s", what)
	case <-ctx.Done():
		t.Fatalf("nobody called\n%s", log.String())
	}
	select {
	case what := <-said:
		if what != "heard 600" {
			t.Errorf("the page: %s", what)
		}
	case <-ctx.Done():
		t.Error("the browser's loudspeaker is silent")
	}
}
