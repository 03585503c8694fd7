package acd

import (
	"encoding/binary"
	"errors"
	"time"

	"openseat"
)

// tape writes values one after the other, or reads them in the same order: what says how to write a thing says also how
// to read it. After an error everything read is zero.
type tape struct {
	bytes   []byte // written so far, or not read yet
	reading bool
	version int64 // of what is read
	err     error
}

// has reports whether fields of this version are on the tape.
func (t *tape) has(version int64) bool { return !t.reading || t.version >= version }

var errTorn = errors.New("the snapshot is torn or not one of a queue board")

func (t *tape) int64(v *int64) {
	if !t.reading {
		t.bytes = binary.AppendVarint(t.bytes, *v)
		return
	}
	x, n := binary.Varint(t.bytes)
	*v = x
	t.advance(n)
}

func (t *tape) uint64(v *uint64) {
	if !t.reading {
		t.bytes = binary.AppendUvarint(t.bytes, *v)
		return
	}
	x, n := binary.Uvarint(t.bytes)
	*v = x
	t.advance(n)
}

// advance leaves n read bytes behind.
func (t *tape) advance(n int) {
	if n <= 0 || n > len(t.bytes) {
		t.bytes, t.err = nil, errTorn
		return
	}
	t.bytes = t.bytes[n:]
}

func (t *tape) int(v *int) {
	x := int64(*v)
	t.int64(&x)
	*v = int(x)
}

func (t *tape) bool(v *bool) {
	x := uint64(0)
	if *v {
		x = 1
	}
	t.uint64(&x)
	*v = x != 0
}

// length writes n, or reads a number of things to come: never more than there are bytes left.
func (t *tape) length(n int) int {
	x := uint64(n)
	t.uint64(&x)
	if t.reading && x > uint64(len(t.bytes)) {
		t.bytes, t.err = nil, errTorn
		return 0
	}
	return int(x)
}

func (t *tape) string(v *string) {
	n := t.length(len(*v))
	if !t.reading {
		t.bytes = append(t.bytes, *v...)
		return
	}
	*v = string(t.bytes[:n])
	t.bytes = t.bytes[n:]
}

func (t *tape) strings(v *[]string) {
	n := t.length(len(*v))
	if t.reading && n > 0 {
		*v = make([]string, n)
	}
	for i := range *v {
		t.string(&(*v)[i])
	}
}

func (t *tape) duration(v *time.Duration) { t.int64((*int64)(v)) }

func (t *tape) time(v *time.Time) {
	seconds, nanos := v.Unix(), int64(v.Nanosecond())
	t.int64(&seconds)
	t.int64(&nanos)
	if t.reading {
		*v = time.Unix(seconds, nanos).UTC()
	}
}

func (t *tape) ref(v *openseat.Ref) {
	t.int64((*int64)(&v.App))
	t.string((*string)(&v.Kind))
	t.string(&v.ID)
}
