package org

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"openseat"
)

// The checks below all say which field is wrong, by its name in the API.

func invalid(field, format string, args ...any) error {
	return openseat.Errorf(openseat.CodeInvalidValue, field+" "+format, args...)
}

// checkText wants least to most characters that can be printed on one line.
func checkText(field, s string, least, most int) error {
	switch n := utf8.RuneCountInString(s); {
	case !utf8.ValidString(s):
		return invalid(field, "is not UTF-8")
	case n < least && s == "":
		return openseat.Errorf(openseat.CodeMissingParameter, "%s is missing", field)
	case n < least || n > most:
		return invalid(field, "must have %d to %d characters", least, most)
	case strings.ContainsFunc(s, unicode.IsControl):
		return invalid(field, "holds a control character")
	case strings.TrimSpace(s) != s:
		return invalid(field, "begins or ends with a space")
	}
	return nil
}

func checkRange(field string, n, least, most int) error {
	if n < least || n > most {
		return invalid(field, "must be %d to %d", least, most)
	}
	return nil
}

func checkDuration(field string, d, least, most time.Duration) error {
	if d < least || d > most || d%time.Second != 0 {
		return invalid(field, "must be %d to %d whole seconds", int(least/time.Second), int(most/time.Second))
	}
	return nil
}

const maxMail = 128

// account brings an e-mail address into the form that names a member of staff.
func account(field, mail string) (string, error) {
	shape := regexp.MustCompile(`^[a-z0-9.!#$%&'*+/=?^_{|}~-]+@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)
	user := strings.ToLower(strings.TrimSpace(mail))
	switch {
	case user == "":
		return "", openseat.Errorf(openseat.CodeMissingParameter, "%s is missing", field)
	case len(user) > maxMail || !shape.MatchString(user):
		return "", invalid(field, "%q is not an e-mail address", mail)
	}
	return user, nil
}

func checkPattern(field, s, pattern, want string) error {
	if s != "" && !regexp.MustCompile(pattern).MatchString(s) {
		return invalid(field, "must be %s", want)
	}
	return nil
}

// checkPeer wants "host:port" of a trunk's far side.
func checkPeer(field, peer string) error {
	colon := strings.LastIndexByte(peer, ':')
	if colon < 1 {
		return openseat.Errorf(CodeInvalidAddress, `%s must be "host:port"`, field)
	}
	host, port := peer[:colon], peer[colon+1:]
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return openseat.Errorf(CodeInvalidPort, "%s has port %q, which is not 1 to 65535", field, port)
	}
	if _, err := netip.ParseAddrPort(peer); err != nil && !isHostName(host) {
		return openseat.Errorf(CodeInvalidAddress, "%s has host %q, which is neither an address nor a name", field, host)
	}
	return nil
}

// isHostName knows the names of RFC 1123, section 2.1. A name of digits alone would be a mistyped address.
func isHostName(host string) bool {
	shape := regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
	return len(host) <= 253 && shape.MatchString(host) && strings.ContainsFunc(host, unicode.IsLetter)
}

// checkSource wants an address or a range of addresses (CIDR).
func checkSource(field, source string) error {
	if _, err := netip.ParseAddr(source); err == nil {
		return nil
	}
	if _, err := netip.ParsePrefix(source); err == nil {
		return nil
	}
	return openseat.Errorf(CodeInvalidIP, "%s has %q, which is neither an address nor a range such as 192.0.2.0/24", field, source)
}

const maxURL = 2048

// checkURL wants an absolute http or https address without credentials in it.
func checkURL(field, s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || len(s) > maxURL || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return invalid(field, "must be an http or https address of at most %d characters", maxURL)
	case u.User != nil:
		return invalid(field, "must not hold a name or password")
	case u.Fragment != "":
		return invalid(field, "must not hold a fragment")
	}
	return nil
}
