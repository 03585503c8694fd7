package acd

import (
	"iter"
	"slices"
	"sort"
)

// chunkSize bounds what one insertion or removal moves in memory.
const chunkSize = 256

// standing is what stands in a row: it knows whether its place is before another's. No two have the same place.
type standing[T any] interface {
	comparable
	before(T) bool
}

// row keeps its members in order: first, insert, remove and place cost a logarithm and a short copy. It is a list of
// sorted chunks, which unlike a heap can also be walked in order and asked for a place, and allocates once per chunk.
//
// What decides a member's place must not change while it stands in the row.
type row[T standing[T]] struct {
	chunks [][]T
	size   int
}

// seek returns where the first member that is not before x stands: chunk, and index in it.
func (r *row[T]) seek(x T) (chunk, index int) {
	chunk = sort.Search(len(r.chunks), func(i int) bool {
		c := r.chunks[i]
		return !c[len(c)-1].before(x)
	})
	if chunk == len(r.chunks) {
		return chunk, 0
	}
	c := r.chunks[chunk]
	return chunk, sort.Search(len(c), func(i int) bool { return !c[i].before(x) })
}

// first returns who is next.
func (r *row[T]) first() (T, bool) {
	if r.size == 0 {
		var none T
		return none, false
	}
	return r.chunks[0][0], true
}

// from returns the first member that is not before x.
func (r *row[T]) from(x T) (T, bool) {
	chunk, index := r.seek(x)
	if chunk == len(r.chunks) {
		var none T
		return none, false
	}
	return r.chunks[chunk][index], true
}

func (r *row[T]) insert(x T) {
	chunk, index := r.seek(x)
	r.size++
	if chunk == len(r.chunks) {
		r.append(x)
		return
	}
	c := r.chunks[chunk]
	if len(c) < chunkSize {
		r.chunks[chunk] = slices.Insert(c, index, x)
		return
	}
	half := len(c) / 2
	left, right := slices.Clone(c[:half]), slices.Clone(c[half:])
	if index <= half {
		left = slices.Insert(left, index, x)
	} else {
		right = slices.Insert(right, index-half, x)
	}
	r.chunks[chunk] = left
	r.chunks = slices.Insert(r.chunks, chunk+1, right)
}

// append puts x behind everybody.
func (r *row[T]) append(x T) {
	last := len(r.chunks) - 1
	if last < 0 || len(r.chunks[last]) >= chunkSize {
		r.chunks = append(r.chunks, append(make([]T, 0, 8), x))
		return
	}
	r.chunks[last] = append(r.chunks[last], x)
}

// remove takes x out; that it is not there is no error.
func (r *row[T]) remove(x T) bool {
	chunk, index := r.seek(x)
	if chunk == len(r.chunks) || r.chunks[chunk][index] != x {
		return false
	}
	r.size--
	c := r.chunks[chunk]
	switch {
	case len(c) == 1:
		r.chunks = slices.Delete(r.chunks, chunk, chunk+1)
	case index == 0: // the usual case: who is next leaves
		var none T
		c[0] = none
		r.chunks[chunk] = c[1:]
	default:
		r.chunks[chunk] = slices.Delete(c, index, index+1)
	}
	return true
}

// place returns how many stand before x, plus one.
func (r *row[T]) place(x T) int {
	chunk, index := r.seek(x)
	for _, c := range r.chunks[:chunk] {
		index += len(c)
	}
	return index + 1
}

// all walks the row in order. The row must not change meanwhile.
func (r *row[T]) all() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, c := range r.chunks {
			for _, x := range c {
				if !yield(x) {
					return
				}
			}
		}
	}
}
