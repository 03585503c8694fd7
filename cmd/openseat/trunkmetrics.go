package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"openseat/voice/sip"
)

// lines shows trunks and the SIP port to Prometheus.
type lines struct {
	sip *sip.Server

	up, registered, calls  *prometheus.Desc
	packets, refused, legs *prometheus.Desc
}

func newLines(s *sip.Server) *lines {
	trunk := []string{"app", "trunk"}
	return &lines{
		sip:        s,
		up:         prometheus.NewDesc("openseat_trunk_up", "Whether the trunk's peer answered the last OPTIONS.", trunk, nil),
		registered: prometheus.NewDesc("openseat_trunk_registered", "Whether we are registered with the trunk's peer.", trunk, nil),
		calls:      prometheus.NewDesc("openseat_trunk_calls", "Running calls of the trunk.", trunk, nil),
		packets:    prometheus.NewDesc("openseat_sip_dropped_total", "SIP packets dropped, by why.", []string{"why"}, nil),
		refused:    prometheus.NewDesc("openseat_sip_refused_total", "Calls turned away because of limits, overload or draining.", nil, nil),
		legs:       prometheus.NewDesc("openseat_sip_legs", "SIP legs now.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (l *lines) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(l, out) }

// Collect implements prometheus.Collector.
func (l *lines) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, t := range l.sip.Status() {
		gauge(l.up, truth(t.Alive), t.App.String(), t.Name)
		gauge(l.registered, truth(t.Registered), t.App.String(), t.Name)
		gauge(l.calls, float64(t.Calls), t.App.String(), t.Name)
	}
	s := l.sip.Stats()
	gauge(l.legs, float64(s.Legs))
	out <- prometheus.MustNewConstMetric(l.refused, prometheus.CounterValue, float64(s.Refused))
	for why, n := range map[string]uint64{"stranger": s.Strangers, "flood": s.Flooded, "malformed": s.Malformed} {
		out <- prometheus.MustNewConstMetric(l.packets, prometheus.CounterValue, float64(n), why)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
