package main

import "testing"

func TestAllowedNetworks(t *testing.T) {
	got, err := allowed(" 10.1.2.3/8, ::1/128 ,")
	if err != nil || len(got) != 2 || got[0].String() != "10.0.0.0/8" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := allowed(""); err != nil || got != nil {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := allowed("10.0.0.1"); err == nil {
		t.Error("an address is no network")
	}
}

func TestTLSNeedsACertificate(t *testing.T) {
	o := Options{SIPTLS: "127.0.0.1:5061", TLSCert: "none.pem", TLSKey: "none.pem"}
	if _, err := o.certificate(); err == nil {
		t.Error("there is none")
	}
}
