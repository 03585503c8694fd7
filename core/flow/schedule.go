package flow

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Schedule is when a company works: periods of the week, in its own time zone, and days that go another way.
type Schedule struct {
	Zone string   `json:"zone"` // IANA: Asia/Shanghai
	Week []Period `json:"week"`
	Days []Day    `json:"days,omitempty"` // holidays, and weekends that are worked
}

// Period is a time of day on some days of the week. To at or before From reaches into the next day.
type Period struct {
	Weekdays []int  `json:"weekdays"` // 0 Sunday … 6 Saturday
	From     string `json:"from"`     // "09:00"
	To       string `json:"to"`       // "18:00"; "24:00" is midnight
}

// Day is one date with hours of its own; without Hours nobody works.
type Day struct {
	Date  string  `json:"date"` // 2026-10-01
	Name  string  `json:"name,omitempty"`
	Hours []Hours `json:"hours,omitempty"`
}

// Hours is a time of a Day.
type Hours struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Limits of a schedule.
const (
	maxPeriods = 50
	maxDays    = 1000
)

// Check tells what is wrong with a schedule, naming the field.
func (s *Schedule) Check() error {
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "" {
		return fmt.Errorf("zone: %q is not a time zone", s.Zone)
	}
	if len(s.Week) > maxPeriods {
		return fmt.Errorf("week: must be at most %d", maxPeriods)
	}
	for i, p := range s.Week {
		if len(p.Weekdays) == 0 || slices.ContainsFunc(p.Weekdays, func(d int) bool { return d < 0 || d > 6 }) {
			return fmt.Errorf("week.%d.weekdays: must be some of 0 (Sunday) to 6", i)
		}
		if err := checkHours(p.From, p.To); err != nil {
			return fmt.Errorf("week.%d.%w", i, err)
		}
	}
	return s.checkDays()
}

func (s *Schedule) checkDays() error {
	if len(s.Days) > maxDays {
		return fmt.Errorf("days: must be at most %d", maxDays)
	}
	for i, d := range s.Days {
		if _, err := time.Parse(time.DateOnly, d.Date); err != nil {
			return fmt.Errorf("days.%d.date: must be like 2026-10-01", i)
		}
		for j, h := range d.Hours {
			if err := checkHours(h.From, h.To); err != nil {
				return fmt.Errorf("days.%d.hours.%d.%w", i, j, err)
			}
		}
	}
	return nil
}

func checkHours(from, to string) error {
	if _, ok := minutes(from); !ok || from == "24:00" {
		return errors.New("from: must be like 09:00")
	}
	if _, ok := minutes(to); !ok {
		return errors.New("to: must be like 18:00, at most 24:00")
	}
	return nil
}

// minutes reads a time of day.
func minutes(s string) (int, bool) {
	if s == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil && len(s) == len("15:04")
}

// Open tells whether the company works at this moment. What reaches over midnight belongs to the day on which it began.
func (s *Schedule) Open(at time.Time) bool {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return false
	}
	at = at.In(zone)
	minute := at.Hour()*60 + at.Minute()
	yesterday := time.Date(at.Year(), at.Month(), at.Day()-1, 12, 0, 0, 0, zone)
	return within(s.on(at), minute) || within(s.on(yesterday), minute+24*60)
}

// on is when work goes on the day of t: in minutes from its midnight, over the next one where it reaches so far.
func (s *Schedule) on(t time.Time) [][2]int {
	date := t.Format(time.DateOnly)
	if i := slices.IndexFunc(s.Days, func(d Day) bool { return d.Date == date }); i >= 0 {
		var out [][2]int
		for _, h := range s.Days[i].Hours {
			out = append(out, span(h.From, h.To))
		}
		return out
	}
	var out [][2]int
	for _, p := range s.Week {
		if slices.Contains(p.Weekdays, int(t.Weekday())) {
			out = append(out, span(p.From, p.To))
		}
	}
	return out
}

func span(from, to string) [2]int {
	f, _ := minutes(from)
	t, _ := minutes(to)
	if t <= f {
		t += 24 * 60
	}
	return [2]int{f, t}
}

func within(spans [][2]int, minute int) bool {
	return slices.ContainsFunc(spans, func(s [2]int) bool { return s[0] <= minute && minute < s[1] })
}
