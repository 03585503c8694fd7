package org

import (
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"openseat"
)

// DefaultRegion is where numbers without a country code belong to when the instance does not say.
const DefaultRegion = "CN"

const (
	minNationalDigits = 3  // emergency and service numbers such as 110
	maxDigits         = 15 // ITU-T E.164, section 6.2.1
	maxWritten        = 40 // with all its spaces and dashes
)

// Normalize brings a telephone number as people and carriers write it ("+86 138 0013 8000", "010-85551234", "95588") into
// the one form used everywhere: "00", country code, national number without trunk prefix. A number without a country code
// belongs to defaultRegion (two letters; empty means CN). The number need not be assigned, only dialable.
func Normalize(number, defaultRegion string) (string, error) {
	once, err := normalize(number, defaultRegion)
	if err != nil {
		return "", err
	}
	// Numbers whose form depends on how often they are read (a trunk prefix behind a country code) are no numbers.
	if twice, err := normalize(once, defaultRegion); err != nil || twice != once {
		return "", invalidNumber(number)
	}
	return once, nil
}

func normalize(number, defaultRegion string) (string, error) {
	p, err := parseNumber(number, defaultRegion)
	if err != nil {
		return "", err
	}
	country, national := strconv.Itoa(int(p.GetCountryCode())), phonenumbers.GetNationalSignificantNumber(p)
	if len(national) < minNationalDigits || len(country)+len(national) > maxDigits {
		return "", invalidNumber(number)
	}
	return "00" + country + national, nil
}

// Display renders a number for people in region (two letters; empty means CN): national form at home, international form
// abroad. What is not a number is shown as it is.
func Display(number, region string) string {
	p, err := parseNumber(number, region)
	if err != nil {
		return number
	}
	if int(p.GetCountryCode()) == phonenumbers.GetCountryCodeForRegion(orDefault(region)) {
		return phonenumbers.Format(p, phonenumbers.NATIONAL)
	}
	return phonenumbers.Format(p, phonenumbers.INTERNATIONAL)
}

func parseNumber(number, region string) (*phonenumbers.PhoneNumber, error) {
	if !looksDialable(number) {
		return nil, invalidNumber(number)
	}
	plain := strings.TrimSpace(number)
	if rest, international := strings.CutPrefix(plain, "00"); international {
		plain = "+" + rest
	}
	p, err := phonenumbers.Parse(plain, orDefault(region))
	if err != nil || p.GetExtension() != "" {
		return nil, invalidNumber(number)
	}
	return p, nil
}

// looksDialable keeps words from the library, which would read them as a keypad's letters.
func looksDialable(number string) bool {
	for i, c := range strings.TrimSpace(number) {
		if !strings.ContainsRune("0123456789() ./-", c) && (c != '+' || i > 0) {
			return false
		}
	}
	return len(number) <= maxWritten
}

func orDefault(region string) string {
	if region == "" {
		return DefaultRegion
	}
	return strings.ToUpper(region)
}

func invalidNumber(number string) error {
	return openseat.Errorf(CodeInvalidPhoneNumber, "%q is not a telephone number", number)
}

func checkRegion(field, region string) error {
	if region != strings.ToUpper(region) || phonenumbers.GetCountryCodeForRegion(region) == 0 {
		return invalid(field, `must be a country such as "CN"`)
	}
	return nil
}
