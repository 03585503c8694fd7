package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"openseat/edge/cloudapi"
	"openseat/edge/console"
)

// routes mounts what a node serves on --http.
func (n *Node) routes(api http.Handler) {
	n.mux.Handle("/sdk/", n.gateway.Handler())
	n.mux.Handle("/console/", n.console)
	if hasPages(console.Built()) {
		n.landing = "/console/"
	}
	n.mux.Handle("GET /recordings/", n.links.Handler(n.blobs))
	n.mux.Handle("GET /sounds/", n.links.Handler(n.blobs))
	n.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	n.mux.HandleFunc("GET /readyz", n.serveReady)
	n.gauges()
	n.mux.Handle("GET /metrics", promhttp.HandlerFor(n.metrics, promhttp.HandlerOpts{}))
	n.mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		if !cloudapi.Meant(r) {
			n.land(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})
}

// bodyWait is how long a request may take to arrive.
const bodyWait = 30 * time.Second

// patient waits for a request's body, but not for ever. What is answered may take its time: a recording, a page's socket.
func patient(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyWait)) // a connection that has none does without
		}
		h.ServeHTTP(w, r)
	})
}

// land is where a browser at / goes: to the demo, if there is one, else to the console.
func (n *Node) land(w http.ResponseWriter, r *http.Request) {
	if n.landing == "" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintln(w, "OpenSeat is running. The cloud API is at POST /; docs/ tells how to use it.")
		return
	}
	http.Redirect(w, r, n.landing, http.StatusFound)
}

func (n *Node) serveReady(w http.ResponseWriter, _ *http.Request) {
	if !n.ready.Load() {
		http.Error(w, "starting or stopping", http.StatusServiceUnavailable)
		return
	}
	if err := n.bus.Healthy(); err != nil { // nothing can be written down: no new calls, please
		http.Error(w, "the journal cannot be reached", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// gauges shows the node's size to Prometheus.
func (n *Node) gauges() {
	n.metrics.MustRegister(newLines(n.sip), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, g := range []struct {
		name, help string
		value      func() float64
	}{
		{"openseat_calls", "Calls with lines on this node.", func() float64 { return float64(n.exchange.Rooms()) }},
		{"openseat_recordings_waiting", "Recordings that are not stored yet.", func() float64 { return float64(n.recorder.Backlog()) }},
	} {
		n.metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: g.name, Help: g.help}, g.value))
	}
}

// profiles mounts net/http/pprof on a mux of its own.
func profiles() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

// observe counts and logs every cloud API request: who asked what, never with what.
func observe(metrics prometheus.Registerer, log *slog.Logger) func(cloudapi.Observation) {
	count := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "openseat_api_requests_total", Help: "Cloud API requests by action and error code.",
	}, []string{"action", "code"})
	took := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "openseat_api_seconds", Help: "Time to answer a cloud API request.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
	}, []string{"action"})
	metrics.MustRegister(count, took)
	return func(o cloudapi.Observation) {
		count.WithLabelValues(o.Action, o.Code).Inc()
		took.WithLabelValues(o.Action).Observe(o.Duration.Seconds())
		log.Debug("api", "app", o.App, "secretId", o.SecretID, "action", o.Action, "code", o.Code, "requestId", o.RequestID, "took", o.Duration)
	}
}
