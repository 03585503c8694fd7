package sip

import (
	"strconv"
	"strings"

	"openseat"
)

// Directory knows the SIP phones that may register here.
type Directory interface {
	// Phones are those of all instances that are called so. It is asked whenever a phone proves who it is, and now and then
	// for each that is registered, so it must be cheap.
	Phones(extension string) []Phone
}

// Phone is an extension as its instance set it up.
type Phone struct {
	App       openseat.AppID
	Extension string
	Password  string // secret; digest needs it in the clear
	Name      string // shown to whom it calls; may be empty
}

// extensionKey names a phone.
type extensionKey struct {
	app       openseat.AppID
	extension string
}

func (k extensionKey) String() string { return k.app.String() + "/" + k.extension }

// appIn reads the instance out of an address of record: its domain's first label, when that is an SdkAppId
// (sip:7001@1400000001.example.com). 0 says that the domain names none.
func appIn(host string) openseat.AppID {
	label, _, _ := strings.Cut(host, ".")
	if len(label) != 10 || !strings.HasPrefix(label, "140") {
		return 0
	}
	n, err := strconv.ParseInt(label, 10, 64)
	if err != nil {
		return 0
	}
	return openseat.AppID(n)
}

// phoneAt is the one phone that an address of record means: of the instance its domain names, else the only one so called.
func phoneAt(d Directory, extension, host string) (Phone, bool) {
	app := appIn(host)
	var found Phone
	n := 0
	for _, p := range d.Phones(extension) {
		if p.Extension == extension && p.Password != "" && (app == 0 || p.App == app) {
			found = p
			n++
		}
	}
	return found, n == 1
}
