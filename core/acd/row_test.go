package acd

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

type person struct{ height, name int }

func (p *person) before(o *person) bool {
	return cmp.Or(cmp.Compare(p.height, o.height), cmp.Compare(p.name, o.name)) < 0
}

func TestRowKeepsOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var r row[*person]
	var want []*person // the same people, kept in order the slow way
	for i := range 20_000 {
		growing := i < 6000 || i/2000%2 == 0
		if x := rng.IntN(10); growing && x < 7 || x < 3 || len(want) == 0 {
			p := &person{height: rng.IntN(500), name: i}
			if rng.IntN(2) == 0 {
				p.height = i // at the end, as most who join a queue
			}
			r.insert(p)
			at, _ := slices.BinarySearchFunc(want, p, compare)
			want = slices.Insert(want, at, p)
		} else {
			at := rng.IntN(len(want))
			if rng.IntN(2) == 0 {
				at = 0
			}
			p := want[at]
			if r.place(p) != at+1 {
				t.Fatalf("place %d, want %d", r.place(p), at+1)
			}
			if !r.remove(p) || r.remove(p) {
				t.Fatal("a member can be removed once, and no more")
			}
			want = slices.Delete(want, at, at+1)
		}
		if first, ok := r.first(); ok != (len(want) > 0) || ok && first != want[0] || r.size != len(want) {
			t.Fatalf("step %d: first %v of %d, want %d", i, first, r.size, len(want))
		}
		if i%500 == 0 && !slices.Equal(slices.Collect(r.all()), want) {
			t.Fatalf("step %d: order differs", i)
		}
	}
}

func compare(a, b *person) int {
	switch {
	case a.before(b):
		return -1
	case b.before(a):
		return 1
	}
	return 0
}

func TestRowFrom(t *testing.T) {
	var r row[*person]
	if _, ok := r.from(&person{}); ok {
		t.Fatal("an empty row has nobody")
	}
	for i := range 1000 {
		r.insert(&person{height: i * 2})
	}
	if p, ok := r.from(&person{height: 701}); !ok || p.height != 702 {
		t.Fatalf("got %v, want 702", p)
	}
	if p, ok := r.from(&person{height: 1999}); ok {
		t.Fatalf("got %v, want nobody", p)
	}
}
