package cloudapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/org"
	"openseat/edge/cloudapi"
)

var _ cloudapi.Office = (*org.Office)(nil)

const list = `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0}`

func TestWhoAsks(t *testing.T) {
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	authorization := func(old, replacement string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, replacement, 1))
		}
	}
	tests := []struct {
		name   string
		change func(*request)
		code   string
	}{
		{"as the Node SDK signs", func(*request) {}, ""},
		{"as the documentation signs, with the action", func(q *request) { q.headers = []string{"content-type", "host", "x-tc-action"} }, ""},
		{"with a region", func(q *request) { q.spoil = header(api.RegionHeader, "mars-1") }, ""},
		{"host signed without its port, as the Node SDK does", func(q *request) { q.host, q.signedHost = "ccc.example.com:8080", "ccc.example.com" }, ""},
		{"host signed with its port", func(q *request) { q.host = "ccc.example.com:8080" }, ""},
		{"service named after the endpoint's first label", func(q *request) { q.host, q.service = "desk.example.com", "desk" }, ""},
		{"service named after an address", func(q *request) { q.host, q.signedHost, q.service = "127.0.0.1:8080", "127.0.0.1", "127" }, ""},
		{"service named after a name without dots", func(q *request) { q.host, q.service = "localhost:8080", "localhost:8080" }, ""},
		{"five minutes early", func(q *request) { q.at = q.at.Add(5 * time.Minute) }, ""},
		{"five minutes late", func(q *request) { q.at = q.at.Add(-5 * time.Minute) }, ""},
		{"too early", func(q *request) { q.at = q.at.Add(5*time.Minute + time.Second) }, "AuthFailure.SignatureExpire"},
		{"too late", func(q *request) { q.at = q.at.Add(-5*time.Minute - time.Second) }, "AuthFailure.SignatureExpire"},
		{"the timestamp of another moment", func(q *request) { q.spoil = header(api.TimestampHeader, "1772528401") }, "AuthFailure.SignatureFailure"},
		{"no timestamp", func(q *request) { q.spoil = func(r *http.Request) { r.Header.Del(api.TimestampHeader) } }, "MissingParameter"},
		{"a timestamp in words", func(q *request) { q.spoil = header(api.TimestampHeader, "now") }, "InvalidParameter"},
		{"another day in the scope", func(q *request) { q.spoil = authorization("2026-03-03", "2026-03-02") }, "AuthFailure.SignatureFailure"},
		{"another service", func(q *request) { q.service = "cvm" }, "AuthFailure.SignatureFailure"},
		{"a wrong secret", func(q *request) { q.key = "guess" }, "AuthFailure.SignatureFailure"},
		{"an unknown key", func(q *request) { q.id = "AKIDnobody" }, "AuthFailure.SecretIdNotFound"},
		{"a disabled key", func(q *request) { q.id = "AKIDoff" }, "AuthFailure.SecretIdNotFound"},
		{"temporary credentials", func(q *request) { q.spoil = header(api.TokenHeader, "t") }, "AuthFailure.TokenFailure"},
		{"another body than signed", func(q *request) {
			q.spoil = func(r *http.Request) {
				r.Body = http.NoBody
			}
		}, "AuthFailure.SignatureFailure"},
		{"another host than signed", func(q *request) { q.spoil = func(r *http.Request) { r.Host = "evil.example.com" } }, "AuthFailure.SignatureFailure"},
		{"another content type than signed", func(q *request) { q.spoil = header("Content-Type", "text/plain") }, "AuthFailure.SignatureFailure"},
		{"a query that was not signed", func(q *request) { q.spoil = func(r *http.Request) { r.URL.RawQuery = "a=b" } }, "AuthFailure.SignatureFailure"},
		{"SKIP", func(q *request) { q.spoil = header("Authorization", "SKIP") }, "AuthFailure.InvalidAuthorization"},
		{"nothing", func(q *request) { q.spoil = func(r *http.Request) { r.Header.Del("Authorization") } }, "AuthFailure.InvalidAuthorization"},
		{"another algorithm", func(q *request) { q.spoil = authorization("SHA256", "SHA1") }, "AuthFailure.InvalidAuthorization"},
		{"host not signed", func(q *request) { q.headers = []string{"content-type"} }, "AuthFailure.InvalidAuthorization"},
		{"content type not signed", func(q *request) { q.headers = []string{"host"} }, "AuthFailure.InvalidAuthorization"},
		{"signed headers out of order", func(q *request) { q.headers = []string{"host", "content-type"} }, "AuthFailure.InvalidAuthorization"},
		{"signed headers in capitals", func(q *request) { q.spoil = authorization("content-type", "Content-Type") }, "AuthFailure.InvalidAuthorization"},
		{"a scope without its end", func(q *request) { q.spoil = authorization("/tc3_request", "") }, "AuthFailure.InvalidAuthorization"},
		{"a signature in capitals", func(q *request) {
			q.spoil = func(r *http.Request) { r.Header.Set("Authorization", strings.ToUpper(r.Header.Get("Authorization"))) }
		}, "AuthFailure.InvalidAuthorization"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t, 0)
			q := h.ask("DescribeSkillGroupInfoList", api.Version, list)
			tt.change(&q)
			a := h.send(t, q.signed())
			if a.code() != tt.code {
				t.Fatalf("code %q, want %q: %s", a.code(), tt.code, a.raw)
			}
			if a.status != http.StatusOK || len(a.Response.RequestId) != 36 {
				t.Errorf("status %d, request id %q", a.status, a.Response.RequestId)
			}
			if strings.Contains(h.log.String()+a.raw, secretKey) {
				t.Error("a secret was told")
			}
			if len(h.seen) != 1 || h.seen[0].Code != tt.code || h.seen[0].RequestID != a.Response.RequestId {
				t.Errorf("observed %+v", h.seen)
			}
		})
	}
}

func TestWhatIsAsked(t *testing.T) {
	own := `{"SdkAppId":1400000001}`
	tests := []struct {
		name, action, version, body string
		code, names                 string // names: what the message must name
	}{
		{"a good request", "DescribeSkillGroupInfoList", api.Version, list, "", ""},
		{"no action", "", api.Version, list, "MissingParameter", "X-TC-Action"},
		{"no version", "DescribeNumbers", "", list, "MissingParameter", "X-TC-Version"},
		{"no such action", "DescribeMars", api.Version, list, "InvalidAction", "DescribeMars"},
		{"no such version", "DescribeNumbers", "2019-01-01", list, "NoSuchVersion", "2019-01-01"},
		{"our action under their version", "DescribeTrunks", api.Version, own, "NoSuchVersion", "DescribeTrunks"},
		{"their action under our version", "DescribeNumbers", api.OwnVersion, own, "NoSuchVersion", "DescribeNumbers"},
		{"another's instance", "DescribeNumbers", api.Version, `{"SdkAppId":1400000002}`, openseat.CodeUnauthorized, ""},
		{"nobody's instance", "DescribeNumbers", api.Version, `{"SdkAppId":1409999999}`, openseat.CodeUnauthorized, ""},
		{"no instance", "DescribeNumbers", api.Version, `{}`, "MissingParameter", "SdkAppId"},
		{"an empty body", "DescribeNumbers", api.Version, ``, "MissingParameter", "SdkAppId"},
		{"null for an instance", "DescribeNumbers", api.Version, `{"SdkAppId":null}`, "MissingParameter", "SdkAppId"},
		{"an unknown parameter", "DescribeNumbers", api.Version, `{"SdkAppId":1400000001,"Sort":1}`, "UnknownParameter", "`Sort`"},
		{"other letters than ours", "DescribeNumbers", api.Version, `{"sdkAppId":1400000001}`, "UnknownParameter", "`sdkAppId`"},
		{"an unknown parameter further in", "CreateStaff", api.Version, `{"SdkAppId":1400000001,"Staffs":[{"Name":"a","Mail":"a@b.cc","StaffNumber":"1","Age":3}]}`, "UnknownParameter", "`Staffs.0.Age`"},
		{"a missing parameter further in", "CreateStaff", api.Version, `{"SdkAppId":1400000001,"Staffs":[{"Name":"a","Mail":"a@b.cc","StaffNumber":"1"},{"Name":"b"}]}`, "MissingParameter", "`Staffs.1.Mail`"},
		{"a string for a number", "DescribeNumbers", api.Version, `{"SdkAppId":"1400000001"}`, "InvalidParameter", "`SdkAppId` is not an integer"},
		{"a fraction for an integer", "DescribeNumbers", api.Version, `{"SdkAppId":1400000001.5}`, "InvalidParameter", "`SdkAppId`"},
		{"an integer beyond 64 bits", "DescribeNumbers", api.Version, `{"SdkAppId":99999999999999999999}`, "InvalidParameter", "`SdkAppId`"},
		{"a number for a string", "HangUpCall", api.Version, `{"SdkAppId":1400000001,"SessionId":7}`, "InvalidParameter", "`SessionId` is not a string"},
		{"an object for a list", "DeleteStaff", api.Version, `{"SdkAppId":1400000001,"StaffList":{}}`, "InvalidParameter", "`StaffList` is not an array"},
		{"a number in a list of strings", "DeleteStaff", api.Version, `{"SdkAppId":1400000001,"StaffList":["a",1]}`, "InvalidParameter", "`StaffList.1`"},
		{"null in a list", "DeleteStaff", api.Version, `{"SdkAppId":1400000001,"StaffList":[null]}`, "InvalidParameter", "`StaffList.0`"},
		{"a word for a boolean", "CreateSDKLoginToken", api.Version, `{"SdkAppId":1400000001,"SeatUserId":"a","OnlyOnce":"yes"}`, "InvalidParameter", "`OnlyOnce` is not a boolean"},
		{"a parameter twice", "DescribeNumbers", api.Version, `{"SdkAppId":1400000001,"SdkAppId":1400000002}`, "InvalidParameter", "twice"},
		{"a list", "DescribeNumbers", api.Version, `[]`, "InvalidParameter", "not an object"},
		{"a string", "DescribeNumbers", api.Version, `""`, "InvalidParameter", "not an object"},
		{"no JSON", "DescribeNumbers", api.Version, `{"SdkAppId":`, "InvalidParameter", "not valid JSON"},
		{"more than one object", "DescribeNumbers", api.Version, `{"SdkAppId":1400000001}{}`, "InvalidParameter", "one JSON object"},
		{"a huge list", "DeleteStaff", api.Version, `{"SdkAppId":1400000001,"StaffList":["a"` + strings.Repeat(`,"a"`, 10_000) + `]}`, "InvalidParameterValue", "StaffList"},
		{"a body beyond the limit", "DescribeNumbers", api.Version, `{"SdkAppId":1400000001` + strings.Repeat(" ", 1<<20) + `}`, "RequestSizeLimitExceeded", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t, 0)
			a := h.send(t, h.ask(tt.action, tt.version, tt.body).signed())
			if a.code() != tt.code {
				t.Fatalf("code %q, want %q: %s", a.code(), tt.code, a.raw)
			}
			if tt.code != "" && !strings.Contains(a.Response.Error.Message, tt.names) {
				t.Errorf("message %q does not name %s", a.Response.Error.Message, tt.names)
			}
		})
	}
}

func TestOtherInstancesCannotBeToldFromNone(t *testing.T) {
	h := newHouse(t, 0)
	taken := h.send(t, h.ask("DescribeNumbers", api.Version, `{"SdkAppId":1400000002}`).signed())
	free := h.send(t, h.ask("DescribeNumbers", api.Version, `{"SdkAppId":1400000003}`).signed())
	if got, want := strings.Replace(taken.Response.Error.Message, "1400000002", "X", 1), strings.Replace(free.Response.Error.Message, "1400000003", "X", 1); got != want || taken.code() != free.code() {
		t.Errorf("%s tells itself from %s", taken.raw, free.raw)
	}
}

func TestFlattenedParameters(t *testing.T) {
	long := strings.Repeat("x", 20)
	tests := []struct {
		name, action, version, query string
		code, names                  string
	}{
		{"numbers", "DescribeSkillGroupInfoList", api.Version, "SdkAppId=1400000001&PageSize=10&PageNumber=0", "", ""},
		{"an undefined number, as the Node SDK writes it", "DescribeSkillGroupInfoList", api.Version, "SdkAppId=1400000001&PageSize=10&PageNumber=0&SkillGroupId=", "", ""},
		{"a list", "DescribeStaffStatusMetrics", api.Version, "SdkAppId=1400000001&StaffList.0=a&StaffList.1=b", "", ""},
		{"objects in a list", "SetStaffStatus", api.Version, "SdkAppId=1400000001&StaffStatusList.0.StaffUserId=a&StaffStatusList.0.Status=free", "", ""},
		{"a boolean", "CreateSDKLoginToken", api.Version, "SdkAppId=1400000001&SeatUserId=a&OnlyOnce=maybe", "InvalidParameter", "`OnlyOnce`"},
		{"JSON", "PublishFlow", api.OwnVersion, "SdkAppId=1400000001&Name=n&Definition=%7B", "InvalidParameter", "`Definition`"},
		{"a word for a number", "DescribeNumbers", api.Version, "SdkAppId=x", "InvalidParameter", "`SdkAppId`"},
		{"an undefined instance", "DescribeNumbers", api.Version, "SdkAppId=", "MissingParameter", "`SdkAppId`"},
		{"an unknown parameter", "DescribeNumbers", api.Version, "SdkAppId=1400000001&Sort=1", "UnknownParameter", "`Sort`"},
		{"an unknown parameter further in", "SetStaffStatus", api.Version, "SdkAppId=1400000001&StaffStatusList.0.X=a", "UnknownParameter", "`StaffStatusList.0.X`"},
		{"a missing parameter further in", "SetStaffStatus", api.Version, "SdkAppId=1400000001&StaffStatusList.0.Status=free", "MissingParameter", "`StaffStatusList.0.StaffUserId`"},
		{"a hole in a list", "DeleteStaff", api.Version, "SdkAppId=1400000001&StaffList.1=a", "MissingParameter", "`StaffList.0`"},
		{"a value and an object", "DeleteStaff", api.Version, "SdkAppId=1400000001&StaffList=a&StaffList.0=a", "InvalidParameter", "`StaffList`"},
		{"an object for a number", "DescribeNumbers", api.Version, "SdkAppId.X=1", "InvalidParameter", "`SdkAppId`"},
		{"a parameter twice", "DescribeNumbers", api.Version, "SdkAppId=1400000001&SdkAppId=1", "InvalidParameter", "twice"},
		{"a name too deep", "DescribeNumbers", api.Version, strings.Join(strings.Split(long, ""), ".") + "=1", "UnknownParameter", ""},
		{"a broken query", "DescribeNumbers", api.Version, "SdkAppId=%zz", "InvalidParameter", "query"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t, 0)
			q := h.ask(tt.action, tt.version, "")
			q.method, q.contentType, q.query = http.MethodGet, "application/x-www-form-urlencoded", tt.query
			a := h.send(t, q.signed())
			if a.code() != tt.code {
				t.Fatalf("code %q, want %q: %s", a.code(), tt.code, a.raw)
			}
			if tt.code != "" && !strings.Contains(a.Response.Error.Message, tt.names) {
				t.Errorf("message %q does not name %s", a.Response.Error.Message, tt.names)
			}
		})
	}
}

func TestMultipart(t *testing.T) {
	part := func(name, value string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	tests := []struct{ name, contentType, body, code string }{
		{"fields", "multipart/form-data; boundary=b", part("SdkAppId", "1400000001") + part("PageSize", "5") + "--b--\r\n", ""},
		{"an unknown field", "multipart/form-data; boundary=b", part("SdkAppId", "1400000001") + part("X", "5") + "--b--\r\n", "UnknownParameter"},
		{"no end", "multipart/form-data; boundary=b", part("SdkAppId", "1400000001"), "InvalidParameter"},
		{"no boundary", "multipart/form-data", part("SdkAppId", "1400000001"), "InvalidParameter"},
		{"a form", "application/x-www-form-urlencoded", "SdkAppId=1400000001", "UnsupportedProtocol"},
		{"bytes", "application/octet-stream", "x", "UnsupportedProtocol"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t, 0)
			q := h.ask("DescribeNumbers", api.Version, tt.body)
			q.contentType = tt.contentType
			if a := h.send(t, q.signed()); a.code() != tt.code {
				t.Errorf("code %q, want %q: %s", a.code(), tt.code, a.raw)
			}
		})
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	h := newHouse(t, 0)
	q := h.ask("DescribeNumbers", api.Version, "{}")
	q.method = http.MethodPut
	if a := h.send(t, q.signed()); a.code() != "UnsupportedProtocol" {
		t.Error(a.raw)
	}
}

func TestTwentyRequestsASecondForEachActionOfAnInstance(t *testing.T) {
	h := newHouse(t, 20)
	burst := func(action string, n int) (passed int) {
		for range n {
			if a := h.send(t, h.ask(action, api.Version, list).signed()); a.code() == "" {
				passed++
			} else if a.code() != openseat.CodeRequestLimitExceeded {
				t.Fatal(a.raw)
			}
		}
		return passed
	}
	if got := burst("DescribeSkillGroupInfoList", 25); got != 20 {
		t.Errorf("%d passed at once, want 20", got)
	}
	if got := burst("DescribeStaffInfoList", 5); got != 5 {
		t.Errorf("%d of another action passed, want 5", got)
	}
	h.now = h.now.Add(500 * time.Millisecond)
	if got := burst("DescribeSkillGroupInfoList", 25); got != 10 {
		t.Errorf("%d passed after half a second, want 10", got)
	}
	h.now = h.now.Add(time.Hour)
	if got := burst("DescribeSkillGroupInfoList", 25); got != 20 {
		t.Errorf("%d passed after an hour, want 20", got)
	}
}

func TestOurOwnTroubleStaysInside(t *testing.T) {
	h := newHouse(t, 0)
	h.panics = true
	a := h.send(t, h.ask("DescribeAlarms", api.OwnVersion, `{"SdkAppId":1400000001}`).signed())
	if a.code() != openseat.CodeInternal || strings.Contains(a.raw, "bug") || !strings.Contains(h.log.String(), a.Response.RequestId) {
		t.Errorf("told %s, logged %s", a.raw, h.log.String())
	}
	h.trouble = http.ErrServerClosed
	a = h.send(t, h.ask("DescribeTelCdr", api.Version, `{"SdkAppId":1400000001,"PageSize":1,"PageNumber":0,"StartTimeStamp":1772500000,"EndTimeStamp":1772500001}`).signed())
	if a.code() != openseat.CodeInternal || strings.Contains(a.raw, "closed") || !strings.Contains(h.log.String(), "Server closed") {
		t.Errorf("told %s, logged %s", a.raw, h.log.String())
	}
}

func TestErrorsSpeakTheLanguageAskedFor(t *testing.T) {
	for language, want := range map[string]string{
		"":      "The request is missing the required parameter `SdkAppId`.",
		"en-US": "The request is missing the required parameter `SdkAppId`.",
		"zh-CN": "缺少必填参数。（The request is missing the required parameter `SdkAppId`.）",
	} {
		h := newHouse(t, 0)
		q := h.ask("DescribeNumbers", api.Version, "{}")
		q.spoil = func(r *http.Request) { r.Header.Set(api.LanguageHeader, language) }
		if a := h.send(t, q.signed()); a.Response.Error.Message != want {
			t.Errorf("in %q: %s", language, a.raw)
		}
	}
}

func TestTraceIDComesBack(t *testing.T) {
	h := newHouse(t, 0)
	q := h.ask("DescribeNumbers", api.Version, "{}")
	q.spoil = func(r *http.Request) { r.Header.Set(api.TraceHeader, "trace-1") }
	w := newRecorder(h, q)
	if got := w.Header().Get(api.TraceHeader); got != "trace-1" {
		t.Errorf("trace id %q", got)
	}
}

func TestMeant(t *testing.T) {
	h := newHouse(t, 0)
	get := h.ask("DescribeNumbers", api.Version, "")
	get.method = http.MethodGet
	browser, _ := http.NewRequest(http.MethodGet, "/", http.NoBody)
	if !cloudapi.Meant(get.signed()) || !cloudapi.Meant(h.ask("X", "", "").signed()) || cloudapi.Meant(browser) {
		t.Error("the cloud API takes a browser for an SDK, or an SDK for a browser")
	}
}

func TestEveryCodeIsInTheCatalogue(t *testing.T) {
	entries, err := api.Errors()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, e := range entries {
		known[e.Code] = true
	}
	for _, code := range codesIn(t, ".", "../../core/org", "../..") {
		if !known[code] {
			t.Errorf("%s is not in api/errors.json", code)
		}
	}
}
