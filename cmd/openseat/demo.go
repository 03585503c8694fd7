package main

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"openseat/api"
	"openseat/sim/carrier"
	"openseat/sim/company"
	"openseat/sim/phone"
)

//go:embed all:dist
var demoPage embed.FS

// demo runs a contact center with a demo instance, and around it whoever else is needed: a carrier with people on its lines,
// a customer's telephone in the browser, and a company's own server that takes the data push.
func demo(ctx context.Context, opts DemoOptions, log *slog.Logger, stdout io.Writer) error {
	if err := opts.private(); err != nil {
		return err
	}
	if opts.HooksAllow == "" {
		opts.HooksAllow = "127.0.0.0/8,::1/128" // the demo's company is here
	}
	n, err := open(ctx, opts.Options, log)
	if err != nil {
		return err
	}
	n.profile()
	world, err := openWorld(ctx, n, opts)
	if err != nil {
		n.Close()
		return err
	}
	defer world.close()
	return n.Run(ctx, func() error {
		if err := writeDemo(opts.Data, world.file); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "\n  OpenSeat demo is ready:  %s/demo/\n\n", opts.base())
		return nil
	})
}

// world is everyone outside in the demo.
type world struct {
	file    DemoFile
	carrier *carrier.Carrier // nil when a real one is used
	booth   *phone.Booth
	back    *api.Client // the company's own server asks as anybody would
}

func openWorld(ctx context.Context, n *Node, opts DemoOptions) (w *world, err error) {
	w = &world{}
	at := DemoFile{HTTP: opts.base(), SIP: opts.SIP, Carrier: opts.Carrier}
	if opts.Carrier == "" {
		w.booth = phone.New(w.place, n.log)
		w.carrier, err = carrier.Open(carrier.Options{Addr: opts.CarrierAt, Peer: opts.SIP, Pick: w.booth.Pick, Log: n.log})
		if err != nil {
			return nil, fmt.Errorf("simulated carrier: %w", err)
		}
		at.Carrier = w.carrier.Addr().String()
	}
	if w.file, err = furnish(ctx, n.office, opts.Data, at, opts.base()+demoPushPath); err != nil {
		w.close()
		return nil, err
	}
	// Not by the public address, whose certificate may not be for us.
	w.back = &api.Client{Endpoint: "http://" + opts.HTTP, SecretID: w.file.SecretID, SecretKey: w.file.SecretKey}
	w.mount(n)
	return w, nil
}

// place puts a call of the page's telephone on the carrier's line.
func (w *world) place(ctx context.Context, from, to string) (*carrier.Call, error) {
	return w.carrier.Call(ctx, from, to)
}

func (w *world) close() {
	if w.carrier != nil {
		w.carrier.Close()
	}
}

// mount serves the demo page and what it asks.
func (w *world) mount(n *Node) {
	n.landing = "/demo/"
	dist, err := fs.Sub(demoPage, "dist")
	if err != nil {
		panic(err) // the folder is embedded, or this does not compile
	}
	n.mux.Handle("/demo/", http.StripPrefix("/demo/", http.FileServerFS(dist)))
	n.mux.Handle("/demo/company/", http.StripPrefix("/demo/company", company.New(company.Options{API: w.back, App: int64(demoApp)})))
	if w.booth != nil {
		n.mux.Handle("/demo/phone/", http.StripPrefix("/demo/phone", w.booth))
	}
	n.mux.HandleFunc("GET /demo/api/info", func(rw http.ResponseWriter, _ *http.Request) { answer(rw, w.info(), nil) })
	for path, get := range map[string]func(context.Context, string) (any, error){
		"sessions": w.sessions, "timeline": w.timeline, "cdr": w.cdr,
	} {
		n.mux.HandleFunc("GET /demo/api/"+path, func(rw http.ResponseWriter, r *http.Request) {
			v, err := get(r.Context(), r.URL.Query().Get("SessionId"))
			answer(rw, v, err)
		})
	}
}

func answer(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		return // a page that is gone needs no answer
	}
}

// info is what the page knows of the demo.
func (w *world) info() any {
	type person struct {
		UserID string `json:"userId"`
		Name   string `json:"name"`
	}
	out := struct {
		Agents  []person     `json:"agents"`
		Numbers []DemoNumber `json:"numbers"`
	}{Numbers: w.file.Numbers}
	for _, a := range w.file.Agents {
		out.Agents = append(out.Agents, person{a.UserID, a.Name})
	}
	return out
}

// sessionInfo is one line in the page's list of sessions.
type sessionInfo struct {
	SessionID      string `json:"SessionId"`
	StartTimestamp int64  `json:"StartTimestamp"`
	Direction      int64  `json:"Direction"`
	Caller         string `json:"Caller"`
	Callee         string `json:"Callee"`
	Running        bool   `json:"Running"`
}

const latest = 20

// sessions lists the latest, running ones first.
func (w *world) sessions(ctx context.Context, _ string) (any, error) {
	now := time.Now().Unix()
	var active api.DescribePSTNActiveSessionListResponse
	err := w.back.Call(ctx, "DescribePSTNActiveSessionList", api.Version, api.DescribePSTNActiveSessionListRequest{
		SdkAppId: int64(demoApp), Offset: 0, Limit: latest,
	}, &active)
	if err != nil {
		return nil, err
	}
	var past api.DescribeTelCdrResponse
	err = w.back.Call(ctx, "DescribeTelCdr", api.Version, api.DescribeTelCdrRequest{
		SdkAppId: int64(demoApp), StartTimeStamp: now - 86400, EndTimeStamp: now + 60, PageSize: latest, PageNumber: 0,
	}, &past)
	if err != nil {
		return nil, err
	}
	out := []sessionInfo{}
	for _, s := range active.Sessions {
		out = append(out, sessionInfo{s.SessionID, seconds(s.StartTimestamp), s.Direction, s.Caller, s.Callee, true})
	}
	slices.Reverse(out)
	for _, c := range past.TelCdrs {
		out = append(out, sessionInfo{c.SessionId, c.StartTimestamp, c.Direction, c.Caller, c.Callee, false})
	}
	return out, nil
}

// seconds reads a time that the action writes as text.
func seconds(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // none is 0
	return n
}

func (w *world) timeline(ctx context.Context, id string) (any, error) {
	var t api.DescribeSessionTimelineResponse
	err := w.back.Call(ctx, "DescribeSessionTimeline", api.OwnVersion, api.DescribeSessionTimelineRequest{
		SdkAppId: int64(demoApp), SessionId: id,
	}, &t)
	return t.Steps, err
}

// cdr is the session's record, or null while it runs.
func (w *world) cdr(ctx context.Context, id string) (any, error) {
	now := time.Now().Unix()
	var past api.DescribeTelCdrResponse
	err := w.back.Call(ctx, "DescribeTelCdr", api.Version, api.DescribeTelCdrRequest{
		SdkAppId: int64(demoApp), StartTimeStamp: now - 86400, EndTimeStamp: now + 60, PageSize: 1, PageNumber: 0, SessionIds: []string{id},
	}, &past)
	if err != nil || len(past.TelCdrs) == 0 {
		return nil, err
	}
	return past.TelCdrs[0], nil
}
