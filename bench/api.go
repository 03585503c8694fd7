package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/org"
	"openseat/edge/cloudapi"
	"openseat/store"
)

// demoApp is the instance of everything here.
const demoApp openseat.AppID = 1400000001

func measureAPI(ctx context.Context, b *bench) error {
	var speeds []float64
	for range b.rounds {
		var speed float64
		if err := playRole(ctx, "api", struct{}{}, &speed); err != nil {
			return err
		}
		speeds = append(speeds, speed)
	}
	b.add(figure{what: "signed API requests on one core, from bytes to bytes, without the network", unit: "/s", runs: speeds, least: 5000})
	return nil
}

// playAPI has the cloud API answer one question again and again: DescribeSkillGroupInfoList of an instance in a real store.
func playAPI(ctx context.Context, s *stage) error {
	dir, err := os.MkdirTemp("", "openseat-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o, err := openOffice(ctx, dir)
	if err != nil {
		return err
	}
	defer o.db.Close()
	key, err := o.office.CreateKey(ctx, demoApp)
	if err != nil {
		return err
	}
	if err := o.views.RefreshAll(ctx); err != nil {
		return err
	}
	handler := cloudapi.New(cloudapi.Config{
		Views: o.views, Office: o.office, Log: slog.New(slog.DiscardHandler), Observe: func(cloudapi.Observation) {},
	})
	request, body, err := signed(key, "http://127.0.0.1:8080", "DescribeSkillGroupInfoList", `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0}`)
	if err != nil {
		return err
	}
	ask := func(long time.Duration) (float64, error) { return requests(ctx, handler, request, body, long) }
	if _, err := ask(time.Second / 2); err != nil { // warm
		return err
	}
	speed, err := ask(2 * time.Second)
	if err != nil {
		return err
	}
	return s.out.Encode(speed)
}

func requests(ctx context.Context, h http.Handler, request *http.Request, body []byte, long time.Duration) (float64, error) {
	began, n := time.Now(), 0
	for ; time.Since(began) < long; n++ {
		r := request.Clone(ctx)
		r.Body = io.NopCloser(bytes.NewReader(body))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if err := refused(w.Body.String()); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

// refused tells an answer that is an error.
func refused(answer string) error {
	if !strings.Contains(answer, `"Error"`) {
		return nil
	}
	return openseat.Errorf(openseat.CodeInternal, "the API refuses: %s", answer)
}

// signed makes a request as the official SDKs do. Its signature is good for five minutes, and for as many requests.
func signed(key org.Key, endpoint, action, params string) (*http.Request, []byte, error) {
	body := []byte(params)
	request, err := http.NewRequest(http.MethodPost, endpoint+"/", bytes.NewReader(body)) //nolint:noctx // cloned with one
	if err != nil {
		return nil, nil, err
	}
	const contentType = "application/json; charset=utf-8"
	now := time.Now()
	tc3 := api.TC3Request{
		Method: http.MethodPost, Path: "/", Payload: api.HashPayload(body),
		Headers: []api.TC3Header{
			{Name: "content-type", Value: contentType}, {Name: "host", Value: request.Host}, {Name: "x-tc-action", Value: strings.ToLower(action)},
		},
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set(api.ActionHeader, action)
	request.Header.Set(api.VersionHeader, api.Version)
	request.Header.Set(api.TimestampHeader, strconv.FormatInt(now.Unix(), 10))
	request.Header.Set("Authorization", tc3.Authorization(key.SecretID, key.SecretKey, now, api.Service))
	return request, body, nil
}

// requests asks the server the same signed question over some connections, as fast as it answers.
func (o *outside) requests(ctx context.Context, long time.Duration) (n int, took float64, err error) {
	const connections = 4
	key := org.Key{SecretID: o.params.Demo.SecretID, SecretKey: o.params.Demo.SecretKey}
	request, body, err := signed(key, o.params.Demo.HTTP, "DescribeSkillGroupInfoList", `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0}`)
	if err != nil {
		return 0, 0, err
	}
	var wire bytes.Buffer
	request.Body = io.NopCloser(bytes.NewReader(body))
	if err := request.Write(&wire); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	counts, failed := make(chan int, connections), make(chan error, connections)
	for range connections {
		go func() {
			n, err := askOver(ctx, request.Host, wire.Bytes(), began.Add(long))
			counts <- n
			failed <- err
		}()
	}
	for range connections {
		n += <-counts
		err = errors.Join(err, <-failed)
	}
	return n, time.Since(began).Seconds(), err
}

// askOver repeats a request over one connection until it is time.
func askOver(ctx context.Context, addr string, request []byte, until time.Time) (n int, err error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	in := bufio.NewReader(c)
	for ; time.Now().Before(until); n++ {
		if _, err := c.Write(request); err != nil {
			return n, err
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return n, err
		}
		answer, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err := errors.Join(err, refused(string(answer))); err != nil {
			return n, err
		}
	}
	return n, nil
}

// shop is an instance's set-up in a real store.
type shop struct {
	db     *store.DB
	views  *store.Views
	office *org.Office
}

// openOffice opens a store with one instance that has two groups.
func openOffice(ctx context.Context, dir string) (*shop, error) {
	db, err := store.Open(ctx, "", dir)
	if err != nil {
		return nil, err
	}
	s := &shop{db: db, views: store.NewViews(db)}
	s.office = org.NewOffice(db, time.Now, rand.Reader, nil)
	if _, err := s.office.CreateInstance(ctx, org.NewInstance{App: demoApp, Name: "Bench"}); err != nil {
		return nil, err
	}
	for _, name := range []string{"Support", "Sales"} {
		if _, err := s.office.CreateGroup(ctx, demoApp, org.NewGroup{Name: name, Type: org.GroupPhone, RingTimeout: 20 * time.Second}); err != nil {
			return nil, err
		}
	}
	return s, s.views.RefreshAll(ctx)
}
