package org

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"openseat"
)

// MaxUserSig is for how long a customer's signature may be good.
const MaxUserSig = time.Hour

const maxUserSigData = 1024

// UserSig signs that a customer is who the company's server says he is, with the instance's key, in the form "TLS 2.0" that
// Tencent's SDKs expect: zlib over JSON, in a base64 that needs no escapes in addresses. data comes back as it is to who
// verifies it.
func (in *Instance) UserSig(user, data string, now time.Time, life time.Duration) (string, error) {
	if err := checkText("Uid", user, 1, maxMail); err != nil {
		return "", err
	}
	if len(data) > maxUserSigData {
		return "", invalid("ClientData", "may have at most %d bytes", maxUserSigData)
	}
	if life < time.Second || life > MaxUserSig {
		return "", invalid("ExpiredTime", "must be 1 to %d seconds", int(MaxUserSig/time.Second))
	}
	s := userSig{
		Version: "2.0", Identifier: user, AppID: in.App, Time: now.Unix(), Expire: int64(life / time.Second),
		Buffer: base64.StdEncoding.EncodeToString([]byte(data)),
	}
	s.Signature = s.sign(in.UserSigKey)
	return s.encode()
}

type userSig struct {
	Version    string         `json:"TLS.ver"`
	Identifier string         `json:"TLS.identifier"`
	AppID      openseat.AppID `json:"TLS.sdkappid"`
	Expire     int64          `json:"TLS.expire"`
	Time       int64          `json:"TLS.time"`
	Buffer     string         `json:"TLS.userbuf,omitempty"`
	Signature  string         `json:"TLS.sig"`
}

func (s userSig) sign(key string) string {
	text := "TLS.identifier:" + s.Identifier + "\nTLS.sdkappid:" + s.AppID.String() + "\nTLS.time:" + strconv.FormatInt(s.Time, 10) +
		"\nTLS.expire:" + strconv.FormatInt(s.Expire, 10) + "\n"
	if s.Buffer != "" {
		text += "TLS.userbuf:" + s.Buffer + "\n"
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (s userSig) encode() (string, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("user signature: %w", err)
	}
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(text); err != nil {
		return "", fmt.Errorf("user signature: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("user signature: %w", err)
	}
	return strings.NewReplacer("+", "*", "/", "-", "=", "_").Replace(base64.StdEncoding.EncodeToString(packed.Bytes())), nil
}
