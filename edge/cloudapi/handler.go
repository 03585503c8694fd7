package cloudapi

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"openseat"
	"openseat/api"
	"openseat/core/org"
)

// The codes of requests that never reach their action.
const (
	codeInvalidAction       = "InvalidAction"
	codeInvalidRequest      = "InvalidRequest"
	codeNoSuchVersion       = "NoSuchVersion"
	codeRequestSize         = "RequestSizeLimitExceeded"
	codeUnsupportedProtocol = "UnsupportedProtocol"
)

const (
	defaultMaxBody = 10 << 20
	actionTimeout  = 10 * time.Second
	maxTraceID     = 128
)

// Config is what the cloud API is made of.
type Config struct {
	Views    Views
	Office   Office
	Calls    Calls
	Presence Presence
	Records  Records
	Links    Links
	Tokens   Tokens
	Pushes   Pushes
	Alarms   Alarms
	Phones   Phones
	Dialer   Dialer
	History  History
	Console  Console
	Audit    Audit
	Members  Members
	Search   Search
	Lines    Lines
	Figures  Figures
	Live     Live
	Sounds   Sounds
	Keeping  Keeping
	// People knows who is inside the console; nil = nobody ever is.
	People People
	// Stays ends who is inside the console by a password that was changed; nil = nobody ever is.
	Stays Stays

	// PerSecond bounds the requests a second of each action and instance; 0 = no limit. The documented figure is 20.
	PerSecond int
	// MaxBody bounds a request's body in bytes; 0 = 10 MB, the documented figure.
	MaxBody int64
	// Now is the clock; nil = time.Now.
	Now func() time.Time
	Log *slog.Logger
	// Observe is told of every request once it is answered, for audit and metrics; nil = nobody is.
	Observe func(Observation)
}

// Observation is one request, seen from outside.
type Observation struct {
	App       openseat.AppID // 0 when the request was not authenticated
	SecretID  string         // "" when the request was not authenticated, or a person's
	User      string         // the person who asked, if it was one
	Write     bool           // the action changes something
	Action    string         // "" when there is no such action, so that strangers cannot invent values
	Code      string         // "" when it succeeded
	RequestID string
	Duration  time.Duration
}

// handler serves the cloud API.
type handler struct {
	Config
	actions map[actionKey]action
	names   map[string]bool // of all actions, in any version
	shapes  shapes
	limiter *limiter
	chinese map[string]string // what error codes say
}

// New makes the cloud API's handler, for POST / and GET /.
func New(c Config) http.Handler {
	if c.MaxBody == 0 {
		c.MaxBody = defaultMaxBody
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	h := &handler{Config: c, actions: map[actionKey]action{}, names: map[string]bool{}, shapes: shapes{}, limiter: newLimiter(c.PerSecond)}
	for _, a := range h.table() {
		h.actions[a.actionKey] = a
		h.names[a.name] = true
		h.shapes.learn(a.request)
	}
	h.chinese = sentences(c.Log)
	return h
}

// sentences reads the catalogue of errors, which is a part of the binary.
func sentences(log *slog.Logger) map[string]string {
	chinese := map[string]string{}
	entries, err := api.Errors()
	if err != nil {
		log.Error("errors are told in English only", "err", err)
	}
	for _, e := range entries {
		chinese[e.Code] = e.ZH
	}
	return chinese
}

// Meant says whether a request for / is one for the cloud API, rather than a browser's.
func Meant(r *http.Request) bool {
	return r.Method == http.MethodPost || r.Header.Get(api.ActionHeader) != "" || strings.HasPrefix(r.Header.Get("Authorization"), api.TC3Algorithm)
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begin := h.Now()
	seen := Observation{RequestID: uuid.NewString()}
	answer, err := h.guarded(r, &seen)
	if err != nil {
		answer = h.refusal(r, err, &seen)
	}
	answer.SetRequestID(seen.RequestID)
	h.write(w, r, answer, &seen)
	if h.Observe != nil {
		seen.Duration = h.Now().Sub(begin)
		h.Observe(seen)
	}
}

// guarded turns a panic, which is our own bug, into an answer and a line in the log.
func (h *handler) guarded(r *http.Request, seen *Observation) (answer api.Response, err error) {
	defer func() {
		if trouble := recover(); trouble != nil {
			h.Log.Error("cloud API panicked", "panic", trouble, "requestId", seen.RequestID, "stack", string(debug.Stack()))
			err = openseat.Errorf(openseat.CodeInternal, "internal error")
		}
	}()
	return h.serve(r, seen)
}

// serve is a request's road: who asks, what is asked, is it too much, with what parameters, then the action.
func (h *handler) serve(r *http.Request, seen *Observation) (api.Response, error) {
	ctx, cancel := context.WithTimeout(r.Context(), actionTimeout)
	defer cancel()
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		return nil, openseat.Errorf(codeUnsupportedProtocol, "The method %s is not supported; use POST or GET.", r.Method)
	}
	who, body, err := h.caller(r)
	if err != nil {
		return nil, err
	}
	seen.App, seen.SecretID, seen.User = who.app, who.secretID, who.person
	a, err := h.asked(r)
	if err != nil {
		return nil, err
	}
	seen.Action, seen.Write = a.name, a.level == org.Write
	if !h.limiter.allow(who.app, a.name, h.Now()) {
		return nil, openseat.Errorf(openseat.CodeRequestLimitExceeded, "More than %d requests a second for %s.", h.PerSecond, a.name)
	}
	if !who.may(a.area, a.level) {
		return nil, openseat.Errorf(openseat.CodeUnauthorized, "Your role does not reach this action: it needs more in `%s`.", a.area)
	}
	request := a.new()
	if err := h.decode(r, body, request); err != nil {
		return nil, err
	}
	if app := request.Instance(); app != who.app && (app != 0 || !a.own) {
		return nil, openseat.Errorf(openseat.CodeUnauthorized, "The key does not speak for the instance %s.", request.Instance())
	}
	return a.do(ctx, who, request)
}

// caller finds out who asks, and reads what. A request without a signature may be a person's, whose cookie says so.
func (h *handler) caller(r *http.Request) (caller, []byte, error) {
	if h.People != nil && r.Header.Get("Authorization") == "" && r.Header.Get("Cookie") != "" {
		p, err := h.People.Who(r)
		if err != nil {
			return caller{}, nil, err
		}
		body, err := h.body(r)
		return caller{app: p.App, person: p.User, rights: p.Rights}, body, err
	}
	who, err := claimed(h.Views, r, h.Now())
	if err != nil {
		return caller{}, nil, err
	}
	body, err := h.body(r)
	if err == nil {
		err = who.verify(r, body)
	}
	return caller{app: who.key.App, secretID: who.key.SecretID, rights: allRights()}, body, err
}

// body reads the whole body. Of one that is too large, as much again is thrown away, so that its sender gets to read why.
func (h *handler) body(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, h.MaxBody+1))
	if err != nil {
		return nil, openseat.Errorf(codeInvalidRequest, "The request's body could not be read.")
	}
	if int64(len(body)) > h.MaxBody {
		_, _ = io.CopyN(io.Discard, r.Body, h.MaxBody)
		return nil, openseat.Errorf(codeRequestSize, "The request is larger than %d bytes.", h.MaxBody)
	}
	return body, nil
}

// asked finds the action. A name that exists in another version only is the version's fault.
func (h *handler) asked(r *http.Request) (action, error) {
	name, version := r.Header.Get(api.ActionHeader), r.Header.Get(api.VersionHeader)
	switch {
	case name == "":
		return action{}, missing("X-TC-Action")
	case version == "":
		return action{}, missing("X-TC-Version")
	case !h.names[name]:
		return action{}, openseat.Errorf(codeInvalidAction, "The action `%.100s` does not exist.", name)
	}
	a, ok := h.actions[actionKey{name, version}]
	if !ok {
		return action{}, openseat.Errorf(codeNoSuchVersion, "The action `%s` does not exist in the version `%.100s`.", name, version)
	}
	return a, nil
}

// decode fills the request: from the query of a GET, from the JSON or the form of a POST.
func (h *handler) decode(r *http.Request, body []byte, request api.Request) error {
	if r.Method == http.MethodGet {
		values, err := parseQuery(r.URL.RawQuery)
		if err != nil {
			return err
		}
		return h.shapes.decodeFlat(values, request)
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "application/json":
		return h.shapes.decodeJSON(body, request)
	case err == nil && kind == "multipart/form-data":
		values, err := parseMultipart(body, params["boundary"])
		if err != nil {
			return err
		}
		return h.shapes.decodeFlat(values, request)
	}
	return openseat.Errorf(codeUnsupportedProtocol, "The content type %.100q is not supported; use application/json.", r.Header.Get("Content-Type"))
}

// refused is the answer to a request that failed.
type refused struct {
	Error reason
	api.Result
}

type reason struct{ Code, Message string }

// refusal words an error for the outside. What is nobody's fault but ours is told to the log alone.
func (h *handler) refusal(r *http.Request, err error, seen *Observation) api.Response {
	told := openseat.AsError(err)
	if told.Code == openseat.CodeInternal {
		h.Log.Error("cloud API failed", "action", seen.Action, "app", seen.App, "requestId", seen.RequestID, "err", err)
	}
	seen.Code = told.Code
	message := told.Message
	if zh := h.chinese[told.Code]; zh != "" && r.Header.Get(api.LanguageHeader) == "zh-CN" {
		message = zh + "（" + message + "）"
	}
	return &refused{Error: reason{told.Code, message}}
}

func (h *handler) write(w http.ResponseWriter, r *http.Request, answer api.Response, seen *Observation) {
	body, err := json.Marshal(struct{ Response api.Response }{answer})
	if err != nil {
		h.Log.Error("cloud API could not write its answer", "action", seen.Action, "requestId", seen.RequestID, "err", err)
		seen.Code = openseat.CodeInternal
		body = []byte(`{"Response":{"Error":{"Code":"InternalError","Message":"internal error"},"RequestId":"` + seen.RequestID + `"}}`)
	}
	if id := r.Header.Get(api.TraceHeader); id != "" && len(id) <= maxTraceID {
		w.Header().Set(api.TraceHeader, id)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(body) // a caller who is gone cannot be told
}
