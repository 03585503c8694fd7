package media

import (
	"context"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

// lameWasm is LAME compiled to WebAssembly. LAME is under the LGPL: whoever wants another build of it gives NewEncoder that
// one instead (see lame/README.md).
//
//go:embed lame/mp3.wasm
var lameWasm []byte

// encoderInstances is how many recordings are encoded at once at most. Calls come first.
const encoderInstances = 2

// Encoder makes MP3 of G.711. LAME is compiled the first time it is needed; at most two instances of it run.
type Encoder struct {
	wasm    []byte
	slots   chan struct{}
	idle    chan *lame
	mu      sync.Mutex
	runtime wazero.Runtime
	code    wazero.CompiledModule
}

// NewEncoder encodes with the LAME module in a file, or the embedded one if path is empty.
func NewEncoder(path string) (*Encoder, error) {
	wasm := lameWasm
	if path != "" {
		b, err := os.ReadFile(path) //nolint:gosec // G304: the operator's choice
		if err != nil {
			return nil, fmt.Errorf("media: encoder: %w", err)
		}
		wasm = b
	}
	n := max(1, min(encoderInstances, runtime.GOMAXPROCS(0)/2))
	return &Encoder{wasm: wasm, slots: make(chan struct{}, n), idle: make(chan *lame, n)}, nil
}

// Encode writes the n bytes of g711 as MP3: 8 kHz, mono, 16 kbit/s, and as long as they sound.
func (e *Encoder) Encode(ctx context.Context, out io.WriteSeeker, g711 io.Reader, c Codec, n int64) error {
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	l, err := e.instance(ctx)
	if err != nil {
		return err
	}
	if err := l.encode(ctx, out, io.LimitReader(g711, n), c, planMP3(n)); err != nil {
		return errors.Join(err, l.module.Close(ctx)) // whatever state it is in
	}
	e.idle <- l
	return nil
}

// Close frees the encoder's memory. Nothing may be encoding.
func (e *Encoder) Close(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.runtime == nil {
		return nil
	}
	return e.runtime.Close(ctx)
}

func (e *Encoder) instance(ctx context.Context) (*lame, error) {
	select {
	case l := <-e.idle:
		return l, nil
	default:
	}
	if err := e.compile(ctx); err != nil {
		return nil, fmt.Errorf("media: encoder: %w", err)
	}
	module, err := e.runtime.InstantiateModule(ctx, e.code, wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize"))
	if err != nil {
		return nil, fmt.Errorf("media: encoder: %w", err)
	}
	l := &lame{module: module, memory: module.Memory()}
	for _, name := range []string{"malloc", "free", "enc_init", "enc_free", "enc_get_pcm", "enc_get_out_buf", "enc_encode", "enc_flush"} {
		if module.ExportedFunction(name) == nil {
			return nil, fmt.Errorf("media: encoder: not the LAME module of wasm-media-encoders: no %s", name)
		}
	}
	return l, nil
}

func (e *Encoder) compile(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.code != nil {
		return nil
	}
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithMemoryLimitPages(lameMemoryPages))
	code, err := r.CompileModule(ctx, e.wasm)
	if err == nil {
		err = hostModules(ctx, r)
	}
	if err != nil {
		return errors.Join(err, r.Close(ctx))
	}
	e.runtime, e.code = r, code
	return nil
}

// lameMemoryPages is the memory one instance may have: 32 MB (it begins with 16).
const lameMemoryPages = 512

// hostModules is what the module expects of the world: next to nothing.
func hostModules(ctx context.Context, r wazero.Runtime) error {
	exit := func(ctx context.Context, m api.Module, code uint32) {
		_ = m.CloseWithExitCode(ctx, code) // the panic below tells
		panic(sys.NewExitError(code))
	}
	_, err := r.NewHostModuleBuilder("wasi_snapshot_preview1").NewFunctionBuilder().WithFunc(exit).Export("proc_exit").Instantiate(ctx)
	if err != nil {
		return err
	}
	grown := func(uint32) {}
	_, err = r.NewHostModuleBuilder("env").NewFunctionBuilder().WithFunc(grown).Export("emscripten_notify_memory_growth").Instantiate(ctx)
	return err
}

// lame is one instance of the module; one goroutine at a time uses it.
type lame struct {
	module api.Module
	memory api.Memory
	ref    uint64
	pcm    []int16
	floats []byte
}

// encodeChunk is how many samples go into the module at once: three MP3 frames, under a millisecond of work. Compiled
// WebAssembly cannot be preempted, so a longer call would hold up the garbage collector and with it every call's sound.
const encodeChunk = 3 * mp3FrameSamples

func (l *lame) encode(ctx context.Context, out io.WriteSeeker, g711 io.Reader, c Codec, plan mp3Plan) error {
	if err := l.open(ctx); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, g711, plan.skip); err != nil {
		return err
	}
	mp3 := mp3Writer{out: out, plan: plan}
	if err := mp3.reserveTag(); err != nil {
		return err
	}
	buf := make([]byte, encodeChunk)
	for {
		n, err := io.ReadFull(g711, buf)
		if n > 0 {
			if err := l.feed(ctx, &mp3, buf[:n], c); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		runtime.Gosched()
	}
	if err := l.flush(ctx, &mp3); err != nil {
		return err
	}
	if mp3.bytes != mp3.size() {
		return fmt.Errorf("%w: %d bytes of %d", errEncoder, mp3.bytes, mp3.size())
	}
	return mp3.writeTag()
}

// open configures the encoder: the parameters are channels, rate, bitrate, VBR quality (-1: constant rate), output rate.
func (l *lame) open(ctx context.Context) error {
	params := make([]byte, 0, 20)
	for _, v := range []uint32{1, SampleRate, mp3BitRate, math.Float32bits(-1), SampleRate} {
		params = binary.LittleEndian.AppendUint32(params, v)
	}
	at, err := l.call(ctx, "malloc", uint64(len(params)))
	if err != nil || at == 0 || !l.memory.Write(uint32(at), params) {
		return errors.Join(errEncoder, err)
	}
	l.ref, err = l.call(ctx, "enc_init", at)
	if err != nil || l.ref == 0 {
		return errors.Join(errEncoder, err)
	}
	_, err = l.call(ctx, "free", at)
	return err
}

var errEncoder = errors.New("media: the MP3 encoder does not work")

func (l *lame) feed(ctx context.Context, mp3 *mp3Writer, g711 []byte, c Codec) error {
	l.pcm = c.Decode(l.pcm[:0], g711)
	l.floats = l.floats[:0]
	for _, s := range l.pcm {
		l.floats = binary.LittleEndian.AppendUint32(l.floats, math.Float32bits(float32(s)/32768))
	}
	table, err := l.call(ctx, "enc_get_pcm", l.ref, uint64(len(l.pcm)))
	if err != nil {
		return err
	}
	at, ok := l.memory.ReadUint32Le(uint32(table))
	if !ok || table == 0 || !l.memory.Write(at, l.floats) {
		return errEncoder
	}
	n, err := l.call(ctx, "enc_encode", l.ref, uint64(len(l.pcm)))
	if err != nil {
		return err
	}
	return l.collect(ctx, mp3, n)
}

func (l *lame) flush(ctx context.Context, mp3 *mp3Writer) error {
	n, err := l.call(ctx, "enc_flush", l.ref)
	if err != nil {
		return err
	}
	if err := l.collect(ctx, mp3, n); err != nil {
		return err
	}
	_, err = l.call(ctx, "enc_free", l.ref)
	return err
}

// collect writes the n bytes the encoder has ready; a negative n is its error.
func (l *lame) collect(ctx context.Context, mp3 *mp3Writer, n uint64) error {
	if size := int32(uint32(n)); size <= 0 {
		if size < 0 {
			return fmt.Errorf("%w: LAME error %d", errEncoder, size)
		}
		return nil
	}
	at, err := l.call(ctx, "enc_get_out_buf", l.ref)
	if err != nil {
		return err
	}
	b, ok := l.memory.Read(uint32(at), uint32(n))
	if !ok {
		return errEncoder
	}
	return mp3.write(b)
}

func (l *lame) call(ctx context.Context, name string, args ...uint64) (uint64, error) {
	results, err := l.module.ExportedFunction(name).Call(ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("media: encoder: %s: %w", name, err)
	}
	if len(results) == 0 {
		return 0, nil
	}
	return results[0], nil
}
