package org

import (
	"errors"
	"testing"

	"openseat"
)

func TestNormalize(t *testing.T) {
	for _, c := range []struct{ number, region, want string }{
		{"13800138000", "", "008613800138000"},
		{"+86 138 0013 8000", "US", "008613800138000"},
		{"008613800138000", "US", "008613800138000"},
		{"+008613800138000", "", "008613800138000"},
		{"010-85551234", "CN", "00861085551234"},
		{"(010) 8555.1234", "CN", "00861085551234"},
		{"+86 010 85551234", "CN", "00861085551234"},
		{"4008001000", "CN", "00864008001000"},
		{"95588", "CN", "008695588"},
		{"110", "CN", "0086110"},
		{" +1 (650) 253-0000 ", "CN", "0016502530000"},
		{"6502530000", "us", "0016502530000"},
		{"07911 123456", "GB", "00447911123456"},
		{"02 3661 8300", "IT", "00390236618300"}, // Italy's zero is part of the number
		{"00869001", "CN", "00869001"},
	} {
		got, err := Normalize(c.number, c.region)
		if err != nil || got != c.want {
			t.Errorf("%q in %q: %q, %v; want %q", c.number, c.region, got, err, c.want)
		}
	}
}

func TestNormalizeRefuses(t *testing.T) {
	for _, number := range []string{
		"", " ", "1", "12", "+", "00", "0086", "+86", "+999123456", "1-800-FLOWERS", "+8613800138000;ext=5", "tel:+8613800138000",
		"+86138001380001234567", "anonymous", "sip:1@x", "13800138000\x00", "１３８００１３８０００", "138 0013 8000 or so", "+86+138",
		"0000000000000000000000000000000000000000000000000000",
	} {
		if got, err := Normalize(number, "CN"); !errors.Is(err, &openseat.Error{Code: CodeInvalidPhoneNumber}) {
			t.Errorf("%q became %q, %v", number, got, err)
		}
	}
	if _, err := Normalize("13800138000", "XX"); err == nil {
		t.Error("a national number of a country that does not exist was taken")
	}
}

func TestDisplay(t *testing.T) {
	for _, c := range []struct{ number, region, want string }{
		{"008613800138000", "", "138 0013 8000"},
		{"008613800138000", "US", "+86 138 0013 8000"},
		{"0016502530000", "US", "(650) 253-0000"},
		{"00864008001000", "CN", "400 800 1000"},
		{"anonymous", "CN", "anonymous"},
	} {
		if got := Display(c.number, c.region); got != c.want {
			t.Errorf("%s in %q: %q, want %q", c.number, c.region, got, c.want)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"+8613800138000", "0086010", "00390236618300", "+1 (650) 253-0000", "95588", "++1"} {
		f.Add(s, "CN")
		f.Add(s, "IT")
	}
	f.Fuzz(func(t *testing.T, number, region string) {
		once, err := Normalize(number, region)
		if err != nil {
			return
		}
		if len(once) < 5 || len(once) > 2+maxDigits || once[:2] != "00" {
			t.Errorf("%q became %q", number, once)
		}
		if twice, err := Normalize(once, region); err != nil || twice != once {
			t.Errorf("%q became %q, then %q, %v", number, once, twice, err)
		}
	})
}
