package api_test

import (
	"testing"
	"time"

	"openseat/api"
)

// The signatures below were made by the official Node SDK 4.1.313 (common/sign.js).
func TestSignatureIsTheOfficialSDKs(t *testing.T) {
	tests := []struct {
		name, method, query, contentType, host, body, service, want string
		at                                                          int64
	}{
		{
			name: "a POST", method: "POST", contentType: "application/json", host: "ccc.tencentcloudapi.com", service: "ccc", at: 1700000000,
			body: `{"SdkAppId":1400000001,"SeatUserId":"alice@demo.openseat"}`,
			want: "d55d277d64e76bc1a74741cf996359471e860efe2d285e38ffa11fc61555da14",
		},
		{
			name: "a GET in the last second of a day", method: "GET", contentType: "application/x-www-form-urlencoded", host: "127.0.0.1", service: "127", at: 1719791999,
			query: "SdkAppId=1400000001&PageSize=10&PageNumber=0&Phones.0=0086138%201",
			want:  "494445d3ca89550a96c7fbc31e5c5e507aff5569b9cd639a5e6620db9b549bd5",
		},
		{
			name: "a body beyond ASCII, in the first second of a day", method: "POST", contentType: "application/json", host: "ccc.example.com", service: "ccc", at: 1719792000,
			body: `{"SdkAppId":1400000001,"SkillGroupName":"售后 <&> 😀"}`,
			want: "d3a16abddf998ec0214518694a946995c99aaaee6bd522197906e5e77e6f2187",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := api.TC3Request{
				Method: tt.method, Path: "/", Query: tt.query, Payload: api.HashPayload([]byte(tt.body)),
				Headers: []api.TC3Header{{Name: "content-type", Value: tt.contentType}, {Name: "host", Value: tt.host}},
			}
			if got := r.Sign("secretexample", time.Unix(tt.at, 0), tt.service); got != tt.want {
				t.Errorf("signature %s, want %s", got, tt.want)
			}
		})
	}
}
