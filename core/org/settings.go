package org

import (
	"openseat"

	"regexp"
	"slices"
	"strings"
	"time"
)

// Retention says for how many days things are kept; 0 keeps them for ever.
type Retention struct {
	Recordings  int `json:"recordings"`
	Records     int `json:"records"`
	Transcripts int `json:"transcripts"`
	Audit       int `json:"audit"`
	Deliveries  int `json:"deliveries"`
}

// CallOutLimits says whom agents may call, when and how often. The zero value allows everything.
type CallOutLimits struct {
	Hours          []CallOutHours `json:"hours,omitempty"`     // none = at any time
	Zone           string         `json:"zone,omitempty"`      // IANA; of Hours
	Countries      []string       `json:"countries,omitempty"` // ISO 3166, two letters; none = all
	PerCalleeDay   int            `json:"perCalleeDay,omitempty"`
	PerCalleeHour  int            `json:"perCalleeHour,omitempty"`
	PerAgentMinute int            `json:"perAgentMinute,omitempty"`
}

// CallOutHours is a time of day on some days of the week.
type CallOutHours struct {
	Weekdays []int  `json:"weekdays"` // 0 Sunday … 6 Saturday
	From     string `json:"from"`     // "09:00"
	To       string `json:"to"`       // "24:00" is midnight
}

// RecordingCopy is the bucket that recordings are copied to; the copy's address becomes CustomRecordURL.
type RecordingCopy struct {
	Enabled     bool   `json:"enabled,omitempty"`
	Endpoint    string `json:"endpoint,omitempty"`
	Region      string `json:"region,omitempty"`
	Bucket      string `json:"bucket,omitempty"`
	Prefix      string `json:"prefix,omitempty"`
	AccessKey   string `json:"accessKey,omitempty"`
	SecretKey   string `json:"-"` // secret
	PathStyle   bool   `json:"pathStyle,omitempty"`
	PublicURL   string `json:"publicUrl,omitempty"` // put before the key; empty = the endpoint
	DeleteLocal bool   `json:"deleteLocal,omitempty"`
}

// NumberMapping is the company's server that gives numbers their aliases.
type NumberMapping struct {
	Enabled  bool   `json:"enabled,omitempty"`
	URL      string `json:"url,omitempty"`
	Username string `json:"username,omitempty"`
	Password string `json:"-"` // secret
}

// recordingDays is how long a new instance keeps recordings when it does not say.
const recordingDays = 90

// Keep is for how long things are kept: for ever in an instance that never said, as nobody expects to lose what is there.
func (s Settings) Keep() Retention {
	if s.Retention == nil {
		return Retention{}
	}
	return *s.Retention
}

const (
	maxDaysKept  = 36_500
	maxFrequency = 10_000
	maxPeriods   = 50
)

func checkKeeping(s Settings) error {
	if s.Retention != nil {
		r := *s.Retention
		for field, days := range map[string]int{
			"Recordings": r.Recordings, "Records": r.Records, "Transcripts": r.Transcripts, "Audit": r.Audit, "Deliveries": r.Deliveries,
		} {
			if err := checkRange("Retention."+field, days, 0, maxDaysKept); err != nil {
				return err
			}
		}
	}
	if s.RecordingCopy.Enabled {
		return openseat.Errorf(openseat.CodeUnsupported, "RecordingCopy.Enabled: recordings are not copied yet; --blob keeps them in a bucket")
	}
	if s.NumberMapping.Enabled {
		return openseat.Errorf(openseat.CodeUnsupported, "NumberMapping.Enabled: numbers are not mapped yet")
	}
	return nil
}

func checkCallOut(c CallOutLimits) error {
	if len(c.Hours) > maxPeriods {
		return invalid("CallOut.Hours", "may have at most %d items", maxPeriods)
	}
	if len(c.Hours) > 0 {
		if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" {
			return invalid("CallOut.Zone", "%q is not a time zone", c.Zone)
		}
	}
	for _, h := range c.Hours {
		if err := h.check(); err != nil {
			return err
		}
	}
	for _, country := range c.Countries {
		if err := checkRegion("CallOut.Countries", country); err != nil {
			return err
		}
	}
	for field, n := range map[string]int{
		"PerCalleeDay": c.PerCalleeDay, "PerCalleeHour": c.PerCalleeHour, "PerAgentMinute": c.PerAgentMinute,
	} {
		if err := checkRange("CallOut."+field, n, 0, maxFrequency); err != nil {
			return err
		}
	}
	return nil
}

func (h CallOutHours) check() error {
	if len(h.Weekdays) == 0 || slices.ContainsFunc(h.Weekdays, func(d int) bool { return d < 0 || d > 6 }) {
		return invalid("CallOut.Hours.Weekdays", "must be some of 0 (Sunday) to 6")
	}
	clock := regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$`)
	if !clock.MatchString(h.From) || !clock.MatchString(h.To) || strings.Compare(h.From, h.To) >= 0 {
		return invalid("CallOut.Hours", "%q to %q is not a time of day", h.From, h.To)
	}
	return nil
}
