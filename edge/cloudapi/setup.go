package cloudapi

import (
	"cmp"
	"context"
	"time"

	"openseat/api"
	"openseat/core/org"
)

// setupTable lists what is done with the settings of an instance.
func (h *handler) setupTable() []action {
	return []action{
		on(api.OwnVersion, "DescribeInstance", h.describeInstance).needs(org.AreaInstance, org.Read),
		on(api.OwnVersion, "ModifyInstance", h.modifyInstance).needs(org.AreaInstance, org.Write),
	}
}

func (h *handler) describeInstance(_ context.Context, who caller, _ *api.DescribeInstanceRequest) (*api.DescribeInstanceResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	s := view.Instance.Settings
	keep, m := s.Keep(), s.NumberMapping
	return &api.DescribeInstanceResponse{
		Name: view.Instance.Name, Region: cmp.Or(s.Region, org.DefaultRegion), OnlineStatus: cmp.Or(s.OnlineStatus, "free"),
		RestReasons: append([]string{}, s.RestReasons...), NoteCategories: append([]string{}, s.NoteCategories...),
		MediaLossGraceSecond: int64(s.MediaLossGrace / time.Second),
		Retention: api.RetentionDays{
			Recordings: int64(keep.Recordings), Records: int64(keep.Records), Transcripts: int64(keep.Transcripts),
			Audit: int64(keep.Audit), Deliveries: int64(keep.Deliveries),
		},
		CallOut: callOutLimits(s.CallOut), RecordingCopy: recordingCopy(s.RecordingCopy),
		NumberMapping: api.NumberMapping{Enabled: m.Enabled, URL: m.URL, Username: m.Username},
	}, nil
}

func callOutLimits(c org.CallOutLimits) api.CallOutLimits {
	out := api.CallOutLimits{
		Hours: []api.CallOutHours{}, Zone: c.Zone, Countries: append([]string{}, c.Countries...), PerCalleeDay: int64(c.PerCalleeDay),
		PerCalleeHour: int64(c.PerCalleeHour), PerAgentMinute: int64(c.PerAgentMinute),
	}
	for _, x := range c.Hours {
		hours := api.CallOutHours{From: x.From, To: x.To}
		for _, d := range x.Weekdays {
			hours.Weekdays = append(hours.Weekdays, int64(d))
		}
		out.Hours = append(out.Hours, hours)
	}
	return out
}

func recordingCopy(c org.RecordingCopy) api.RecordingCopy {
	return api.RecordingCopy{
		Enabled: c.Enabled, Endpoint: c.Endpoint, Region: c.Region, Bucket: c.Bucket, Prefix: c.Prefix, AccessKey: c.AccessKey,
		PathStyle: c.PathStyle, PublicURL: c.PublicURL, DeleteLocal: c.DeleteLocal,
	}
}

func (h *handler) modifyInstance(ctx context.Context, who caller, r *api.ModifyInstanceRequest) (*api.ModifyInstanceResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	s := view.Instance.Settings
	s.RecordingCopy.SecretKey, s.NumberMapping.Password = "", "" // stay, unless they are given
	if err := wished(&s, r); err != nil {
		return nil, err
	}
	return &api.ModifyInstanceResponse{}, h.Office.ModifyInstance(ctx, who.app, org.InstanceChange{Name: r.Name, Settings: &s})
}

// wished changes the settings that the request gives.
func wished(s *org.Settings, r *api.ModifyInstanceRequest) error {
	replace(&s.Region, r.Region)
	replace(&s.OnlineStatus, r.OnlineStatus)
	if r.RestReasons != nil {
		s.RestReasons = r.RestReasons
	}
	if r.NoteCategories != nil {
		s.NoteCategories = r.NoteCategories
	}
	if r.MediaLossGraceSecond != nil {
		if err := within("MediaLossGraceSecond", *r.MediaLossGraceSecond, 0, 24*60*60); err != nil {
			return err
		}
		s.MediaLossGrace = time.Duration(*r.MediaLossGraceSecond) * time.Second
	}
	if d := r.Retention; d != nil {
		s.Retention = &org.Retention{
			Recordings: int(d.Recordings), Records: int(d.Records), Transcripts: int(d.Transcripts), Audit: int(d.Audit),
			Deliveries: int(d.Deliveries),
		}
	}
	if c := r.CallOut; c != nil {
		s.CallOut = limits(c)
	}
	if c := r.RecordingCopy; c != nil {
		s.RecordingCopy = org.RecordingCopy{
			Enabled: c.Enabled, Endpoint: c.Endpoint, Region: c.Region, Bucket: c.Bucket, Prefix: c.Prefix, AccessKey: c.AccessKey,
			SecretKey: c.SecretKey, PathStyle: c.PathStyle, PublicURL: c.PublicURL, DeleteLocal: c.DeleteLocal,
		}
	}
	if m := r.NumberMapping; m != nil {
		s.NumberMapping = org.NumberMapping{Enabled: m.Enabled, URL: m.URL, Username: m.Username, Password: m.Password}
	}
	return nil
}

func limits(c *api.CallOutLimits) org.CallOutLimits {
	out := org.CallOutLimits{
		Zone: c.Zone, Countries: c.Countries, PerCalleeDay: int(c.PerCalleeDay), PerCalleeHour: int(c.PerCalleeHour),
		PerAgentMinute: int(c.PerAgentMinute),
	}
	for _, x := range c.Hours {
		hours := org.CallOutHours{From: x.From, To: x.To}
		for _, d := range x.Weekdays {
			hours.Weekdays = append(hours.Weekdays, int(d))
		}
		out.Hours = append(out.Hours, hours)
	}
	return out
}

func replace[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
