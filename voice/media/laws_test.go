package media

import "testing"

func TestLawTables(t *testing.T) {
	for b := range 256 {
		if got, want := aToMu[b], encodeMu(decodeA(byte(b))); got != want {
			t.Errorf("A-law %#x: table %#x, computed %#x", b, got, want)
		}
		if got, want := muToA[b], encodeA(decodeMu(byte(b))); got != want {
			t.Errorf("mu-law %#x: table %#x, computed %#x", b, got, want)
		}
	}
}

// Every byte must survive decoding and encoding, and every sample must come back as its nearest neighbour or the one beside it.
func TestLawsRoundTrip(t *testing.T) {
	for _, c := range []Codec{PCMU, PCMA} {
		for b := range 256 {
			pcm := c.Decode(nil, []byte{byte(b)})
			again := c.Decode(nil, c.Encode(nil, pcm))
			if again[0] != pcm[0] {
				t.Errorf("%v %#x: %d became %d", c, b, pcm[0], again[0])
			}
		}
		for s := -32768; s <= 32767; s++ {
			got := int(c.Decode(nil, c.Encode(nil, []int16{int16(s)}))[0])
			tolerance := 16 + max(s, -s)/24
			if got < s-tolerance || got > s+tolerance {
				t.Fatalf("%v: %d became %d", c, s, got)
			}
		}
	}
}
