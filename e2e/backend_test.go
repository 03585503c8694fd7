package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// backend is the company's web application, which uses the official SDK of the cloud API, unmodified.
type backend struct {
	w   *world
	url string
}

// openBackend starts the web application. It ends with the test.
func (w *world) openBackend() *backend {
	w.t.Helper()
	if _, err := os.Stat("node_modules/tencentcloud-sdk-nodejs"); err != nil {
		missing(w.t, "tencentcloud-sdk-nodejs")
	}
	_, out := startNode(w.t, "backend.mjs", map[string]any{
		"endpoint": w.demo.HTTP, "secretId": w.demo.SecretID, "secretKey": w.demo.SecretKey, "sdkAppId": w.demo.SdkAppID,
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	w.must(err)
	return &backend{w: w, url: strings.TrimSpace(line)}
}

// ask asks for an action of the cloud API by the official SDK.
func (b *backend) ask(action string, request, response any) {
	b.w.t.Helper()
	body, err := json.Marshal(request)
	b.w.must(err)
	res, err := http.Post(b.url+"/api/"+action, "application/json", bytes.NewReader(body))
	b.w.must(err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	b.w.must(err)
	if res.StatusCode != http.StatusOK {
		b.w.must(fmt.Errorf("%s: %s", action, answer))
	}
	b.w.must(json.Unmarshal(answer, response))
}
