package bus

import (
	"testing"

	"openseat"
)

func TestEntriesAreReadOnceForAll(t *testing.T) {
	b := &Bus{codec: codec()}
	data := func(what string) []byte {
		m, err := b.message(ref("1"), openseat.Entry{Event: said{What: what}})
		must(t, err)
		return m.Data
	}
	first, err := b.shared(Subject(ref("1")), 7, data("first"))
	must(t, err)
	again, err := b.shared(Subject(ref("1")), 7, nil) // nothing to read it from
	must(t, err)
	if first.Event != (said{What: "first"}) || again.Event != first.Event || again.Seq != 7 {
		t.Errorf("read %+v, then %+v", first, again)
	}
	other, err := b.shared(Subject(ref("1")), 7+recentSize, data("other"))
	must(t, err)
	if other.Event != (said{What: "other"}) {
		t.Errorf("in the place of another entry, read %+v", other)
	}
	if _, err := b.shared(Subject(ref("1")), 7, []byte("{")); err == nil {
		t.Error("an entry that has lost its place was not read anew")
	}
}
