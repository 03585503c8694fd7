import { useEffect, useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { Icon } from '../src/ui/icons'
import type { StepProps } from './app'
import { Devices } from './devicesChoice'
import { listen, playBack } from './sound'
import type { Listening } from './sound'

/** Below this a microphone is held for silent, below the other for too quiet. */
const silent = 0.02
const quiet = 0.1
/** How long somebody has time to speak before it is said that nothing was heard. */
const patience = 6_000
const recordingTime = 3_000

type Trouble = 'denied' | 'none' | 'failed'

/** Opens the microphone, shows how loud it is, records and plays. */
export function MicrophoneStep({ t, found }: StepProps): JSX.Element {
  const [device, setDevice] = useState('')
  const [ear, setEar] = useState<Listening>()
  const [trouble, setTrouble] = useState<Trouble>()
  const [loudest, setLoudest] = useState(0)
  const [late, setLate] = useState(false)
  const open = async (id: string) => {
    ear?.close()
    setEar(undefined)
    setTrouble(undefined)
    setLoudest(0)
    setLate(false)
    found('busy')
    try {
      setEar(await listen(id))
    } catch (e) {
      const why = reason(e)
      setTrouble(why)
      found('bad', { trouble: why })
    }
  }
  useEffect(() => () => ear?.close(), [ear])
  useEffect(() => {
    if (!ear) return
    const timer = setTimeout(() => setLate(true), patience)
    return () => clearTimeout(timer)
  }, [ear])
  useEffect(() => {
    if (!ear || (loudest < quiet && !late)) return
    const facts = { device: ear.label, loudest: loudest.toFixed(2) }
    found(loudest < silent ? 'bad' : loudest < quiet ? 'fair' : 'good', facts)
  }, [ear, late, loudest >= quiet, loudest >= silent])
  return (
    <>
      <p>{t.microphone.does}</p>
      {!ear && <Permission text={trouble ? t.microphone[trouble] : t.microphone.allow} bad={trouble !== undefined} />}
      {ear && (
        <>
          <Devices
            t={t}
            kind="audioinput"
            value={device}
            onChange={(id) => {
              setDevice(id)
              void open(id)
            }}
          />
          <Level t={t} ear={ear} heard={(level) => setLoudest((before) => Math.max(before, level))} />
          {loudest >= quiet ? <p class="good">{t.microphone.good}</p> : late && <p class="bad">{loudest < silent ? t.microphone.quiet : t.microphone.low}</p>}
        </>
      )}
      <div class="actions">
        <button type="button" class={`button ${ear ? '' : 'primary'}`} onClick={() => void open(device)}>
          {ear || trouble ? t.again : t.start}
        </button>
        {ear && <Recorder t={t} ear={ear} />}
      </div>
    </>
  )
}

function reason(e: unknown): Trouble {
  const name = e instanceof DOMException ? e.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'failed'
}

/** A picture of where browsers ask for the microphone. */
function Permission({ text, bad }: { text: string; bad: boolean }): JSX.Element {
  return (
    <div class={`permission ${bad ? 'bad' : ''}`}>
      <svg width="168" height="58" viewBox="0 0 168 58" aria-hidden="true">
        <rect x="1" y="1" width="166" height="56" rx="8" class="window" />
        <rect x="34" y="9" width="124" height="18" rx="9" class="address" />
        <circle cx="12" cy="18" r="3" class="button" />
        <circle cx="22" cy="18" r="3" class="button" />
        <circle cx="46" cy="18" r="8" class="sign" />
        <path d="M46 13.500a1.800 1.800 0 0 1 1.800 1.800v2.400a1.800 1.800 0 0 1-3.600 0v-2.400a1.800 1.800 0 0 1 1.800-1.800zM42.800 17.500a3.200 3.200 0 0 0 6.400 0M46 20.700v1.800" class="mic" />
        <rect x="62" y="16" width="60" height="4" rx="2" class="text" />
        <rect x="34" y="33" width="72" height="18" rx="5" class="bubble" />
        <rect x="42" y="40" width="24" height="4" rx="2" class="text" />
        <rect x="78" y="38" width="22" height="8" rx="4" class="allow" />
      </svg>
      <p role={bad ? 'alert' : undefined}>{text}</p>
    </div>
  )
}

function Level({ t, ear, heard }: { t: StepProps['t']; ear: Listening; heard: (level: number) => void }): JSX.Element {
  const bar = useRef<HTMLElement>(null)
  useEffect(() => {
    let frame = 0
    let peak = 0
    const draw = () => {
      const level = ear.level()
      bar.current?.style.setProperty('clip-path', `inset(0 ${(100 - 100 * level).toFixed(1)}% 0 0)`)
      if (level > peak) heard((peak = level))
      frame = requestAnimationFrame(draw)
    }
    draw()
    return () => cancelAnimationFrame(frame)
  }, [ear])
  return (
    <div class="meter" role="img" aria-label={t.microphone.level}>
      <i ref={bar} />
    </div>
  )
}

/** Three seconds of the agent's voice, to be heard by himself. */
function Recorder({ t, ear }: { t: StepProps['t']; ear: Listening }): JSX.Element {
  const [recording, setRecording] = useState<Blob>()
  const [left, setLeft] = useState(0)
  const [playing, setPlaying] = useState(false)
  if (typeof MediaRecorder === 'undefined') return <></>
  const record = async () => {
    setLeft(recordingTime / 1000)
    const timer = setInterval(() => setLeft((s) => Math.max(1, s - 1)), 1000)
    setRecording(await ear.record(recordingTime).catch(() => undefined))
    clearInterval(timer)
    setLeft(0)
  }
  const play = async (sound: Blob) => {
    setPlaying(true)
    await playBack(sound, '')
    setPlaying(false)
  }
  return (
    <>
      <button type="button" class="button" disabled={left > 0 || playing} onClick={() => void record()} aria-live="polite">
        <Icon name="mic" size={16} />
        {left > 0 ? t.microphone.recording(left) : t.microphone.record}
      </button>
      {recording && left === 0 && (
        <button type="button" class="button" disabled={playing} onClick={() => void play(recording)}>
          <Icon name="play" size={16} />
          {playing ? t.microphone.playing : t.microphone.play}
        </button>
      )}
    </>
  )
}
