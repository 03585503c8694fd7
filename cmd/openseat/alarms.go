package main

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"openseat"
	"openseat/api"
)

// alarms is the trouble an operator should know of: logged, counted by kind, and shown by DescribeAlarms.
type alarms struct {
	log   *slog.Logger
	count *prometheus.CounterVec

	mu    sync.Mutex
	kinds map[string]*api.Alarm
}

// standing is how long trouble is held to go on after it was last seen.
const standing = 5 * time.Minute

func newAlarms(log *slog.Logger, metrics prometheus.Registerer) *alarms {
	a := &alarms{log: log, kinds: map[string]*api.Alarm{}, count: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "openseat_alarms_total", Help: "Trouble an operator should know of, by kind.",
	}, []string{"kind"})}
	metrics.MustRegister(a.count)
	return a
}

// Raise notes trouble. It never blocks for long.
func (a *alarms) Raise(kind string, err error) {
	a.log.Error("alarm", "kind", kind, "error", err)
	a.count.WithLabelValues(kind).Inc()
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now().Unix()
	k := a.kinds[kind]
	if k == nil {
		k = &api.Alarm{Name: kind, SinceTime: now}
		a.kinds[kind] = k
	}
	k.Message, k.LastTime = err.Error(), now
	k.Count++
}

// Alarms implements cloudapi.Alarms: the node's trouble is every instance's.
func (a *alarms) Alarms(context.Context, openseat.AppID) ([]api.Alarm, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []api.Alarm
	for _, k := range a.kinds {
		alarm := *k
		alarm.StillStanding = time.Since(time.Unix(k.LastTime, 0)) < standing
		out = append(out, alarm)
	}
	slices.SortFunc(out, func(x, y api.Alarm) int {
		return cmp.Or(cmp.Compare(y.LastTime, x.LastTime), cmp.Compare(x.Name, y.Name))
	})
	return out, nil
}
