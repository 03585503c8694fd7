package media

import (
	"math"
	"sync"
)

// mixer makes the sound of all listeners of a Talk who hear more than one port. It works on a Metronome's beat: each speaker's next
// 20 ms are taken once and added up for each listener.
type mixer struct {
	mu     sync.Mutex
	inlets map[*Port]*inlet // of speakers; touched by arrange only
	taken  []*inlet         // the same, and of those whose last frame has still to be taken
	mixes  map[*Port]*mix   // of listeners
	shard  *metronomeShard  // while there are any
	sum    [FrameSamples]int32
	g711   [FrameSamples]byte
}

// mix is what one listener hears.
type mix struct {
	to    *Port
	parts []part
	quiet int // beats since the last sound
}

// part is a speaker in a mix.
type part struct {
	inlet *inlet
	state partState
}

type partState uint8

const (
	partComes partState = iota // its first frame fades in
	partStays
	partGoes // its last frame fades out
)

// mixQuiet is after how many beats without sound a mix is not sent until there is some again: while nobody sends, who hears one
// alone gets nothing either. A mix begins with its first sound.
const mixQuiet = 50

func newMixer() *mixer {
	return &mixer{inlets: map[*Port]*inlet{}, mixes: map[*Port]*mix{}}
}

// arrange says who hears whom from the next beat on, and returns the inlets of those who are heard.
func (m *mixer) arrange(mixed map[*Port][]*Port) map[*Port]*inlet {
	m.mu.Lock()
	defer m.mu.Unlock()
	for listener := range m.mixes {
		if mixed[listener] == nil {
			delete(m.mixes, listener)
		}
	}
	for listener, speakers := range mixed {
		if m.mixes[listener] == nil {
			m.mixes[listener] = &mix{to: listener, quiet: mixQuiet}
		}
		m.mixes[listener].hear(m.inletsOf(speakers))
		if m.shard == nil {
			m.shard = listener.opts.Metronome.join(m)
		}
	}
	return m.sweep(mixed)
}

func (m *mixer) inletsOf(speakers []*Port) []*inlet {
	inlets := make([]*inlet, 0, len(speakers))
	for _, s := range speakers {
		if m.inlets[s] == nil {
			m.inlets[s] = newInlet()
		}
		inlets = append(inlets, m.inlets[s])
	}
	return inlets
}

// sweep forgets speakers nobody hears any more.
func (m *mixer) sweep(mixed map[*Port][]*Port) map[*Port]*inlet {
	heard := map[*Port]*inlet{}
	for _, speakers := range mixed {
		for _, s := range speakers {
			heard[s] = m.inlets[s]
		}
	}
	m.inlets = heard
	m.lineUp()
	return heard
}

// lineUp puts the inlets that any mix has a part of in a row.
func (m *mixer) lineUp() {
	row := map[*inlet]bool{}
	for _, x := range m.mixes {
		for _, v := range x.parts {
			row[v.inlet] = true
		}
	}
	m.taken = make([]*inlet, 0, len(row))
	for in := range row {
		m.taken = append(m.taken, in)
	}
}

// stop ends the mixer. It may beat once more, to nobody.
func (m *mixer) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.mixes)
	m.taken = nil
	if m.shard != nil {
		m.shard.leave(m)
		m.shard = nil
	}
}

// beat implements beater.
func (m *mixer) beat() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, in := range m.taken {
		in.sounding = in.take(&in.frame)
	}
	gone := false
	for _, x := range m.mixes {
		if x.add(&m.sum) {
			codec := x.to.Format().Codec
			codec.encodeSum(&m.g711, &m.sum)
			x.to.out.sendMix(uint8(codec), m.g711[:], x.to.now())
		} else {
			x.to.out.restMix()
		}
		gone = x.settle() || gone
	}
	if gone {
		m.lineUp()
	}
}

// hear changes a mix's parts.
func (x *mix) hear(inlets []*inlet) {
	next := make([]part, 0, len(inlets)+len(x.parts))
	for _, in := range inlets {
		next = append(next, part{in, x.stateOf(in)})
	}
	for _, v := range x.parts {
		if v.state == partStays && !has(next, v.inlet) {
			next = append(next, part{v.inlet, partGoes})
		}
	}
	x.parts = next
}

func (x *mix) stateOf(in *inlet) partState {
	for _, v := range x.parts {
		if v.inlet == in && v.state != partComes {
			return partStays
		}
	}
	return partComes
}

func has(parts []part, in *inlet) bool {
	for _, v := range parts {
		if v.inlet == in {
			return true
		}
	}
	return false
}

// add adds up the parts; false means that there is nothing to be sent.
func (x *mix) add(sum *[FrameSamples]int32) bool {
	clear(sum[:])
	x.quiet = min(x.quiet+1, mixQuiet)
	for _, v := range x.parts {
		if v.inlet.sounding {
			x.quiet = 0
			v.add(sum)
		}
	}
	return x.quiet < mixQuiet
}

func (v part) add(sum *[FrameSamples]int32) {
	frame := &v.inlet.frame
	switch v.state {
	case partStays:
		for i, s := range frame {
			sum[i] += int32(s)
		}
	case partComes:
		for i, s := range frame {
			sum[i] += int32(s) * int32(min(i, inletBlend)) / inletBlend
		}
	case partGoes:
		for i, s := range frame[:inletBlend] {
			sum[i] += int32(s) * int32(inletBlend-i) / inletBlend
		}
	}
}

// settle makes parts that came stay, and removes those that went; true says that there were such.
func (x *mix) settle() (gone bool) {
	kept := x.parts[:0]
	for _, v := range x.parts {
		if v.state == partGoes {
			gone = true
			continue
		}
		v.state = partStays
		kept = append(kept, v)
	}
	x.parts = kept
	return gone
}

// encodeSum encodes a frame of added samples; what is too loud is cut off.
func (c Codec) encodeSum(dst *[FrameSamples]byte, sum *[FrameSamples]int32) {
	if c == PCMA {
		for i, s := range sum {
			dst[i] = encodeA(clip(s))
		}
		return
	}
	for i, s := range sum {
		dst[i] = encodeMu(clip(s))
	}
}

func clip(s int32) int16 { return int16(min(max(s, math.MinInt16), math.MaxInt16)) }
