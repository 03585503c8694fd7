import type { Sink, Speaker } from './speaker'

/** Plays a remote stream. An element of its own per stream; pages never see it. */
export function play(stream: MediaStream, speaker: Speaker): { stop(): void } {
  const element = new Audio()
  element.autoplay = true
  element.srcObject = stream
  const remove = speaker.add(element)
  const start = () => void element.play().catch(() => undefined)
  start()
  // A page that was loaded without a click may have to wait for one (autoplay policy); while the microphone is open it need not.
  const retry = () => {
    if (element.paused) start()
  }
  const unlisten = onGesture(retry)
  return {
    stop() {
      unlisten()
      remove()
      element.pause()
      element.srcObject = null
    },
  }
}

/** Ringtone rings with two soft tones, made here: nothing is loaded, so nothing can be missing. */
export class Ringtone {
  private context: AudioContext | undefined
  private timer: ReturnType<typeof setInterval> | undefined
  private release: (() => void) | undefined

  constructor(
    private readonly speaker: Speaker,
    private readonly disabled: () => boolean,
  ) {}

  start(): void {
    if (this.disabled()) this.stop()
    if (this.timer !== undefined || this.disabled()) return
    this.timer = setInterval(() => this.ring(), 3_000)
    const unlisten = onGesture(() => this.wake())
    try {
      this.context = new AudioContext()
      const remove = this.speaker.add(sinkOf(this.context))
      this.release = () => {
        unlisten()
        remove()
      }
    } catch {
      this.release = unlisten // no audio device
    }
    this.ring()
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.release?.()
    this.release = undefined
    void this.context?.close().catch(() => undefined)
    this.context = undefined
  }

  /** The agent has touched the page: now it may be heard. */
  private wake(): void {
    if (this.context?.state === 'suspended') this.ring()
  }

  /** Rings once, if the page may be heard: before the agent has touched it the context stands still, and the bar has to do. */
  private ring(): void {
    const { context } = this
    context
      ?.resume()
      .then(() => {
        if (context === this.context && context.state === 'running') twoNotes(context)
      })
      .catch(() => undefined)
  }
}

/** A context plays on the chosen speaker where the browser can do that (Chromium 110). */
function sinkOf(context: AudioContext): Sink {
  return context as Sink
}

function onGesture(f: () => void): () => void {
  const gestures = ['pointerdown', 'keydown'] as const
  for (const g of gestures) addEventListener(g, f, true)
  return () => {
    for (const g of gestures) removeEventListener(g, f, true)
  }
}

function twoNotes(context: AudioContext): void {
  for (const at of [0, 0.45]) {
    note(context, 587.33, at)
    note(context, 739.99, at + 0.16)
  }
}

function note(context: AudioContext, frequency: number, after: number): void {
  const at = context.currentTime + after
  const tone = context.createOscillator()
  const volume = context.createGain()
  tone.frequency.value = frequency
  tone.type = 'triangle'
  volume.gain.setValueAtTime(0.0001, at)
  volume.gain.exponentialRampToValueAtTime(0.22, at + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.32)
  tone.connect(volume).connect(context.destination)
  tone.start(at)
  tone.stop(at + 0.35)
}
