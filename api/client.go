package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"openseat"
)

// maxResponse bounds what a Client reads of an answer.
const maxResponse = 32 << 20

// Client calls the cloud API of an OpenSeat (or of the original) with TC3 signatures. Its fields are not changed once it is
// in use; then it serves many goroutines.
type Client struct {
	Endpoint  string // "http://127.0.0.1:8080"
	SecretID  string
	SecretKey string
	HTTP      *http.Client     // nil means http.DefaultClient
	Now       func() time.Time // nil means time.Now
}

// Call asks for an action and decodes the answer into out (nil drops it). A refusal comes back as an *openseat.Error.
func (c *Client) Call(ctx context.Context, action, version string, params, out any) error {
	if err := c.call(ctx, action, version, params, out); err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return nil
}

func (c *Client) call(ctx context.Context, action, version string, params, out any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return err
	}
	req, err := c.request(ctx, action, version, body)
	if err != nil {
		return err
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxResponse+1))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("status %s", res.Status)
	}
	if len(answer) > maxResponse {
		return errors.New("answer is too large")
	}
	return unwrap(answer, out)
}

func (c *Client) request(ctx context.Context, action, version string, body []byte) (*http.Request, error) {
	u, err := url.Parse(c.Endpoint)
	if err != nil {
		return nil, err
	}
	u.Path = "/"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	now := time.Now
	if c.Now != nil {
		now = c.Now
	}
	at := now()
	const contentType = "application/json; charset=utf-8"
	signed := TC3Request{
		Method: http.MethodPost, Path: "/", Payload: HashPayload(body),
		Headers: []TC3Header{{"content-type", contentType}, {"host", u.Host}, {"x-tc-action", strings.ToLower(action)}},
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set(ActionHeader, action)
	req.Header.Set(VersionHeader, version)
	req.Header.Set(TimestampHeader, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set("Authorization", signed.Authorization(c.SecretID, c.SecretKey, at, Service))
	return req, nil
}

// unwrap takes the envelope off an answer.
func unwrap(answer []byte, out any) error {
	var envelope struct{ Response json.RawMessage }
	if err := json.Unmarshal(answer, &envelope); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	var head struct {
		Error     *struct{ Code, Message string }
		RequestId string
	}
	if err := json.Unmarshal(envelope.Response, &head); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if head.Error != nil {
		refusal := &openseat.Error{Code: head.Error.Code, Message: head.Error.Message}
		return fmt.Errorf("request %s: %w", head.RequestId, refusal)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(envelope.Response, out)
}

// ErrorCode is the code of the refusal in err's chain, or "" when the server did not refuse.
func ErrorCode(err error) string {
	var refusal *openseat.Error
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return ""
}
