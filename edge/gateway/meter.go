package gateway

import (
	"github.com/prometheus/client_golang/prometheus"
)

// meter counts what goes on here.
type meter struct {
	pages     prometheus.Gauge
	agents    prometheus.Gauge
	monitors  prometheus.Gauge
	takeOvers prometheus.Counter
	events    *prometheus.CounterVec
	requests  *prometheus.HistogramVec
	delay     prometheus.Histogram
	slow      prometheus.Counter
	refused   *prometheus.CounterVec
}

func newMeter(r prometheus.Registerer) *meter {
	m := &meter{
		pages: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "openseat_agent_pages", Help: "Agents' pages that are connected.",
		}),
		agents: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "openseat_agents_connected", Help: "Agents with a page, or several, that are connected.",
		}),
		monitors: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "openseat_agent_monitors", Help: "Calls that a supervisor listens to, or reads.",
		}),
		takeOvers: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "openseat_agent_takeovers_total", Help: "Pages that were asked to take the sound of a page that was gone.",
		}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "openseat_agent_events_total", Help: "Events sent to agents' pages, by name.",
		}, []string{"event"}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "openseat_agent_request_seconds", Help: "Requests of agents' pages, by method and code (empty = done).",
			Buckets: []float64{.001, .005, .02, .1, .5, 2, 10},
		}, []string{"method", "code"}),
		delay: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "openseat_agent_event_delay_seconds", Help: "From a thing's decision to its event being written to the page.",
			Buckets: []float64{.0005, .001, .002, .005, .01, .05, .25, 1},
		}),
		slow: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "openseat_agent_pages_cut_total", Help: "Pages cut off because they were too slow.",
		}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "openseat_agent_logins_refused_total", Help: "Pages that were not let in, by code.",
		}, []string{"code"}),
	}
	if r != nil {
		r.MustRegister(m.pages, m.agents, m.monitors, m.takeOvers, m.events, m.requests, m.delay, m.slow, m.refused)
	}
	return m
}

// known keeps the label's values few: what is not an event of the SDK counts as other.
func known(event string) string {
	switch event {
	case eventCallIn, eventCallOuted, eventAutoTransfer, eventSessionEnded, eventStatusChanged, eventKickedOut,
		eventSessionCompleted, eventTakeOver, eventRoster, eventSessions, eventSettingsChanged, "userAccessed", "calloutAccepted",
		"callChanged", "memberStateChanged", "transfer", "transferFailed",
		"mediaOneWay", "mediaRestored", "asr", "ping", "resume":
		return event
	default:
		return "other"
	}
}
