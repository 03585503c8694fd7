package cloudapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"openseat/api"
)

// BenchmarkSignedRequest is what one request costs, from its bytes to its answer's, on one core and without limits.
func BenchmarkSignedRequest(b *testing.B) {
	get := func(h *house) request {
		q := h.ask("DescribeSkillGroupInfoList", api.Version, "")
		q.method, q.contentType, q.query = http.MethodGet, "application/x-www-form-urlencoded", "SdkAppId=1400000001&PageSize=10&PageNumber=0"
		return q
	}
	tests := []struct {
		name string
		ask  func(*house) request
	}{
		{"POST", func(h *house) request { return h.ask("DescribeSkillGroupInfoList", api.Version, list) }},
		{"GET", get},
		{"POST 100 kB", func(h *house) request {
			staff := strings.Repeat(`"somebody@example.com",`, 4400) + `"a@example.com"`
			return h.ask("DescribeStaffStatusMetrics", api.Version, fmt.Sprintf(`{"SdkAppId":1400000001,"StaffList":[%s]}`, staff))
		}},
		{"stranger", func(h *house) request {
			q := h.ask("DescribeSkillGroupInfoList", api.Version, list)
			q.id = "AKIDnobody"
			return q
		}},
	}
	for _, tt := range tests {
		b.Run(tt.name, func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			h := newHouse(b, 0)
			q := tt.ask(h)
			signed := q.signed()
			b.ReportAllocs()
			for b.Loop() {
				r := signed.Clone(signed.Context())
				r.Body = http.NoBody
				if q.body != "" {
					r.Body = readCloser{strings.NewReader(q.body)}
				}
				w := httptest.NewRecorder()
				h.handler.ServeHTTP(w, r)
				h.seen = h.seen[:0]
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }
