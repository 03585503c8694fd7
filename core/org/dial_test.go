package org

import (
	"testing"
	"time"
)

func TestWhomAgentsMayCall(t *testing.T) {
	shanghai := CallOutLimits{
		Zone: "Asia/Shanghai", Hours: []CallOutHours{{Weekdays: []int{1, 2, 3, 4, 5}, From: "09:00", To: "21:00"}, {Weekdays: []int{6}, From: "10:00", To: "12:00"}},
	}
	monday := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC) // 09:00 in Shanghai
	for _, c := range []struct {
		name   string
		limits CallOutLimits
		at     time.Time
		callee string
		want   bool
	}{
		{"no limits", CallOutLimits{}, monday, "008613800138000", true},
		{"in the morning", shanghai, monday, "008613800138000", true},
		{"a minute too early", shanghai, monday.Add(-time.Minute), "008613800138000", false},
		{"the last minute", shanghai, monday.Add(12*time.Hour - time.Minute), "008613800138000", true},
		{"in the evening", shanghai, monday.Add(12 * time.Hour), "008613800138000", false},
		{"on Saturday", shanghai, monday.Add(5*24*time.Hour + time.Hour), "008613800138000", true},
		{"on Sunday", shanghai, monday.Add(6*24*time.Hour + time.Hour), "008613800138000", false},
		{"until midnight", CallOutLimits{Zone: "UTC", Hours: []CallOutHours{{Weekdays: []int{1}, From: "00:00", To: "24:00"}}}, monday.Add(22*time.Hour + 59*time.Minute), "008613800138000", true},
		{"at home", CallOutLimits{Countries: []string{"CN"}}, monday, "008613800138000", true},
		{"abroad", CallOutLimits{Countries: []string{"CN"}}, monday, "004915112345678", false},
		{"a country of several", CallOutLimits{Countries: []string{"CA"}}, monday, "0014165550123", true},
		{"what is nobody's", CallOutLimits{Countries: []string{"CN"}}, monday, "0099912345678", false},
	} {
		if err := c.limits.allow(c.at, c.callee); (err == nil) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestHowOftenAgentsMayCall(t *testing.T) {
	limits := CallOutLimits{PerCalleeHour: 2, PerCalleeDay: 3, PerAgentMinute: 4}
	for _, c := range []struct {
		dialed Dialed
		want   bool
	}{
		{Dialed{}, true}, {Dialed{CalleeHour: 1, CalleeDay: 2, AgentMinute: 3}, true},
		{Dialed{CalleeHour: 2}, false}, {Dialed{CalleeDay: 3}, false}, {Dialed{AgentMinute: 4}, false},
	} {
		if err := limits.enough(c.dialed, "008613800138000"); (err == nil) != c.want {
			t.Errorf("%+v: %v", c.dialed, err)
		}
	}
	if err := (CallOutLimits{}).enough(Dialed{CalleeHour: 99, CalleeDay: 99, AgentMinute: 99}, ""); err != nil {
		t.Errorf("without limits: %v", err)
	}
}
