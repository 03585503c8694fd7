package cloudapi_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"openseat/api"
)

// officialSDK finds Node and the unpacked npm package tencentcloud-sdk-nodejs (OPENSEAT_NODE_SDK, else the end-to-end
// workspace's), or skips the test.
func officialSDK(t *testing.T) (node, sdk string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	sdk = os.Getenv("OPENSEAT_NODE_SDK")
	if sdk == "" {
		sdk = "../../e2e/node_modules/tencentcloud-sdk-nodejs"
	}
	if sdk, err = filepath.Abs(sdk); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(sdk, "package.json")); err != nil {
		t.Skip("tencentcloud-sdk-nodejs is not there; set OPENSEAT_NODE_SDK to its folder")
	}
	return node, sdk
}

func TestSignatureOfTheOfficialSDK(t *testing.T) {
	node, sdk := officialSDK(t)
	const script = `
const Sign = require(process.argv[1] + '/tencentcloud/common/sign.js').default
const c = JSON.parse(process.argv[2])
console.log(Sign.sign3({ ...c, secretId: 'AKIDhome', secretKey: 'homesecret', headers: { 'Content-Type': c.contentType } }))`
	tests := []struct{ name, method, url, contentType, service, payload string }{
		{"a POST", "POST", "https://ccc.tencentcloudapi.com/", "application/json", "ccc", `{"SdkAppId":1400000001}`},
		{"a POST to a port", "POST", "http://127.0.0.1:8080/", "application/json", "127", `{"A":"售后 <&> 😀"}`},
		{"a GET", "GET", "http://desk.example.com/?A.0=a%20b&A.1=%E5%94%AE", "application/x-www-form-urlencoded", "desk", ""},
	}
	for _, tt := range tests {
		for _, at := range []int64{1700000000, 1719791999, 1719792000} {
			t.Run(tt.name+" at "+strconv.FormatInt(at, 10), func(t *testing.T) {
				input := map[string]any{"method": tt.method, "url": tt.url, "contentType": tt.contentType, "service": tt.service, "timestamp": at, "payload": ""}
				if tt.payload != "" {
					input["payload"] = json.RawMessage(tt.payload)
				}
				argument, err := json.Marshal(input)
				if err != nil {
					t.Fatal(err)
				}
				out, err := exec.CommandContext(t.Context(), node, "-e", script, sdk, string(argument)).Output()
				if err != nil {
					t.Fatal(err)
				}
				r := httptest.NewRequest(tt.method, tt.url, strings.NewReader(tt.payload))
				signed := api.TC3Request{
					Method: tt.method, Path: "/", Query: r.URL.RawQuery, Payload: api.HashPayload([]byte(tt.payload)),
					Headers: []api.TC3Header{{Name: "content-type", Value: tt.contentType}, {Name: "host", Value: r.URL.Hostname()}},
				}
				if got, want := signed.Authorization(secretID, secretKey, time.Unix(at, 0), tt.service), strings.TrimSpace(string(out)); got != want {
					t.Errorf("ours %s\nSDK  %s", got, want)
				}
			})
		}
	}
}

// told is one line of testdata/desk.js.
type told struct {
	Step, Code, RequestID, TraceID string
	Answer                         map[string]any
}

func TestOfficialSDKUnmodified(t *testing.T) {
	node, sdk := officialSDK(t)
	for _, method := range []string{"POST", "GET"} {
		t.Run(method, func(t *testing.T) {
			h := newHouse(t, 0)
			h.now = time.Now() // the SDK signs by the real clock
			h.mustOwn(t, "00864008001000")
			server := httptest.NewServer(h.handler)
			defer server.Close()
			endpoint := strings.TrimPrefix(server.URL, "http://")
			out, err := exec.CommandContext(t.Context(), node, "testdata/desk.js", sdk, endpoint, method).Output()
			if err != nil {
				t.Fatal(err)
			}
			said := map[string]told{}
			for line := range strings.Lines(string(out)) {
				var s told
				if err := json.Unmarshal([]byte(line), &s); err != nil {
					t.Fatal(err)
				}
				said[s.Step] = s
			}
			checkDesk(t, said)
			if got := said["eleven megabytes"].Code; method == "POST" && got != "RequestSizeLimitExceeded" {
				t.Errorf("eleven megabytes: %q", got)
			}
		})
	}
}

func checkDesk(t *testing.T, said map[string]told) {
	t.Helper()
	codes := map[string]string{
		"another instance": "UnauthorizedOperation", "a wrong secret": "AuthFailure.SignatureFailure",
		"an unknown key": "AuthFailure.SecretIdNotFound", "a request without a signature": "AuthFailure.InvalidAuthorization",
		"CreateExtension again": "InvalidParameter.DuplicateSipAccount", "CreateExtension of nine": "InvalidParameterValue",
		"DescribeExtensions of 101": "InvalidParameterValue", "DeleteExtension again": "ResourceNotFound",
		"CreateCallOutSession without a phone": "FailedOperation.CallOutFailed",
		"CreateCallOutSession to nobody":       "InvalidParameter.InvalidPhoneNumber",
	}
	for _, step := range []string{
		"CreateCCCSkillGroup", "CreateStaff", "DescribeStaffInfoList", "BindStaffSkillGroupList", "UnbindStaffSkillGroupList",
		"CreateExtension", "CreateExtension again", "CreateExtension of nine", "ModifyExtension", "DescribeExtension", "DescribeExtensions",
		"DescribeExtensions of 101", "ResetExtensionPassword", "DeleteExtension", "DeleteExtension again", "ModifyStaff",
		"CreateCallOutSession without a phone", "CreateCallOutSession", "CreateCallOutSession to nobody",
		"CreateSDKLoginToken", "DescribeTelCdr", "an action of ours", "another instance", "a wrong secret", "an unknown key", "a request without a signature",
	} {
		s := said[step]
		if s.Code != codes[step] {
			t.Errorf("%s: code %q, want %q", step, s.Code, codes[step])
		}
		if s.Code == "" && s.Answer["RequestId"] == nil || s.Code != "" && (s.RequestID == "" || s.TraceID == "") {
			t.Errorf("%s: no request id or trace id: %+v", step, s)
		}
	}
	if failed, _ := said["CreateStaff"].Answer["ErrorStaffList"].([]any); len(failed) != 1 {
		t.Errorf("Bob has no mail address, and yet: %v", said["CreateStaff"].Answer)
	}
	if got := said["DescribeStaffInfoList"].Answer["TotalCount"]; got != 1.0 {
		t.Errorf("%v members of staff, want 1", got)
	}
	if got, _ := said["DescribeExtensions"].Answer["ExtensionList"].([]any); len(got) != 1 {
		t.Errorf("phones: %v", said["DescribeExtensions"].Answer)
	}
	if got := said["CreateCallOutSession"].Answer["SessionId"]; got != "session-1" {
		t.Errorf("double call: %v", got)
	}
	if got := said["CreateSDKLoginToken"].Answer["Token"]; got != "token-of-alice@demo.openseat" {
		t.Errorf("token %v", got)
	}
}
