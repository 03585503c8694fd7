package org

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Location is where a telephone number belongs. What is not known is empty; names are in the instance's language.
type Location struct {
	Country  string `json:"country,omitempty"`
	Province string `json:"province,omitempty"`
	City     string `json:"city,omitempty"`
	Operator string `json:"operator,omitempty"`
}

// minPlaced is the digits of the shortest number with a place: not an extension, nor one of service such as 95588.
const minPlaced = 7

// Locate finds out where a number belongs, for people of the instance's region.
func (v *View) Locate(number string) Location { return Locate(number, v.Instance.Settings.Region) }

// Locate finds out where a number belongs, in the language of region (two letters; empty means CN). It never fails: what is
// not known stays empty. The first call reads the tables, about 10 MB in a tenth of a second.
func Locate(number, region string) Location {
	p, err := parseNumber(number, region)
	if err != nil || len(phonenumbers.GetNationalSignificantNumber(p)) < minPlaced {
		return Location{}
	}
	home := phonenumbers.GetRegionCodeForNumber(p)
	if home == "" { // a number nobody has; its country code may still tell
		home = phonenumbers.GetRegionCodeForCountryCode(int(p.GetCountryCode()))
	}
	tongue := languageOf(region)
	l := Location{Country: country(home, tongue)}
	// Errors mean only that a table does not know the number.
	place, _ := phonenumbers.GetGeocodingForNumber(p, tongue)
	if place != l.Country {
		l.Province, l.City = split(place, home)
	}
	operator, _ := phonenumbers.GetCarrierForNumber(p, tongue)
	l.Operator = strings.TrimPrefix(operator, "中国")
	return l
}

// languageOf is the language that people of a region read best, of the two we speak.
func languageOf(region string) string {
	if orDefault(region) == DefaultRegion {
		return "zh"
	}
	return "en"
}

func country(region, tongue string) string {
	r, err := language.ParseRegion(region)
	if err != nil || !r.IsCountry() {
		return ""
	}
	return display.Regions(language.Make(tongue)).Name(r)
}

// split parts "广东省深圳市" and "Shenzhen, Guangdong" into province and city. A place without a province is a city, and a
// Chinese municipality both.
func split(place, home string) (province, city string) {
	if city, province, english := cutLast(place, ", "); english {
		return province, city
	}
	if home != DefaultRegion {
		return "", place
	}
	for _, region := range []string{"内蒙古", "广西", "西藏", "宁夏", "新疆"} {
		if rest, ok := strings.CutPrefix(place, region); ok {
			return region, strings.TrimSuffix(rest, "市")
		}
	}
	if province, city, ok := strings.Cut(place, "省"); ok {
		return province, strings.TrimSuffix(city, "市")
	}
	place = strings.TrimSuffix(place, "市")
	return place, place
}

func cutLast(s, sep string) (before, after string, found bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}
