package org

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/crypto/argon2"

	"openseat"
)

// The cost of a password hash: RFC 9106 leaves it to the machine; these are OWASP's smallest for argon2id, about 20 ms.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonKeyLen  = 32
	argonSaltLen = 16

	argonMaxMemory = 256 * 1024 // what a stored hash may ask for at most
	argonMaxTime   = 16
)

// HashPassword returns the argon2id hash (RFC 9106) of a password in its usual text form, salted from random.
func HashPassword(random io.Reader, password string) (string, error) {
	salt := make([]byte, argonSaltLen)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("salt: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKeyLen)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

// VerifyPassword reports whether a password belongs to a hash. A hash that cannot be read belongs to none.
func VerifyPassword(hash, password string) bool {
	var (
		version, memory, times uint32
		threads                uint8
	)
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &times, &threads); err != nil {
		return false
	}
	if memory > argonMaxMemory || times == 0 || times > argonMaxTime || threads == 0 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 || len(want) > 64 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, times, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

const maxPassword = 128

// strongPassword is TCCC's rule: at least eight characters with an upper-case letter, a lower-case letter and a digit.
func strongPassword(field, password, code string) error {
	var upper, lower, digit bool
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			upper = true
		case unicode.IsLower(r):
			lower = true
		case unicode.IsDigit(r):
			digit = true
		case unicode.IsControl(r):
			return openseat.Errorf(code, "%s holds a control character", field)
		}
	}
	if len(password) < 8 || len(password) > maxPassword || !upper || !lower || !digit {
		return openseat.Errorf(code, "%s must have 8 to %d characters, with upper-case and lower-case letters and a digit", field, maxPassword)
	}
	return nil
}
