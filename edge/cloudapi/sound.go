package cloudapi

import (
	"bytes"
	"context"
	"encoding/base64"
	"maps"
	"slices"

	"openseat"
	"openseat/api"
	"openseat/core/org"
	"openseat/core/report"
)

// Sounds are the prompts of flows.
type Sounds interface {
	// Put keeps an uploaded file, Speak a text as the speech engine speaks it, each in place of an earlier prompt of the name.
	Put(ctx context.Context, app openseat.AppID, name string, file []byte) (org.Sound, error)
	Speak(ctx context.Context, app openseat.AppID, name, text, lang string) (org.Sound, error)
	// Delete removes one; openseat.CodeNotFound.
	Delete(ctx context.Context, app openseat.AppID, name string) error
	// List lists them by name.
	List(ctx context.Context, app openseat.AppID) ([]org.Sound, error)
	// Link is an address to hear one, which expires.
	Link(s org.Sound) string
}

// soundTable lists what is done with prompts.
func (h *handler) soundTable() []action {
	return []action{
		on(api.OwnVersion, "PutSound", h.putSound).needs(org.AreaFlows, org.Write),
		on(api.OwnVersion, "SpeakSound", h.speakSound).needs(org.AreaFlows, org.Write),
		on(api.OwnVersion, "DeleteSound", h.deleteSound).needs(org.AreaFlows, org.Write),
		on(api.OwnVersion, "DescribeSounds", h.describeSounds).needs(org.AreaFlows, org.Read),
	}
}

func (h *handler) putSound(ctx context.Context, who caller, r *api.PutSoundRequest) (*api.PutSoundResponse, error) {
	file, err := base64.StdEncoding.DecodeString(r.Data)
	if err != nil {
		return nil, invalidValue("Data", "is not base64")
	}
	s, err := h.Sounds.Put(ctx, who.app, r.Name, file)
	if err != nil {
		return nil, err
	}
	return &api.PutSoundResponse{Sound: h.sound(s)}, nil
}

func (h *handler) speakSound(ctx context.Context, who caller, r *api.SpeakSoundRequest) (*api.SpeakSoundResponse, error) {
	s, err := h.Sounds.Speak(ctx, who.app, r.Name, r.Text, given(r.Lang))
	if err != nil {
		return nil, err
	}
	return &api.SpeakSoundResponse{Sound: h.sound(s)}, nil
}

// sound is one as the console shows it.
func (h *handler) sound(s org.Sound) api.Sound {
	x := api.Sound{
		Name: s.Name, Key: s.Key, DurationMs: s.Duration.Milliseconds(), Size: s.Size, Text: s.Text,
		CreateTimestamp: report.Unix(s.CreatedAt), URL: h.Sounds.Link(s), UsedBy: []string{},
	}
	if view := h.Views.Get(s.App); view != nil {
		x.UsedBy = append(x.UsedBy, playedBy(view, s.Key)...)
	}
	return x
}

// playedBy names the published flows that play a sound, in order. Its key stands nowhere else in them.
func playedBy(view *org.View, key string) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(view.Flows)) {
		if bytes.Contains(view.Flows[name].Definition, []byte(`"`+key+`"`)) {
			names = append(names, name)
		}
	}
	return names
}

func (h *handler) deleteSound(ctx context.Context, who caller, r *api.DeleteSoundRequest) (*api.DeleteSoundResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	known, err := h.Sounds.List(ctx, who.app)
	if err != nil {
		return nil, err
	}
	for _, s := range known {
		if s.Name != r.Name {
			continue
		}
		if users := playedBy(view, s.Key); len(users) > 0 {
			return nil, openseat.Errorf(openseat.CodeStateNotAllowed, "Sound %q is played by the flow %q.", r.Name, users[0])
		}
	}
	return &api.DeleteSoundResponse{}, h.Sounds.Delete(ctx, who.app, r.Name)
}

func (h *handler) describeSounds(ctx context.Context, who caller, _ *api.DescribeSoundsRequest) (*api.DescribeSoundsResponse, error) {
	known, err := h.Sounds.List(ctx, who.app)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeSoundsResponse{Sounds: []api.Sound{}}
	for _, s := range known {
		answer.Sounds = append(answer.Sounds, h.sound(s))
	}
	return answer, nil
}
